"""How the long-running programs begin and end: what they print, and the exit code."""

import contextlib
from pathlib import Path

import pytest
import typer

from addon.cli import run
from addon.desktop.window import BrowserError
from addon.loopback import CannotStart
from addon.state.instance import sole_instance
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


@pytest.mark.parametrize(("window", "codes"), [(True, [0]), (False, [])])
def test_reach_03_a_second_start_shows_the_window_of_the_first_and_serves_nothing(
    window: bool,
    codes: list[int],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """`koban serve` is no window, and goes on to say which port is taken."""
    asked: list[int] = []

    def show_running(_: Path, __: object) -> int:
        asked.append(0)
        return 0

    monkeypatch.setattr("addon.desktop.launch.show_running", show_running)
    monkeypatch.setattr("addon.cli.serve.run", lambda *_, **__: 7)
    with sole_instance(tmp_path), pytest.raises(typer.Exit) as ended:
        run._run(ServeOptions(state_dir=tmp_path), window=window)
    assert asked == codes
    assert ended.value.exit_code == (0 if window else 7)


def test_reach_03_a_start_beside_a_koban_that_is_about_to_end_takes_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with contextlib.ExitStack() as first:
        first.enter_context(sole_instance(tmp_path))

        def show_running(_: Path, __: object) -> None:
            first.close()

        monkeypatch.setattr("addon.desktop.launch.show_running", show_running)
        monkeypatch.setattr("addon.cli.serve.run", lambda *_, **__: 7)
        with pytest.raises(typer.Exit) as ended:
            run._run(ServeOptions(state_dir=tmp_path), window=True)
    assert ended.value.exit_code == 7
