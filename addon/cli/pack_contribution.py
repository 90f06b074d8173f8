"""`koban packs contribute`: for maintainers, who turn what users sent into examples, texts and tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from addon.cli.options import Yes
from addon.cli.pack_reasons import reason_of
from addon.language import say
from addon.packs.contribution import Plan, Workplace, catalog_of, planned, read_contribution, workplace_of
from addon.packs.manifest import PackRefused
from addon.state.paths import write_atomically
from addon.terminal import console, fail, plain
from rules.loader import Catalog
from rules.problems import CatalogError
from rules.testing import failures_of

out = console()

File = Annotated[
    Path, typer.Argument(metavar="FILE", help=say("書き出された文章（koban-lessons.jsonl）", "What a user sent."))
]
Into = Annotated[
    Path,
    typer.Option(
        "--into", metavar="FOLDER", help=say("パックかソースのフォルダー", "Of a pack, or of Koban's source tree.")
    ),
]


def add_commands(app: typer.Typer) -> None:
    """Add the command to `koban packs`."""
    app.command(
        help=say(
            "利用者から届いた文章を、ルールの例と文章にする",
            "Turn what users sent of their lessons into examples and texts, which are tests.",
        )
    )(contribute)


def contribute(file: File, into: Into = Path(), yes: Yes = False) -> None:
    try:
        texts = read_contribution(file.read_bytes())
        workplace = workplace_of(into)
        plan = planned(texts, workplace, catalog_of(workplace))
        _show(plan)
        if not plan.additions:
            return
        if not yes and not typer.confirm(say("書き込みますか？", "Write this?"), default=False):
            out.print(say("何も書き込んでいません。", "Nothing was written."))
            raise typer.Exit(1)
        _write(plan)
        _try(plan, catalog_of(workplace), workplace)
    except (PackRefused, OSError) as error:
        fail(reason_of(error))


def _show(plan: Plan) -> None:
    for addition in plan.additions:
        out.print(f"{addition.path}", markup=False, soft_wrap=True)
        for line in addition.lines:
            out.print(f"  + {plain(line)}", markup=False, soft_wrap=True)
    if plan.masked_count:
        words = say("個人の情報を、あらためて置き換えた文章", "texts in which personal details were replaced again")
        out.print(f"{words}: {plan.masked_count}")
    if plan.repeated_count:
        out.print(f"{say('すでにある文章', 'texts that are there already')}: {plan.repeated_count}")
    if plan.additions:
        out.print(
            say(
                "名前、連絡先、数字は、作りものの値です。実在の人や会社を指す言葉が残っていないか、ご確認ください。",
                "Names, contacts and numbers are invented. Look for any word that may point to a real person or firm.",
                "\n",
            ),
            soft_wrap=True,
        )


def _write(plan: Plan) -> None:
    """Write what was shown. Raises PackRefused where a file is another than it was then, OSError."""
    for addition in plan.additions:
        if addition.before != (addition.path.read_bytes() if addition.path.exists() else None):
            raise PackRefused(
                "その間に変わったファイルがあるため、書き込みません",
                "a file has changed meanwhile",
                [str(addition.path)],
            )
    for addition in plan.additions:
        write_atomically(addition.path, addition.after, mode=0o644)


def _try(plan: Plan, catalog: Catalog, workplace: Workplace) -> None:
    """Run the examples of the rules that have new ones, and say what is to be done next."""
    rules = [rule for rule in catalog.rules if rule.id in plan.rules]
    try:
        example_problems: Sequence[str] = failures_of(rules, catalog) if rules else ()
    except CatalogError as error:
        example_problems = error.problems
    for problem in example_problems:
        out.print(f"  {plain(problem)}", style="yellow", markup=False, soft_wrap=True)
    if example_problems:
        words = say("ルールを直すと通る例", "examples that pass once the rules are mended")
        again = f"koban rules test {' '.join(plan.rules)}"
        out.print(f"{words}: {len(example_problems)}  {again}", markup=False, soft_wrap=True)
    else:
        out.print(say("すべての例のとおりに動きます。", "All examples hold."))
    if workplace.texts is not None:
        out.print(say("文章から学び直すには: make learn", "To learn from the texts: make learn", "\n"))
