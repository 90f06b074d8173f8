"""`koban report`: a report to an operator as files, and whether they are unchanged."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from addon.cli.commands import help_of
from addon.cli.options import DEFAULT_STATE_DIR, StateDir, stored_settings
from addon.cli.stored_history import opened, split_ident
from addon.desktop.printing import print_page
from addon.desktop.window import BrowserError
from addon.history.report.bundle import add, verify, write
from addon.history.report.facts import NothingKnown
from addon.history.report.make import PRINTED, report
from addon.language import say, say_text, system_reason
from addon.packs.sites_in_use import SitesInUse
from addon.terminal import console, fail, plain

app = typer.Typer(add_completion=False)
out = console()
err = console(stderr=True)

Deal = Annotated[str | None, typer.Option(metavar="SITE:ID", help=say("取引", "A deal."))]
Client = Annotated[str | None, typer.Option(metavar="SITE:ID", help=say("発注者", "A client."))]
Finding = Annotated[
    str | None,
    typer.Option(metavar="SITE:KEY", help=say("警告一つ", "One warning, as koban history names it.")),
]
Verified = Annotated[
    Path | None,
    typer.Option(
        "--verify", metavar="FOLDER", help=say("書き出したものが元のままか", "Whether a report is as written.")
    ),
]
Table = Annotated[
    Path | None,
    typer.Option(
        metavar="OUT",
        help=say("koban scan --table の結果を1枚のページに", "A page on what koban scan --table has written to OUT."),
    ),
]
To = Annotated[Path, typer.Option(metavar="FOLDER", help=say("書き出す先", "Where to write."))]


@app.command(help=help_of("report"))
def report_command(
    deal: Deal = None,
    client: Client = None,
    finding: Finding = None,
    pdf: Annotated[bool, typer.Option("--pdf", help=say("PDFも作る", "A PDF too."))] = False,
    verify_folder: Verified = None,
    table: Table = None,
    to: To = Path("koban-report"),
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    if verify_folder is not None:
        raise typer.Exit(verify_command(verify_folder))
    if table is not None:
        # Not at the start: it brings what judges texts, which no other report needs.
        from addon.cli.table import write_table_report

        write_table_report(table, state_dir, out)
        return
    subjects = {name: value for name, value in (("deal", deal), ("client", client), ("finding", finding)) if value}
    if len(subjects) != 1:
        fail(
            say(
                "--deal、--client、--finding のどれか一つに SITE:ID を指定してください（表の報告は --table）",
                "name one of --deal, --client, --finding SITE:ID (or --table OUT)",
            )
        )
    ((subject, about),) = subjects.items()
    write_report(state_dir, subject, about, to, pdf=pdf)


def write_report(state_dir: Path, subject: str, about: str, to: Path, *, pdf: bool) -> None:
    """Write a report into a new folder and print its files; end the command with the reason if that fails.

    subject: `deal`, `client` or `finding`. about: `SITE:ID`.
    """
    site, ident = split_ident(about)
    now = datetime.now(UTC)
    with opened(state_dir) as history:
        try:
            sites = SitesInUse(state_dir)
            language = stored_settings(state_dir).language
            files = report(
                history,
                now,
                site=site,
                ways=sites.report_way,
                terms=sites.terms(),
                language=language,
                **{subject: ident},  # type: ignore[arg-type]
            )
            write(files, to)
            if pdf:
                print_page(to / PRINTED, to / "report.pdf")
                add(to, "report.pdf", now)
        except NothingKnown:
            fail(f"{about}: {say('記録がありません', 'nothing is remembered')}")
        except BrowserError as error:
            fail(str(error))
        except OSError as error:
            fail(f"{to}: {say_text(system_reason(error))}")
    words = say("書き出しました。送るのはあなたです", "written; sending it is up to you")
    out.print(f"{words}: {to}", markup=False, soft_wrap=True)
    for file in sorted(to.iterdir()):
        out.print(f"  {hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}", markup=False, soft_wrap=True)


def verify_command(folder: Path) -> int:
    """Print whether a report's files are as they were written. Returns the exit code."""
    try:
        wrong = verify(folder)
    except (OSError, ValueError):
        fail(f"{folder}: {say('manifest.json を読めません', 'manifest.json cannot be read')}")
    for name in wrong:
        err.print(f"  ✗ {plain(name)}", style="red", markup=False)
    if wrong:
        err.print(say("書き出したときと違います", "not as it was written"), style="red", markup=False)
        return 1
    out.print(say("すべて書き出したときのままです", "all is as it was written"))
    return 0
