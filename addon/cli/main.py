"""The `koban` command line."""

import importlib.metadata
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from addon.cli.sites import sites_app
from addon.garbage import put_off
from addon.language import CHOICES, VARIABLE, say
from addon.state.options import BROWSER_CHOICES, Resolve, ServeOptions
from addon.state.paths import default_state_dir, make_private
from addon.state.settings import SettingsStore
from addon.terminal import fail, warn
from rules.problems import CatalogError

if TYPE_CHECKING:
    from addon.state.authority import Authority

app = typer.Typer(
    name="koban",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="交番: クラウドソーシングの落とし穴を、あなたのパソコンの中だけで知らせます。\n\n"
    "Koban warns freelancers about traps on crowdsourcing marketplaces, on their own machine.",
)
app.add_typer(sites_app, name="sites")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

DEFAULT_STATE_DIR = default_state_dir()


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(importlib.metadata.version("koban"))
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版を示す / Show the version.")
    ] = False,
    lang: Annotated[
        str | None, typer.Option("--lang", help="表示する言語 / The language: ja, en, both.  [locale]")
    ] = None,
) -> None:
    if lang is not None:
        if lang not in CHOICES:
            fail(say(f"--lang: {lang}: ja、en、both のどれかです", f"--lang: {lang}: one of ja, en, both"))
        os.environ[VARIABLE] = lang


@app.command()
def scan(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="保存したページ・文章・フォルダ / Saved pages (.html, .json), texts (.txt), folders."),
    ] = None,
    jsonl: Annotated[
        str | None,
        typer.Option(metavar="FILE|-", help="1行1件のJSON / One text a line: {id, kind, text, site?, stage?}."),
    ] = None,
    url: Annotated[str | None, typer.Option(help="ページの元のアドレス / The address the page came from.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="1件1行のJSONで出力 / One JSON line per input.")] = False,
) -> None:
    """保存したページや文章を調べます / Check saved pages and texts.

    Exit code 0 when all was read, whatever was found; 2 when some input was unusable.
    """
    if not paths and jsonl is None:
        fail(
            say(
                "調べるものがありません。ファイルか --jsonl を指定してください。",
                "Nothing to scan: name files, or --jsonl.",
            )
        )
    from addon.cli.scan import scan_command

    raise typer.Exit(scan_command(paths or [], jsonl, url, as_json=as_json or jsonl is not None, out=out, err=err))


StateDir = Annotated[
    Path,
    typer.Option(envvar="KOBAN_STATE_DIR", help="設定・鍵・ペアリングの置き場所 / Where settings and keys are kept."),
]
ListenPort = Annotated[
    int | None,
    typer.Option(envvar="KOBAN_LISTEN_PORT", help="確認するしくみのポート / Port of the proxy.  [8788]"),
]
ApiPort = Annotated[
    int | None, typer.Option(envvar="KOBAN_API_PORT", help="拡張機能のためのポート / Port for the extension.  [8789]")
]
UpstreamCa = Annotated[
    Path | None,
    typer.Option(
        envvar="KOBAN_UPSTREAM_CA", metavar="FILE", help="追加で信頼する認証局 / Extra trust for the upstream side."
    ),
]
ResolveTo = Annotated[
    list[str] | None,
    typer.Option(
        envvar="KOBAN_RESOLVE", metavar="HOST:PORT:ADDR:PORT", help="接続先の差し替え / Connect elsewhere, as curl's."
    ),
]
BrowserName = Annotated[
    str | None,
    typer.Option(envvar="KOBAN_BROWSER", help=f"開くブラウザ / The browser to open: {', '.join(BROWSER_CHOICES)}."),
]


def serve_options(
    state_dir: Path,
    listen_port: int | None,
    api_port: int | None,
    upstream_ca: Path | None,
    resolve: list[str] | None,
    browser: str | None,
) -> ServeOptions:
    """Options from the command line or the environment, else the settings file, else the defaults."""
    kept = SettingsStore(state_dir / "settings.json").current.serve
    chosen = browser or kept.browser or "none"
    if chosen not in BROWSER_CHOICES:
        fail(_no_such_browser(chosen))
    upstream_ca = upstream_ca or kept.upstream_ca
    if upstream_ca is not None and not upstream_ca.is_file():
        fail(f"--upstream-ca: {upstream_ca}: {say('ファイルがありません', 'no such file')}")
    try:
        resolved = tuple(Resolve.parse(entry) for entry in resolve or kept.resolve)
    except ValueError as error:
        fail(f"--resolve: {error}")
    default = ServeOptions()
    return ServeOptions(
        listen_port=_first(listen_port, kept.listen_port, default.listen_port),
        api_port=_first(api_port, kept.api_port, default.api_port),
        state_dir=state_dir,
        upstream_ca=upstream_ca,
        history_url=kept.history_url,
        resolve=resolved,
        browser=chosen,
    )


def _no_such_browser(name: str) -> str:
    choices = ", ".join(BROWSER_CHOICES)
    return say(f"--browser: {name}: {choices} のどれかです", f"--browser: {name}: one of {choices}")


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)


