"""`koban history`: the stored deals, due dates, clients and warnings, in the terminal and as files."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table
from typer.core import TyperGroup

from addon.cli.commands import help_of
from addon.cli.options import DEFAULT_STATE_DIR, StateDir, Yes, stored_settings
from addon.cli.stored_history import opened, split_ident
from addon.history.calendar import calendar
from addon.history.clients import client_record, newest_clients
from addon.history.deals import Deal, deals, due_soon, newest_deals
from addon.history.dues import Due
from addon.history.export import export
from addon.history.file import HISTORY_FILE, set_aside_files
from addon.history.store import History
from addon.history.warnings import Warned, newest_warnings, warnings_given
from addon.language import say, say_text, system_reason
from addon.loopback import answers
from addon.packs.sites_in_use import SitesInUse
from addon.state.options import ServeOptions
from addon.state.settings import SETTINGS_FILE, SettingsStore
from addon.terminal import console, fail, plain
from extractors.page import Feed
from extractors.records import Moment
from rules.lexicon import CONTRACT_STATES
from rules.model import Text
from rules.past import JST, day
from rules.sites import Terms

if TYPE_CHECKING:
    from typer._click.core import Context

out = console()
err = console(stderr=True)
MOST_SHOWN = 100
"""Deals in the terminal, the newest."""
MOST_DAYS = 3_650
"""Days ahead of which due dates go into a calendar."""

_COMMANDS = {
    "--deal": "deal",
    "--client": "client",
    "--export": "export",
    "--ics": "calendar",
    "--forget": "forget",
    "--pause": "pause",
    "--resume": "resume",
    "--web": "web",
}
"""The options by which `koban history` was asked for these commands before it had any; they go on working."""


class _HistoryGroup(TyperGroup):
    """Reads `koban history --deal ID` as `koban history deal ID`, and no command as `list`."""

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """As typer's, of arguments that begin with a command."""
        if args and (args[0] in self.commands or args[0] in ("--help", "-h")):
            return super().parse_args(ctx, args)
        for place, argument in enumerate(args):
            option, separator, value = argument.partition("=")
            if option in _COMMANDS:
                rest = [*args[:place], *args[place + 1 :]]
                if separator:
                    return super().parse_args(ctx, [_COMMANDS[option], value, *rest])
                # Its value, if it has one, comes first among the rest.
                return super().parse_args(ctx, [_COMMANDS[option], *args[place + 1 :], *args[:place]])
        return super().parse_args(ctx, ["list", *args])


app = typer.Typer(
    cls=_HistoryGroup,
    add_completion=False,
    help=help_of("history", Text(ja="コマンドがなければ list です。", en="Without a command: list.")),
)
Ident = Annotated[str, typer.Argument(metavar="SITE:ID")]


@app.command("list", help=say("すべて、または言葉でしぼって示す", "Show all of it, or what holds a word."))
def show_all(
    search: Annotated[str | None, typer.Option(metavar="WORD", help=say("言葉でしぼる", "Those with a word."))] = None,
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    with opened(state_dir) as history:
        show(history, datetime.now(UTC), search, terms=SitesInUse(state_dir).terms())


@app.command("deal", help=say("一つの取引（--deal も同じ）", "One deal (also as --deal)."))
def deal_command(about: Ident, state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    site, ident = split_ident(about)
    with opened(state_dir) as history:
        if not show_deal(history, site, ident, terms=SitesInUse(state_dir).terms()):
            fail(f"{about}: {say('記録がありません', 'nothing is remembered')}")


@app.command("client", help=say("一人の発注者（--client も同じ）", "One client (also as --client)."))
def client_command(about: Ident, state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    site, ident = split_ident(about)
    with opened(state_dir) as history:
        if not show_client(history, site, ident, terms=SitesInUse(state_dir).terms()):
            fail(f"{about}: {say('記録がありません', 'nothing is remembered')}")


@app.command("export", help=say("すべてを書き出す（--export も同じ）", "Write all of it out (also as --export)."))
def export_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=say("書き出す先", "Where to write."))],
    form: Annotated[str, typer.Option("--form", help="jsonl | csv")] = "jsonl",
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    if form not in ("jsonl", "csv"):
        fail(f"--form: {form}: jsonl | csv")
    with opened(state_dir) as history, written_to(folder):
        export(history, folder, "csv" if form == "csv" else "jsonl")


@app.command("calendar", help=say("期日をカレンダーに（--ics も同じ）", "Due dates, as a calendar (also as --ics)."))
def calendar_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("書き出す先", "Where to write."))],
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    now = datetime.now(UTC)
    with opened(state_dir) as history, written_to(file):
        terms = SitesInUse(state_dir).terms()
        dues = due_soon(history, now.astimezone(JST).date(), days=MOST_DAYS, terms=terms)
        file.write_text(calendar(dues, now), encoding="utf-8", newline="")


