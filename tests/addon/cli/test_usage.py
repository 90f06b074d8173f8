"""What typer says by itself, in the terminal's language."""

import re
from collections.abc import Sequence

import pytest
from typer._click.exceptions import UsageError
from typer.testing import CliRunner

from addon.cli import usage
from addon.cli.main import app
from addon.language import VARIABLE

WRONG: Sequence[tuple[str, str, str]] = (
    ("nosuch", "コマンド 'nosuch' はありません。", "No such command 'nosuch'."),
    ("rules lst", "コマンド 'lst' はありません。（もしかして: 'list'）", "Did you mean 'list'?"),
    ("scan --nope", "オプション --nope はありません。", "No such option: --nope"),
    (
        "scan --jsn",
        "オプション --jsn はありません。（もしかして: --json, --jsonl）",
        "Possible options: --json, --jsonl",
    ),
    ("scan --jsonl", "オプション --jsonl には値が必要です。", "Option '--jsonl' requires an argument."),
    ("scan --json=3", "オプション --json に値は付けられません。", "does not take a value"),
    ("scan --processes 0", "'--processes': 1以上で指定してください", "greater than or equal to 1"),
    ("serve --listen-port x", "'--listen-port'（環境変数: 'KOBAN_LISTEN_PORT'）: 整数で", "valid integer"),
    ("history deal", "'SITE:ID' を指定してください。", "Missing argument 'SITE:ID'."),
    ("history deal a b", "余分な引数があります: b", "unexpected extra argument(s) (b)"),
)


def said(arguments: str, language: str) -> tuple[int, str]:
    """Returns the exit code of a command, and what it said in a terminal wide enough for its lines."""
    result = CliRunner().invoke(app, arguments.split(), env={VARIABLE: language, "COLUMNS": "160"})
    return result.exit_code, re.sub(r"\s+", " ", result.output)


@pytest.mark.parametrize(("arguments", "japanese", "english"), WRONG)
def test_a_wrong_argument_is_told_in_the_language_chosen(arguments: str, japanese: str, english: str) -> None:
    code, words = said(arguments, "ja")
    assert code == 2
    assert japanese in words
    assert "エラー" in words
    assert not re.search(r"Usage|Error|Try ", words)
    code, words = said(arguments, "en")
    assert code == 2
    assert english in words
    assert not re.search(r"[ぁ-ん]", words)
    assert all(each in said(arguments, "both")[1] for each in (japanese, english))


def test_help_has_its_headings_in_the_language_chosen() -> None:
    _, words = said("rules --help", "ja")
    assert "使い方: koban rules [オプション] コマンド [引数]..." in words
    assert not re.search(r"Usage|Options|Commands|Show this|<bool>", words)
    _, words = said("rules --help", "en")
    assert "Usage: koban rules [OPTIONS] COMMAND [ARGS]..." in words
    assert "Show this message and exit." in words
    _, words = said("serve --help", "ja")
    assert not re.search(r"env var|default:", words)


def test_what_was_typed_cannot_draw_on_the_terminal() -> None:
    result = CliRunner().invoke(app, ["scan", "--no\x1b[2Jpe"], env={VARIABLE: "ja"})
    assert "\x1b[2J" not in result.output
    assert "はありません" in result.output


def test_an_error_of_which_nothing_is_known_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "ja")
    assert usage.error_text(UsageError("Something new.")) == "Something new."


def test_help_is_told_in_both_languages() -> None:
    code, words = said("serve --help", "both")
    assert code == 0
    assert "既定: " in words
    assert "default: " in words
    assert "KOBAN_LISTEN_PORT" in words
