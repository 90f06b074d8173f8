"""The judge of this process: whatever has an effect may fail, and the verdict is the same."""

import gzip
import logging
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from addon.judging import local
from addon.judging.check import Checker
from addon.judging.local import LocalJudge
from addon.judging.protocol import Visit
from addon.verdicts.settle import not_checked
from extractors.encoding import MAX_PAGE_BYTES
from rules.engine import Engine
from rules.model import Verdict
from rules.sites import SHIPPED_TERMS
from tests.addon.judging.test_worker import PAGES, SECRET, breaking
from tests.extractors.saved_pages import cases


@pytest.mark.parametrize("error", [ValueError(SECRET), MemoryError(), RecursionError()])
def test_house_02_the_verdict_is_the_same_without_what_raises(
    engine: Engine, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    called: list[str] = []

    def calling(name: str) -> Any:
        def call(*_: object) -> None:
            called.append(name)
            raise error

        return call

    judge = LocalJudge(
        engine,
        notes=[calling("note"), calling("note")],
        market=calling("market"),
        past=calling("past"),
        remember=calling("remember"),
        lessons=calling("lessons"),
        texts=calling("texts"),
        health=calling("health"),
        terms=SHIPPED_TERMS,
    )
    with caplog.at_level(logging.DEBUG):
        for page in PAGES:
            assert judge.check(Visit(page)) == Checker(engine, SHIPPED_TERMS).check(page)
    assert set(called) == {"note", "market", "past", "remember", "lessons", "texts"}
    assert called.count("note") == 2 * called.count("remember"), "one that fails keeps no other from it"
    assert judge.health.trouble == type(error).__name__
    assert SECRET not in caplog.text


def test_house_02_a_failure_is_remembered_as_one(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered: list[Verdict] = []
    breaking(monkeypatch, Engine, "judge", RuntimeError(SECRET))
    judge = LocalJudge(engine, remember=lambda _, verdict, *__: remembered.append(verdict), terms=SHIPPED_TERMS)
    verdict = judge.check(Visit(PAGES[0]))
    assert verdict.reason == "failed"
    assert remembered == [verdict]


def test_house_02_what_is_not_to_be_kept_reaches_no_memory(engine: Engine) -> None:
    kept: list[object] = []
    judge = LocalJudge(engine, notes=[kept.append], remember=lambda *given: kept.append(given), terms=SHIPPED_TERMS)
    judge.check(Visit(PAGES[0], keep=False))
    assert (kept, judge.rejudge()) == ([], [])


def test_attack_21_a_page_of_another_client_than_it_is_to_be_reaches_no_memory(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[object] = []
    judge = LocalJudge(engine, notes=[kept.append], remember=lambda *given: kept.append(given), terms=SHIPPED_TERMS)
    page = next(case.page for case in cases() if case.name == "crowdworks/job/known-client")
    verdict = judge.check(Visit(page, client="another"))
    assert verdict.client is not None
    assert (kept, judge.rejudge()) == ([], [])
    assert judge.check(Visit(page, client=verdict.client.id)) == verdict
    assert (len(kept), len(judge.rejudge())) == (2, 1)
    breaking(monkeypatch, local, "client_of", OSError(28, SECRET))
    assert judge.check(Visit(page, client=verdict.client.id)) == verdict


def test_reach_07_a_text_by_itself_is_judged_and_reaches_no_memory(engine: Engine) -> None:
    remembered: list[object] = []
    judge = LocalJudge(
        engine, notes=[remembered.append], remember=lambda *page: remembered.append(page), terms=SHIPPED_TERMS
    )
    text = "仮払いの手続きが遅れていますが、先に作業を始めてください。"
    page = replace(PAGES[0], url="about:blank", body=text.encode())
    verdict = judge.check(Visit(page, bare="message"))
    assert "work-before-escrow" in {finding.rule for finding in verdict.findings}
    assert judge.check(Visit(replace(page, body=b"\xff\xfe"), bare="job")).state != "danger"
    assert remembered == []
    assert judge.rejudge() == []


@pytest.mark.parametrize(("encoding", "packed"), [("gzip", gzip.compress), ("Deflate", zlib.compress)])
def test_speed_1_a_page_that_is_not_decoded_yet_has_the_verdict_of_its_text(
    engine: Engine, encoding: str, packed: Callable[[bytes], bytes]
) -> None:
    kept: list[bytes] = []
    judge = LocalJudge(engine, remember=lambda *given: kept.append(given[2].body), terms=SHIPPED_TERMS)
    for page in PAGES:
        encoded_page = replace(page, body=packed(page.body))
        assert judge.check(Visit(encoded_page, encoding=encoding)) == Checker(engine, SHIPPED_TERMS).check(page)
    assert kept == [page.body for page in PAGES]


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (PAGES[0].body, "gzip", "unreadable"),
        (gzip.compress(PAGES[0].body)[:-20], "gzip", "unreadable"),
        (PAGES[0].body, "of nobody", "unreadable"),
        (gzip.compress(bytes(MAX_PAGE_BYTES + 1)), "gzip", "too-large"),
    ],
    ids=["not what it says", "cut off", "unknown", "large"],
)
def test_speed_1_a_page_that_cannot_be_decoded_is_not_checked(
    engine: Engine, body: bytes, encoding: str, reason: str
) -> None:
    verdict = LocalJudge(engine, terms=SHIPPED_TERMS).check(Visit(replace(PAGES[0], body=body), encoding=encoding))
    assert verdict == not_checked(reason, site="crowdworks")  # type: ignore[arg-type]


def test_house_02_a_failure_to_decode_is_one_to_check(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, local, "decoded", MemoryError())
    verdict = LocalJudge(engine, terms=SHIPPED_TERMS).check(Visit(PAGES[0], encoding="gzip"))
    assert verdict.reason == "failed"


def test_field_14_what_passed_and_what_is_shown_at_one_address_are_judged_again_apart(engine: Engine) -> None:
    judge = LocalJudge(engine, terms=SHIPPED_TERMS)
    passed = PAGES[0]
    later = passed.received_at + timedelta(seconds=5)
    shown = replace(
        passed,
        body=passed.body.replace(b"</h1>", "、LINE でのやり取り</h1>".encode()),
        feed="extension",
        received_at=later,
    )
    verdicts = {page.received_at: judge.check(Visit(page)) for page in (shown, passed)}
    again = judge.rejudge()
    assert {each.judged_at: each.verdict for each in again} == verdicts
    assert {each.url for each in again} == {passed.url}
