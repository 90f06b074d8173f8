"""Deletion."""

from pathlib import Path

from addon.history.copies import copies
from addon.history.database import open_file
from addon.history.store import History
from addon.history.warnings import warnings_given
from tests.addon.history.conftest import rows
from tests.addon.history.story import story


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
