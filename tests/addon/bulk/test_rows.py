"""Rows made into texts: what is taken, and what is an error or unknown."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from addon.bulk.rows import table_text
from addon.judging.scan import Unusable


def test_a_row_is_a_text_with_what_is_known_of_it() -> None:
    values = {"id": 7, "body": "x", "kind": "job", "client": 12, "at": "2026-10-02T09:00:00+09:00", "pay": "3000"}
    text = table_text(values, {"text": "body"}, None)
    assert (text.id, text.text, text.client, text.at, text.pay) == ("7", "x", "12", date(2026, 10, 2), 3000.0)


@pytest.mark.parametrize("at", ["2026-10-02", date(2026, 10, 2), datetime(2026, 10, 2, 23, tzinfo=UTC)])
def test_a_day_is_taken_in_each_way_that_a_file_has_one(at: object) -> None:
    assert table_text({"text": "x", "at": at}, {}, "job").at == date(2026, 10, 2)


@pytest.mark.parametrize(
    "unreadable",
    [
        {"at": "yesterday"},
        {"at": 5},
        {"pay": "1万円"},
        {"pay": float("nan")},
        {"pay": -1},
        {"client": ["a"]},
        {"id": ""},
    ],
)
def test_circumstances_that_cannot_be_read_are_unknown(unreadable: dict[str, Any]) -> None:
    (name,) = unreadable
    assert getattr(table_text({"text": "x", **unreadable}, {}, "job"), name) is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "no object"),
        ({"kind": "job"}, "text: "),
        ({"text": 5, "kind": "job"}, "text: "),
        ({"text": "x"}, "kind: "),
        ({"text": "x", "kind": "secret-word"}, "kind: "),
        ({"text": "\ud83d", "kind": "job"}, "half a character"),
    ],
)
def test_a_row_without_a_text_is_refused_without_being_quoted(values: object, reason: str) -> None:
    with pytest.raises(Unusable, match=reason) as refused:
        table_text(values, {}, None)
    assert "secret-word" not in str(refused.value)


def test_a_kind_for_all_is_for_those_that_name_none() -> None:
    assert table_text({"text": "x", "kind": ""}, {}, "job").kind == "job"
    assert table_text({"text": "x", "kind": "message"}, {}, "job").kind == "message"
