"""Rules of the user's own: written where they are meant to be, and a broken one is no end of the guard."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from addon.cli.main import app
from addon.judging.engines import engine_in_use
from addon.packs.manifest import read_manifest
from addon.state.catalog import usable_catalog, user_rules_dir
from addon.state.options import ServeOptions
from rules.loader import Catalog, load_catalog
from tests.addon.health_parts import links_of
from tests.addon.packs.making import pack, store_of
from tests.extractors.saved_pages import cases
from tests.rules.test_loader import GOOD

ROOT = Path(__file__).parents[3]
BROKEN = "status: stable\nsubject: message\nwhen:\n  - message.bogus: {is: 1}\n"
RULE = (ROOT / "rules/catalog/contract/direct-contract.yaml").read_text(encoding="utf-8")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.slow
def test_house_04_a_broken_rule_of_one_s_own_is_reported_and_skipped(tmp_path: Path) -> None:
    broken = write(tmp_path, "catalog/contract/broken.yaml", BROKEN)
    write(tmp_path, "catalog/contract/mine.yaml", RULE)
    catalog, problems = usable_catalog(tmp_path)
    assert {rule.id for rule in catalog.rules} == {rule.id for rule in load_catalog().rules} | {"mine"}
    assert any(problem.startswith(f"{broken}:4: ") for problem in problems)


@pytest.mark.slow
def test_house_04_what_rests_on_a_broken_file_is_skipped_too(tmp_path: Path) -> None:
    write(tmp_path, "terms/mine.yaml", "words: &a [*a]\n")
    write(tmp_path, "catalog/contract/mine.yaml", GOOD.replace("[直接契約]", "['{mine}']"))
    write(tmp_path, "overrides.yaml", "no-such-rule: {severity: notice}\n")
    catalog, problems = usable_catalog(tmp_path)
    assert catalog == load_catalog()
    assert {Path(problem.split(":")[0]).name for problem in problems} >= {"mine.yaml", "overrides.yaml"}


@pytest.mark.slow
def test_house_04_the_doctor_and_with_it_the_popup_say_so(tmp_path: Path) -> None:
    options = ServeOptions(state_dir=tmp_path)
    assert not [link for link in links_of(options) if "自分のルール" in link.what.ja]
    write(user_rules_dir(tmp_path), "catalog/contract/broken.yaml", BROKEN)
    (link,) = [link for link in links_of(options) if "自分のルール" in link.what.ja]
    assert link.holds is False
    assert link.repair is not None
    assert "koban rules test" in link.repair.ja


def process(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import koban; koban.main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=folder, check=False, timeout=120
    )


def koban(*arguments: str, folder: Path) -> Result:
    """The same without a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return CliRunner().invoke(app, arguments)


@pytest.mark.slow
def test_house_04_a_draft_is_written_into_the_source_tree(tmp_path: Path) -> None:
    (tmp_path / "rules/catalog").mkdir(parents=True)
    (tmp_path / "rules/loader.py").touch()
    done = process("rules", "new", "contract/my-trap", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "rules/catalog/contract/my-trap.yaml").is_file()


@pytest.mark.slow
def test_house_05_a_draft_is_no_rule_until_each_of_its_places_is_filled_in(tmp_path: Path) -> None:
    assert koban("rules", "new", "contract/my-trap", "--rules-dir", str(tmp_path), folder=tmp_path).exit_code == 0
    draft = tmp_path / "catalog/contract/my-trap.yaml"
    done = koban("rules", "test", "--rules-dir", str(tmp_path), folder=tmp_path)
    assert done.exit_code == 2
    lines = [number for number, line in enumerate(draft.read_text("utf-8").splitlines(), 1) if "TODO:" in line]
    assert len(lines) == 9
    for number in lines:
        assert f"my-trap.yaml:{number}: TODO: is still to be written" in done.stderr.replace("\n", "")


@pytest.mark.slow
def test_house_04_elsewhere_a_draft_is_refused_and_both_places_are_named(tmp_path: Path) -> None:
    done = koban("rules", "new", "contract/my-trap", folder=tmp_path)
    assert done.exit_code == 2
    assert "--rules-dir rules" in done.stderr
    assert str(user_rules_dir()) in done.stderr.replace("\n", "")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["catalog", "rules"])
