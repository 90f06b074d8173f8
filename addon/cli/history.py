"""`koban history` and `koban report`: what is remembered, in the terminal and as files."""

import csv
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from addon.cli.doctor import answers
from addon.desktop.printing import print_page
from addon.desktop.window import BrowserError
from addon.history.database import Unanswered, Unusable, open_history, set_aside_files
from addon.history.reading import (
    Deal,
    Warned,
    calendar,
    deals,
    due_soon,
    known,
    newest_clients,
    newest_deals,
    newest_warnings,
    warnings,
)
from addon.history.report import PRINTED, NothingKnown, add, report, verify, write
from addon.history.store import EXPORTED, History
from addon.language import say, say_text
from addon.state.options import ServeOptions
from addon.state.settings import SettingsStore
from addon.terminal import UNUSABLE, fail, plain, warn
from extractors.page import Feed
from extractors.parsing import one_line
from extractors.records import Moment
from rules.lexicon import CONTRACT_STATES
from rules.model import Text
from rules.past import JST, day

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
_FORMULA_SIGNS = frozenset("=+-@")
MOST_SHOWN = 100
"""Deals in the terminal, the newest."""


@contextmanager
def opened(state_dir: Path) -> Iterator[History]:
    """The history of a state directory, or an end with the reason."""
    url = SettingsStore(state_dir / "settings.json").current.serve.history_url
    try:
        engine, aside = open_history(state_dir, url)
    except (Unusable, OSError) as error:
        fail(f"{say('記録を開けません', 'the history cannot be opened')}: {error}")
    if aside is not None:
        told = f"{say('記録が壊れていたため、別名で残しました', 'the history was broken and is kept as')} {aside}"
        warn(err, told)
    history = History(engine)
    try:
        yield history
    except Unanswered as error:
        # What it says may quote what was asked for.
        told = f"{say('記録を読み書きできません', 'the history fails')}: {type(error).__name__}"
        err.print(f"{told} (koban doctor)", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(UNUSABLE) from None
    finally:
        history.close()


def show(history: History, now: datetime, search: str | None = None) -> None:
    """Due dates, deals, the clients seen last, and the newest warnings; of these, those with a word in them."""
    found = newest_deals(history, search, MOST_SHOWN)
    near = due_soon(history, now.astimezone(JST).date())
    if search:
        named = {(deal.site, deal.id) for deal in found.rows}
        near = [due for due in near if (due.site, due.deal) in named]
    if near:
        table = _table(say("期日", "due"), say("内容", "what"), say("取引", "deal"))
        table.title, table.title_justify = say("近い期日", "Due soon"), "left"
        for due in near:
            table.add_row(due.day.isoformat(), f"{due.what.ja}\n{due.what.en}", escape(plain(due.title or due.deal)))
        out.print(table)
    _deals(found.rows)
    _more(found.more)
    shown = newest_clients(history, search, 30)
    table = _table(
        say("発注者", "client"),
        say("仕事", "jobs"),
        say("取引", "deals"),
        say("支払い", "paid"),
        say("未払い", "owed"),
        say("警告", "warnings"),
    )
    for client in shown.rows:
        counts = (client.jobs, client.deals, client.paid, client.owed, client.warnings)
        table.add_row(_named(client.site, client.id, client.name), *map(str, counts))
    table.title, table.title_justify = say("発注者", "Clients"), "left"
    if shown.rows:
        out.print(table)
    _more(shown.more)
    told = newest_warnings(history, search, 10)
    if not (found.rows or shown.rows or told.rows):
        out.print(
            say("見つかりません", "nothing found")
            if search
            else say("まだ何も記録していません", "nothing is remembered yet")
        )
    _warnings(told.rows)
    _more(told.more)


def _more(number: int) -> None:
    if number:
        out.print(say(f"ほか {number} 件（--search で探せます）", f"{number} more: use --search"), markup=False)


def _table(*headers: str) -> Table:
    """A table whose cells are never cut: an id is to be copied, and Japanese has no spaces to break at."""
    return Table(*(Column(header, overflow="fold") for header in headers))


def _named(site: str, ident: str, *names: str | None) -> str:
    # The id on a line of its own, where it can be copied.
    return "\n".join(escape(plain(each)) for each in (*names, f"{site}:{ident}") if each)


def _deals(found: Sequence[Deal]) -> None:
    if not found:
        return
    table = _table(
        say("取引と発注者", "deal, client"), say("状態", "state"), say("金額", "amount"), say("見た日", "seen")
    )
    for deal in found:
        state = CONTRACT_STATES[deal.state] if deal.state is not None else None
        waiting = state is not None and state.waiting
        mark = f"\n{say('仮払い未確認', 'escrow not seen')}" if waiting and not deal.escrow_seen else ""
        table.add_row(
            _named(deal.site, deal.id, deal.title, deal.client_name or deal.client),
            f"{say_text(state.words)}{mark}" if state is not None else "-",
            f"{deal.amount:,} {deal.currency}" if deal.amount is not None else "-",
            _date(deal.last_seen),
        )
    table.title, table.title_justify = say("取引", "Deals"), "left"
    out.print(table)


def _warnings(told: Sequence[Warned]) -> None:
    for warned in told:
        line = f"{_date(warned.last_seen)}  {say_text(warned.title)}"
        seen_on = f"{plain(warned.page)}{_shown(warned.feed)}"
        out.print(f"{line}  {seen_on}  {warned.site}:{warned.key}", markup=False, soft_wrap=True)


def _shown(feed: Feed | None) -> str:
    """A word beside what the browser's page showed and the site's own answer did not."""
    return say("（画面の表示から）", " (as shown)") if feed == "extension" else ""


def show_deal(history: History, site: str, ident: str) -> bool:
    """One deal: each step with when and where it was seen, what messages say, and what was not seen."""
    found = deals(history, deal=(site, ident))
    if not found:
        return False
    (deal,) = found
    out.print(f"[bold]{escape(plain(deal.title or '-'))}[/]  {escape(plain(deal.client_name or deal.client or '-'))}")
    table = _table(say("日付", "date"), say("状態", "state"), say("金額", "amount"), say("見たページ", "seen on"))
    happened: list[tuple[str, str, str, str]] = []
    for step in deal.steps:
        state = CONTRACT_STATES[step.state].words
        worth = f"{step.amount:,} {step.currency}" if step.amount is not None else "-"
        seen_on = plain(step.page) + _shown(step.feed)
        happened.append((_date(step.first_seen), f"{say_text(state)}", worth, seen_on))
    for word in deal.words:
        said = Text(ja="納品の連絡", en="delivery told")
        if word.what == "asks-revision":
            said = Text(ja=f"修正の依頼（{word.round}回目）", en=f"revision asked for ({word.round})")
        happened.append((_date(word.at), f"{say_text(said)}", "-", say("メッセージ", "a message")))
    for row in sorted(happened, key=lambda row: row[0]):
        table.add_row(*map(escape, row))
    out.print(table)
    if deal.unseen:
        names = " ・ ".join(say_text(CONTRACT_STATES[state].words) for state in deal.unseen)
        out.print(f"{say('確認できていない手順', 'not seen')}: {names}", markup=False)
    agreed = "-" if deal.revisions_agreed is None else str(deal.revisions_agreed)
    out.print(
        say(
            f"修正: {deal.revision_requests}（取り決め: {agreed}）",
            f"revisions: {deal.revision_requests} (agreed: {agreed})",
        ),
        markup=False,
    )
    for due in deal.dues:
        out.print(f"{due.day}  {say_text(due.what)}", markup=False)
    _warnings(warnings(history, deal=(site, ident)))
    return True


def show_client(history: History, site: str, ident: str) -> bool:
    """One client: since when, how many jobs, paid or not, the user's own note, deals and warnings."""
    who = known(history, site, ident)
    if who is None:
        return False
    out.print(f"[bold]{escape(plain(who.name or '-'))}[/]  {escape(plain(f'{site}:{ident}'))}")
    first, last = _date(who.first_seen), _date(who.last_seen)
    out.print(say(f"最初 {first} ・ 最後 {last}", f"first seen {first}, last seen {last}"), markup=False)
    counts = (
        (say("仕事", "jobs"), who.jobs),
        (say("取引", "deals"), who.deals),
        (say("支払い済み", "paid"), who.paid),
        (say("未払い", "owed"), who.owed),
    )
    out.print(" ・ ".join(f"{words} {count}" for words, count in counts), markup=False)
    if who.note:
        out.print(f"{say('メモ', 'note')}: {plain(who.note)}", markup=False)
    _deals(deals(history, (site, ident)))
    _warnings(warnings(history, client=(site, ident)))
    return True


def _date(moment: Moment) -> str:
    return day(moment).isoformat()


def pause(state_dir: Path, *, on: bool) -> int:
    """Have Koban remember, or not, from its next start on. Returns the exit code."""
    settings = SettingsStore(state_dir / "settings.json")
    port = settings.current.serve.api_port or ServeOptions().api_port
    if answers(port):
        # It holds its settings in memory, and would write them over these.
        return _refused(
            say(
                "Kobanが動いています。拡張機能の設定で切り替えるか、終わらせてからもう一度実行してください",
                "Koban is running: switch it in the extension's settings, or end Koban and do this again",
            )
        )
    settings.patch({"history": {"enabled": on}})
    out.print(
        say("記録します", "Koban remembers") if on else say("記録を止めました", "nothing is remembered from now on")
    )
    return 0


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
    # A spreadsheet runs a cell that begins like a formula, some also where its sign is a full-width one
    # (https://owasp.org/www-community/attacks/CSV_Injection).
    if not isinstance(value, str):
        return value
    sign = unicodedata.normalize("NFKC", one_line(value)[:1])[:1]
    return f"'{value}" if sign in _FORMULA_SIGNS or value[:1] in ("\t", "\r", "\n") else value


def history_command(
    state_dir: Path,
    *,
    deal: str | None,
    client: str | None,
    search: str | None,
    export_to: Path | None,
    form: str,
    ics: Path | None,
    forget: str | None,
    yes: bool,
) -> int:
    """Do what `koban history` was asked for. Returns the exit code."""
    about = deal or client
    if about is not None and (":" not in about or (deal and client)):
        return _refused(f"{about}: SITE:ID")
    if form not in ("jsonl", "csv"):
        return _refused(f"--form: {form}: jsonl | csv")
    with opened(state_dir) as kept:
        try:
            if forget is not None:
                return _forget(kept, state_dir, forget, yes=yes)
            if about is not None:
                site, _, ident = about.partition(":")
                if not (show_deal if deal else show_client)(kept, site, ident):
                    return _refused(f"{about}: {say('記録がありません', 'nothing is remembered')}")
                return 0
            if export_to is not None:
                export(kept, export_to, "csv" if form == "csv" else "jsonl")
            elif ics is not None:
                now = datetime.now(UTC)
                every = due_soon(kept, now.astimezone(JST).date(), days=3_650)
                ics.write_text(calendar(every, now), encoding="utf-8", newline="")
            else:
                show(kept, datetime.now(UTC), search)
                return 0
        except OSError as error:
            return _refused(f"{error.filename}: {error.strerror}")
    out.print(f"{say('書き出しました', 'written')}: {export_to or ics}", markup=False, soft_wrap=True)
    return 0


def report_command(
    state_dir: Path, *, deal: str | None, client: str | None, finding: str | None, to: Path, pdf: bool
) -> int:
    """Do what `koban report` was asked for. Returns the exit code."""
    named = {name: each for name, each in (("deal", deal), ("client", client), ("finding", finding)) if each}
    about = next(iter(named.values()), "")
    if len(named) != 1 or ":" not in about:
        return _refused(
            say(
                "--deal、--client、--finding のどれか一つに SITE:ID を指定してください",
                "name one of --deal, --client, --finding SITE:ID",
            )
        )
    site, _, ident = about.partition(":")
    now = datetime.now(UTC)
    with opened(state_dir) as kept:
        try:
            files = report(
                kept,
                now,
                site=site,
                deal=ident if deal else None,
                client=ident if client else None,
                finding=ident if finding else None,
            )
            write(files, to)
            if pdf:
                print_page(to / PRINTED, to / "report.pdf")
                add(to, "report.pdf", now)
        except NothingKnown:
            return _refused(f"{about}: {say('記録がありません', 'nothing is remembered')}")
        except BrowserError as error:
            return _refused(str(error))
        except OSError as error:
            return _refused(f"{to}: {error.strerror}")
    out.print(
        f"{say('書き出しました。送るのはあなたです', 'written; sending it is up to you')}: {to}",
        markup=False,
        soft_wrap=True,
    )
    for file in sorted(to.iterdir()):
        out.print(f"  {hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}", markup=False, soft_wrap=True)
    return 0


def verify_command(folder: Path) -> int:
    """Whether a report's files are as they were written. Returns the exit code."""
    try:
        wrong = verify(folder)
    except (OSError, ValueError):
        return _refused(f"{folder}: {say('manifest.json を読めません', 'manifest.json cannot be read')}")
    for name in wrong:
        err.print(f"  ✗ {plain(name)}", style="red", markup=False)
    if wrong:
        err.print(say("書き出したときと違います", "not as it was written"), style="red", markup=False)
        return 1
    out.print(say("すべて書き出したときのままです", "all is as it was written"))
    return 0


def _refused(why: str) -> int:
    err.print(why, style="red", markup=False)
    return UNUSABLE


def _forget(history: History, state_dir: Path, what: str, *, yes: bool) -> int:
    site, colon, ident = what.partition(":")
    if what not in ("all", "words") and not colon:
        return _refused(f"--forget: {what}: SITE:ID | words | all")
    question = f"{what}: {say('消したものは戻りません。よろしいですか', 'delete for good?')}"
    if not yes and not typer.confirm(question, default=False):
        return 1
    if what == "all":
        history.forget_all()
        for file in set_aside_files(state_dir / "history.db"):
            file.unlink()
    elif what == "words":
        history.forget_words()
    else:
        history.forget_client(site, ident)
        left = set_aside_files(state_dir / "history.db")
        if left:
            told = say("壊れて残したファイルにはまだあるかもしれません", "files that were set aside may still hold it")
            err.print(f"{told}: {', '.join(file.name for file in left)}", markup=False, soft_wrap=True)
    out.print(say("消しました", "deleted"))
    return 0
