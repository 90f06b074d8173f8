"""A verdict as it is shown: the user's word over it."""

from datetime import datetime, timedelta

from addon.state.settings import ClientSettings, Settings, SiteSettings
from addon.verdicts.settle import QuotedSentence, apply_settings, find_quote, further_places, one_per_risk, state_of
from rules.model import ClientRef, Evidence, Finding, Verdict
from rules.quotes import LONGEST_QUOTE
from rules.quotes import quoted as quoted_words
from tests.addon.findings import finding


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


def marked(quote: str, *spans: tuple[int, int]) -> Evidence:
    return Evidence(field="message.body", quote=quote, marked=spans)


def test_a_sentence_is_parted_around_its_quote_and_the_quote_around_its_marks() -> None:
    quoted = find_quote("「直接お願いします」とあります", [marked("直接お願いします", (0, 2))])
    assert quoted == QuotedSentence("「", (("直接", True), ("お願いします", False)), "」とあります")


def test_a_quote_without_its_bullet_keeps_its_marks_in_place() -> None:
    quoted = find_quote("“直接です” was seen", [marked("・ 直接です", (2, 4))])
    assert quoted is not None
    assert quoted.quote == (("直接", True), ("です", False))


def test_a_quote_that_was_shortened_is_found_and_its_marks_end_with_it() -> None:
    long = "あ" * (LONGEST_QUOTE - 2) + "直接契約"
    quoted = find_quote(f"「{quoted_words(long)}」", [marked(long, (LONGEST_QUOTE - 2, LONGEST_QUOTE + 2))])
    assert quoted is not None
    assert quoted.quote[-1] == ("直", True)
    assert quoted.after == "…」"


def test_a_sentence_that_quotes_nothing_has_no_quote() -> None:
    assert find_quote("払われていません", [marked("直接")]) is None
    assert find_quote("x", [marked("")]) is None
    assert find_quote("x", []) is None
