"""`koban trust` and `koban untrust`: the authority in this user's trust stores, with consent and with proof."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer
from cryptography import x509
from rich.console import Console

from addon.cli.commands import help_of
from addon.cli.options import DEFAULT_STATE_DIR, StateDir, Yes, stored_settings
from addon.desktop.trust import Store, StoreUnreadable, install, stores, visible_authorities
from addon.language import say, say_text, system_reason
from addon.state.authority import Authority, ensure_authority
from addon.state.reach import domains_of, reached_sites
from addon.terminal import console, fail

app = typer.Typer(add_completion=False)
out = console()

Ask = Callable[[str], bool]
"""Puts a yes-or-no question to the user."""

QUESTION = say("この証明書を信頼させますか？", "Let your browsers trust this authority?")


@app.command("trust", help=help_of("trust"))
def trust_command(state_dir: StateDir = DEFAULT_STATE_DIR, yes: Yes = False) -> None:
    settings = stored_settings(state_dir)
    try:
        authority = ensure_authority(state_dir / "authority", domains_of(reached_sites(settings)))
    except OSError as error:
        fail(f"{state_dir}: {say_text(system_reason(error))}")
    ask = (lambda _: True) if yes else (lambda question: typer.confirm(question, default=False))
    raise typer.Exit(trust(authority, stores(Path.home(), state_dir), out, ask))


@app.command("untrust", help=help_of("untrust"))
def untrust_command(state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    raise typer.Exit(untrust(stores(Path.home(), state_dir), out))


def explain(authority: Authority, console: Console) -> None:
    """Say what the authority can sign and what it cannot, in words."""
    certificate = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    names = sorted(authority.domains)
    days = (certificate.not_valid_after_utc - datetime.now(UTC)).days
    for line in (
        say(
            "Koban の証明書は、次のサイトの通信を、このパソコンの中で確認するためのものです。",
            "Koban's authority lets it look at the traffic with these sites, on this machine only:",
            "\n",
        ),
        f"    {'  '.join(names)}",
        say(
            "ほかのサイト（銀行、メールなど）の証明書は、作っても受け入れられません（証明書自体に制限があります）。",
            "For any other site (banks, mail) nothing that it signs is accepted: the limit stands in the authority.",
            "\n",
        ),
        say(
            f"鍵はこのパソコンのあなたのフォルダだけにあり、残り {days} 日で期限が切れ、作り直されます。",
            f"Its key is in your own folder only, and it ends in {days} days and is then made anew.",
            "\n",
        ),
        say("やめるときは koban untrust です。", "koban untrust takes it away again."),
    ):
        console.print(line, markup=False, soft_wrap=True)


def trust(authority: Authority, stores: Sequence[Store], console: Console, ask: Ask) -> int:
    """Show what is asked for, ask, and put the authority into every store. Returns the exit code."""
    explain(authority, console)
    if not any(store.has_program for store in stores):
        console.print(_needs_certutil())
        return 1
    for store in stores:
        console.print(f"  ・{store.title}", markup=False, soft_wrap=True)
    if not ask(QUESTION):
        console.print(say("何も変えませんでした。", "Nothing was changed."))
        return 1
    failures = 0
    for store in stores:
        is_installed = install(store, authority.certificate)
        failures += not is_installed
        word = say("信頼しました", "trusts it") if is_installed else say("できませんでした", "did not take it")
        console.print(f"{'●' if is_installed else '■'} {store.title}: {word}", markup=False, soft_wrap=True)
    return 1 if failures else 0


def untrust(stores: Sequence[Store], console: Console) -> int:
    """Take Koban's authorities out of every store and look again. Returns the exit code.

    It is 0 only where every store was looked into and none is left: the uninstallers go on by it.
    """
    is_proven = True
    for store in stores:
        try:
            before = len(visible_authorities(store))
            store.remove()
            after = len(store.authorities())
        except StoreUnreadable:
            is_clear, word = False, say("中を確かめられませんでした", "could not be looked into")
        else:
            is_clear = not after
            word = (
                say(f"{after} 件残っています", f"{after} still there")
                if after
                else say(f"{before} 件を外し、ないことを確かめました", f"{before} removed, and none is left")
                if before
                else say("ありません", "none")
            )
        console.print(f"{'●' if is_clear else '■'} {store.title}: {word}", markup=False, soft_wrap=True)
        if not is_clear:
            is_proven = False
            console.print(f"    {_remedy(store)}", markup=False, soft_wrap=True)
    return 0 if is_proven else 1


def _remedy(store: Store) -> str:
    """Returns what to do where an authority may still be in a store."""
    if not store.has_program:
        return _needs_certutil()
    return say(
        "ブラウザを閉じて、もう一度 koban untrust を実行してください。",
        "Close your browsers and run koban untrust again.",
    )


def _needs_certutil() -> str:
    return say(
        "certutil が必要です。libnss3-tools（Debian・Ubuntu）か nss-tools（Fedora）を入れて、やり直してください。",
        "certutil is needed: install libnss3-tools (Debian, Ubuntu) or nss-tools (Fedora) and run this again.",
    )
