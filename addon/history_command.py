"""`koban history` and `koban report`: what is remembered, in the terminal and as files."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from addon.history.database import Unusable, open_history
from addon.history.reading import JST, OPEN, calendar, clients, deals, dues, warnings
from addon.history.report import STATES, NothingKnown, report, write
from addon.history.store import EXPORTED, History
from addon.settings import SettingsStore
from addon.terminal import plain

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
UNUSABLE = 2


@contextmanager
def opened(state_dir: Path) -> Iterator[History]:
    """The history of a state directory, or an end with the reason."""
    url = SettingsStore(state_dir / "settings.json").current.serve.history_url
    try:
        history = History(open_history(state_dir, url))
    except (Unusable, OSError) as error:
        err.print(f"記録を開けません / the history cannot be opened: {error}", style="red", markup=False)
        raise typer.Exit(UNUSABLE) from None
    try:
        yield history
    finally:
        history.close()


def show(history: History, now: datetime) -> None:
    """Due dates, open deals, the clients seen last, and the newest warnings."""
    found = deals(history)
    near = dues(found, now.astimezone(JST).date())
    if near:
        table = Table("期日 / due", "内容 / what", "取引 / deal", title="近い期日 / Due soon", title_justify="left")
        for due in near:
            table.add_row(due.day.isoformat(), f"{due.what.ja}\n{due.what.en}", escape(plain(due.title or due.deal)))
        out.print(table)
    table = Table("取引 / deal", "発注者 / client", "状態 / state", "金額 / amount", "最後に見た日 / last seen")
    for deal in found:
        state = STATES[deal.state] if deal.state is not None else None
        mark = "" if deal.escrow_seen or deal.state not in OPEN else "  仮払い未確認 / escrow not seen"
        table.add_row(
            escape(plain(f"{deal.title or '-'}  {deal.site}:{deal.id}")),
            escape(plain(deal.client_name or deal.client or "-")),
            f"{state.ja} / {state.en}{mark}" if state is not None else "-",
            f"{deal.amount:,} {deal.currency}" if deal.amount is not None else "-",
            f"{deal.last_seen.astimezone(JST):%Y-%m-%d}",
        )
    table.title, table.title_justify = "取引 / Deals", "left"
    out.print(table)
    table = Table("発注者 / client", "仕事 / jobs", "取引 / deals", "支払い / paid", "未払い / owed", "警告 / warnings")
    for client in clients(history, 30):
        counts = (client.jobs, client.deals, client.paid, client.owed, client.warnings)
        table.add_row(escape(plain(f"{client.name or '-'}  {client.site}:{client.id}")), *map(str, counts))
    table.title, table.title_justify = "発注者 / Clients", "left"
    out.print(table)
    for warned in warnings(history, limit=10):
        when = f"{warned.last_seen.astimezone(JST):%Y-%m-%d}"
        out.print(f"{when}  {warned.title.ja} / {warned.title.en}  {plain(warned.page)}", markup=False)


def export(history: History, folder: Path, form: Literal["jsonl", "csv"]) -> None:
    """Write each table as a file of its own into a new folder. Raises OSError."""
    folder.mkdir(parents=True, mode=0o700)
    for table in EXPORTED:
        with (folder / f"{table.name}.{form}").open("w", encoding="utf-8", newline="") as file:
            if form == "csv":
                writer = csv.DictWriter(file, [column.name for column in table.columns])
                writer.writeheader()
                writer.writerows({key: _cell(value) for key, value in row.items()} for row in history.rows(table.name))
            else:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in history.rows(table.name))


def _cell(value: object) -> object:
    # A spreadsheet runs a cell that begins like a formula (https://owasp.org/www-community/attacks/CSV_Injection).
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def history_command(
    state_dir: Path, *, export_to: Path | None, form: str, ics: Path | None, forget: str | None, yes: bool
) -> int:
    """Do what `koban history` was asked for. Returns the exit code."""
    if form not in ("jsonl", "csv"):
        return _refused(f"--form: {form}: jsonl | csv")
    with opened(state_dir) as kept:
        try:
            if forget is not None:
                return _forget(kept, forget, yes=yes)
            if export_to is not None:
                export(kept, export_to, "csv" if form == "csv" else "jsonl")
            elif ics is not None:
                now = datetime.now(UTC)
                every = dues(deals(kept), now.astimezone(JST).date(), days=3_650)
                ics.write_text(calendar(every, now), encoding="utf-8", newline="")
            else:
                show(kept, datetime.now(UTC))
                return 0
        except OSError as error:
            return _refused(f"{error.filename}: {error.strerror}")
    out.print(f"書き出しました / written: {export_to or ics}", markup=False, soft_wrap=True)
    return 0


def report_command(state_dir: Path, *, deal: str | None, client: str | None, to: Path) -> int:
    """Do what `koban report` was asked for. Returns the exit code."""
    about = deal or client
    if about is None or ":" not in about or (deal and client):
        return _refused("--deal SITE:ID か --client SITE:ID を指定してください / name --deal or --client SITE:ID")
    site, _, ident = about.partition(":")
    with opened(state_dir) as kept:
        try:
            which = {"deal": ident} if deal else {"client": ident}
            files = report(kept, datetime.now(UTC), site=site, **which)
            write(files, to)
        except NothingKnown:
            return _refused(f"{about}: 記録がありません / nothing is remembered")
        except OSError as error:
            return _refused(f"{to}: {error.strerror}")
    out.print(
        f"書き出しました。送るのはあなたです / written; sending it is up to you: {to}", markup=False, soft_wrap=True
    )
    for file in files:
        out.print(f"  {file.sha256}  {file.name}", markup=False, soft_wrap=True)
    return 0


def _refused(why: str) -> int:
    err.print(why, style="red", markup=False)
    return UNUSABLE


def _forget(history: History, what: str, *, yes: bool) -> int:
    site, colon, ident = what.partition(":")
    if what != "all" and not colon:
        return _refused(f"--forget: {what}: SITE:ID | all")
    question = f"{what}: 消したものは戻りません。よろしいですか / delete for good?"
    if not yes and not typer.confirm(question, default=False):
        return 1
    if what == "all":
        history.forget_all()
    else:
        history.forget_client(site, ident)
    out.print("消しました / deleted")
    return 0
