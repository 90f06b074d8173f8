"""A page judged in parts: what replaces what, and the verdict of all together."""

from datetime import UTC, datetime, timedelta

import pytest

from addon.verdicts.parts import MOST_FILES, MOST_PARTS, PagePart, PageParts, add_part, drop_older_parts, united
from rules.model import ChosenFile, ClientRef, Detail, Evidence, Reason, Text, Verdict
from tests.addon.findings import finding

PAGE = "https://crowdworks.jp/message/threads/9"
DATA = "https://crowdworks.jp/message/threads/9/messages.json"
NOW = datetime(2026, 11, 26, tzinfo=UTC)
CLEAR = Verdict(state="clear", checked=("message.body",), site="crowdworks")


def warned(rule: str, quote: str = "直接お願いします", severity: str = "danger") -> Verdict:
    evidence = (Evidence(field="message.body", quote=quote),)
    found = finding(rule, severity).model_copy(update={"evidence": evidence})
    return CLEAR.model_copy(update={"state": severity, "findings": (found,)})


def part(verdict: Verdict = CLEAR, seconds: int = 0) -> PagePart:
    return PagePart.of(verdict, "proxy", NOW + timedelta(seconds=seconds))


def unread(reason: Reason) -> Verdict:
    return Verdict(state="not-checked", reason=reason, site="crowdworks")


def test_a_part_gives_its_verdict_back() -> None:
    verdict = warned("direct-contract").model_copy(update={"stage": "funded"})
    kept = part(verdict)
    assert kept.verdict == verdict
    assert kept.stage == "funded"


def test_the_same_address_is_replaced_and_an_equal_answer_of_its_path_too() -> None:
    parts: PageParts = {}
    add_part(parts, PAGE, part(), PAGE)
    add_part(parts, f"{DATA}?_=1", part(warned("a")), PAGE)
    add_part(parts, f"{DATA}?_=1", part(warned("b")), PAGE)
    assert [kept.verdict for kept in parts.values()] == [CLEAR, warned("b")]
    twin = part(warned("b"))
    add_part(parts, f"{DATA}?_=2", twin, PAGE)
    assert list(parts) == [PAGE, f"{DATA}?_=2"]
    add_part(parts, f"{DATA}x?_=3", twin, PAGE)
    assert len(parts) == 3, "another path is another part"


def test_beyond_the_bound_the_oldest_are_one_and_nothing_of_them_is_lost() -> None:
    parts: PageParts = {}
    add_part(parts, PAGE, part(), PAGE)
    for number in range(MOST_PARTS + 3):
        add_part(parts, f"{DATA}?page={number}", part(warned("a", f"{number}")), PAGE)
    assert len(parts) == MOST_PARTS
    assert next(iter(parts)) == PAGE
    whole = united([kept.verdict for kept in parts.values()])
    assert {found.evidence[0].quote for found in whole.findings} == {str(n) for n in range(MOST_PARTS + 3)}


def test_files_of_a_page_that_polls_are_bounded_and_the_newest_stay() -> None:
    parts: PageParts = {}
    for number in range(MOST_FILES + MOST_PARTS + 9):
        url = f"{DATA}?page={number}"
        files = {"enclosures": (url,), "chosen": (ChosenFile(url=url, whole=True),)}
        add_part(parts, url, part(CLEAR.model_copy(update=files)), PAGE)
    whole = united([kept.verdict for kept in parts.values()])
    assert len(whole.enclosures) == len(whole.chosen) == MOST_FILES + MOST_PARTS - 1
    assert whole.enclosures[-1] == whole.chosen[-1].url == url
    assert f"{DATA}?page=0" not in whole.enclosures


def test_loading_again_drops_what_came_before() -> None:
    parts = {"a": part(seconds=0), "b": part(seconds=5), "c": part(seconds=6)}
    drop_older_parts(parts, NOW + timedelta(seconds=5), PAGE)
    assert list(parts) == ["c"]


def test_one_part_is_the_whole() -> None:
    assert united([CLEAR]) is CLEAR
    assert united([unread("failed")]) == unread("failed")


def test_the_gravest_part_decides_and_the_same_warning_counts_once() -> None:
    whole = united([warned("a", severity="caution"), CLEAR, warned("b"), warned("b")])
    assert whole.state == "danger"
    assert [found.rule for found in whole.findings] == ["b", "a"]


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("nothing-to-check", "clear"),
        ("unknown-page", "clear"),
        ("page-changed", "not-checked"),
        ("failed", "not-checked"),
    ],
)
def test_a_part_that_should_have_been_read_leaves_the_page_unchecked(reason: Reason, state: str) -> None:
    assert united([CLEAR, unread(reason)]).state == state
    assert united([warned("a"), unread(reason)]).state == "danger"


def test_nothing_checked_says_the_pages_own_reason() -> None:
    assert united([unread("too-slow"), unread("failed")]) == unread("too-slow")


def test_a_field_that_one_part_shows_is_not_missing() -> None:
    first = CLEAR.model_copy(update={"checked": ("a",), "missing": ("b", "c")})
    second = CLEAR.model_copy(update={"checked": ("b",), "missing": ("d",)})
    whole = united([first, second])
    assert (whole.checked, whole.missing) == (("a", "b"), ("c", "d"))


def test_client_and_details_are_those_of_the_first_part_that_has_any() -> None:
    label = Text(ja="契約金額", en="Contract amount")
    details = tuple(Detail(label=label, value=Text(ja=value, en=value)) for value in ("1円", "2円"))
    first = CLEAR.model_copy(update={"client": ClientRef(id="1"), "details": details[:1]})
    second = CLEAR.model_copy(update={"client": ClientRef(id="2"), "details": details[1:]})
    whole = united([CLEAR, first, second])
    assert (whole.client, whole.details) == (ClientRef(id="1"), details[:1])
