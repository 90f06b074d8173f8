"""`koban rules record|promote`: what was seen of rules on this machine, and the status that they have earned."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from addon.cli.options import DEFAULT_STATE_DIR, StateDir, Yes, stored_settings
from addon.language import say, say_text, system_reason
from addon.packs.layers import catalog_in_use
from addon.state.catalog import local_catalog, user_rules_dir
from addon.state.lessons import LESSONS_FILE, LessonStore
from addon.state.paths import write_atomically
from addon.terminal import console, fail
from rules.loader import Catalog
from rules.model import Status
from rules.problems import CatalogError
from rules.rule import Rule
from rules.rule_text import with_override, with_status
from rules.status import FEWEST_PAGES, STATUSES, TOO_OFTEN_WRONG, Record, next_status, status_above

out = console()


def add_commands(app: typer.Typer) -> None:
    """Add these commands to `koban rules`."""
    app.command(
        help=say(
            "このパソコンでの実績（警告したページと、誤りと教えた数）。送りません",
            "What was seen of rules on this machine: pages warned of, and times called wrong. Nothing is sent.",
        )
    )(record)
    app.command(
        help=say(
            "実績に応じて、ルールの段階を上げる・下げる（試作・試用・正式）",
            "Give a rule the status that it has earned: experimental, test, stable.",
        )
    )(promote)


def record(
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=say("数だけを書き出す", "Write the counts out, and nothing else.")),
    ] = None,
    state_dir: StateDir = DEFAULT_STATE_DIR,
    yes: Yes = False,
) -> None:
    catalog = _catalog(None, state_dir)
    records = records_of(catalog, state_dir)
    _print_records(catalog, records)
    if export is None or not records:
        return
    lines = [_line(rule, records[rule.id]) for rule in catalog.rules if rule.id in records]
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)
    if not yes and not typer.confirm(say(f"{export} に書き出しますか？", f"Write {export}?"), default=False):
        out.print(say("何も書き出していません。", "Nothing was written."))
        raise typer.Exit(1)
    try:
        write_atomically(export, "".join(f"{line}\n" for line in lines).encode())
    except OSError as error:
        fail(f"{export}: {say_text(system_reason(error))}")


def promote(
    rule_id: Annotated[str, typer.Argument(metavar="ID")],
    to: Annotated[
        Status | None, typer.Option(help=say("実績によらず、この段階にする", "This status, whatever was seen."))
    ] = None,
    rules_dir: Annotated[
        Path | None,
        typer.Option(help=say("書き込むルールの置き場所", "The rules to write into; else your own, over all packs.")),
    ] = None,
    state_dir: StateDir = DEFAULT_STATE_DIR,
    yes: Yes = False,
) -> None:
    catalog = _catalog(rules_dir, state_dir)
    rule = catalog.rule(rule_id)
    if rule is None:
        fail(f"{rule_id}: {say('そのようなルールはありません', 'no such rule')} (koban rules list)")
    rule_record = records_of(catalog, state_dir).get(rule.id, Record())
    out.print(f"{rule.id}  {say_text(STATUSES[rule.status])}  {_counts(rule_record)}", markup=False)
    status = to or next_status(rule.status, rule_record)
    if status == rule.status:
        fail(_missing(rule.status, rule_record))
    _write(rule, status, rules_dir or user_rules_dir(state_dir), yes=yes)


def records_of(catalog: Catalog, state_dir: Path) -> dict[str, Record]:
    """Returns what was seen of rules on this machine, by their present ids; of those that were shown or called wrong.

    A warning that the popup calls wrong is noted in the settings and taught, so the larger count of the two counts.
    """
    # Late: the database takes long to import, and no other command of the rules needs it.
    from addon.cli.stored_history import opened
    from addon.history.warnings import use_of_rules

    with opened(state_dir) as history:
        uses = use_of_rules(history)
    settings = stored_settings(state_dir)
    noted_ids = [key.partition("@")[0] for key in settings.wrong]
    lessons = LessonStore(state_dir / LESSONS_FILE, read_only=True).current
    taught_ids = [lesson.rule for lesson in lessons if not lesson.warns]
    records: dict[str, Record] = {}
    for rule in catalog.rules:
        own = [use for former, use in uses.items() if catalog.current_id(former) == rule.id]
        wrong = max(sum(catalog.current_id(each) == rule.id for each in ids) for ids in (noted_ids, taught_ids))
        if own or wrong:
            days = (max(use.last for use in own) - min(use.first for use in own)).days if own else 0
            sites = max((use.sites for use in own), default=0)
            records[rule.id] = Record(sum(use.pages for use in own), sites, days, wrong)
    return records


def _catalog(rules_dir: Path | None, state_dir: Path) -> Catalog:
    try:
        return catalog_in_use(state_dir).catalog if rules_dir is None else local_catalog(rules_dir)
    except CatalogError as error:
        fail(str(error))


def _print_records(catalog: Catalog, records: Mapping[str, Record]) -> None:
    if not records:
        out.print(say("まだ記録がありません。", "Nothing was seen yet."))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("id", say("段階", "status"), say("ページ", "pages"), say("誤り", "wrong"), ""):
        table.add_column(column, overflow="fold")
    for rule in catalog.rules:
        rule_record = records.get(rule.id)
        if rule_record is not None:
            earned_status = next_status(rule.status, rule_record)
            arrow = f"→ {say_text(STATUSES[earned_status])}" if earned_status != rule.status else ""
            table.add_row(
                rule.id, say_text(STATUSES[rule.status]), str(rule_record.pages), str(rule_record.wrong), arrow
            )
    out.print(table)


def _line(rule: Rule, rule_record: Record) -> str:
    """Returns the counts of a rule as JSON: no address, no name, no text."""
    return json.dumps(
        {
            "rule": rule.id,
            "status": rule.status,
            "pages": rule_record.pages,
            "sites": rule_record.sites,
            "days": rule_record.days,
            "wrong": rule_record.wrong,
        }
    )


def _counts(rule_record: Record) -> str:
    return say(
        f"警告したページ {rule_record.pages} 件、誤りと教えた数 {rule_record.wrong} 件",
        f"shown on {rule_record.pages} pages, called wrong {rule_record.wrong} times",
    )


def _missing(status: Status, rule_record: Record) -> str:
    above = status_above(status)
    if above is None or rule_record.wrong >= TOO_OFTEN_WRONG:
        return say("段階は変わりません。", "Its status stays.")
    missing_pages = FEWEST_PAGES[above] - rule_record.pages
    name = STATUSES[above]
    return (
        say(
            f"「{name.ja}」にするには、あと {missing_pages} ページの実績が必要です。",
            f"It needs {missing_pages} pages more to become “{name.en}”.",
        )
        + " (--to)"
    )


def _write(rule: Rule, status: Status, folder: Path, *, yes: bool) -> None:
    """Write a status into a rule's own file where it is in a folder of rules, else into that folder's overrides."""
    path = folder / "catalog" / rule.topic / f"{rule.id}.yaml"
    is_own = path.is_file()
    path = path if is_own else folder / "overrides.yaml"
    try:
        text = with_status(path, status) if is_own else with_override(path, rule.id, {"status": status})
    except CatalogError as error:
        fail(str(error))
    out.print(f"→ {say_text(STATUSES[status])}  {path}", markup=False, soft_wrap=True)
    if not yes and not typer.confirm(say("変えますか？", "Change it?"), default=False):
        raise typer.Exit(1)
    try:
        write_atomically(path, text.encode(), mode=0o644)
    except OSError as error:
        fail(f"{path}: {say_text(system_reason(error))}")
    out.print(
        say(
            "変えました。動いているKobanには、始め直すと反映されます。",
            "Changed. A running Koban follows once it is started again.",
        )
    )