@app.command(
    help=say("発注者・文面・すべてを消す（--forget も同じ）", "Delete a client, words, or all (also as --forget).")
)
def forget(
    what: Annotated[str, typer.Argument(metavar="SITE:ID|words|all")],
    yes: Yes = False,
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    site, colon, ident = what.partition(":")
    if what not in ("all", "words") and not colon:
        fail(f"--forget: {what}: SITE:ID | words | all")
    question = f"{what}: {say('消したものは戻りません。よろしいですか', 'delete for good?')}"
    with opened(state_dir) as history:
        if not yes and not typer.confirm(question, default=False):
            raise typer.Exit(1)
        if what == "words":
            history.forget_words()
        elif what == "all":
            history.forget_all()
        else:
            history.forget_client(site, ident)
            _warn_of_broken_files(state_dir)
    out.print(say("消しました", "deleted"))


def _warn_of_broken_files(state_dir: Path) -> None:
    files = set_aside_files(state_dir / HISTORY_FILE)
    if files:
        words = say("壊れて残したファイルにはまだあるかもしれません", "files that were set aside may still hold it")
        err.print(f"{words}: {', '.join(file.name for file in files)}", markup=False, soft_wrap=True)


@app.command(help=say("記録を止める（--pause も同じ）", "Stop remembering (also as --pause)."))
def pause(state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    _set_enabled(state_dir, enabled=False)
    out.print(say("記録を止めました", "nothing is remembered from now on"))


@app.command(help=say("記録を再開する（--resume も同じ）", "Go on remembering (also as --resume)."))
def resume(state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    _set_enabled(state_dir, enabled=True)
    out.print(say("記録します", "Koban remembers"))


def _set_enabled(state_dir: Path, *, enabled: bool) -> None:
    port = stored_settings(state_dir).serve.api_port or ServeOptions().api_port
    if answers(port):
        # A running Koban may patch its settings at the same time, and would overwrite these.
        fail(
            say(
                "Kobanが動いています。拡張機能の設定で切り替えるか、終わらせてからもう一度実行してください",
                "Koban is running: switch it in the extension's settings, or end Koban and do this again",
            )
        )
    try:
        SettingsStore(state_dir / SETTINGS_FILE).patch({"history": {"enabled": enabled}})
    except OSError as error:
        fail(f"{state_dir}: {say_text(system_reason(error))}")


@app.command(help=say("ブラウザの画面で見る（--web も同じ）", "Show it in the browser (also as --web)."))
def web(state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    # Late: serving takes long to import.
    from addon.cli.history_web import history_web

    raise typer.Exit(history_web(state_dir, out, err))


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """Say where something was written; end the command with the reason if it could not be."""
    try:
        yield
    except OSError as error:
        fail(f"{error.filename or path}: {say_text(system_reason(error))}")
    out.print(f"{say('書き出しました', 'written')}: {path}", markup=False, soft_wrap=True)


def show(history: History, now: datetime, search: str | None = None, *, terms: Terms) -> None:
    """Print due dates, deals, the newest clients and warnings; with a search, those that hold its words.

    terms: of sites, from which due dates follow.
    """
    newest = newest_deals(history, search, MOST_SHOWN, terms=terms)
    _due_dates(due_soon(history, now.astimezone(JST).date(), terms=terms), newest.rows, search)
    _deals(newest.rows)
    _more(newest.more)
    clients = newest_clients(history, search, 30)
    table = _table(
        say("発注者", "client"),
        say("仕事", "jobs"),
        say("取引", "deals"),
        say("支払い", "paid"),
        say("未払い", "owed"),
        say("警告", "warnings"),
    )
    for client in clients.rows:
        counts = (client.jobs, client.deals, client.paid, client.owed, client.warnings)
        table.add_row(_named(client.site, client.id, client.name), *map(str, counts))
    table.title, table.title_justify = say("発注者", "Clients"), "left"
    if clients.rows:
        out.print(table)
    _more(clients.more)
    warnings = newest_warnings(history, search, 10)
    if not (newest.rows or clients.rows or warnings.rows):
        out.print(
            say("見つかりません", "nothing found")
            if search
            else say("まだ何も記録していません", "nothing is remembered yet")
        )
    _warnings(warnings.rows)
    _more(warnings.more)


def _due_dates(near: Sequence[Due], shown_deals: Sequence[Deal], search: str | None) -> None:
    if search:
        idents = {(deal.site, deal.id) for deal in shown_deals}
        near = [due for due in near if (due.site, due.deal) in idents]
    if near:
        table = _table(say("期日", "due"), say("内容", "what"), say("取引", "deal"))
        table.title, table.title_justify = say("近い期日", "Due soon"), "left"
        for due in near:
            table.add_row(due.day.isoformat(), say_text(due.what, "\n"), escape(plain(due.title or due.deal)))
        out.print(table)


def _more(number: int) -> None:
    if number:
        out.print(say(f"ほか {number} 件（--search で探せます）", f"{number} more: use --search"), markup=False)


def _table(*headers: str) -> Table:
    """Returns a table whose cells are never cut: ids are copied from it, and Japanese has no spaces to break at."""
    return Table(*(Column(header, overflow="fold") for header in headers))


def _named(site: str, ident: str, *names: str | None) -> str:
    # The id on a line of its own, where it can be copied.
    return "\n".join(escape(plain(name)) for name in (*names, f"{site}:{ident}") if name)


def _deals(shown_deals: Sequence[Deal]) -> None:
    if not shown_deals:
        return
    table = _table(
        say("取引と発注者", "deal, client"), say("状態", "state"), say("金額", "amount"), say("見た日", "seen")
    )
    for deal in shown_deals:
        state = CONTRACT_STATES[deal.state].words if deal.state is not None else None
        mark = f"\n{say('仮払い未確認', 'escrow not seen')}" if deal.waits_for_escrow else ""
        table.add_row(
            _named(deal.site, deal.id, deal.title, deal.client_name or deal.client),
            f"{say_text(state)}{mark}" if state is not None else "-",
            f"{deal.amount:,} {deal.currency}" if deal.amount is not None else "-",
            _date(deal.last_seen),
        )
    table.title, table.title_justify = say("取引", "Deals"), "left"
    out.print(table)


def _warnings(warnings: Sequence[Warned]) -> None:
    for warning in warnings:
        about = " / ".join(plain(name) for name in (warning.subject_title, warning.client_name) if name)
        line = "  ".join(part for part in (_date(warning.last_seen), say_text(warning.title), about) if part)
        seen_on = f"{plain(warning.page)}{_shown(warning.feed)}"
        out.print(f"{line}  {seen_on}  {warning.site}:{warning.key}", markup=False, soft_wrap=True)


def _shown(feed: Feed | None) -> str:
    """Returns a mark for content that the browser's page showed and the site's own answer did not."""
    return say("（画面の表示から）", " (as shown)") if feed == "extension" else ""


def show_deal(history: History, site: str, ident: str, *, terms: Terms) -> bool:
    """Print one deal: its steps and messages by time, and the steps not seen. terms: as for `show`.

    Returns whether it is known.
    """
    deal = next(iter(deals(history, deal=(site, ident), terms=terms)), None)
    if deal is None:
        return False
    out.print(f"[bold]{escape(plain(deal.title or '-'))}[/]  {escape(plain(deal.client_name or deal.client or '-'))}")
    table = _table(say("日付", "date"), say("状態", "state"), say("金額", "amount"), say("見たページ", "seen on"))
    for row in sorted(_course_rows(deal), key=lambda row: row[0]):
        table.add_row(*map(escape, row))
    out.print(table)
    if deal.unseen:
        names = " ・ ".join(say_text(CONTRACT_STATES[state].words) for state in deal.unseen)
        out.print(f"{say('確認できていない手順', 'not seen')}: {names}", markup=False)
    agreed_text = "-" if deal.revisions_agreed is None else str(deal.revisions_agreed)
    out.print(
        say(
            f"修正: {deal.revision_requests}（取り決め: {agreed_text}）",
            f"revisions: {deal.revision_requests} (agreed: {agreed_text})",
        ),
        markup=False,
    )
    for due in deal.dues:
        out.print(f"{due.day}  {say_text(due.what)}", markup=False)
    _warnings(warnings_given(history, deal=(site, ident)))
    return True


def _course_rows(deal: Deal) -> Iterator[tuple[str, str, str, str]]:
    for step in deal.steps:
        amount = f"{step.amount:,} {step.currency}" if step.amount is not None else "-"
        page = plain(step.page) + _shown(step.feed)
        yield _date(step.first_seen), say_text(CONTRACT_STATES[step.state].words), amount, page
    for word in deal.words:
        text = Text(ja="納品の連絡", en="delivery told")
        if word.what == "asks-revision":
            text = Text(ja=f"修正の依頼（{word.round}回目）", en=f"revision asked for ({word.round})")
        yield _date(word.at), say_text(text), "-", say("メッセージ", "a message")


def show_client(history: History, site: str, ident: str, *, terms: Terms) -> bool:
    """Print one client: times, counts, the user's note, deals and warnings. Returns whether the client is known."""
    record = client_record(history, site, ident)
    if record is None:
        return False
    out.print(f"[bold]{escape(plain(record.name or '-'))}[/]  {escape(plain(f'{site}:{ident}'))}")
    first, last = _date(record.first_seen), _date(record.last_seen)
    out.print(say(f"最初 {first} ・ 最後 {last}", f"first seen {first}, last seen {last}"), markup=False)
    counts = (
        (say("仕事", "jobs"), record.jobs),
        (say("取引", "deals"), record.deals),
        (say("支払い済み", "paid"), record.paid),
        (say("未払い", "owed"), record.owed),
    )
    out.print(" ・ ".join(f"{words} {count}" for words, count in counts), markup=False)
    if record.note:
        out.print(f"{say('メモ', 'note')}: {plain(record.note)}", markup=False)
    _deals(deals(history, (site, ident), terms=terms))
    _warnings(warnings_given(history, client=(site, ident)))
    return True


def _date(moment: Moment) -> str:
    return day(moment).isoformat()
