"""A verdict as it is shown: the user's word over it."""

import itertools
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from addon.state.settings import ClientSettings, Settings, SiteSettings
from addon.verdicts.settle import QuotedSentence, apply_settings, find_quote, further_places, one_per_risk, state_of
from rules.model import ClientRef, Evidence, Finding, Verdict
from tests.addon.findings import finding

MARKS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("marks.json").read_text(encoding="utf-8"))
"""Sentences with their marks, by which the extension is tested, too."""


def test_the_gravest_finding_decides_the_state() -> None:
    assert state_of([]) == "clear"
    assert state_of([finding("a", "notice")]) == "clear"
    assert state_of([finding("a", "notice"), finding("b", "caution")]) == "caution"
    assert state_of([finding("a", "danger"), finding("b", "caution")]) == "danger"


class TestSettled:
    full = Verdict(
        state="danger",
        findings=(finding("direct-contract"), finding("first-offer", "caution"), finding("odd", status="experimental")),
        checked=("message.body",),
        site="crowdworks",
    )

    def rules(self, settings: Settings, now: datetime) -> list[str]:
        return [f.rule for f in apply_settings(self.full, settings, now=now).findings]

    def test_experimental_rules_are_off_until_switched_on(self, now: datetime) -> None:
        assert self.rules(Settings(), now) == ["direct-contract", "first-offer"]
        assert "odd" in self.rules(Settings(rules={"odd": True}), now)

    def test_a_rule_on_trial_is_shown_from_the_start_as_a_caution(self, now: datetime) -> None:
        full = self.full.model_copy(update={"findings": (finding("direct-contract", status="test"),)})
        shown = apply_settings(full, Settings(), now=now)
        assert (shown.state, [f.severity for f in shown.findings]) == ("caution", ["caution"])
        assert self.full.findings[0].severity == "danger"

    def test_a_rule_switched_off_takes_its_weight_with_it(self, now: datetime) -> None:
        shown = apply_settings(self.full, Settings(rules={"direct-contract": False}), now=now)
        assert shown.state == "caution"

    def test_the_site_has_the_narrower_word(self, now: datetime) -> None:
        here = SiteSettings(rules={"direct-contract": True})
        settings = Settings(rules={"direct-contract": False}, sites={"crowdworks": here})
        assert "direct-contract" in self.rules(settings, now)

    def test_off_and_paused_are_not_checked_never_clear(self, now: datetime) -> None:
        off = apply_settings(self.full, Settings(sites={"crowdworks": SiteSettings(enabled=False)}), now=now)
        assert (off.state, off.reason, off.findings) == ("not-checked", "off", ())
        paused = Settings(paused_until=now + timedelta(minutes=30))
        assert apply_settings(self.full, paused, now=now).reason == "paused"
        assert apply_settings(self.full, paused, now=now + timedelta(hours=1)).state == "danger"


def test_a_muted_client_is_not_checked_and_never_clear(now: datetime) -> None:
    verdict = Verdict(state="danger", site="crowdworks", client=ClientRef(id="52", name="見本商店"))
    of = {"crowdworks:52": ClientSettings(muted=True)}
    muted = apply_settings(verdict, Settings(clients=of), now=now)
    assert (muted.state, muted.reason, muted.findings) == ("not-checked", "muted", ())
    assert muted.client == verdict.client
    unfunded = verdict.model_copy(update={"stage": "agreed-unfunded"})
    assert apply_settings(unfunded, Settings(clients=of), now=now).stage == "agreed-unfunded", "the escrow light stays"
    other = verdict.model_copy(update={"site": "lancers"})
    assert apply_settings(other, Settings(clients=of), now=now).reason is None


def test_one_warning_for_each_risk_of_each_subject(now: datetime) -> None:
    def of(rule: str, risk: str, quote: str, severity: str = "caution", subject_id: str | None = "m1") -> Finding:
        evidence = (Evidence(field="message.body", quote=quote),)
        changes = {"risk": risk, "evidence": evidence, "subject_id": subject_id}
        return finding(rule, severity).model_copy(update=changes)

    weaker, graver = of("a", "work-before-escrow", "一"), of("b", "work-before-escrow", "二", "danger")
    other = of("c", "direct-contract", "一")
    elsewhere = of("d", "work-before-escrow", "一", subject_id="m2")
    found = one_per_risk([weaker, graver, other, elsewhere])
    assert [f.rule for f in found] == ["b", "c", "d"]
    assert [e.quote for e in found[0].evidence] == ["二", "一"], "what the weaker one saw is kept"

    full = Verdict(state="danger", findings=(weaker, graver), checked=("message.body",), site="crowdworks")
    off = apply_settings(full, Settings(rules={"b": False}), now=now)
    assert [f.rule for f in off.findings] == ["a"], "switched off, the graver one no longer stands for the other"


def test_messages_without_an_id_fold_only_over_the_same_words() -> None:
    def of(quote: str) -> Finding:
        evidence = (Evidence(field="message.body", quote=quote),)
        return finding("a").model_copy(update={"evidence": evidence, "subject_id": None})

    assert len(one_per_risk([of("一"), of("一"), of("二")])) == 2


def test_findings_of_several_pictures_are_one_with_the_places_of_all_up_to_a_bound() -> None:
    def of(file: str, number: int, more: int) -> Finding:
        evidence = tuple(
            Evidence(field="message.attachment.text", quote=f"{file} {n}", file=file) for n in range(number)
        )
        return finding("a").model_copy(update={"evidence": evidence, "more": more, "subject_id": "7"})

    (joined,) = one_per_risk([of("x", 12, 8), of("y", 12, 1), of("z", 2, 0)])
    assert (len(joined.evidence), joined.more) == (24, 10)
    assert further_places(joined) == ((*(f"x {n}" for n in range(1, 12)), *(f"y {n}" for n in range(12))), 10)
    assert further_places(finding("a")) == ((), 0)
    said_too = joined.model_copy(update={"evidence": (Evidence(field="message.body", quote="x"), *joined.evidence[:2])})
    assert further_places(said_too)[0] == ("x 0", "x 1"), "the sentence quotes the message"


def parts(sentence: str, evidence: Sequence[Evidence]) -> list[list[object]]:
    """The parts of a sentence, each with whether it is marked; as in the extension, its quote is not set apart."""
    quoted = find_quote(sentence, evidence)
    if quoted is None:
        return [[sentence, False]]
    pieces = [piece for piece in ((quoted.before, False), *quoted.quote, (quoted.after, False)) if piece[0]]
    groups = itertools.groupby(pieces, key=lambda piece: piece[1])
    return [["".join(text for text, _ in group), is_marked] for is_marked, group in groups]


@pytest.mark.parametrize("case", MARKS, ids=[case["says"] for case in MARKS])
def test_issue_19_words_are_marked_as_the_extension_does(case: dict[str, Any]) -> None:
    evidence = [Evidence(field="message.body", **row) for row in case["evidence"]]
    assert parts(case["sentence"], evidence) == case["parts"]


def test_a_sentence_is_parted_around_its_quote() -> None:
    evidence = [Evidence(field="message.body", quote="直接お願いします", marked=((0, 2),))]
    quoted = find_quote("「直接お願いします」とあります", evidence)
    assert quoted == QuotedSentence("「", (("直接", True), ("お願いします", False)), "」とあります")
