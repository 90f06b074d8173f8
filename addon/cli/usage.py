"""Typer's own words (usage, headings of help, wrong arguments), in the terminal's language.

Typer has some of its words in constants and the rest written out in English. So a command that `spoken` was given
makes contexts that set the constants again where something is about to be shown, and `spoken_errors` says an error
again from what it knows of itself. An error that it does not know stays as typer has it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from pydantic import ValidationError

# Typer exports none of the classes that its commands are made of.
from typer._click.core import Context
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup

from addon.language import say, say_text
from addon.terminal import plain
from rules.model import Text

if TYPE_CHECKING:
    from typer._click.core import Command

USAGE = Text(ja="使い方: ", en="Usage: ")
OPTIONS = Text(ja="[オプション]", en="[OPTIONS]")
SUBCOMMAND = Text(ja="コマンド [引数]...", en="COMMAND [ARGS]...")
HELP = Text(ja="この使い方を表示して終わる", en="Show this message and exit.")
CONSTANTS: Mapping[str, Text] = {
    "DEPRECATED_STRING": Text(ja="（非推奨） ", en="(deprecated) "),
    "DEFAULT_STRING": Text(ja="[既定: {0}]", en="[default: {0}]"),
    "ENVVAR_STRING": Text(ja="[環境変数: {0}]", en="[env var: {0}]"),
    "REQUIRED_LONG_STRING": Text(ja="[必須]", en="[required]"),
    "ARGUMENTS_PANEL_TITLE": Text(ja="引数", en="Arguments"),
    "OPTIONS_PANEL_TITLE": Text(ja="オプション", en="Options"),
    "COMMANDS_PANEL_TITLE": Text(ja="コマンド", en="Commands"),
    "ERRORS_PANEL_TITLE": Text(ja="エラー", en="Error"),
    "ABORTED_TEXT": Text(ja="中止しました。", en="Aborted."),
    "RICH_HELP": Text(
        ja="使い方は [blue]'{command_path} {help_option}'[/] で表示できます。",
        en="Try [blue]'{command_path} {help_option}'[/] for help.",
    ),
}
"""Those of `typer.rich_utils`, by name."""


class SpokenFormatter(HelpFormatter):
    """Begins a usage line in the terminal's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """As typer's."""
        super().write_usage(prog, args, say_text(USAGE) if prefix is None else prefix)


class SpokenContext(Context):
    """The context of one call of a command."""

    formatter_class = SpokenFormatter

    def __init__(self, command: "Command", **attributes: Any) -> None:
        super().__init__(command, **attributes)
        option = command.get_help_option(self)
        if option is not None:
            option.help = say_text(HELP)
        command.options_metavar = say_text(OPTIONS)
        if isinstance(command, TyperGroup):
            command.subcommand_metavar = say_text(SUBCOMMAND)
        for parameter in command.get_params(self):
            if getattr(parameter, "is_flag", False):
                # Typer would write <bool> beside it, as if a value were to be given.
                parameter.metavar = ""

    def make_formatter(self) -> HelpFormatter:
        """As typer's; usage and help are about to be shown."""
        _name_constants()
        return super().make_formatter()


def spoken(command: "Command") -> "Command":
    """Returns a command that speaks the terminal's language, with all below it."""
    command.context_class = SpokenContext
    if isinstance(command, TyperGroup):
        for each in command.commands.values():
            spoken(each)
    return command


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Raises typer's errors in the terminal's language."""
    try:
        yield
    except NoArgsIsHelpError:
        raise
    except UsageError as error:
        _name_constants()
        raise UsageError(error_text(error), error.ctx) from error
    except (ClickException, typer.Abort):
        _name_constants()
        raise


def _name_constants() -> None:
    # Late: it imports much of rich, which a command that goes well does without.
    from typer import rich_utils

    for name, text in CONSTANTS.items():
        setattr(rich_utils, name, say_text(text))


def error_text(error: UsageError) -> str:
    """Returns an error's message in the terminal's language; as typer has it where there are no words of our own."""
    english = error.format_message()
    japanese = _japanese(error)
    # What was typed is in it; typer shows it without its controls, too.
    return english if japanese is None else say(plain(japanese), english, "\n")


def _japanese(error: UsageError) -> str | None:
    match error:
        case NoSuchOption():
            return f"オプション {error.option_name} はありません。{_alike(error.possibilities or ())}"
        case BadOptionUsage() if "does not take" in error.message:
            return f"オプション {error.option_name} に値は付けられません。"
        case BadOptionUsage():
            return f"オプション {error.option_name} には値が必要です。"
        case MissingParameter():
            return f"{_hint(error) or '引数'} を指定してください。"
        case BadParameter():
            return _japanese_value(error)
    for pattern, message_of in _PLAIN.items():
        message_match = re.fullmatch(pattern, error.message, re.DOTALL)
        if message_match is not None:
            return message_of(message_match)
    return None


_PLAIN: Mapping[str, Callable[[re.Match[str]], str]] = {
    r"Missing command\.": lambda _: "コマンドを指定してください。",
    r"No such command (?P<name>'[^']*'|\"[^\"]*\")(?:\.|\. Did you mean (?P<alike>.*)\?)": lambda match: (
        f"コマンド {match['name']} はありません。{_alike((match['alike'],)) if match['alike'] else ''}"
    ),
    r"Got unexpected extra argument\(s\) \((?P<rest>.*)\)": lambda match: f"余分な引数があります: {match['rest']}",
}
"""Errors that know nothing of themselves but their message."""


def _alike(names: Iterable[str]) -> str:
    return f"（もしかして: {', '.join(sorted(names))}）" if names else ""


def _hint(error: BadParameter) -> str | None:
    hint = error.param_hint or (error.param.get_error_hint() if error.param is not None else None)
    if hint is None or isinstance(hint, str):
        return hint and re.sub(r" \(env var: (.*)\)", r"（環境変数: \1）", hint)
    return " / ".join(map(repr, hint))


_VALUES: Mapping[str, str] = {
    "int_parsing": "整数で指定してください",
    "int_from_float": "整数で指定してください",
    "greater_than_equal": "{ge}以上で指定してください",
    "less_than_equal": "{le}以下で指定してください",
    "bool_parsing": "true か false で指定してください",
}
"""By pydantic's type of an error, what is wrong with a value."""


def _japanese_value(error: BadParameter) -> str | None:
    """Returns the reason why a value is wrong; None where there are no words for it here."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return None
    first = cause.errors(include_url=False)[0]
    reason = _VALUES.get(first["type"])
    return None if reason is None else f"{_hint(error) or '値'}: {reason.format_map(first.get('ctx', {}))}"
