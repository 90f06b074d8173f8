"""One warning where one sentence shows one trap under two names."""

from datetime import datetime
from graphlib import TopologicalSorter
from typing import Any

import pytest

from addon.state.settings import Settings
from addon.verdicts.same_trap import ONE_TRAP, with_one_trap_each
from addon.verdicts.settle import apply_settings, apply_switches
from extractors.page_kinds import PageKind
from rules.model import Evidence, Finding, Text, Verdict
from tests.addon.findings import finding
from tests.catalog import shipped_catalog

SENTENCE = "仮払いは来週になりますが、先に始めてください"


def found(risk: str, severity: str = "caution", *quotes: str, **changes: Any) -> Finding:
    """A finding of a rule and risk of this name, on one message."""
    evidence = tuple(Evidence(field="message.body", quote=quote) for quote in quotes or (SENTENCE,))
    title = Text(ja=f"題{risk}", en=f"title {risk}")
    texts = {"title": title, "seen": Text(ja=f"「{evidence[0].quote}」", en=f"“{evidence[0].quote}”")}
    return finding(risk, severity).model_copy(update={"subject_id": "m1", "evidence": evidence, **texts, **changes})


def test_the_graver_stays_and_names_the_other() -> None:
    (one,) = with_one_trap_each([found("escrow-excuse", "danger"), found("work-before-escrow")])
    assert (one.rule, one.severity) == ("escrow-excuse", "danger")
    assert one.seen.ja == f"「{SENTENCE}」（あわせて：題work-before-escrow）"
    assert one.seen.en == f"“{SENTENCE}” (Also: title work-before-escrow)"


@pytest.mark.parametrize("order", [1, -1])
def test_among_equals_the_first_of_the_pair_stays(order: int) -> None:
    given = [found("work-before-escrow"), found("escrow-excuse")][::order]
    assert [f.rule for f in with_one_trap_each(given)] == ["work-before-escrow"]


@pytest.mark.parametrize(
    "other",
    [
        found("escrow-excuse", "caution", "別の文です"),
        found("escrow-excuse", "caution", SENTENCE, "別の文です"),
        found("escrow-excuse", subject_id="m2"),
        found("escrow-excuse", evidence=()),
        found("personal-documents"),
    ],
    ids=["another sentence", "a sentence more", "another message", "no sentence", "another trap"],
)
def test_what_is_more_than_one_trap_in_one_sentence_stays_two_warnings(other: Finding) -> None:
    given = (found("work-before-escrow", "danger"), other)
    assert with_one_trap_each(given) == given


def test_a_chain_of_names_ends_in_the_one_that_stays() -> None:
    given = [found("vague-scope"), found("too-good-pay"), found("yami-baito", "danger")]
    (one,) = with_one_trap_each(given)
    assert one.rule == "yami-baito"
    assert one.seen.ja.endswith("（あわせて：題vague-scope）（あわせて：題too-good-pay）")


def test_no_two_traps_name_each_other() -> None:
    named: dict[str, set[str]] = {}
    for holder, other in ONE_TRAP:
        named.setdefault(other, set()).add(holder)
    TopologicalSorter(named).prepare()  # raises where they do


def test_every_risk_of_the_table_is_one_of_a_rule() -> None:
    risks = {rule.risk for rule in shipped_catalog().rules}
    assert {risk for pair in ONE_TRAP for risk in pair} <= risks


def test_a_further_language_is_said_too() -> None:
    def spoken(finding: Finding, seen: str, title: str) -> Finding:
        texts = {"seen": finding.seen.also("fr", seen), "title": finding.title.also("fr", title)}
        return finding.model_copy(update=texts)

    graver = spoken(found("work-before-escrow", "danger"), "« {title} »", "Un")
    (one,) = with_one_trap_each([graver, spoken(found("escrow-excuse"), "« … »", "Autre")])
    assert one.seen.further("fr") == "« {title} » (Aussi\xa0: Autre)", "a brace of the page is no place"


def test_a_page_shows_one_card_and_a_scan_all_risks(now: datetime) -> None:
    findings = (found("work-before-escrow", "danger"), found("escrow-excuse"))
    verdict = Verdict(state="danger", findings=findings, checked=("message.body",), site="crowdworks")
    assert [f.rule for f in apply_settings(verdict, Settings(), now=now).findings] == ["work-before-escrow"]
    whole = apply_switches(verdict, Settings(), one_for_trap=False)
    assert [f.rule for f in whole.findings] == ["work-before-escrow", "escrow-excuse"]
    off = Settings(rules={"work-before-escrow": False})
    assert [f.rule for f in apply_settings(verdict, off, now=now).findings] == ["escrow-excuse"], "it stands for itself"


def page_of(*findings: Finding, kind: PageKind = "thread") -> Verdict:
    return Verdict(state="danger", findings=findings, checked=("message.body",), site="crowdworks", kind=kind)


def test_one_that_was_called_wrong_takes_no_other_rule_along(now: datetime) -> None:
    verdict = page_of(found("work-before-escrow", "danger"), found("escrow-excuse"))
    wrong = Settings(wrong={"work-before-escrow@crowdworks@m1": now.date()})
    shown = apply_settings(verdict, wrong, now=now)
    assert [f.rule for f in shown.findings] == ["escrow-excuse"]
    assert shown.state == "caution"
    named_wrong = Settings(wrong={"escrow-excuse@crowdworks@m1": now.date()})
    (one,) = apply_settings(verdict, named_wrong, now=now).findings
    assert "あわせて" not in one.seen.ja


def test_a_list_names_each_rule_by_itself(now: datetime) -> None:
    given = (found("work-before-escrow", "danger"), found("escrow-excuse"))
    assert len(apply_settings(page_of(*given, kind="job-list"), Settings(), now=now).findings) == 2


def test_what_is_worth_a_report_stays_so_within_another_warning() -> None:
    given = [found("work-before-escrow", "danger", report=False), found("escrow-excuse", report=True)]
    (one,) = with_one_trap_each(given)
    assert one.report


def test_a_chain_joins_no_two_risks_that_are_no_one_trap() -> None:
    given = [found("off-platform-contact", "danger"), found("vague-scope"), found("unlimited-revisions")]
    assert ("off-platform-contact", "unlimited-revisions") not in ONE_TRAP
    kept = [f.rule for f in with_one_trap_each(given)]
    assert kept == ["off-platform-contact", "unlimited-revisions"]
