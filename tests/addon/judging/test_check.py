"""A verdict for whatever comes, and the user's word over it."""

import logging
from datetime import datetime, timedelta

import pytest

from addon.judging import check as check_module
from addon.judging.check import Checker, _client_of
from addon.state.settings import ClientSettings, Settings, SiteSettings
from addon.verdicts.settle import apply_settings, one_per_risk, state_of
from extractors.page import Page
from extractors.records import Client, Job, Message
from rules.model import ClientRef, Evidence, Finding, Verdict
from tests.addon.findings import finding
from tests.extractors.saved_pages import cases

SECRET = "ここだけの話"


def page(url: str, body: str = "<p>", now: datetime | None = None) -> Page:
    assert now is not None
    return Page(url=url, body=body.encode(), content_type="text/html; charset=utf-8", received_at=now)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.com/", "not-a-marketplace"),
        ("https://crowdworks.jp/help/whatever", "unknown-page"),
        ("https://crowdworks.jp/public/jobs/1", "page-changed"),
    ],
)
def test_what_is_not_read_is_not_checked(checker: Checker, now: datetime, url: str, reason: str) -> None:
    verdict = checker.check(page(url, now=now))
    assert (verdict.state, verdict.reason) == ("not-checked", reason)


def test_an_exception_in_extraction_is_not_checked_and_tells_no_page_text(
    checker: Checker, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(check_module, "extract_from", broken)
    with caplog.at_level(logging.DEBUG):
        verdict = checker.check(page("https://crowdworks.jp/public/jobs/1", SECRET, now))
    assert (verdict.state, verdict.reason) == ("not-checked", "failed")
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_an_exception_in_a_rule_is_not_checked_and_tells_no_page_text(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def judge(self, *_: object) -> None:
            raise RuntimeError(SECRET)

    broken = Checker(Broken())  # type: ignore[arg-type]
    verdict = broken.check_records([Message(author_role="client", body=SECRET)], now=now)
    assert (verdict.state, verdict.reason) == ("not-checked", "failed")
    assert SECRET not in caplog.text


def test_house_02_an_engine_that_raises_is_a_failure_of_its_page() -> None:
    class Broken:
        def judge(self, *_: object) -> None:
            raise RuntimeError(SECRET)

    case = next(case for case in cases() if case.name.startswith("crowdworks/job/"))
    verdict = Checker(Broken()).check(case.page)  # type: ignore[arg-type]
    assert (verdict.state, verdict.reason, verdict.site, verdict.kind) == ("not-checked", "failed", "crowdworks", "job")


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


def test_a_page_names_its_client_and_a_list_does_not() -> None:
    one = Job(id="1", client=Client(id="52", name="見本商店"))
    assert _client_of([one]) == ClientRef(id="52", name="見本商店")
    assert _client_of([one, Client(id="52")]) is not None
    assert _client_of([one, one.model_copy(update={"id": "2"})]) is None
    assert _client_of([one, Client(id="53")]) is None
    assert _client_of([Job(id="1", client=Client(name="見本商店"))]) is None


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


def test_field_12_a_row_that_is_not_understood_keeps_a_page_from_being_clear(checker: Checker, now: datetime) -> None:
    def verdict_of(state: str, other: str) -> Verdict:
        rows = "".join(
            f'<tr><td><a href="/contracts/{n}">仕事</a></td><td>{word}</td></tr>'
            for n, word in ((1, state), (2, other))
        )
        return checker.check(page("https://crowdworks.jp/e/contracts", f"<table>{rows}</table>", now))

    assert verdict_of("進行中", "進行中").state == "clear"
    partly = verdict_of("進行中", "見たことのない状態")
    assert (partly.state, partly.reason) == ("not-checked", "page-changed")
    warned = verdict_of("仮払い待ち", "見たことのない状態")
    assert (warned.state, warned.reason) == ("caution", "page-changed")
    # Whatever is switched off afterwards, the page does not become clear.
    rules = {found.rule: False for found in warned.findings}
    off = apply_settings(warned, Settings(rules=rules), now=now)
    assert (off.state, off.reason) == ("not-checked", "page-changed")
