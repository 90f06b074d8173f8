"""A new site's first files, and what of them is still to be written."""

from datetime import date
from pathlib import Path

import pytest

from addon.cli.site_draft import unfinished, unsaid, write_draft
from extractors.descriptor import ReportWay, Words, descriptors
from rules.model import FURTHER_LANGUAGES


def todo(root: Path, *kinds: str) -> list[str]:
    return list(unfinished(root, "worklane", kinds))


def test_the_files_of_a_site_and_of_its_first_page_are_written(tmp_path: Path) -> None:
    paths = [path.relative_to(tmp_path).as_posix() for path in write_draft(tmp_path, "worklane", "www.worklane.test")]
    assert paths == [
        "extractors/worklane/site.toml",
        "extractors/worklane/__init__.py",
        "extractors/worklane/job_page.py",
        "tests/pages/worklane/job/first/page.html",
        "tests/pages/worklane/job/first/url.txt",
        "tests/pages/worklane/job/first/expected.json",
    ]
    descriptor = (tmp_path / paths[0]).read_text("utf-8")
    assert 'hosts = ["www.worklane.test"]' in descriptor
    assert 'own_domains = ["worklane.test"]' in descriptor


@pytest.mark.parametrize("name", ["another", "worknest"])
def test_issue_19_its_imports_are_in_the_order_that_the_lint_wants(tmp_path: Path, name: str) -> None:
    write_draft(tmp_path, name, f"www.{name}.example")
    lines = (tmp_path / f"extractors/{name}/__init__.py").read_text("utf-8").splitlines()
    imports = [line for line in lines if line.startswith("from ")]
    assert len(imports) == 2
    assert imports == sorted(imports)


def test_a_site_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "tests/pages/worklane/job/first").mkdir(parents=True)
    with pytest.raises(FileExistsError):
        write_draft(tmp_path, "worklane", "www.worklane.test")
    assert not (tmp_path / "extractors").exists()


def test_each_unfinished_place_is_named_by_file_line_and_field(tmp_path: Path) -> None:
    write_draft(tmp_path, "worklane", "www.worklane.test")
    lines = (tmp_path / "extractors/worklane/site.toml").read_text("utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if line.startswith('ja = "TODO: its name'))
    assert f"extractors/worklane/site.toml:{number}: name.ja: its name in Japanese" in todo(tmp_path)
    assert any("deadlines.event: " in line and line.endswith("where no term says so") for line in todo(tmp_path))


def test_what_is_written_is_no_longer_named_and_pages_are_wanted(tmp_path: Path) -> None:
    for path in write_draft(tmp_path, "worklane", "www.worklane.test"):
        path.write_text("# done\n", "utf-8")
    assert todo(tmp_path, "job", "client") == [
        "tests/pages/worklane/client: a page with its url.txt and expected.json",
        "tests/clean/worklane: a page with nothing to warn of: <kind>/<case>/page.html and url.txt",
    ]
    for name in ("pages/worklane/client/first/expected.json", "clean/worklane/job/plain/url.txt"):
        (tmp_path / "tests" / name).parent.mkdir(parents=True)
        (tmp_path / "tests" / name).write_text("x", "utf-8")
    assert todo(tmp_path, "job", "client") == []


def test_issue_19_what_further_languages_lack_of_a_sites_own_words_is_named_by_their_files() -> None:
    site = descriptors()["crowdworks"]
    assert list(unsaid(site)) == []
    ways = (
        ReportWay(
            ja="フォームから", en="By the form at the foot.", source="https://a.test", checked=date(2026, 11, 27)
        ),
        ReportWay(ja="TODO: まだ", en="TODO: unwritten", source="https://a.test", checked=date(2026, 11, 27)),
    )
    operator = Words(ja="Worklaneのサポート", en="Worklane's support")
    assert list(unsaid(site.model_copy(update={"operator": operator, "report_ways": ways}))) == [
        f"rules/texts/{language}.yaml: By the form at the foot." for language in FURTHER_LANGUAGES
    ]