@app.command()
def serve(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    listen_port: ListenPort = None,
    api_port: ApiPort = None,
    upstream_ca: UpstreamCa = None,
    resolve: ResolveTo = None,
    browser: BrowserName = None,
) -> None:
    """通信を確認するしくみだけを動かします / Run the proxy and the API, without a browser."""
    options = serve_options(state_dir, listen_port, api_port, upstream_ca, resolve, browser)
    _run(options)


@app.command()
def start(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    listen_port: ListenPort = None,
    api_port: ApiPort = None,
    upstream_ca: UpstreamCa = None,
    resolve: ResolveTo = None,
    browser: BrowserName = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="アドレスとリンクも表示する / Show addresses and links too.")
    ] = False,
) -> None:
    """Koban用のブラウザの窓を開きます / Open a browser window of Koban's own.

    Your usual browser is not touched. No setting of the machine is changed, unless you agree to it on the start page.
    """
    options = serve_options(state_dir, listen_port, api_port, upstream_ca, resolve, browser)
    named = browser or SettingsStore(state_dir / "settings.json").current.serve.browser
    _run(replace(options, verbose=verbose), window=named != "none")


@app.command()
def demo(
    browser: BrowserName = None,
    once: Annotated[bool, typer.Option("--once", help="一巡して終わる / End after showing every page once.")] = False,
    state_dir: StateDir = DEFAULT_STATE_DIR,
    listen_port: ListenPort = None,
    api_port: ApiPort = None,
) -> None:
    """ネットにつながない練習用の市場で試します / Try Koban on an offline marketplace."""
    from addon.demo import DemoOptions, run

    if browser is not None and browser not in BROWSER_CHOICES:
        fail(_no_such_browser(browser))
    _close_to_others(state_dir)
    options = DemoOptions(
        state_dir=state_dir,
        browser=browser,
        once=once,
        listen_port=listen_port or 0,
        api_port=api_port or 0,
    )
    _end_with(lambda: run(options, out))


def _authority(state_dir: Path) -> "Authority":
    from addon.state.authority import ensure_authority
    from extractors import SITES

    try:
        return ensure_authority(state_dir / "authority", [domain for site in SITES for domain in site.domains])
    except OSError as error:
        fail(f"{state_dir}: {error.strerror}")


@app.command()
def trust(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    yes: Annotated[bool, typer.Option("--yes", help="確認せずに進める / Do not ask.")] = False,
) -> None:
    """ふだんのブラウザにKobanの証明書を信頼させます / Let your browsers trust Koban's authority, if you agree."""
    from addon.cli.trust import trust as run
    from addon.desktop.trust import stores

    ask = (lambda _: True) if yes else (lambda question: typer.confirm(question, default=False))
    raise typer.Exit(run(_authority(state_dir), stores(Path.home(), state_dir), out, ask))


@app.command()
def untrust(state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    """証明書をすべてのブラウザから外し、外れたことを確かめます / Take Koban's authority out of every browser."""
    from addon.cli.trust import untrust as run
    from addon.desktop.trust import stores

    raise typer.Exit(run(stores(Path.home(), state_dir), out))


@app.command()
def doctor(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    listen_port: ListenPort = None,
    api_port: ApiPort = None,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="拡張機能との接続をすべて取り消す / Forget every paired extension.")
    ] = False,
) -> None:
    """うまく動かないときの点検 / Look at every link of the chain, with the repair for each."""
    from addon.cli.doctor import report
    from addon.cli.doctor import revoke as forget

    if revoke:
        raise typer.Exit(forget(state_dir, out))

    raise typer.Exit(report(serve_options(state_dir, listen_port, api_port, None, None, None), out))


