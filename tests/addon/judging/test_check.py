"""A verdict for whatever comes."""

import html
import json
import logging
from datetime import datetime
from pathlib import Path

import pytest

from addon.judging import check as check_module
from addon.judging.check import Checker, TextByItself, client_of, names_of
from addon.proxy.failure_page import failure_page
from addon.state.settings import Settings
from addon.verdicts.settle import apply_settings
from extractors import SITES
from extractors.page import Page
from extractors.records import Client, Job, Message
from rules.engine import Engine
from rules.facts import record_of
from rules.model import LANGUAGES, ClientRef, Language, Verdict
from rules.sites import SHIPPED_TERMS
from tests.extractors.saved_pages import cases

SECRET = "ここだけの話"


def page(url: str, body: str = "<p>", now: datetime | None = None) -> Page:
    assert now is not None
    return Page(url=url, body=body.encode(), content_type="text/html; charset=utf-8", received_at=now)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.com/", "not-a-marketplace"),
        ("https://[crowdworks.jp/", "not-a-marketplace"),
        ("https://crowdworks.jp/help/whatever", "unknown-page"),
        ("https://crowdworks.jp/public/jobs/1", "page-changed"),
    ],
)
def test_what_is_not_read_is_not_checked(checker: Checker, now: datetime, url: str, reason: str) -> None:
    verdict = checker.check(page(url, now=now))
    assert (verdict.state, verdict.reason) == ("not-checked", reason)


def test_kobans_own_page_in_place_of_an_answer_is_no_kind_of_page(checker: Checker, now: datetime) -> None:
    url = "https://crowdworks.jp/public/jobs/1"
    ours = failure_page("crowdworks.jp", "late", is_left=False, reopens=False, may_have_arrived=False).decode()
    for body in (ours, ours.replace("<!doctype html>", "<!DOCTYPE html>", 1)):
        verdict = checker.check(page(url, body, now))
        assert (verdict.state, verdict.reason) == ("not-checked", "no-answer")
    theirs = f"<!doctype html><title>{ours}</title>"
    assert checker.check(page(url, theirs, now)).reason == "page-changed"


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

    broken = Checker(Broken(), SHIPPED_TERMS)  # type: ignore[arg-type]
    verdict = broken.check_records([Message(author_role="client", body=SECRET)], now=now)
    assert (verdict.state, verdict.reason) == ("not-checked", "failed")
    assert SECRET not in caplog.text


def test_house_02_an_engine_that_raises_is_a_failure_of_its_page() -> None:
    class Broken:
        def judge(self, *_: object) -> None:
            raise RuntimeError(SECRET)

    case = next(case for case in cases() if case.name.startswith("crowdworks/job/"))
    verdict = Checker(Broken(), SHIPPED_TERMS).check(case.page)  # type: ignore[arg-type]
    assert (verdict.state, verdict.reason, verdict.site, verdict.kind) == ("not-checked", "failed", "crowdworks", "job")


def test_a_page_names_its_client_and_a_list_does_not() -> None:
    one = Job(id="1", client=Client(id="52", name="見本商店"))
    assert client_of([one]) == ClientRef(id="52", name="見本商店")
    assert client_of([one, Client(id="52")]) is not None
    assert client_of([one, one.model_copy(update={"id": "2"})]) is None
    assert client_of([one, Client(id="53")]) is None
    assert client_of([Job(id="1", client=Client(name="見本商店"))]) is None


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


PUBLIC = Path(__file__).parents[3] / "extension" / "public"


@pytest.mark.parametrize("language", LANGUAGES)
def test_issue_21_the_sample_of_the_start_page_is_warned_of_in_every_language(
    checker: Checker, now: datetime, language: Language
) -> None:
    texts = json.loads((PUBLIC / "_locales" / language.replace("-", "_") / "messages.json").read_text("utf-8"))
    words = {"lang": language, "title": texts["welcomeTryTitle"]["message"], "body": texts["welcomeTryBody"]["message"]}
    body = (PUBLIC / "demonstration.html").read_text("utf-8")
    for place, text in words.items():
        body = body.replace(f"{{{place}}}", html.escape(text))
    verdict = checker.check(page("https://crowdworks.jp/public/jobs/0", body, now))
    warnings = {finding.rule: finding for finding in verdict.findings if finding.severity != "notice"}
    assert sorted(warnings) == ["direct-contract", "messenger-invitation", "work-before-escrow"]
    assert all(evidence.quote[:10] in words["body"] for each in warnings.values() for evidence in each.evidence)


TEXTS = [
    TextByItself("message", "手数料がもったいないので、次回からは直接契約でお願いできますか。", stage="funded"),
    TextByItself("job", "旅行の記事を書いてください。", names_of(SITES[0])),
    TextByItself("profile", ""),
]


def test_texts_have_the_verdicts_of_their_records(checker: Checker, now: datetime) -> None:
    alone = [
        checker.check_records([record_of(each.kind, each.text)], site=each.site, stage=each.stage, now=now)
        for each in TEXTS
    ]
    assert [checker.check_text(each, now=now) for each in TEXTS] == alone
    assert checker.check_texts(TEXTS) == alone
    assert [verdict.state for verdict in alone] == ["danger", "clear", "clear"]
    assert checker.check_texts([]) == []


@pytest.mark.parametrize(("owner", "name"), [(Engine, "judge_each"), (check_module, "facts_of_text")])
def test_an_exception_at_one_text_leaves_the_others_their_verdicts(
    checker: Checker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, owner: object, name: str
) -> None:
    expected = checker.check_texts(TEXTS)

    def broken(*_: object, **__: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(owner, name, broken)
    with caplog.at_level(logging.DEBUG):
        assert checker.check_texts(TEXTS) == expected
    assert SECRET not in caplog.text


@pytest.mark.parametrize("name", ["record_of", "derive"])
def test_a_text_that_cannot_be_judged_is_not_checked_and_raises_nothing(
    checker: Checker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(check_module, name, broken)
    monkeypatch.setattr(check_module, "facts_of_text", broken)
    verdicts = [checker.check_text(TEXTS[1]), checker.check_texts(TEXTS)[1]]
    assert {(each.state, each.reason, each.site) for each in verdicts} == {("not-checked", "failed", SITES[0].id)}
    assert SECRET not in caplog.text
