"""The details of what a page is about, as the popup lists them: one row each here, and nothing else to change.

API, schema and popup hand them on unopened. Pure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from extractors.records import AnyRecord, Client, Contract, Job, Money, of_kind
from rules.model import Detail, Text
from rules.placeholders import WORDS
from rules.translations import Translations

LONGEST = 60
"""Characters of a value; one that a page makes longer is shortened."""
DONE, NOT_DONE = Text(ja="済み", en="yes"), Text(ja="まだ", en="not yet")


def in_words(value: Any, texts: Translations | None = None) -> Text:
    """Returns a value of a record as it is shown: yes or no, a day, an amount, a number or the page's own words.

    texts: of the further language in which it is said too.
    """
    words = _in_words(value)
    if texts is None:
        return words
    match value:
        case bool():
            return texts.added(words)
        case Money(amount=amount, currency="JPY"):
            further = f"¥{texts.number(amount)}"
        case Money():
            further = f"{texts.number(value.amount)} {value.currency}"
        case date():
            further = texts.day(value)
        case int() | float() | Decimal():
            further = texts.number(value)
        case _:
            return words
    return words.also(texts.language, further)


def _in_words(value: Any) -> Text:
    match value:
        case bool():
            return WORDS[value]
        case Money(amount=amount, currency="JPY"):
            return Text(ja=f"{_number(amount)}円", en=f"¥{_number(amount)}")
        case Money():
            return _same(f"{_number(value.amount)} {value.currency}")
        case date():
            # A moment, too: its own zone decides on the day.
            day = f"{value.year:04}-{value.month:02}-{value.day:02}"
            return Text(ja=f"{value.year}年{value.month}月{value.day}日", en=day)
        case int() | float() | Decimal():
            return _same(_number(value))
        case _:
            text = str(value)
            return _same(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def done(value: bool, texts: Translations | None = None) -> Text:
    """Returns whether a check of the site's was made. texts: as for `in_words`."""
    words = DONE if value else NOT_DONE
    return words if texts is None else texts.added(words)


def per_cent(value: float, texts: Translations | None = None) -> Text:
    """Returns a share, from 0 to 1, in per cent. texts: as for `in_words`."""
    words = _same(f"{value:.0%}")
    return words if texts is None else words.also(texts.language, texts.share(value))


ROWS: Mapping[str, tuple[Text, Callable[[Any, Translations | None], Text]]] = MappingProxyType(
    {
        "contract.amount": (Text(ja="契約金額", en="Contract amount"), in_words),
        "contract.funded_amount": (Text(ja="仮払い済みの金額", en="Amount in escrow"), in_words),
        "contract.due": (Text(ja="納期", en="Delivery due"), in_words),
        "job.closes_at": (Text(ja="応募期限", en="Applications close"), in_words),
        "job.applicants": (Text(ja="応募者の数", en="Applicants"), in_words),
        "client.member_since": (Text(ja="発注者の登録日", en="Client joined"), in_words),
        "client.country": (Text(ja="発注者の国", en="Client's country"), in_words),
        "client.identity_verified": (Text(ja="発注者の本人確認", en="Client's identity verified"), done),
        "client.payment_verified": (Text(ja="発注者の支払い方法の確認", en="Client's payment verified"), done),
        "client.rating": (Text(ja="発注者の評価", en="Client's rating"), in_words),
        "client.reviews": (Text(ja="発注者への評価の件数", en="Client's reviews"), in_words),
        "client.completion_rate": (Text(ja="発注者の完了率", en="Client's completion rate"), per_cent),
        "client.hire_rate": (Text(ja="発注者の採用率", en="Client's hire rate"), per_cent),
        "client.total_spent": (Text(ja="発注者の支払い総額", en="Client has paid in total"), in_words),
    }
)
"""A field of a record: its label, and the words for its value. In the order in which they are shown."""


def details_of(records: Sequence[AnyRecord], texts: Translations | None = None) -> tuple[Detail, ...]:
    """Returns the details of the one job, contract and client that a page is about. texts: as for `in_words`.

    A kind of which the page has several (a list) has none; nor has a field that the page does not show.
    """
    subjects: Mapping[str, Sequence[Job | Contract | Client]] = {
        "job": of_kind(records, Job),
        "contract": of_kind(records, Contract),
        "client": list(_clients(records)),
    }
    details = []
    for name, (label, words) in ROWS.items():
        kind, _, field = name.partition(".")
        values = (value for subject in subjects[kind] if (value := getattr(subject, field)) is not None)
        if _is_one(subjects[kind]) and (value := next(values, None)) is not None:
            label = label if texts is None else texts.added(label)
            details.append(Detail(label=label, value=words(value, texts)))
    return tuple(details)


def _clients(records: Sequence[AnyRecord]) -> Iterator[Client]:
    """The clients of a page's records, one for each place that shows a client."""
    for record in records:
        client = record if type(record) is Client else getattr(record, "client", None)
        if client is not None:
            yield client


def _is_one(subjects: Sequence[Job | Contract | Client]) -> bool:
    """Whether all are the same: a single one, or several under one id."""
    return len(subjects) == 1 or (len({subject.id for subject in subjects}) == 1 and subjects[0].id is not None)


def _number(value: float | Decimal) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def _same(text: str) -> Text:
    return Text(ja=text, en=text)
