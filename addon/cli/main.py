"""The `koban` command line: its commands, each imported from its module when it is called."""

import importlib
import importlib.metadata
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from addon.cli.commands import COMMANDS, help_of
from addon.cli.usage import SpokenContext, spoken, spoken_errors
from addon.language import CHOICES, VARIABLE, say
from addon.terminal import fail

if TYPE_CHECKING:
    from typer._click.core import Command, Context


def load(name: str) -> "Command":
    """Returns a command, imported now."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    command = spoken(typer.main.get_command(getattr(importlib.import_module(module), attribute)))
    return command.commands.get(name, command) if isinstance(command, TyperGroup) else command


class LazyGroup(TyperGroup):
    """The commands of `COMMANDS`: for help by name and line alone, imported to be run."""

    context_class = SpokenContext

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=help_of(name)) for name in COMMANDS}

    def list_commands(self, ctx: "Context") -> list[str]:  # noqa: ARG002
        """Returns the names in the order of the table."""
        return list(COMMANDS)

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """As typer's; without an argument it is `koban start`: who opens a program wants its window."""
        return super().parse_args(ctx, args or ["start"])

    def make_context(
        self, info_name: str | None, args: list[str], parent: "Context | None" = None, **extra: Any
    ) -> "Context":
        """As typer's, with errors in the terminal's language."""
        with spoken_errors():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: "Context") -> Any:
        """As typer's, with errors in the terminal's language, and a broken descriptor said in a line a field."""
        try:
            with spoken_errors():
                return super().invoke(ctx)
        except ValueError as error:
            # Late: no command is imported for its help alone.
            from extractors.descriptor import DescriptorError

            if not isinstance(error, DescriptorError):
                raise
            fail(str(error))

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        """As typer's, with the command itself. Raises UsageError for a name that does not exist."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(name) if name is not None else None, rest


app = typer.Typer(
    name="koban",
    cls=LazyGroup,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=say(
        "交番: クラウドソーシングの落とし穴を、あなたのパソコンの中だけで知らせます。",
        "Koban warns freelancers about traps on crowdsourcing marketplaces, on their own machine.",
        "\n\n",
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(importlib.metadata.version("koban"))
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=say("バージョンを示す", "Show the version.")),
    ] = False,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            help=say(
                "表示する言語: ja、en、both。なければロケールの言語", "The language: ja, en or both; else the locale's."
            ),
        ),
    ] = None,
) -> None:
    if lang is not None:
        if lang not in CHOICES:
            fail(say(f"--lang: {lang}: ja、en、both のどれかです", f"--lang: {lang}: one of ja, en, both"))
        os.environ[VARIABLE] = lang