def test_house_04_a_folder_named_like_it_is_no_source_tree(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert koban("rules", "new", "contract/my-trap", folder=tmp_path).exit_code == 2


@pytest.mark.slow
def test_one_rule_is_tested_by_itself(tmp_path: Path) -> None:
    done = koban("rules", "test", "contract/direct-contract", "asked-again", folder=tmp_path)
    assert done.exit_code == 0, done.stderr
    assert "2 rules, " in done.stdout
    assert koban("rules", "test", "no-such-rule", folder=tmp_path).exit_code == 2


@pytest.mark.slow
def test_a_file_is_tested_wherever_it_lies(tmp_path: Path) -> None:
    path = write(tmp_path, "contract/mine.yaml", RULE.replace("fires:\n", "fires:\n    - message: {body: はい}\n", 1))
    done = koban("rules", "test", str(path), folder=tmp_path)
    assert done.exit_code == 1
    assert "mine is silent and should fire" in done.stderr.replace("\n", " ")


@pytest.mark.slow
def test_an_explanation_names_the_words_and_the_line(tmp_path: Path) -> None:
    done = process("rules", "explain", "direct-contract", "--text", "直接契約でお願いできますか", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "✓ rules/catalog/contract/direct-contract.yaml:" in done.stdout
    assert "says 「直接契約」" in done.stdout


@pytest.mark.slow
def test_a_rule_of_a_pack_is_explained_unless_what_ships_is_asked_for(tmp_path: Path) -> None:
    store, files = store_of(tmp_path / "state"), pack(7)
    store.take(read_manifest(files["pack.json"]), files, datetime(2099, 1, 1, tzinfo=UTC))
    words = ("rules", "explain", "swallow-club", "--text", "ツバメ通信に登録済みの方を歓迎します。")
    done = koban(*words, "--state-dir", str(tmp_path / "state"), folder=tmp_path)
    assert done.exit_code == 0, done.stderr
    assert "says 「ツバメ通信」" in done.stdout
    assert "pack koban 7" in done.stdout
    shipped = koban(*words, "--shipped", "--state-dir", str(tmp_path / "state"), folder=tmp_path)
    assert shipped.exit_code == 2


@pytest.mark.slow
def test_ux_23_the_rules_can_be_compiled_before_the_first_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalog: Catalog
) -> None:
    """With two of the rules: `make bundle-smoke` compiles all of them on an empty account."""
    two = replace(catalog, rules=tuple(rule for rule in catalog.rules if rule.id in ("direct-contract", "asked-again")))
    monkeypatch.setattr("addon.packs.layers.usable_catalog", lambda *_: (two, ()))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    ended = koban("rules", "compile", "--state-dir", str(tmp_path / "state"), folder=tmp_path)
    assert ended.exit_code == 0, ended.stderr
    compiled = sorted((tmp_path / "cache/koban/patterns").glob("*.hs"))
    before = [file.stat().st_mtime_ns for file in compiled]
    assert before
    engine_in_use(tmp_path / "state")
    assert sorted((tmp_path / "cache/koban/patterns").glob("*.hs")) == compiled, "judging needs others"
    assert [file.stat().st_mtime_ns for file in compiled] == before


@pytest.fixture
def labelled(tmp_path: Path) -> list[str]:
    """Options that name one labelled text, one of one's own and one list of offers."""
    text = {
        "id": "a",
        "lang": "ja",
        "kind": "message",
        "text": "LINEでご連絡ください",
        "labels": ["off-platform-contact"],
    }
    (tmp_path / "texts.jsonl").write_text(json.dumps(text, ensure_ascii=False) + "\n", "utf-8")
    offers = next(case.page for case in cases() if case.name.startswith("crowdworks/job-list/"))
    (tmp_path / "offers.html").write_bytes(offers.body)
    texts, page = str(tmp_path / "texts.jsonl"), str(tmp_path / "offers.html")
    return ["--corpus", texts, "--own", texts, "--offers", page, "--url", offers.url]


@pytest.mark.slow
def test_what_was_measured_is_written(tmp_path: Path, labelled: list[str]) -> None:
    page = tmp_path / "quality.md"
    result = CliRunner().invoke(app, ["rules", "test", "messenger-invitation", *labelled, "--write", str(page)])
    assert result.exit_code == 0, result.output
    assert "| ja | 1 | 1.000 |" in page.read_text("utf-8")


@pytest.mark.slow
def test_writing_needs_all_that_the_page_shows(tmp_path: Path, labelled: list[str]) -> None:
    page = tmp_path / "quality.md"
    result = CliRunner().invoke(app, ["rules", "test", "messenger-invitation", *labelled[:4], "--write", str(page)])
    assert result.exit_code == 2
    assert not page.exists()