@app.command()
def history(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    deal: Annotated[str | None, typer.Option(metavar="SITE:ID", help="一つの取引 / One deal.")] = None,
    client: Annotated[str | None, typer.Option(metavar="SITE:ID", help="一人の発注者 / One client.")] = None,
    search: Annotated[str | None, typer.Option(metavar="WORD", help="言葉でしぼる / Those with a word.")] = None,
    pause: Annotated[
        bool | None, typer.Option("--pause/--resume", help="記録を止める・再開する / Stop or go on remembering.")
    ] = None,
    export_to: Annotated[
        Path | None, typer.Option("--export", metavar="FOLDER", help="すべてを書き出す / Write all of it out.")
    ] = None,
    form: Annotated[str, typer.Option("--form", help="jsonl | csv")] = "jsonl",
    ics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="期日をカレンダーに / Due dates, as a calendar.")
    ] = None,
    forget: Annotated[
        str | None,
        typer.Option(metavar="SITE:ID|words|all", help="発注者・文面・すべてを消す / Delete a client, words, or all."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="確認せずに進める / Do not ask.")] = False,
    web: Annotated[bool, typer.Option("--web", help="ブラウザの画面で見る / Show it in the browser.")] = False,
) -> None:
    """覚えている取引・期日・発注者・警告 / Deals, due dates, clients and warnings that are remembered."""
    from addon.cli.history import history_command
    from addon.cli.history import pause as set_pause

    if web:
        from addon.cli.history_web import history_web

        raise typer.Exit(history_web(state_dir, out, err))
    if pause is not None:
        raise typer.Exit(set_pause(state_dir, on=not pause))
    raise typer.Exit(
        history_command(
            state_dir,
            deal=deal,
            client=client,
            search=search,
            export_to=export_to,
            form=form,
            ics=ics,
            forget=forget,
            yes=yes,
        )
    )


@app.command()
def report(
    deal: Annotated[str | None, typer.Option(metavar="SITE:ID", help="取引 / A deal.")] = None,
    client: Annotated[str | None, typer.Option(metavar="SITE:ID", help="発注者 / A client.")] = None,
    finding: Annotated[
        str | None, typer.Option(metavar="SITE:KEY", help="警告一つ / One warning, as koban history names it.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="PDFも作る / A PDF too.")] = False,
    verify: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="書き出したものが元のままか / Whether a report is as written.")
    ] = None,
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="書き出す先 / Where to write.")] = Path("koban-report"),
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    """運営への報告文と証拠をそろえます（送りません） / Word a report and gather evidence. Nothing is sent."""
    from addon.cli.history import report_command, verify_command

    if verify is not None:
        raise typer.Exit(verify_command(verify))
    raise typer.Exit(report_command(state_dir, deal=deal, client=client, finding=finding, to=to, pdf=pdf))


def _close_to_others(state_dir: Path) -> None:
    """Have what Koban writes from now on, and its state folder, be its user's alone; end where that cannot be."""
    os.umask(0o077)
    try:
        was_open = make_private(state_dir)
    except OSError as error:
        fail(f"{state_dir}: {say('自分だけのものにできません', 'cannot be made yours alone')}: {error.strerror}")
    if was_open:
        warn(
            err,
            f"{state_dir}: "
            + say(
                "ほかの利用者も開けるフォルダーだったため、閉じました。心当たりのないファイルがないか、確かめてください",
                "others could open this folder, so it was closed to them; look for files in it that you do not know",
            ),
        )


def _run(options: ServeOptions, *, window: bool = False) -> None:
    _close_to_others(options.state_dir)
    # Before what takes long to import and, the first time, to compile.
    out.print(say("準備しています（初回は20秒ほど）…", "Getting ready (some 20 seconds the first time)…"))
    with put_off():
        from addon.cli.serve import run

        _end_with(lambda: run(options, out, window=window))


def _end_with(program: Callable[[], int]) -> NoReturn:
    """Run a long-lived program and end with its code; what it cannot start for is told without a traceback."""
    from addon.desktop import BrowserError
    from addon.loopback import CannotStart

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        code = program()
    except (CannotStart, CatalogError, BrowserError) as error:
        fail(str(error))
    raise typer.Exit(code)


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
def rules(context: typer.Context) -> None:
    """警告ルールを見る・試す・足す / The warning rules: look, try, add."""
    # With commands and options of its own, behind what takes as long to import as all else.
    from addon.cli.rules import rules_app

    rules_app(context.args, prog_name="koban rules")


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
def lessons(context: typer.Context) -> None:
    """教えたことを見る・取り消す・書き出す / What you taught: look, undo, export."""
    # As `rules`: behind what takes long to import.
    from addon.cli.lessons import lessons_app

    lessons_app(context.args, prog_name="koban lessons")


@app.command()
def extract(
    path: Annotated[Path, typer.Argument(help="保存したページ / A saved page (.html, .json).")],
    url: Annotated[str | None, typer.Option(help="ページの元のアドレス / The address the page came from.")] = None,
) -> None:
    """ページから読み取った項目をJSONで示します / Show what a page is read into, as JSON."""
    from addon.cli.scan import extract_command

    extract_command(path, url)
