"""What shows only over time, from pages as the marketplace serves them: read, remembered, judged with the past."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.demo.crowdworks.content import DealState, Message
from addon.demo.crowdworks.pages import CrowdWorks
from addon.history.course import DealStep, DealWord, SeenPoint, UnseenPoint, course_of, unseen_states
from addon.history.deals import deals, due_soon
from addon.history.dues import ANSWER_DAYS
from addon.history.store import History
from addon.history.writer import JudgedPage
from addon.judging.local import LocalJudge
from addon.judging.protocol import Judge, Visit
from addon.state.paths import FilePatternCache
from extractors.page import Page
from extractors.records import ContractState
from rules.engine import Engine
from rules.model import Finding
from rules.past import JST
from rules.sites import SHIPPED_TERMS
from tests.addon.history.new import new_history
from tests.catalog import shipped_catalog

DEAL = 64120311
CONTRACT = f"https://crowdworks.jp/contracts/{DEAL}"
BEGIN = datetime(2026, 9, 1, 20, 0, tzinfo=JST)


class Market(CrowdWorks):
    """CrowdWorks with one deal that goes on."""

    def become(self, now: datetime, state: DealState, amount: int, said: list[tuple[Any, date, str]]) -> None:
        messages = [
            Message.model_validate({"from": who, "days_ago": (now.date() - day).days, "time": "12:00", "body": body})
            for who, day, body in said
        ]
        deal = self._deals[DEAL].model_copy(update={"state": state, "amount": amount, "messages": messages})
        self._deals[DEAL] = self._threads[deal.thread] = deal

    @property
    def thread(self) -> str:
        return f"https://crowdworks.jp/message/threads/{self._deals[DEAL].thread}/messages.json"


@dataclass
class Course:
    """The deal, looked at on days after its beginning."""

    judge: Judge
    history: History
    market: Market = field(default_factory=Market)
    state: DealState = "unfunded"
    amount: int = 33_000
    said: list[tuple[Any, date, str]] = field(
        default_factory=lambda: [("client", BEGIN.date(), "よろしくお願いします。")]
    )

    def say(self, day: int, who: str, body: str) -> None:
        self.said.append((who, (BEGIN + timedelta(days=day)).date(), body))

    def look(self, day: int) -> dict[str, Finding]:
        """Open the deal's page and its messages; what is found on either, by rule."""
        now = BEGIN + timedelta(days=day)
        self.market.become(now, self.state, self.amount, self.said)
        found: dict[str, Finding] = {}
        for url, part_of in ((CONTRACT, None), (self.market.thread, CONTRACT)):
            answer = self.market.answer(urlsplit(url), now)
            assert answer is not None
            page = Page(url, answer.body, answer.content_type, now)
            verdict = self.judge.check(Visit(page, part_of=part_of))
            assert verdict.state != "not-checked", verdict.reason
            found |= {finding.rule: finding for finding in verdict.findings}
        return found


@pytest.fixture(scope="module")
def engine(patterns: FilePatternCache) -> Engine:
    return Engine.build(shipped_catalog(), patterns, experimental=True)


@pytest.fixture
def course(engine: Engine, tmp_path: Path) -> Iterator[Course]:
    with closing(History(new_history(tmp_path / "history.db"))) as history:

        def recorded(extraction: Any, verdict: Any, page: Page, part_of: str | None, _: bool) -> None:
            history.record(JudgedPage(extraction, verdict, page.url, page.received_at, False, part_of))

        yield Course(LocalJudge(engine, past=history.past, remember=recorded, terms=SHIPPED_TERMS), history)


def test_work_delivered_while_unfunded(course: Course) -> None:
    assert "delivered-while-unfunded" not in course.look(0)
    course.say(2, "worker", "納品の形式はエクセルでよろしいでしょうか。")
    assert "delivered-while-unfunded" not in course.look(2)
    course.say(3, "worker", "本日、300件を納品しました。ご確認ください。")
    course.look(3)
    assert "delivered-while-unfunded" in course.look(4)
    course.state = "funded"
    assert "delivered-while-unfunded" not in course.look(5)


def test_revisions_are_counted_once_for_each_delivery_against_the_agreed_number(course: Course) -> None:
    course.state = "inspection"
    course.say(0, "client", "条件はご提案のとおり、修正は1回まででお願いします。")
    course.say(1, "worker", "納品しました。")
    course.say(2, "client", "色を修正してください。文字の大きさも直してください。余白も修正をお願いします。")
    course.say(2, "client", "あと一つ、題名も修正をお願いします。")
    assert "revisions-beyond-agreement" not in course.look(2), "four wishes, one round"
    (deal,) = deals(course.history, terms=SHIPPED_TERMS)
    assert (deal.revision_requests, deal.revisions_agreed) == (1, 1)
    course.say(3, "worker", "修正したものを納品しました。")
    course.say(4, "client", "もう一度、全体の修正をお願いします。")
    found = course.look(4)["revisions-beyond-agreement"]
    assert found.seen.ja == "修正依頼は2回目、取り決めは1回までです。"
    # Only the deal's own page is opened again: what its messages said is remembered.
    again = course.look(5)["revisions-beyond-agreement"]
    assert "—" not in again.seen.ja + again.seen.en
    assert course.history.set_revisions("crowdworks", str(DEAL), 3)
    assert "revisions-beyond-agreement" not in course.look(6), "what the user has set counts"


