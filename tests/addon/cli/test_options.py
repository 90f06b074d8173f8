"""Options of a command: the line's own word, else the settings file, else the defaults."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from addon.cli.options import DEFAULT_STATE_DIR, close_to_others, serve_options, start_again
from addon.state.options import Resolve, ServeOptions

RESOLVE = "crowdworks.jp:443:127.0.0.1:8443"


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def write(folder: Path, serve: str) -> None:
    (folder / "settings.json").write_text(f'{{"schema_version": 1, "serve": {serve}}}', "utf-8")


def test_without_a_word_the_defaults_hold(tmp_path: Path) -> None:
    assert serve_options(tmp_path) == ServeOptions(state_dir=tmp_path)


def test_the_settings_file_comes_after_the_line(tmp_path: Path) -> None:
    write(tmp_path, f'{{"listen_port": 1111, "api_port": 2222, "browser": "firefox", "resolve": ["{RESOLVE}"]}}')
    options = serve_options(tmp_path, listen_port=3333)
    assert (options.listen_port, options.api_port, options.browser) == (3333, 2222, "firefox")
    assert options.resolve == (Resolve.parse(RESOLVE),)
    assert serve_options(tmp_path, listen_port=0).listen_port == 0, "any free one"


@pytest.mark.parametrize(
    "arguments", [{"browser": "lynx"}, {"resolve": ["nonsense"]}, {"upstream_ca": Path("/missing/ca.pem")}]
)
def test_an_unusable_option_ends_the_command_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: dict[str, object]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        serve_options(tmp_path, **arguments)  # type: ignore[arg-type]
    assert ended.value.exit_code == 2
    assert "--" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_state_folder_is_closed_to_others_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "state"
    close_to_others(folder)
    assert capsys.readouterr().err == ""
    folder.chmod(0o755)
    close_to_others(folder)
    assert str(tmp_path) in capsys.readouterr().err.replace("\n", "")
    (folder / "new").touch()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "new").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_ends_the_command(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(typer.Exit):
        close_to_others(tmp_path / "file/state")


def test_reach_03_the_system_starts_koban_as_it_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "nowhere/__main__.py")])
    assert start_again(None, DEFAULT_STATE_DIR) == (sys.executable, "-m", "koban", "start")
    own = ("start", "--browser", "none", "--state-dir", str(tmp_path))
    assert start_again("none", tmp_path)[-5:] == own
