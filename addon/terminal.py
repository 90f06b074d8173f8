"""Printing to a terminal: verdicts, errors that end a command, JSON."""

import json
import sys
from io import TextIOWrapper
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from addon.language import say, say_text
from addon.verdicts.headline import clear_line
from addon.verdicts.settle import find_quote, further_places
from rules.lexicon import REASONS, SEVERITIES, STATES
from rules.model import Finding, Verdict
from rules.quotes import quoted

UNUSABLE = 2
"""Exit code where some input, file or option could not be used."""


def console(*, stderr: bool = False) -> Console:
    """Returns a console that prints text as it is: no colours by guess, and no emoji for `:b:` in an id or a page."""
    return Console(stderr=stderr, highlight=False, emoji=False)


def tolerate_any_text() -> None:
    """Have standard output and error take any text, whatever the system's encoding is.

    What it has no sign for is written as `?`. Redirected output is cp932 in Japan's Windows and cp1252 in Europe's,
    which know no emoji, and a C locale's is ASCII: a command must not end in the midst of its answer for that.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


# JSON leaves these as they are, but many readers of lines end a line at them.
_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def write_json(value: object, *, indent: int | None = None) -> None:
    """Write a value to standard output as JSON, on a line of its own.

    UTF-8 where the output is UTF-8; else, and where a text is no Unicode (a file's name may be none), in ASCII with
    escapes, which every reader of JSON understands in any encoding.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent).translate(_LINE_ENDS)
    try:
        text.encode()
        plain = text.isascii() or (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    except UnicodeEncodeError:
        plain = False
    sys.stdout.write((text if plain else json.dumps(value, indent=indent)) + "\n")


def print_verdict(console: Console, name: str, verdict: Verdict) -> None:
    """One line for the state, then each finding: title, what was seen, what to do."""
    state = STATES[verdict.state]
    line = clear_line(verdict) if verdict.state == "clear" else state.line
    reason = ""
    if verdict.reason is not None:
        words = REASONS[verdict.reason].words
        reason = say(f"（{words.ja}）", f" ({words.en})", "")
    console.print(f"[{state.terminal}]{state.mark} {say_text(line)}[/]{escape(reason)}  [bold]{escape(plain(name))}[/]")
    for finding in verdict.findings:
        _print_finding(console, finding)


def _print_finding(console: Console, finding: Finding) -> None:
    severity = SEVERITIES[finding.severity]
    lines = [
        f"[{severity.terminal}]{severity.mark}[/] [bold]{escape(say_text(finding.title))}[/]  [dim]{finding.rule}[/]",
        f"  {_observation(finding)}",
        *(f"    {escape(line)}" for line in _further(finding)),
        f"  → {escape(say(finding.advice.ja, finding.advice.en, chr(10) + '    '))}",
    ]
    console.print(Padding("\n".join(lines), (0, 0, 0, 3)))


def _further(finding: Finding) -> list[str]:
    """Returns what else stands in pictures and files, a line each."""
    quotes, more = further_places(finding)
    lines = [plain(f"「{quoted(quote)}」") for quote in quotes]
    return [*lines, say(f"ほか{more:,}か所", f"further places: {more:,}")] if more else lines


def _observation(finding: Finding) -> str:
    """Returns the observation as markup, with the decisive words of its quote underlined."""
    quoted = find_quote(finding.seen.ja, finding.evidence)
    if quoted is None:
        return escape(plain(finding.seen.ja))
    parts = [
        f"[underline]{escape(plain(part))}[/]" if is_marked else escape(plain(part)) for part, is_marked in quoted.quote
    ]
    return escape(plain(quoted.before)) + "".join(parts) + escape(plain(quoted.after))


def plain(text: str) -> str:
    """Text from a page as a terminal may have it: control characters are shown, not obeyed."""
    return "".join(c if c.isprintable() or c == " " else "�" for c in text)


def print_pairing_number(console: Console, number: str) -> None:
    """Show the number that pairs an extension, as its page asks for it."""
    console.print(f"  {say('つなぐ番号', 'pairing number')}   [bold]{number[:4]} {number[4:]}[/]")
    console.print(
        say(
            "  拡張機能の画面に入れてください。心当たりがないときは、入れないでください。",
            "  Type it into the extension's page. If you did not ask for it, leave it alone.",
        )
    )


def warn(console: Console, message: str) -> None:
    """Say what is not as it should be, where all goes on."""
    console.print(message, style="yellow", markup=False, soft_wrap=True)


def fail(message: str) -> NoReturn:
    """Say on standard error what is wrong, and end."""
    console(stderr=True).print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(UNUSABLE)
