"""What a verdict looks like in a terminal."""

import io
from collections.abc import Sequence

import pytest
from rich.console import Console

from addon.terminal import print_verdict
from rules.model import Evidence, Severity, Text, Verdict
from tests.addon.findings import finding


def printed(quote: str, *marked: tuple[int, int]) -> str:
    evidence = (Evidence(field="message.body", quote=quote, marked=marked),)
    seen = Text(ja=f"「{quote}」（そう読めます）", en=f"“{quote}”")
    one = finding("direct-contract").model_copy(update={"seen": seen, "evidence": evidence})
    console = Console(
        file=io.StringIO(), force_terminal=True, color_system="standard", width=120, highlight=False, _environ={}
    )
    print_verdict(console, "page.html", Verdict(state="danger", findings=(one,)))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_words_that_weigh_most_are_underlined() -> None:
    assert "「続きは\x1b[4mカカオ\x1b[0mで」（そう読めます）" in printed("続きはカカオで", (3, 6))


def test_a_quote_without_marks_is_plain() -> None:
    assert "「続きはカカオで」（そう読めます）" in printed("続きはカカオで")


def test_a_marked_quote_is_text_whatever_it_says() -> None:
    assert "「[bold]\x1b[4m[red]a\x1b[0m[/]�[2J」" in printed("[bold][red]a[/]\x1b[2J", (6, 12))


def test_what_else_stands_in_a_picture_is_listed_and_the_rest_counted() -> None:
    evidence = tuple(Evidence(field="x", quote=f"LINE ID: a{n}\x1b[2J", file="file:///a.png") for n in range(3))
    one = finding("contact-in-picture").model_copy(update={"evidence": evidence, "more": 7})
    console = Console(file=io.StringIO(), width=120, highlight=False)
    print_verdict(console, "a.png", Verdict(state="danger", findings=(one,)))
    assert isinstance(console.file, io.StringIO)
    lines = [line.strip() for line in console.file.getvalue().splitlines()]
    assert lines[3:6] == ["「LINE ID: a1�[2J」", "「LINE ID: a2�[2J」", "ほか7か所 / further places: 7"]


@pytest.mark.parametrize(
    ("severities", "line"),
    [
        ((), "確認済み（問題は見つかりませんでした） / Checked, nothing found"),
        (("notice",), "確認済み（警告はありません） / Checked, no warnings"),
    ],
)
def test_issue_19_a_clear_page_with_notices_is_not_said_to_hold_nothing(
    severities: Sequence[Severity], line: str
) -> None:
    findings = tuple(finding("a", severity) for severity in severities)
    console = Console(file=io.StringIO(), width=120, highlight=False)
    print_verdict(console, "page.html", Verdict(state="clear", findings=findings))
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines()[0] == f"● {line}  page.html"
