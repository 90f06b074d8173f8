"""A site renames its classes, and a pack says which selectors stand for those of before."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from addon.judging import local
from addon.judging.check import read
from addon.judging.engines import PackEngine
from addon.judging.local import LocalJudge
from addon.judging.protocol import Visit
from addon.packs.manifest import PackRefused
from addon.packs.markup import read_markup, try_markup
from extractors import Extraction, extract
from extractors.page import Page
from extractors.records import unread_in
from rules.engine import Engine
from rules.sites import SHIPPED_TERMS
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
    remembered: list[bool] = []
    judge, page = (
        LocalJudge(engine, remember=lambda *given: remembered.append(given[-1]), terms=SHIPPED_TERMS),
        renamed(CASE),
    )
    assert judge.check(Visit(page)).reason == "page-changed"
    (again,) = judge.use(PackEngine(engine, SHIPPED_TERMS, read_markup(pack)))
    assert remembered == [False], "nothing could be stored of it before"
    assert (again.url, again.verdict.reason) == (page.url, None)
    before = judge.check(Visit(CASE.page))
    assert again.verdict.state == before.state
    assert [each.rule for each in again.verdict.findings] == [each.rule for each in before.findings]
    # It is one of the recent pages from now on.
    assert [each.url for each in judge.use(PackEngine(engine, SHIPPED_TERMS))] == [page.url]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("markup/lancers.json", b'{"moved": {"h1": "h2"}}', "not read (PageChanged)"),
        ("markup/shufti.json", b'{"moved": {"h1": "h2"}}', "no saved page under tests/pages/shufti"),
        ("markup/nobody.json", b'{"moved": {"h1": "h2"}}', "no such site"),
        ("markup/lancers.json", b'{"moved": {"h1": "a:has(b"}}', "moved: Value error, unknown selector"),
        ("markup/lancers.json", b'{"moved": {"h1": "h2"}, "hosts": ["example.com"]}', "hosts: Extra inputs"),
        ("markup/lancers.json", b'{"moved": {}}', "neither moved nor renamed"),
        ("markup/lancers.json", b'{"moved": {}, "renamed": {}}', "neither moved nor renamed"),
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


def test_a_page_of_a_kind_that_is_not_read_proves_no_markup(pack: Path) -> None:
    """It may be there for the controls on it (`test_controls.py`), and says then that nothing is read in it."""
    unread = {f"{MENDED}/url.txt": b"https://www.lancers.jp/nowhere/7", f"{MENDED}/expected.json": b"[]"}
    lay(pack, unread)
    with pytest.raises(PackRefused) as refused:
        try_markup(pack)
    assert refused.value.problems == ("markup/lancers.json: no saved page under tests/pages/lancers",)
    (pack / "markup/lancers.json").unlink()
    try_markup(pack)
    lay(pack, {f"{MENDED}/expected.json": b"[{}]"})
    with pytest.raises(PackRefused) as refused:
        try_markup(pack)
    assert refused.value.problems == (f"{MENDED}: not read (UnknownPage)",)


(IN_TABLES,) = (case for case in cases() if case.name == "crowdworks/job/client-in-tables")
RENAMED = "tests/pages/crowdworks/job/renamed"


def relabelled(case: Case) -> Page:
    """The same page with other labels for two of its values."""
    body = case.body.replace("募集実績".encode(), "発注実績".encode()).replace(
        "応募した人".encode(), "応募者数".encode()
    )
    assert body.count("発注実績".encode()) == body.count("応募者数".encode()) == 1
    return replace(case.page, body=body)


def renaming(labels: dict[str, dict[str, str]]) -> bytes:
    return json.dumps({"renamed": labels}).encode()


@pytest.fixture
def renames(tmp_path: Path) -> Path:
    page = relabelled(IN_TABLES)
    return lay(
        tmp_path,
        {
            "markup/crowdworks.json": renaming({"th": {"募集実績": "発注実績", "応募した人": "応募者数"}}),
            f"{RENAMED}/page.html": page.body,
            f"{RENAMED}/url.txt": page.url.encode(),
            f"{RENAMED}/expected.json": json.dumps(IN_TABLES.expected).encode(),
        },
    )


def test_labels_of_a_pack_read_the_changed_page_as_the_one_before(renames: Path) -> None:
    try_markup(renames)
    without, now = read(relabelled(IN_TABLES)), read(relabelled(IN_TABLES), read_markup(renames))
    assert isinstance(without, Extraction)
    assert set(unread_in(without.records)) == {"job.applicants", "client.job_offers_posted"}
    assert isinstance(now, Extraction)
    assert dumped(now.records) == IN_TABLES.expected


def observed_judge(engine: Engine) -> tuple[LocalJudge, list[str], list[bool]]:
    """A judge, with the sites that it counted, and whether each page that it had remembered was judged again."""
    counted: list[str] = []
    remembered: list[bool] = []
    judge = LocalJudge(
        engine,
        notes=[lambda extraction: counted.append(extraction.site.id)],
        remember=lambda *given: remembered.append(given[-1]),
        terms=SHIPPED_TERMS,
    )
    return judge, counted, remembered


def test_a_page_that_was_read_in_part_is_read_again_once_a_pack_mends_it(renames: Path, engine: Engine) -> None:
    judge, counted, remembered = observed_judge(engine)
    page = relabelled(IN_TABLES)
    before = judge.check(Visit(page))
    assert before.reason == "page-changed"
    (again,) = judge.use(PackEngine(engine, SHIPPED_TERMS, read_markup(renames)))
    assert counted == ["crowdworks"], "it was counted when it came"
    assert remembered == [False, True], "the user may have had it forgotten since"
    assert (again.url, again.verdict.reason) == (page.url, None)
    assert again.verdict.state == judge.check(Visit(IN_TABLES.page)).state
    assert [each.url for each in judge.use(PackEngine(engine, SHIPPED_TERMS))] == [page.url]


def test_house_02_a_page_read_in_part_may_be_forgotten_though_many_came_since(
    renames: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "MOST_RECENT", 1)
    judge, counted, remembered = observed_judge(engine)
    judge.check(Visit(relabelled(IN_TABLES)))
    judge.check(Visit(CASE.page))
    judge.use(PackEngine(engine, SHIPPED_TERMS, read_markup(renames)))
    assert counted == ["crowdworks", "lancers"], "each when it came"
    assert remembered == [False, False, True], "what the user has had forgotten stays so"


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        ({"td": {"募集実績": "発注実績"}}, "td: labels are in th, dt, label, or what has a class"),
        ({"#client_detail, div": {"募集実績": "発注実績"}}, "labels are in th, dt, label, or what has a class"),
        ({"th": {"募集実績": ""}}, "String should have at least 2 characters"),
        ({"th": {"募集実績": "："}}, "String should have at least 2 characters"),
        ({"th": {"募集実績": "：："}}, "a label is plain words"),
        ({"th": {"募集実績": " 発注実績"}}, "a label is plain words"),
        ({"th": {"募集実績": "発注\u200b実績"}}, "a label is plain words"),
        ({"th": {"募集実績": "<b>発注</b>"}}, "a label is plain words"),
        ({"th": {"募集実績": "発" * 41}}, "String should have at most 40 characters"),
        ({"th": {"募集実績": "発注実績", "応募した人": "発注実績"}}, "each label is named once"),
        ({"th": {"募集実績": "応募した人", "応募した人": "募集実績"}}, "each label is named once"),
        ({"th": {}}, "Dictionary should have at least 1 item"),
        ({f".a{number}": {"募集実績": "発注実績"} for number in range(21)}, "at most 20 items"),
        ({"a:has(b": {"募集実績": "発注実績"}}, "unknown selector"),
        # One of the labels that readers know: two values would be one.
        ({"th": {"応募した人": "契約した人"}}, "reads hires worse than without it"),
        ({"th": {"応募した人": "応募者数", "募集実績": "プロジェクト完了率"}}, "reads client.completion_rate worse"),
        # On no saved page: nothing shows that it is right.
        (
            {"th": {"募集実績": "発注実績", "応募した人": "応募者数", "契約した人": "契約者数"}},
            "markup/crowdworks.json: renamed: th: 契約した人: on no saved page",
        ),
    ],
)
def test_a_label_that_is_none_or_reads_worse_is_refused(
    renames: Path, labels: dict[str, dict[str, str]], problem: str
) -> None:
    lay(renames, {"markup/crowdworks.json": renaming(labels)})
    if "worse" in problem:
        # Its maker has taken what came of it for what is to come of it.
        page = replace(relabelled(IN_TABLES), markup=read_markup(renames)["crowdworks"])
        lay(renames, {f"{RENAMED}/expected.json": json.dumps(dumped(extract(page).records)).encode()})
    with pytest.raises(PackRefused) as refused:
        try_markup(renames)
    assert any(problem in each for each in refused.value.problems), refused.value.problems


def test_a_selector_that_loses_a_field_is_refused(renames: Path) -> None:
    moved = {"section.client_detail_information .average-score": ".identity_verified"}
    (record,) = IN_TABLES.expected
    client = {name: value for name, value in record["client"].items() if name != "rating"}
    lay(
        renames,
        {
            "markup/crowdworks.json": json.dumps({"moved": moved}).encode(),
            f"{RENAMED}/page.html": IN_TABLES.body,
            f"{RENAMED}/expected.json": json.dumps([record | {"client": client}]).encode(),
        },
    )
    with pytest.raises(PackRefused) as refused:
        try_markup(renames)
    assert refused.value.problems == (f"{RENAMED}: reads client.rating worse than without it",)
