"""`koban serve`, `start`, `demo` and `doctor`: their options, and how long-running programs end."""

import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, NoReturn

import typer

from addon.cli.commands import help_of
from addon.cli.options import (
    DEFAULT_STATE_DIR,
    ApiPort,
    BrowserName,
    DemoApiPort,
    DemoListenPort,
    ListenPort,
    ResolveTo,
    StateDir,
    UpstreamCa,
    close_to_others,
    no_such_browser,
    serve_options,
    start_again,
    stored_settings,
)
from addon.garbage import put_off
from addon.language import say
from addon.state.instance import sole_instance
from addon.state.options import BROWSER_CHOICES, ServeOptions
from addon.terminal import console, fail
from rules.model import Text
from rules.problems import CatalogError

app = typer.Typer(add_completion=False)
out = console()


@app.command(help=help_of("serve"))
def serve(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    listen_port: ListenPort = None,
    api_port: ApiPort = None,
    upstream_ca: UpstreamCa = None,
    resolve: ResolveTo = None,
    browser: BrowserName = None,
) -> None:
    options = serve_options(state_dir, listen_port, api_port, upstream_ca, resolve, browser)
    _run(replace(options, again=start_again(browser or "none", state_dir)))


@app.command(
    help=help_of(
        "start",
        Text(
            ja="ふだんのブラウザには触れません。パソコンの設定は、開始ページで同意したときのほかは変えません。",
            en="Your usual browser is not touched. No setting of the machine is changed, unless you agree to it on the "
            "start page.",
        ),
    )
)
def start(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    listen_port: ListenPort = None,
    api_port: ApiPort = None,
    upstream_ca: UpstreamCa = None,
    resolve: ResolveTo = None,
    browser: BrowserName = None,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help=say("アドレスとリンクも表示する", "Show addresses and links too.")),
    ] = False,
) -> None:
    options = serve_options(state_dir, listen_port, api_port, upstream_ca, resolve, browser)
    browser_name = browser or stored_settings(state_dir).serve.browser
    options = replace(options, verbose=verbose, again=start_again(browser, state_dir))
    _run(options, window=browser_name != "none")


@app.command(help=help_of("demo"))
def demo(
    browser: BrowserName = None,
    once: Annotated[
        bool, typer.Option("--once", help=say("一巡して終わる", "End after showing every page once."))
    ] = False,
    state_dir: StateDir = DEFAULT_STATE_DIR,
    listen_port: DemoListenPort = None,
    api_port: DemoApiPort = None,
) -> None:
    # Late, here and below: serving takes long to import.
    from addon.demo import DemoOptions, run

    if browser is not None and browser not in BROWSER_CHOICES:
        fail(no_such_browser(browser))
    close_to_others(state_dir)
    out.print(_getting_ready())
    options = DemoOptions(
        state_dir=state_dir,
        browser=browser,
        once=once,
        listen_port=listen_port or 0,
        api_port=api_port or 0,
    )
    _end_with(lambda: run(options, out))


@app.command(help=help_of("doctor"))
def doctor(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    listen_port: ListenPort = None,
    api_port: ApiPort = None,
    revoke: Annotated[
        bool,
        typer.Option("--revoke", help=say("拡張機能との接続をすべて取り消す", "Forget every paired extension.")),
    ] = False,
) -> None:
    from addon.cli.doctor import report
    from addon.cli.doctor import revoke as revoke_all

    if revoke:
        raise typer.Exit(revoke_all(state_dir, out))
    raise typer.Exit(report(serve_options(state_dir, listen_port, api_port), out))


def _getting_ready() -> str:
    return say("準備しています…", "Getting ready…")


def _run(options: ServeOptions, *, window: bool = False) -> None:
    close_to_others(options.state_dir)
    with sole_instance(options.state_dir) as is_sole:
        if is_sole or not window:
            # Before the imports, which take long, and the first compilation of the rules.
            out.print(_getting_ready())
            with put_off():
                from addon.cli.serve import run

                _end_with(lambda: run(options, out, window=window))
    from addon.desktop.launch import show_running

    code = show_running(options.state_dir, out)
    if code is not None:
        raise typer.Exit(code)
    # Whoever closes the window and opens it again at once wants it open.
    _run(options, window=window)


def _end_with(program: Callable[[], int]) -> NoReturn:
    """Run a long-lived program and end with its exit code; startup failures print one line instead of a traceback."""
    from addon.desktop.window import BrowserError
    from addon.loopback import CannotStart

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        code = program()
    except (CannotStart, CatalogError, BrowserError) as error:
        fail(str(error))
    raise typer.Exit(code)
