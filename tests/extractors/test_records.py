"""Records: unknown is None, amounts are exact, names are one line."""

import json
from decimal import Decimal

import pytest
from pydantic import ValidationError

from extractors.records import Client, Contract, Job, Money, Record, Thread, of_kind, unread_in


def test_nothing_shown_is_none_and_not_zero() -> None:
    for record in (Client(), Job(), Contract()):
        values = {name: value for name, value in record if name != "sources"}
        assert set(values.values()) == {None}
    assert Client(reviews=0).reviews == 0


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Client, {"rating": 5.1}),
        (Client, {"reviews": -1}),
        (Client, {"completion_rate": 1.01}),
        (Client, {"completion_rate": float("nan")}),
        (Money, {"amount": -1}),
        (Money, {"amount": "Infinity"}),
        (Contract, {"state": "unheard-of"}),
        (Job, {"nickname": "x"}),
    ],
)
def test_a_value_that_cannot_be_is_refused(kind: type[Record], values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(values)


def test_an_amount_is_exact_and_one_kind_of_number_in_json() -> None:
    assert json.loads(Money(amount=Decimal("5000.00")).model_dump_json())["amount"] == 5000
    assert '"amount":5000,' in Money(amount=Decimal(5000)).model_dump_json()
    assert '"amount":0.1,' in Money(amount=Decimal("0.1")).model_dump_json()
    assert Money.model_validate_json('{"amount": 5000, "currency": "USD"}') == Money(
        amount=Decimal(5000), currency="USD"
    )


def test_a_name_is_one_line_and_a_blank_one_is_none() -> None:
    assert Client(name="青空\n企画").name == "青空 企画"
    assert Client(name="  ").name is None
    assert "\u202e" not in (Client(name="a\u202eb").name or "")
    assert Job(attachments=("a\nb.docx",)).attachments == ("a b.docx",)


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Client(name="a").name = "b"


def test_records_of_one_kind_keep_their_order() -> None:
    first, client, second = Job(id="1"), Client(), Job(id="2")
    assert of_kind([first, client, second], Job) == [first, second]
    assert of_kind([first, second], Thread) == []


def test_what_could_not_be_read_is_named_wherever_it_stands() -> None:
    client = Client(unread=("rating",))
    records = [Job(client=client, unread=("pay", "open")), Thread(), client]
    assert list(unread_in(records)) == ["job.pay", "job.open", "client.rating", "client.rating"]
    assert list(unread_in([Job(), Thread()])) == []
