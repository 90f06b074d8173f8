"""The table of commands: each leads to a command that is there."""

import importlib

import pytest
import typer
from typer.core import TyperCommand
from typer.testing import CliRunner

from addon.cli.commands import COMMANDS, help_of
from addon.cli.main import app as koban
from rules.model import Text


@pytest.mark.parametrize("name", COMMANDS)
def test_each_leads_to_its_command(name: str) -> None:
    module, _, attribute = COMMANDS[name][0].partition(":")
    app = getattr(importlib.import_module(module), attribute)
    assert isinstance(app, typer.Typer)
    shared = [other for other, (place, _) in COMMANDS.items() if place == COMMANDS[name][0]]
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert names
    assert len(shared) == 1 or name in names, "of a module with several commands it is one of them"


def test_each_line_of_help_is_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, (_, text) in COMMANDS.items():
        monkeypatch.setenv("KOBAN_LANG", "ja")
        assert help_of(name) == text.ja
        monkeypatch.setenv("KOBAN_LANG", "en")
        assert help_of(name) == text.en
        assert text.en.endswith(".")


def test_more_help_is_a_paragraph_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOBAN_LANG", "en")
    assert help_of("scan", Text(ja="続き", en="More.")) == f"{COMMANDS['scan'][1].en}\n\nMore."


def test_without_an_argument_the_window_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def command(name: str) -> TyperCommand:
        return TyperCommand(name, callback=lambda: started.append(name))

    monkeypatch.setattr("addon.cli.main.load", command)
    assert CliRunner().invoke(koban, []).exit_code == 0
    assert started == ["start"]
