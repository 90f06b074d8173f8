"""The rows of one page, merged into those of earlier ones: nothing known is lost, and times only widen."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, event, select

from addon.history.batch import Batch
from addon.history.likeness import signature
from addon.history.schema import BAND, CLIENT, FINDING, SAMPLE, TOKEN
from tests.addon.history.conftest import START

DAY = timedelta(days=1)
TEXT = (
    "商品データを表に入力するお仕事です。商品名、価格、在庫、説明文を見本のとおりに整えてください。三百件ほどあります。"
)


def _rows(db: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in db.execute(select(table))]


def _client(db: Connection, at: int, **columns: str | None) -> None:
    batch = Batch(db, "crowdworks", START + at * DAY)
    batch.put(CLIENT, {"site": "crowdworks", "id": "52", **columns})
    batch.write()


def test_a_page_that_shows_less_takes_nothing_away(db: Connection) -> None:
    _client(db, 0, name="青空企画", url="https://crowdworks.jp/public/employers/52")
    _client(db, 1, name="青空企画制作所", url=None)
    (row,) = _rows(db, CLIENT)
    assert (row["name"], row["url"]) == ("青空企画制作所", "https://crowdworks.jp/public/employers/52")


def test_a_clock_that_jumps_back_makes_nothing_younger(db: Connection) -> None:
    for at in (1, 2, 0):
        _client(db, at)
    (row,) = _rows(db, CLIENT)
    assert (row["first_seen"], row["last_seen"]) == (START, START + 2 * DAY)


def test_a_column_that_is_to_stay_stays_as_first_written(db: Connection) -> None:
    texts = ("rule", "risk", "severity", "subject", "page", "told")
    for words in ("first", "second"):
        batch = Batch(db, "crowdworks", START)
        batch.put(FINDING, {"site": "crowdworks", "key": "k", **dict.fromkeys(texts, words)}, keep=("told",))
        batch.write()
    (row,) = _rows(db, FINDING)
    assert (row["told"], row["severity"]) == ("first", "second")


def test_a_row_that_others_depend_on_is_there_before_the_batch_is_written(db: Connection) -> None:
    batch = Batch(db, "crowdworks", START)
    batch.put(CLIENT, {"site": "crowdworks", "id": "1"})
    batch.put_now(CLIENT, {"site": "crowdworks", "id": "2"})
    assert [row["id"] for row in _rows(db, CLIENT)] == ["2"]
    batch.write()
    assert sorted(row["id"] for row in _rows(db, CLIENT)) == ["1", "2"]


def test_a_text_is_signed_once_and_its_contacts_are_noted_each_time(db: Connection) -> None:
    for text in (TEXT, f"{TEXT}連絡は aozora@example.com へ。"):
        batch = Batch(db, "crowdworks", START)
        batch.sample("52", "job", "901", text)
        batch.write()
    assert len(_rows(db, SAMPLE)) == 1
    assert {row["sample"] for row in _rows(db, BAND)} == {_rows(db, SAMPLE)[0]["number"]}
    assert len(_rows(db, TOKEN)) == 1, "a contact that was added to a known text"
    assert "aozora" not in str(_rows(db, TOKEN)), "no contact is kept as written"


def test_of_a_long_list_each_text_is_signed_once(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_texts: list[str] = []

    def sign(text: str) -> bytes | None:
        signed_texts.append(text)
        return signature(text)

    monkeypatch.setattr("addon.history.batch.signature", sign)
    for _ in range(2):
        batch = Batch(db, "crowdworks", START)
        for number in range(60):
            batch.sample(str(number % 40), "job", str(number), f"{number}{TEXT * 2}")
            batch.sample(str(number % 40), "profile", str(number % 40), f"{number % 40}{TEXT * 2}")
        batch.write()
    assert (len(_rows(db, SAMPLE)), len(signed_texts)) == (100, 100)


def test_whether_a_text_is_known_is_looked_up_by_the_index(db: Connection) -> None:
    plans: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        if statement.startswith("SELECT") and "FROM sample" in statement:
            plans.extend(row[-1] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(db, "before_cursor_execute", explain)
    batch = Batch(db, "crowdworks", START)
    for number in range(50):
        batch.sample(str(number), "job", str(number), f"{TEXT}{number}")
        batch.sample(str(number), "profile", str(number), TEXT)
    batch.write()
    assert plans
    assert all("site=? AND client_id=? AND subject=? AND subject_id=?" in plan for plan in plans)
