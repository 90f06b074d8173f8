"""How the long-running programs begin and end: what they print, and the exit code."""

import pytest
import typer

from addon.cli import run
from addon.desktop import BrowserError
from addon.loopback import CannotStart
from addon.state.options import ServeOptions
from rules.problems import CatalogError


def test_the_code_of_the_program_is_that_of_the_command() -> None:
    with pytest.raises(typer.Exit) as ended:
        run._end_with(lambda: 130)
    assert ended.value.exit_code == 130


@pytest.mark.parametrize(
    "error",
    [CannotStart("the port is taken"), CatalogError(["a.yaml:1: broken"]), BrowserError("画面がない", "no display")],
    ids=lambda error: type(error).__name__,
)
def test_what_keeps_it_from_starting_is_one_line(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    def program() -> int:
        raise error

    with pytest.raises(typer.Exit) as ended:
        run._end_with(program)
    assert ended.value.exit_code != 0
    shown = capsys.readouterr().err
    assert str(error).split("\n")[-1] in shown
    assert "Traceback" not in shown


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        run._end_with(lambda: 1 // 0)


def test_something_is_printed_before_all_that_takes_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    seen: list[str] = []

    def serve(_: ServeOptions, __: object, *, window: bool) -> int:
        seen.append(capsys.readouterr().out)
        return int(window)

    monkeypatch.setattr("addon.cli.serve.run", serve)
    with pytest.raises(typer.Exit) as ended:
        run._run(ServeOptions(state_dir=tmp_path_factory.mktemp("state")), window=True)
    assert ended.value.exit_code == 1
    assert "準備しています" in seen[0]
