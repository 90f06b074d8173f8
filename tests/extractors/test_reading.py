"""Fields with several readers, and values out of JSON that are taken as they are or not at all."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from extractors.reading import (
    NONE_YET,
    Reader,
    amount,
    certainties,
    flag,
    ident,
    members,
    moment,
    money,
    part,
    placed,
    read_fields,
    rows,
    text,
    whole,
)
from extractors.records import Money

Row = dict[str, object]


def reader(key: str) -> Reader[Row]:
    return Reader(f".{key}", lambda row: row.get(key))


FIELDS = {"name": (reader("new"), reader("old")), "count": (reader("count"),)}


def read(**row: object) -> Row:
    return read_fields(row, FIELDS)


def test_the_first_reader_that_answers_counts_and_is_named() -> None:
    assert read(new="a", old="b", count=0) == {
        "name": "a",
        "count": 0,
        "sources": {"name": ".new", "count": ".count"},
    }
    assert read(old="b") == {"name": "b", "sources": {"name": ".old"}}
    assert read() == {"sources": {}}


def test_a_page_that_says_that_there_is_none_yet_is_not_asked_elsewhere() -> None:
    assert read(new=NONE_YET, old="b") == {"sources": {}}


def test_the_table_of_a_page_kind_has_certainty_and_first_place() -> None:
    by_address = (Reader[Row]("url", lambda _: "1", "real-page"),)
    table = certainties(job={**FIELDS, "id": by_address})
    assert table == {"job.name": "several-scrapers", "job.count": "several-scrapers", "job.id": "real-page"}
    assert table.first_places == {"job.name": ".new"}
    assert table.by_address == {"job.id"}


def test_a_part_s_fields_say_where_the_part_stands() -> None:
    sources = [reader.source for reader in placed(FIELDS, "#card ")["name"]]
    assert sources == ["#card .new", "#card .old"]


@pytest.mark.parametrize(
    ("value", "result"),
    [(" a\r\nb ", "a\nb"), ("a\rb", "a\nb"), ("  ", None), (5, None), (None, None), (["x"], None)],
)
def test_a_text(value: object, result: str | None) -> None:
    assert text(value) == result


@pytest.mark.parametrize(
    ("value", "result"), [(17, "17"), ("17", "17"), (0, None), (-1, None), (True, None), ("x" * 101, None), (1.5, None)]
)
def test_an_id(value: object, result: str | None) -> None:
    assert ident(value) == result


@pytest.mark.parametrize(
    ("value", "result"), [(3, 3), (3.0, 3), (0, 0), (-1, None), (2.5, None), (True, None), ("3", None), (None, None)]
)
def test_a_count(value: object, result: int | None) -> None:
    assert whole(value) == result


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (5000, Decimal(5000)),
        (0.1, Decimal("0.1")),
        (0, Decimal(0)),
        (-1, None),
        (1e16, None),
        (True, None),
        ("5", None),
    ],
)
def test_an_amount(value: object, result: Decimal | None) -> None:
    assert amount(value) == result


@pytest.mark.parametrize(("value", "code"), [(None, "USD"), (5, None), (5, ""), (5, "DOLLAR"), (-5, "USD")])
def test_an_amount_without_its_currency_is_none(value: object, code: object) -> None:
    assert money(5, " USD ") == Money(amount=Decimal(5), currency="USD")
    assert money(value, code) is None


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("2026-05-11", date(2026, 5, 11)),
        ("2026-04-27T10:02:01+09:00", datetime(2026, 4, 27, 10, 2, 1, tzinfo=timezone(timedelta(hours=9)))),
        ("2026年5月11日", date(2026, 5, 11)),
        ("2026-13-11", None),
        ("", None),
        (20260511, None),
    ],
)
def test_a_moment(value: object, result: date | None) -> None:
    assert moment(value) == result


def test_a_flag_is_a_flag_alone() -> None:
    assert (flag(True), flag(False), flag(1), flag("true"), flag(None)) == (True, False, None, None, None)


def test_objects_within_objects_are_empty_where_there_is_none() -> None:
    data = {"a": {"b": {"c": 1}}, "n": 5, "l": [{"x": 1}, 2, None]}
    assert members(data, "a", "b") == {"c": 1}
    assert members(data, "a", "missing", "deeper") == {}
    assert members(data, "n") == {}
    assert part(data, "a") == {"b": {"c": 1}}
    assert part(data, "n") == {}
    assert rows(data["l"]) == [{"x": 1}]
    assert rows(None) == []
