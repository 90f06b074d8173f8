"""A site renames its classes, and a pack says which selectors stand for those of before."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from addon.judging.check import read
from addon.judging.engines import PackEngine
from addon.judging.local import LocalJudge
from addon.judging.protocol import Visit
from addon.packs.manifest import PackRefused
from addon.packs.markup import read_markup, try_markup
from extractors import Extraction
from extractors.page import Page
from rules.engine import Engine
from tests.addon.packs.making import lay
from tests.extractors.saved_pages import Case, cases, dumped

(CASE,) = (case for case in cases() if case.name == "lancers/client/summary")
MOVED = {
    f".c-table-summary__{part}": f".c-figures .n-{part}" if part == "col" else f".n-{part}"
    for part in ("col", "col-head", "col-note")
}
MENDED = "tests/pages/lancers/client/renamed"


def renamed(case: Case) -> Page:
    """The same page with other names for its classes."""
    body = case.body.replace(b"c-table-summary__", b"n-").replace(b"c-table-summary", b"c-figures")
    assert body != case.body
    return replace(case.page, body=body)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    page = renamed(CASE)
    return lay(
        tmp_path,
        {
            "markup/lancers.json": json.dumps({"moved": MOVED}).encode(),
            f"{MENDED}/page.html": page.body,
            f"{MENDED}/url.txt": page.url.encode(),
            f"{MENDED}/expected.json": json.dumps(CASE.expected).encode(),
        },
    )


def test_selectors_of_a_pack_read_the_changed_page_as_the_one_before(pack: Path) -> None:
    try_markup(pack)
    moved = read_markup(pack)
    changed, now = read(renamed(CASE)), read(renamed(CASE), moved)
    assert not isinstance(changed, Extraction)
    assert changed.reason == "page-changed"
    assert isinstance(now, Extraction)
    assert dumped(now.records) == CASE.expected


def test_a_page_that_could_not_be_read_is_read_again_once_a_pack_mends_it(pack: Path, engine: Engine) -> None:
    judge, page = LocalJudge(engine), renamed(CASE)
    assert judge.check(Visit(page)).reason == "page-changed"
    (again,) = judge.use(PackEngine(engine, read_markup(pack)))
    assert (again.url, again.verdict.reason) == (page.url, None)
    before = judge.check(Visit(CASE.page))
    assert again.verdict.state == before.state
    assert [each.rule for each in again.verdict.findings] == [each.rule for each in before.findings]
    # It is one of the recent pages from now on.
    assert [each.url for each in judge.use(PackEngine(engine))] == [page.url]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("markup/lancers.json", b'{"moved": {"h1": "h2"}}', "not read (PageChanged)"),
        ("markup/shufti.json", b'{"moved": {"h1": "h2"}}', "no saved page under tests/pages/shufti"),
        ("markup/nobody.json", b'{"moved": {"h1": "h2"}}', "no such site"),
        ("markup/lancers.json", b'{"moved": {"h1": "a:has(b"}}', "not selectors for selectors"),
        ("markup/lancers.json", b'{"moved": {"h1": "h2"}, "hosts": ["example.com"]}', "not selectors for selectors"),
        ("markup/lancers.json", b'{"moved": {}}', "not selectors for selectors"),
        (f"{MENDED}/expected.json", b"[]", "read into something else"),
        (f"{MENDED}/expected.json", b"[" * 100_000, "url.txt, expected.json and one page.html or page.json"),
        (f"{MENDED}/url.txt", b"https://example.com/", "not read (UnknownPage)"),
    ],
)
def test_what_does_not_read_its_pages_as_it_says_is_refused(
    pack: Path, name: str, content: bytes, problem: str
) -> None:
    lay(pack, {name: content})
    with pytest.raises(PackRefused) as refused:
        try_markup(pack)
    assert any(problem in each for each in refused.value.problems), refused.value.problems
