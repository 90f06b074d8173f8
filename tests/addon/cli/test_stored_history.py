"""The stored history as commands use it: opened, or the command ends with its reason."""

from pathlib import Path

import pytest
import typer
from sqlalchemy.exc import OperationalError

from addon.cli.stored_history import opened, split_ident
from addon.terminal import UNUSABLE

SECRET = "ここだけの話"


def test_an_id_has_its_site() -> None:
    assert split_ident("crowdworks:52") == ("crowdworks", "52")
    assert split_ident("crowdworks:a:b") == ("crowdworks", "a:b")
    with pytest.raises(typer.Exit):
        split_ident("52")


def test_a_history_is_opened_and_closed(tmp_path: Path) -> None:
    with opened(tmp_path) as history:
        assert (tmp_path / "history.db").is_file()
        assert history.past is not None


def test_a_query_that_fails_ends_the_command_and_is_not_quoted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, opened(tmp_path):
        raise OperationalError(SECRET, {}, Exception("disk"))
    assert ended.value.exit_code == UNUSABLE
    error = capsys.readouterr().err
    assert "OperationalError" in error
    assert SECRET not in error


def test_a_file_that_cannot_be_opened_ends_the_command(tmp_path: Path) -> None:
    (tmp_path / "history.db").mkdir()
    with pytest.raises(typer.Exit), opened(tmp_path):
        pass


def test_a_broken_file_is_kept_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "history.db").write_bytes(b"no database" * 500)
    with opened(tmp_path):
        pass
    (kept,) = tmp_path.glob("history.broken-*.db")
    assert kept.name in capsys.readouterr().err.replace("\n", "")
