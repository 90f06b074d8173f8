"""How a verdict looks in a terminal, and how a command ends that cannot go on."""

import json
import sys
from io import TextIOWrapper
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from addon.language import say, say_text
from addon.verdicts.settle import find_quote
from rules.model import Finding, State, Text, Verdict

UNUSABLE = 2
"""Exit code where some input, file or option could not be used."""

STATE_MARKS: dict[State, tuple[str, Text, str]] = {
    "clear": ("●", Text(ja="確認済み", en="Checked, nothing found"), "green"),
    "caution": ("▲", Text(ja="注意", en="Caution"), "yellow"),
    "danger": ("■", Text(ja="危険", en="Danger"), "red"),
    "not-checked": ("○", Text(ja="未確認", en="Not checked"), "blue"),
}
"""Shape, words and colour of each state; shape and word are enough by themselves (docs/architecture.md)."""

REASONS: dict[str, tuple[str, str]] = {
    "unknown-page": ("この種類のページは調べていません", "Koban does not read this kind of page"),
    "page-changed": ("ページの作りが変わったため読み取れません", "the page's layout has changed"),
    "unreadable": ("ページが大きすぎるか壊れています", "the page is too large or damaged"),
    "nothing-to-check": ("調べる項目がページにありません", "the page shows nothing to check"),
    "too-large": (
        "ページか、その中の文章が大きすぎて、調べきれませんでした",
        "the page, or a text in it, is too large to be checked to its end",
    ),
    "too-slow": ("確認が間に合いませんでした", "the check did not finish in time"),
    "failed": ("確認中に問題が起きました", "the check itself failed"),
    "off": ("このサイトでは無効にしています", "switched off on this site"),
    "paused": ("一時停止中です", "paused"),
    "muted": ("この発注者の警告は止めています", "warnings are off for this client"),
    "bot-check": (
        "サイトのロボット確認のあいだ、通信には触れません。拡張機能が表示中のページを確認します",
        "the site asks for a robot check, so its traffic is left alone; the extension checks the page as shown",
    ),
    "refused": (
        "Koban を通すとこのサイトとうまく通信できないため、通信には触れません。拡張機能が表示中のページを確認します",
        "this site does not work through Koban, so its traffic is left alone; the extension checks the page as shown",
    ),
    "upstream-certificate": (
        "サイトの身元を確かめられません。Koban は触れず、ブラウザの判断に任せています",
        "the site's certificate could not be verified; Koban leaves the judgement to the browser",
    ),
    "upstream-tls": (
        "サイトの暗号化の方式が古いか弱いため、Koban は触れず、ブラウザに任せています",
        "the site's encryption is too old or weak; Koban leaves it to the browser",
    ),
    "not-a-marketplace": ("対象のサイトではありません", "not a marketplace that Koban knows"),
    "no-address": (
        "ページのアドレスがわかりません（--url で指定）",
        "the page's address is unknown; give it with --url",
    ),
}
"""Why a page was not checked, in words; the code itself where there are none."""

SEVERITY_MARKS = {
    "danger": ("■", "red"),
    "caution": ("▲", "yellow"),
    "notice": ("・", "blue"),
}


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
    mark, words, colour = STATE_MARKS[verdict.state]
    reason = ""
    if verdict.reason is not None:
        ja, en = REASONS.get(verdict.reason, (verdict.reason, verdict.reason))
        reason = say(f"（{ja}）", f" ({en})", "")
    console.print(f"[{colour}]{mark} {say_text(words)}[/]{escape(reason)}  [bold]{escape(plain(name))}[/]")
    for finding in verdict.findings:
        _print_finding(console, finding)


def _print_finding(console: Console, finding: Finding) -> None:
    mark, colour = SEVERITY_MARKS[finding.severity]
    lines = [
        f"[{colour}]{mark}[/] [bold]{escape(say_text(finding.title))}[/]  [dim]{finding.rule}[/]",
        f"  {_seen(finding)}",
        f"  → {escape(say(finding.advice.ja, finding.advice.en, chr(10) + '    '))}",
    ]
    console.print(Padding("\n".join(lines), (0, 0, 0, 3)))


def _seen(finding: Finding) -> str:
    """What was seen, as markup: the words of its quote that weigh most underlined."""
    found = find_quote(finding.seen.ja, finding.evidence)
    if found is None:
        return escape(plain(finding.seen.ja))
    parts = [f"[underline]{escape(plain(part))}[/]" if marked else escape(plain(part)) for part, marked in found.quote]
    return escape(plain(found.before)) + "".join(parts) + escape(plain(found.after))


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
