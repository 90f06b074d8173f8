"""The rows that a text makes: without personal details, and with names of one run alone."""

import json
import struct
from typing import Any

import pytest

from addon.bulk.rows import TableText
from addon.bulk.tables import COLUMNS, PartRows, Privacy, sketch
from addon.judging.check import Checker
from addon.judging.scan import judge_texts
from addon.judging.scan_rules import ScanRules
from tests.addon.bulk.made import rows

PERSONAL = ("kamome_1", "090-1234-5601", "山田", "account-1")


def made(checker: Checker, row: dict[str, Any], privacy: Privacy) -> PartRows:
    part = PartRows()
    text = TableText.model_validate(row)
    part.add(7, ("a.csv", 9), text, judge_texts([text], ScanRules(checker))[0], privacy)
    return part


def test_what_is_written_has_no_personal_details(checker: Checker) -> None:
    part = made(checker, rows(2)[1], Privacy(b"s" * 32))
    written = json.dumps(part.rows, ensure_ascii=False)
    assert not [detail for detail in PERSONAL if detail in written]
    (text,) = part.rows["texts"]
    assert "[contact]" in text["text"]
    assert (text["state"], text["month"], text["line"]) == ("danger", "2026-02", 9)
    assert part.rows["contacts"]


def test_a_text_without_findings_is_not_written(checker: Checker) -> None:
    (text,) = made(checker, rows(1)[0], Privacy(b"s" * 32)).rows["texts"]
    assert (text["state"], text["text"], text["findings"]) == ("clear", None, 0)


def test_texts_that_are_to_be_kept_are_written_as_they_are(checker: Checker) -> None:
    for row in rows(2):
        part = made(checker, row, Privacy(b"s" * 32, keep_texts=True))
        assert part.rows["texts"][0]["text"] == row["text"]
        assert "account-1" not in json.dumps(part.rows), "accounts have no name but the run's"


def test_names_and_likenesses_are_those_of_one_run(checker: Checker) -> None:
    one, again, other = (made(checker, rows(2)[1], Privacy(salt * 32)).rows for salt in (b"a", b"a", b"b"))
    assert one == again
    for table, name in (("texts", "client"), ("contacts", "contact"), ("likeness", "low"), ("likeness", "bands")):
        assert one[table][0][name] != other[table][0][name]  # type: ignore[index]


def test_one_name_on_two_sites_is_two_accounts(checker: Checker) -> None:
    privacy = Privacy(b"s" * 32)
    clients = {made(checker, {**rows(1)[0], "site": site}, privacy).rows["texts"][0]["client"] for site in ("a", "b")}
    assert len(clients) == 2


def test_rows_have_the_columns_of_their_table(checker: Checker) -> None:
    part = made(checker, rows(2)[1], Privacy(b"s" * 32))
    part.add_error("a.csv", 3, "no text")
    for table, columns in COLUMNS.items():
        assert all(row.keys() == columns.keys() for row in part.rows[table])
        assert part.rows[table]


def test_a_row_that_cannot_be_written_is_in_no_table(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addon.bulk.tables.seeded_signature", lambda *_: 1 / 0)
    part = PartRows()
    text = TableText.model_validate(rows(1)[0])
    with pytest.raises(ZeroDivisionError):
        part.add(0, ("a", 1), text, judge_texts([text], ScanRules(checker))[0], Privacy(b"s" * 32))
    assert not any(part.rows.values())


def test_a_sketch_has_two_bits_of_each_number() -> None:
    numbers = list(range(60))
    signature = struct.pack("<60I", *(0xABCDEF00 + number for number in numbers))
    low, high = sketch(signature)
    bits = [low >> 2 * at & 3 for at in range(30)] + [high >> 2 * at & 3 for at in range(30)]
    assert bits == [number % 4 for number in numbers]
    assert max(low, high) < 2**60
