"""What is looked at has bounds, and a bound that was reached is said: what was not looked through is never clear."""

from collections.abc import Sequence

import pytest

from addon.judging.check import Checker
from addon.state.settings import Settings
from addon.verdicts.settle import apply_settings
from extractors.records import AuthorRole, Client, Contract, Link, Message, Thread
from rules import matching, page_text
from rules.derive import derive
from rules.engine import Engine
from rules.matching import Matches, PatternSet
from rules.reading import MOST_EXAMINED, MOST_LINKS
from rules.sites import SHIPPED_TERMS
from rules.testing import NOW, site_named

DENSE = "報酬入金"
"""Words that many patterns look for: the densest text that an attacker found."""
ASKED = "直接契約にしませんか"


def said(body: str, role: str | None = "client") -> Message:
    return Message.model_validate({"author_role": role, "body": body})


@pytest.fixture(scope="module")
def checker(catalog: object, engine: Engine) -> Checker:
    return Checker(engine, SHIPPED_TERMS)


def states(checker: Checker, records: Sequence[Message]) -> tuple[str, str | None]:
    verdict = checker.check_records(records, now=NOW)
    return verdict.state, verdict.reason


@pytest.mark.slow
def test_attack_08_a_flood_in_other_texts_hides_nothing(checker: Checker) -> None:
    flood = [said(DENSE * 2500)] * 10
    for order in ([*flood, said(ASKED)], [said(ASKED), *flood]):
        verdict = checker.check_records(order, now=NOW)
        assert verdict.state == "danger"
        assert "direct-contract" in {finding.risk for finding in verdict.findings}


def test_attack_08_a_text_that_was_not_looked_through_is_not_clear(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST_EVENTS", 1000)
    assert states(checker, [said(DENSE * 1000 + "。" + ASKED)]) == ("not-checked", "too-large")
    assert states(checker, [said(ASKED + "。" + DENSE * 1000)]) == ("danger", "too-large")
    assert states(checker, [said("納品ありがとうございます。"), said("承知しました", "freelancer")]) == ("clear", None)


@pytest.mark.parametrize("harmless", ["あ。", "L1NEではない物。"])
def test_attack_08_a_text_beyond_what_is_read_is_not_clear(
    harmless: str, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_text, "MOST_OF_TEXT", 5000)
    monkeypatch.setattr(page_text, "MOST_UNDISGUISED_OF_TEXT", 5000)
    assert states(checker, [said(harmless * 4000 + ASKED)]) == ("not-checked", "too-large")
    assert states(checker, [said(harmless * 4000), said(ASKED)]) == ("danger", "too-large")
    assert states(checker, [said(harmless * 4000, "freelancer"), said("承知しました")]) == ("clear", None)


def test_links_beyond_those_looked_at_leave_a_page_not_clear(checker: Checker) -> None:
    harmless = [f"https://example.com/{number}" for number in range(MOST_LINKS)]
    imitation = "https://upvork.com/verify"
    assert states(checker, [said(" ".join(harmless))]) == ("clear", None)
    assert states(checker, [said(" ".join([*harmless, imitation]))]) == ("not-checked", "too-large")
    assert states(checker, [said(" ".join([imitation, *harmless]))]) == ("danger", "too-large")
    links = tuple(Link(url=url, text="x") for url in [*harmless, imitation])
    assert states(checker, [said("こちらです").model_copy(update={"links": links})]) == ("not-checked", "too-large")


def test_a_text_of_which_the_beginning_alone_is_examined_is_not_clear(checker: Checker) -> None:
    body = "確認しました。" * (MOST_EXAMINED // 7)
    assert states(checker, [said(body)]) == ("clear", None)
    assert states(checker, [said(body + "修正をお願いします。")]) == ("not-checked", "too-large")
    assert states(checker, [said(body + "修正をお願いします。", "freelancer"), said("はい")]) == ("clear", None)


def test_attack_08_it_stays_said_where_the_warning_is_switched_off(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_text, "MOST_OF_TEXT", 5000)
    verdict = checker.check_records([said("あ。" * 4000), said(ASKED)], now=NOW)
    off = Settings(rules={finding.rule: False for finding in verdict.findings})
    shown = apply_settings(verdict, off, now=NOW)
    assert (shown.state, shown.reason) == ("not-checked", "too-large")


def test_attack_08_a_stopped_scan_names_the_group_and_goes_on_with_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_EVENTS", 10)
    monkeypatch.setattr(matching, "MOST_EVENTS_OF_PAGE", 25)
    patterns = PatternSet(["a", "b"])
    lines = [b"a" * 50, b"ab", b"a" * 9, b"b"]
    assert patterns.lines_matched(lines, groups=[0, 1, 2, 3]) == Matches({0: {0, 1, 2}, 1: {1, 3}}, frozenset({0}))
    assert patterns.lines_matched([b"a" * 9] * 4, groups=[0, 1, 2, 3]).stopped_groups == {2, 3}
    assert patterns.lines_matched(lines).stopped_groups == {0}


def test_attack_04_a_message_of_nobody_known_is_judged_as_the_clients(checker: Checker) -> None:
    assert states(checker, [said(ASKED, None)]) == ("danger", None)
    assert states(checker, [said(ASKED, "freelancer"), said("承知しました")]) == ("clear", None)


def test_attack_04_checked_names_what_was_looked_at_alone(engine: Engine) -> None:
    def looked_at(*records: Message | Client | Thread | Contract) -> tuple[set[str], set[str]]:
        judgement = engine.judge(derive(records, site=site_named("crowdworks"), now=NOW))
        return set(judgement.checked_fields), set(judgement.missing_fields)

    for role in ("freelancer", "system"):
        checked, missing = looked_at(said(ASKED, role))
        assert "message.body" not in checked | missing
    judged_as_client: tuple[AuthorRole | None, ...] = ("client", None)
    for author in judged_as_client:
        assert "message.body" in looked_at(said(ASKED, author), said("はい", "freelancer"))[0]
    assert "message.body" in looked_at(Message(author_role="client"))[1]
