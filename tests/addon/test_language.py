"""The terminal speaks one language."""

import os
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from addon.cli.doctor import report
from addon.cli.main import app
from addon.language import choose_from, language, say, system_reason
from addon.state.options import ServeOptions
from addon.terminal import print_verdict
from rules.model import Verdict

JAPANESE = "あいうえおかきくけこさしすせそたちつてとなにぬのはひふへほまみむめもやゆよらりるれろわをん"


@pytest.fixture(autouse=True)
def no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KOBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LC_ALL": "ja_JP.eucJP", "LANG": "en_US.UTF-8"}, "ja"),
        ({"LANG": "jam_JM"}, "en"),
        ({"KOBAN_LANG": "en", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"KOBAN_LANG": "both", "LANG": "ja_JP.UTF-8"}, "both"),
        ({"KOBAN_LANG": "fr", "LANG": "ja_JP.UTF-8"}, "ja"),
    ],
)
def test_ux_terminal_the_language_is_the_users(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


@pytest.mark.parametrize(("chosen", "said"), [("ja", "一"), ("en", "one"), ("both", "一 / one")])
def test_ux_terminal_one_text_in_one_language(monkeypatch: pytest.MonkeyPatch, chosen: str, said: str) -> None:
    monkeypatch.setenv("KOBAN_LANG", chosen)
    assert say("一", "one") == said


def test_ux_terminal_the_doctor_and_a_verdict_speak_english_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KOBAN_LANG", "en")
    console = Console(width=200)
    report(ServeOptions(listen_port=1, api_port=1, state_dir=tmp_path), console)
    print_verdict(console, "page", Verdict(state="not-checked", reason="off"))
    told = capsys.readouterr().out
    assert "The proxy (port 1): not running" in told
    assert "Not checked (switched off for this site)" in told
    assert not set(told) & set(JAPANESE)


def test_ux_terminal_a_rule_is_shown_without_what_a_page_would_fill_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOBAN_LANG", "ja")
    told = CliRunner().invoke(app, ["rules", "show", "direct-contract"]).output
    assert "{" not in told.partition("出典")[0]
    assert "事務局" in told


def test_ux_terminal_a_language_that_there_is_not_is_said() -> None:
    result = CliRunner().invoke(app, ["--lang", "fr", "doctor"])
    assert result.exit_code == 2
    assert "ja" in result.output


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        (["--lang", "en", "history"], "en"),
        (["--lang=ja", "history"], "ja"),
        (["history", "--lang", "en"], None),
        (["--lang", "fr", "history"], None),
        (["--lang"], None),
        ([], None),
    ],
)
def test_house_11_the_language_is_chosen_before_the_commands_are_made(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], chosen: str | None
) -> None:
    # Set first, so that it is undone after the test.
    monkeypatch.setenv("KOBAN_LANG", "")
    choose_from(arguments)
    assert (os.environ["KOBAN_LANG"] or None) == chosen


@pytest.mark.parametrize("chosen", ["ja", "en"])
def test_ux_b_the_reasons_of_the_system_are_in_the_same_language(
    chosen: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KOBAN_LANG", chosen)
    shown = CliRunner().invoke(app, ["scan", str(tmp_path / "none.txt")]).stderr
    assert ("No such file" in shown) == (chosen == "en")
    assert ("ファイルかフォルダがありません" in shown) == (chosen == "ja")
    shown = CliRunner().invoke(app, ["history", "client", "foo", "--state-dir", str(tmp_path)]).stderr
    assert "crowdworks:123" in shown


def test_a_reason_without_words_of_our_own_is_the_system_s() -> None:
    reason = system_reason(OSError(9_999, "Something rare"))
    assert (reason.ja, reason.en) == ("Something rare", "Something rare")
