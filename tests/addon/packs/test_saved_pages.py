"""The saved pages of a pack are found, and what is none is named."""

from pathlib import Path

from addon.packs.saved_pages import saved_pages
from extractors.page import AS_WRITTEN
from tests.addon.packs.making import lay

PLACE = "tests/pages/lancers/client/case"


def page(place: str, url: str, *, expected: str = "[]") -> dict[str, bytes]:
    texts = {"page.html": "<p>x", "url.txt": f"{url}\n", "expected.json": expected}
    return {f"{place}/{name}": text.encode() for name, text in texts.items()}


def test_a_page_is_of_the_site_that_its_address_and_its_folder_say(tmp_path: Path) -> None:
    lay(tmp_path, page(PLACE, "https://www.lancers.jp/client/yamagara"))
    lay(tmp_path, page("tests/pages/crowdworks/client/other", "https://www.lancers.jp/client/yamagara"))
    (found,), (problem,) = saved_pages(tmp_path)
    assert (found.place, found.site.id, found.is_of_a_known_kind) == (PLACE, "lancers", True)
    assert found.read_if_readable(AS_WRITTEN) == []
    assert problem == "tests/pages/crowdworks/client/other: not read (UnknownPage)"


def test_a_page_may_be_of_a_kind_that_is_not_read(tmp_path: Path) -> None:
    lay(tmp_path, page(PLACE, "https://www.lancers.jp/nowhere/1"))
    ((found,), problems) = saved_pages(tmp_path)
    assert (found.is_of_a_known_kind, problems) == (False, [])


def test_hostile_pack_an_address_or_an_expectation_that_is_none_is_named(tmp_path: Path) -> None:
    broken = {
        "a": page(f"{PLACE}-a", "https://[www.lancers.jp/"),
        "b": page(f"{PLACE}-b", "https://www.lancers.jp/client/x", expected="[" * 100_000),
        "c": page(f"{PLACE}-c", "https://www.lancers.jp/client/x", expected="9" * 5_000),
        "d": page(f"{PLACE}-d", "https://www.lancers.jp/client/x") | {f"{PLACE}-d/page.json": b"[]"},
    }
    for files in broken.values():
        lay(tmp_path, files)
    pages, problems = saved_pages(tmp_path)
    assert (pages, len(problems)) == ([], 4)
