"""A search through rows that no database compares as people write: full width, case, several words."""

import pytest
from sqlalchemy import Connection, select

from addon.history.schema import CLIENT
from addon.history.search import Newest, newest
from tests.addon.history.conftest import START

NAMES = ("ABC商会", "青空企画", "ＡＢＣ印刷", "abc facade")
QUERY = select(CLIENT).order_by(CLIENT.c.id.desc())


@pytest.fixture
def db(db: Connection) -> Connection:
    for number, name in enumerate(NAMES):
        row = {"site": "crowdworks", "id": str(number), "name": name, "first_seen": START, "last_seen": START}
        db.execute(CLIENT.insert().values(row))
    return db


def _found(db: Connection, search: str | None, limit: int = 10) -> tuple[list[str], int]:
    found: Newest[object] = newest(
        db, QUERY, search, limit, key=(CLIENT.c.site, CLIENT.c.id), texts=(CLIENT.c.name, CLIENT.c.note)
    )
    return [row.name for row in found.rows], found.more  # type: ignore[attr-defined]


def test_without_words_the_first_rows_come_with_the_number_of_the_others(db: Connection) -> None:
    assert _found(db, None, 3) == (["abc facade", "ＡＢＣ印刷", "青空企画"], 1)
    assert _found(db, "", 4)[1] == 0


def test_any_form_of_a_word_is_found_in_the_order_of_the_query(db: Connection) -> None:
    assert _found(db, "ａｂｃ") == (["abc facade", "ＡＢＣ印刷", "ABC商会"], 0)
    assert _found(db, "Abc", 1) == (["abc facade"], 2)


def test_all_words_have_to_be_there(db: Connection) -> None:
    assert _found(db, "abc　印刷") == (["ＡＢＣ印刷"], 0)
    assert _found(db, "abc 青空") == ([], 0)