def test_days_since_delivery_the_sixty_days_and_the_due_dates(course: Course) -> None:
    course.state = "funded"
    course.look(0)
    course.state = "inspection"
    assert "delivered-not-accepted" not in course.look(1)
    assert "delivered-not-accepted" not in course.look(14)
    found = course.look(15)["delivered-not-accepted"]
    assert found.seen.ja == "納品から14日たっています。"
    assert "payment-limit-near" not in course.look(52)
    assert "あと7日" in course.look(53)["payment-limit-near"].seen.ja
    assert "あと0日" in course.look(60)["payment-limit-near"].seen.ja, "the day of receipt is the first of the sixty"
    late = course.look(61)["payment-limit-near"]
    assert (late.severity, "60日の期限を過ぎています" in late.seen.ja) == ("caution", True)
    delivered = (BEGIN + timedelta(days=1)).date()
    kinds = {
        due.kind: due.day - delivered
        for due in due_soon(course.history, delivered + timedelta(days=40), 30, terms=SHIPPED_TERMS)
    }
    assert kinds == {"ask": timedelta(days=14), "law": timedelta(days=59)}
    course.state = "done"
    assert "payment-limit-near" not in course.look(64)


def test_house_09_the_day_to_ask_is_the_one_from_which_the_catalog_warns(course: Course) -> None:
    course.state = "inspection"
    assert "delivered-not-accepted" not in course.look(0)
    assert "delivered-not-accepted" not in course.look(ANSWER_DAYS - 1)
    assert "delivered-not-accepted" in course.look(ANSWER_DAYS)


def test_a_client_who_says_nothing(course: Course) -> None:
    course.state = "funded"
    course.say(0, "client", "仮払いを済ませました。")
    course.say(1, "worker", "資料をいただけますか。")
    course.say(5, "worker", "その後いかがでしょうか。")
    course.look(5)
    assert "client-silent" not in course.look(7)
    found = course.look(8)["client-silent"]
    assert found.seen.ja == "あなたの連絡から7日、返事が確認できていません。"
    course.say(8, "client", "遅くなりました。お送りします。")
    course.look(8)
    assert "client-silent" not in course.look(9)


def test_an_amount_that_is_cut_after_the_agreement(course: Course) -> None:
    course.look(0)
    course.amount = 20_000
    found = course.look(1)["amount-changed"]
    assert ("33000" in found.seen.ja.replace(",", ""), "20000" in found.seen.ja.replace(",", "")) == (True, True)
    course.amount = 40_000
    assert "amount-changed" not in course.look(2), "more is no cut"


def step(state: Any, day: int) -> DealStep:
    at = datetime(2026, 11, day, tzinfo=JST)
    page = "https://crowdworks.jp/contracts/1"
    return DealStep(state=state, first_seen=at, last_seen=at, amount=None, currency=None, page=page)


def steps(*states: Any) -> list[DealStep]:
    return [step(state, day) for day, state in enumerate(states, 1)]


def drawn(seen: list[DealStep], *words: DealWord) -> list[str]:
    """The course as the extension draws it: `?` for missed, `…` for ahead."""
    signs = {"missed": "?", "ahead": "…"}
    return [
        f"{point.state}{signs[point.kind]}"
        if isinstance(point, UnseenPoint)
        else point.step.state
        if isinstance(point, SeenPoint)
        else f"[{point.word.what}]"
        for point in course_of(seen, words)
    ]


# The first four are those of the extension's course.test.ts.
@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ("agreed delivered", "agreed escrow-requested? escrow-funded? delivered accepted… paid…"),
        (
            "escrow-funded delivered in-revision delivered paid",
            "agreed? escrow-requested? escrow-funded delivered in-revision delivered accepted? paid",
        ),
        ("agreed cancelled", "agreed cancelled"),
        (
            "delivered disputed",
            "agreed? escrow-requested? escrow-funded? delivered disputed accepted… paid…",
        ),
        ("", "agreed… escrow-requested… escrow-funded… delivered… accepted… paid…"),
        ("proposed", "proposed agreed… escrow-requested… escrow-funded… delivered… accepted… paid…"),
        (
            "in-revision",
            "agreed? escrow-requested? escrow-funded? delivered? in-revision accepted… paid…",
        ),
    ],
)
def test_house_16_a_course_has_what_was_seen_what_was_missed_and_what_lies_ahead(states: str, expected: str) -> None:
    assert drawn(steps(*states.split())) == expected.split()


def test_house_16_messages_stand_before_the_first_step_seen_after_them() -> None:
    handed = DealWord(what="handed-over", at=date(2026, 11, 2))
    asked = DealWord(what="asks-revision", at=datetime(2026, 11, 9, 3, tzinfo=UTC), round=1)
    seen = [step("escrow-funded", 1), step("delivered", 5)]
    assert drawn(seen, asked, handed)[2:] == [
        "escrow-funded",
        "[handed-over]",
        "delivered",
        "[asks-revision]",
        "accepted…",
        "paid…",
    ]


@given(st.lists(st.sampled_from(get_args(ContractState)), max_size=6))
def test_house_16_a_course_misses_what_the_deal_has_as_unseen(states: list[Any]) -> None:
    seen = steps(*states)
    points = course_of(seen, ())
    assert [point.step for point in points if isinstance(point, SeenPoint)] == seen
    missed = [point.state for point in points if isinstance(point, UnseenPoint) and point.kind == "missed"]
    assert missed == [state for state in unseen_states(seen) if state != "proposed"]


def test_house_16_a_deal_waits_for_its_escrow_until_that_was_seen(course: Course) -> None:
    course.look(0)
    (deal,) = deals(course.history, terms=SHIPPED_TERMS)
    assert deal.waits_for_escrow == (deal.state in ("agreed", "escrow-requested"))
    assert deal.course
