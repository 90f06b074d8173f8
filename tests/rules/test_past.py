"""Facts over time: sequences of states and messages, clocks that jump, days of Japan."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.parsing import japanese_date
from extractors.records import AnyRecord, Client, Contract, Message, Money, Thread
from rules.derive import derive
from rules.engine import Engine
from rules.loader import Catalog
from rules.past import (
    JST,
    Alike,
    Past,
    Step,
    Word,
    amount_before,
    day,
    delivered_on,
    delivered_unfunded,
    revision_requests,
    silent_days,
    with_page,
)
from rules.reading import Reading
from rules.testing import site_named
from rules.turns import hands_over, revisions_stated, word_of

NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def steps(*states: Any) -> tuple[Step, ...]:
    """States on days that follow each other, the last one today; `(state, amount)` with what it was worth."""
    pairs = [state if isinstance(state, tuple) else (state, None) for state in states]
    return tuple(
        Step(
            state=state,
            at=NOW - (len(pairs) - number) * DAY,
            amount=amount and Decimal(amount),
            currency="JPY" if amount else None,
        )
        for number, (state, amount) in enumerate(pairs, 1)
    )


def said(role: Any, body: str, days_ago: int, ident: str | None = None) -> Message:
    return Message(id=ident, author_role=role, body=body, sent_at=NOW - days_ago * DAY)


def values(*records: Any, past: Past | None = None, now: datetime = NOW, site: str = "crowdworks") -> dict[str, Any]:
    found = derive(records, site=site_named(site), past=past, now=now)
    return {name: value for one in found for name, value in one.values.items()}


@pytest.mark.parametrize(
    ("states", "rounds"),
    [
        (["delivered", "in-revision"], 1),
        (["delivered", "in-revision", "delivered", "in-revision"], 2),
        (["in-revision"], 1),
        ([("in-revision", 3), ("in-revision", 2)], 1),
        (["agreed", "delivered"], 0),
    ],
)
def test_going_back_counts_once_for_each_round(states: list[Any], rounds: int) -> None:
    assert revision_requests(steps(*states), ()) == rounds


def test_the_page_counts_at_the_first_look() -> None:
    past = Past(steps=steps("agreed", ("escrow-funded", 30_000), "delivered"))
    cut = Contract(state="in-revision", amount=Money(amount=Decimal(20_000)))
    found = values(cut, past=past)
    assert found["contract.amount_before"] == 30_000
    assert found["contract.revision_requests"] == 1


def test_a_message_that_is_remembered_and_shown_counts_once() -> None:
    messages = [
        said("freelancer", "納品しました。", 9, "1"),
        said("client", "色を修正してください。", 8, "2"),
        said("freelancer", "修正しました。", 7, "3"),
        said("client", "もう一度修正をお願いします。", 6, "4"),
    ]
    past = Past(words=tuple(word_of(message, NOW) for message in messages))
    for shown in (messages, messages[2:], messages[3:], messages[1:2], []):
        thread = Thread(id="t", messages=tuple(shown))
        assert values(Contract(state="in-revision"), thread, past=past)["contract.revision_requests"] == 2
    later = values(Thread(id="t", messages=tuple(messages[3:])), past=past)
    assert later["message.revision_round"] == 2, "counted from the first message, not from the first one shown"


def test_revisions_that_only_the_past_knows_of_are_counted_in_words(engine: Engine) -> None:
    past = Past(steps=steps("delivered", "in-revision", "delivered", "in-revision", "delivered", "in-revision"))
    contract = Contract(id="1", state="in-revision")
    found = engine.judge(derive([contract], site=site_named("crowdworks"), past=past, now=NOW)).findings
    (finding,) = [one for one in found if one.rule == "revisions-beyond-agreement"]
    assert finding.seen.ja == "修正の依頼は、これまでに3回です。"
    assert "—" not in finding.seen.en


@given(st.lists(st.sampled_from(["納品しました。", "修正してください。", "はい。"]), max_size=12), st.integers(0, 12))
def test_however_a_conversation_is_cut_the_rounds_are_the_same(bodies: list[str], cut: int) -> None:
    roles = {"納品しました。": "freelancer", "修正してください。": "client", "はい。": "client"}
    messages = [said(roles[body], body, 30 - at, str(at)) for at, body in enumerate(bodies)]
    words = [word_of(message, NOW) for message in messages]
    whole = revision_requests((), words)
    joined = with_page(Past(words=tuple(words)), None, words[cut:], NOW)
    assert revision_requests((), joined.words) == whole
    assert len(joined.words) == len(words)


@pytest.mark.parametrize(
    ("amounts", "before"),
    [
        ([30, 20], 30),
        ([30, 40, 35], 40),
        ([30, None, 30], None),
        ([20, 30], None),
        ([None, None], None),
    ],
)
def test_a_cut_after_the_agreement(amounts: list[int | None], before: int | None) -> None:
    assert amount_before(steps(*(("agreed", amount) for amount in amounts))) == before


def test_what_was_offered_and_other_currencies_are_no_cut() -> None:
    assert amount_before(steps(("proposed", 40), ("agreed", 30))) is None
    yen = Step(state="agreed", at=NOW, amount=Decimal(30_000), currency="JPY")
    less = yen.model_copy(update={"amount": Decimal(200)})
    assert amount_before([yen, less]) == 30_000
    for first, last in (("JPY", "USD"), (None, "USD"), ("JPY", None), (None, None)):
        steps_seen = [yen.model_copy(update={"currency": first}), less.model_copy(update={"currency": last})]
        assert amount_before(steps_seen) is None


@pytest.mark.parametrize(
    ("states", "days_ago", "result"),
    [
        (["agreed"], 0, True),
        (["agreed", "escrow-requested"], 1, True),
        (["agreed"], 5, False),
        (["agreed", "escrow-funded", "agreed"], 0, False),
        (["cancelled"], 0, None),
        ([], 0, None),
    ],
)
def test_delivered_while_unfunded(states: list[Any], days_ago: int, result: bool | None) -> None:
    word = word_of(said("freelancer", "納品いたしました。", days_ago), NOW)
    assert delivered_unfunded(steps(*states), [word]) is result


@pytest.mark.parametrize("body", ["納品いたしました。", "完成版をお送りしました。", "I have delivered the files."])
def test_what_hands_work_over(body: str) -> None:
    assert hands_over(body)


@pytest.mark.parametrize(
    "body",
    [
        "納品形式はどうしますか。",
        "納品は仮払いのあとにします。",
        "まだ納品していません。",
        "ポートフォリオをお送りしました。",
        "見積書を添付しました。",
        "We deliver on Friday.",
    ],
)
def test_what_hands_nothing_over(body: str) -> None:
    assert not hands_over(body)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("修正は２回までとさせていただきます。", 2),
        ("修正回数は最大3回まで", 3),
        ("無料修正は一回までです", 1),
        ("Up to two free rounds of revisions", 2),
        ("3 revisions are included", 3),
        ("修正は何回でもお願いします", None),
        ("第2回までの修正をお願いします", None),
    ],
)
def test_how_many_revisions_a_text_says_there_are(text: str, number: int | None) -> None:
    assert revisions_stated(Reading(text)) == number


def test_the_agreed_number_is_read_or_set() -> None:
    asked = [
        said("client", "修正は1回までです。", 9),
        said("freelancer", "納品しました。", 8),
        said("client", "色を修正してください。", 7),
        said("freelancer", "修正しました。", 6),
        said("client", "もう一度修正してください。", 5),
    ]
    thread = Thread(id="t", messages=tuple(asked))
    assert values(thread)["message.revisions_agreed"] == 1
    assert values(thread, past=Past(revisions_agreed=4))["message.revisions_agreed"] == 4
    assert values(thread, Contract(state="in-revision", revisions_agreed=3))["contract.revisions_beyond"] == -1


def test_days_are_japans() -> None:
    # 00:30 in Japan, the day before in Greenwich.
    contract = Contract(state="delivered", delivered_at=date(2026, 11, 10))
    assert values(contract, now=datetime(2026, 11, 10, 15, 30, tzinfo=UTC))["contract.days_since_delivery"] == 1
    assert day(datetime(2026, 12, 31, 15, 0, tzinfo=UTC)) == date(2027, 1, 1)
    assert day(datetime(2026, 12, 31, 23, 59)) == date(2026, 12, 31)  # noqa: DTZ001


def test_automatic_acceptance_and_the_sixty_days() -> None:
    contract = Contract(state="delivered", delivered_at=date(2026, 11, 14))
    found = values(contract, site="shufti")
    assert (found["contract.days_to_acceptance"], found["contract.days_to_pay"]) == (4, 49)
    assert "contract.days_to_acceptance" not in values(contract)


def test_a_delivery_is_of_the_day_on_which_it_was_first_seen() -> None:
    delivered = steps("escrow-funded", ("delivered", 3), ("delivered", 2))
    assert delivered_on(delivered) == day(NOW - DAY)
    assert delivered_on(steps("delivered", "accepted")) is None


@given(st.lists(st.integers(-4_000, 4_000), min_size=1, max_size=6), st.integers(-4_000, 4_000))
def test_no_clock_makes_days_negative(days: list[int], now: int) -> None:
    at = [NOW + each * DAY for each in days]
    past = Past(
        steps=tuple(Step(state="delivered", at=each) for each in at),
        words=tuple(Word(role="freelancer", at=each, key=str(number)) for number, each in enumerate(at)),
    )
    found = values(Contract(state="delivered"), past=past, now=NOW + now * DAY)
    assert found["contract.days_since_delivery"] >= 0
    assert found["contract.silent_days"] >= 0


def test_who_is_not_known_counts_as_the_client() -> None:
    """As their words are judged. A store may hold what was read otherwise."""
    asked = Word(at=NOW, asks_revision=True)
    delivered = Word(role="freelancer", at=NOW, delivers=True)
    unknown = Word(at=NOW, delivers=True)
    assert revision_requests((), (asked, delivered, asked)) == 2
    assert revision_requests((), (asked, unknown, asked)) == 1
    assert silent_days((), (delivered, unknown), NOW + DAY) is None


def test_silence_counts_from_the_first_unanswered_word() -> None:
    words = [Word(role="client", at=NOW - 9 * DAY), Word(role="freelancer", at=NOW - 8 * DAY)]
    words.append(Word(role="freelancer", at=date(2026, 11, 20)))
    assert silent_days(steps("delivered"), words, NOW) == 8
    assert silent_days(steps("paid"), words, NOW) is None


@pytest.mark.parametrize(
    ("written", "read", "means"),
    [
        ("12月31日 23:50", datetime(2027, 1, 1, 0, 10, tzinfo=JST), datetime(2026, 12, 31, 23, 50, tzinfo=JST)),
        ("1月5日", datetime(2026, 12, 20, 9, 0, tzinfo=JST), date(2027, 1, 5)),
        ("12月28日", datetime(2027, 1, 3, 9, 0, tzinfo=JST), date(2026, 12, 28)),
        (
            "1月1日 00:10",
            datetime(2027, 1, 1, 0, 30, tzinfo=JST).astimezone(UTC),
            datetime(2027, 1, 1, 0, 10, tzinfo=JST),
        ),
    ],
)
def test_times_without_a_year_around_new_year(written: str, read: datetime, means: Any) -> None:
    assert japanese_date(written, read) == means


@pytest.mark.parametrize("what", ["text", "contact", "link", "name"])
def test_one_who_is_like_another_is_a_caution_that_shows_both_and_never_a_danger(
    catalog: Catalog, engine: Engine, what: Any
) -> None:
    alike = Alike(
        what=what,
        client="7",
        name="星企画",
        likeness=0.93,
        seen=date(2026, 6, 1),
        mine="ここの文",
        theirs="むこうの仕事",
    )
    records: list[AnyRecord] = [
        Client(id="52", name="青空企画"),
        Contract(id="1", state="escrow-funded", client=Client(id="52")),
    ]
    facts = derive(records, site=site_named("crowdworks"), past=Past(alike=(alike,)), now=NOW)
    found = engine.judge(facts).findings
    assert {finding.severity for finding in found} <= {"notice", "caution"}
    (like, *_) = [finding for finding in found if finding.rule == "like-another-client"]
    assert like.severity == "caution"
    assert [evidence.quote for evidence in like.evidence][-2:] == ["ここの文", "むこうの仕事"]
    assert "93%" in {evidence.quote for evidence in like.evidence}
    assert "星企画" in like.seen.ja
    assert catalog.rules[[rule.id for rule in catalog.rules].index("like-another-client")].severity == "caution"
