"""Options that several commands share, and the state folder that they work on."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from addon.desktop.autostart import own_program
from addon.language import say, say_text, system_reason
from addon.state.options import BROWSER_CHOICES, Resolve, ServeOptions
from addon.state.paths import default_state_dir, make_private
from addon.state.settings import SETTINGS_FILE, Settings, SettingsStore
from addon.terminal import console, fail, warn

DEFAULT_STATE_DIR = default_state_dir()

StateDir = Annotated[
    Path,
    typer.Option(
        envvar="KOBAN_STATE_DIR",
        help=say("設定・鍵・ペアリングの置き場所", "Where settings and keys are kept."),
    ),
]
_PROXY, _API = (
    say("確認するしくみのポート", "Port of the proxy."),
    say("拡張機能のためのポート", "Port for the extension."),
)
_ANY = say("空いているポート", "any free port")
ListenPort = Annotated[int | None, typer.Option(envvar="KOBAN_LISTEN_PORT", help=f"{_PROXY}  [8788]")]
ApiPort = Annotated[int | None, typer.Option(envvar="KOBAN_API_PORT", help=f"{_API}  [8789]")]
DemoListenPort = Annotated[int | None, typer.Option(envvar="KOBAN_LISTEN_PORT", help=f"{_PROXY}  [{_ANY}]")]
DemoApiPort = Annotated[int | None, typer.Option(envvar="KOBAN_API_PORT", help=f"{_API}  [{_ANY}]")]
UpstreamCa = Annotated[
    Path | None,
    typer.Option(
        envvar="KOBAN_UPSTREAM_CA",
        metavar="FILE",
        help=say("追加で信頼する認証局", "Extra trust for the upstream side."),
    ),
]
ResolveTo = Annotated[
    list[str] | None,
    typer.Option(
        envvar="KOBAN_RESOLVE",
        metavar="HOST:PORT:ADDR:PORT",
        help=say("接続先の差し替え", "Connect elsewhere, as curl's."),
    ),
]
BrowserName = Annotated[
    str | None,
    typer.Option(
        envvar="KOBAN_BROWSER",
        help=say("開くブラウザ", "The browser to open") + f": {', '.join(BROWSER_CHOICES)}.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help=say("確認せずに進める", "Do not ask."))]


def stored_settings(state_dir: Path) -> Settings:
    """Returns the settings of a state folder, whose Koban may be running; end the command if they cannot be read."""
    try:
        return SettingsStore(state_dir / SETTINGS_FILE, read_only=True).current
    except OSError as error:
        fail(f"{state_dir}: {say_text(system_reason(error))}")


def serve_options(
    state_dir: Path,
    listen_port: int | None = None,
    api_port: int | None = None,
    upstream_ca: Path | None = None,
    resolve: list[str] | None = None,
    browser: str | None = None,
) -> ServeOptions:
    """Returns options from the command line or the environment, else the settings file, else the defaults.

    Ends the command with the reason if one of them is unusable.
    """
    settings = stored_settings(state_dir).serve
    browser_name = browser or settings.browser or "none"
    if browser_name not in BROWSER_CHOICES:
        fail(no_such_browser(browser_name))
    upstream_ca = upstream_ca or settings.upstream_ca
    if upstream_ca is not None and not upstream_ca.is_file():
        fail(f"--upstream-ca: {upstream_ca}: {say('ファイルがありません', 'no such file')}")
    try:
        resolutions = tuple(Resolve.parse(entry) for entry in resolve or settings.resolve)
    except ValueError as error:
        fail(f"--resolve: {error}")
    default = ServeOptions()
    return ServeOptions(
        listen_port=_first(listen_port, settings.listen_port, default.listen_port),
        api_port=_first(api_port, settings.api_port, default.api_port),
        state_dir=state_dir,
        upstream_ca=upstream_ca,
        history_url=settings.history_url,
        resolve=resolutions,
        browser=browser_name,
    )


def start_again(browser: str | None, state_dir: Path) -> tuple[str, ...]:
    """Returns the command by which the system starts this Koban with the computer.

    browser: None where none was named; `none` opens no window.
    """
    program = own_program(sys.argv[0], sys.executable, is_frozen=getattr(sys, "frozen", False))
    options = [] if browser is None else ["--browser", browser]
    if state_dir != DEFAULT_STATE_DIR:
        options += ["--state-dir", str(state_dir.absolute())]
    return (*program, "start", *options)


def no_such_browser(name: str) -> str:
    """Returns the error for a browser that Koban does not know."""
    choices = ", ".join(BROWSER_CHOICES)
    return say(f"--browser: {name}: {choices} のどれかです", f"--browser: {name}: one of {choices}")


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)


def close_to_others(state_dir: Path) -> None:
    """Make the state folder, and all files that Koban writes from now on, private to the user.

    Warns if others could open the folder; ends the command if it cannot be closed to them.
    """
    os.umask(0o077)
    try:
        was_open = make_private(state_dir)
    except OSError as error:
        words = say("自分だけのものにできません", "cannot be made yours alone")
        fail(f"{state_dir}: {words}: {say_text(system_reason(error))}")
    if was_open:
        words = say(
            "ほかの利用者も開けるフォルダーだったため、閉じました。心当たりのないファイルがないか、確かめてください",
            "others could open this folder, so it was closed to them; look for files in it that you do not know",
        )
        warn(console(stderr=True), f"{state_dir}: {words}")
