"""Deletion."""

from dataclasses import replace
from pathlib import Path

from addon.history.copies import copies
from addon.history.database import open_file
from addon.history.store import History
from addon.history.warnings import warnings_given
from tests.addon.history.conftest import rows, seen
from tests.addon.history.story import deal, story


def test_words_and_pages_are_deleted_and_warnings_stay(history: History) -> None:
    story(history)
    assert warnings_given(history)[0].quotes == []
    history.forget_words()
    assert copies(history.engine, "crowdworks", client="52") == []
    assert [row["body"] for row in rows(history, "message")] == [None] * 6
    assert len(warnings_given(history)) == 1


def test_what_was_deleted_is_in_no_file(tmp_path: Path) -> None:
    history = History(open_file(tmp_path / "history.db")[0])
    story(history)
    secret = "青空企画制作所".encode()
    assert any(secret in file.read_bytes() for file in tmp_path.iterdir())
    history.forget_client("crowdworks", "52")
    history.close()
    assert not any(secret in file.read_bytes() for file in tmp_path.iterdir())


def test_a_page_judged_again_brings_nothing_back_that_was_forgotten(history: History) -> None:
    page = seen(deal("delivered"))
    again = replace(page, again=True)
    history.record(again)
    assert rows(history, "client") == []
    history.record(page)
    history.record(again)
    assert [row["id"] for row in rows(history, "client")] == ["52"]
    history.forget_client("crowdworks", "52")
    history.record(again)
    assert (rows(history, "client"), rows(history, "verdict")) == ([], [])
