"""`koban rules`: the catalog to look at, to try and to add to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from addon.judging.scan import Unusable, read_page
from addon.language import say, say_text
from addon.state.catalog import local_catalog, usable_catalog, user_rules_dir
from addon.terminal import fail, warn
from extractors import UnknownPage, Unreadable, extract
from extractors.page import PageChanged
from extractors.records import Job
from rules.engine import Engine
from rules.facts import Facts
from rules.lexicon import SEVERITIES, TOPICS
from rules.lint import lint
from rules.loader import Catalog
from rules.meaning.reader import shipped
from rules.placeholders import spoken
from rules.problems import CatalogError
from rules.quality import page as quality_page
from rules.reference import write as write_reference
from rules.rule import Rule
from rules.scoring import Quality, UnusableCorpus, alarm, offers_on_site, read_corpus, score
from rules.testing import failures, trials

rules_app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="警告ルールを見る・試す・足す / The warning rules: look, try, add.",
)

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

RulesDir = Annotated[
    Path | None, typer.Option("--rules-dir", help="自分のルールの置き場所 / A folder of rules of one's own.")
]


def _catalog(rules_dir: Path | None) -> Catalog:
    """The catalog with a folder of rules over it, each of which has to be right; else an end with what is wrong."""
    if rules_dir is not None and not rules_dir.is_dir():
        fail(f"{rules_dir}: not a folder")
    try:
        return local_catalog(rules_dir)
    except CatalogError as error:
        fail(str(error))


def _catalog_in_use(rules_dir: Path | None) -> Catalog:
    """The catalog as pages are judged by it: of the user's own rules those that are broken are named and left out."""
    if rules_dir is not None:
        return _catalog(rules_dir)
    try:
        catalog, problems = usable_catalog(user_rules_dir())
    except CatalogError as error:
        fail(str(error))
    for problem in problems:
        warn(err, f"{say('使っていません', 'not in use')}: {problem}")
    return catalog


@rules_app.command(name="list")
def list_rules(rules_dir: RulesDir = None) -> None:
    """警告ルールの一覧 / List the traps that Koban knows."""
    catalog = _catalog_in_use(rules_dir)
    for topic, rules in groupby(sorted(catalog.rules, key=_order), key=lambda rule: rule.topic):
        name = TOPICS[topic]
        table = Table(title=say_text(name), title_justify="left", box=None, pad_edge=False)
        for column in ("", "id", "日本語", "English"):
            table.add_column(column, overflow="fold")
        for rule in rules:
            severity = SEVERITIES[rule.severity]
            off = "" if rule.status == "stable" else " [dim](experimental)[/]"
            table.add_row(f"[{severity.terminal}]{severity.mark}[/]", rule.id + off, rule.title.ja, rule.title.en)
        out.print(table)
        out.print()


def _order(rule: Rule) -> tuple[int, str]:
    return (list(TOPICS).index(rule.topic), rule.id)


@rules_app.command()
def show(rule_id: Annotated[str, typer.Argument(metavar="ID")], rules_dir: RulesDir = None) -> None:
    """ルールひとつのすべて / Everything about one rule."""
    catalog = _catalog_in_use(rules_dir)
    rule = catalog.rule(rule_id)
    if rule is None:
        near = ", ".join(r.id for r in catalog.rules if rule_id in r.id or r.risk == rule_id)
        fail(f"no rule {rule_id}" + (f"; there are: {near}" if near else "; see: koban rules list"))
    severity = SEVERITIES[rule.severity]
    out.print(f"[{severity.terminal}]{severity.mark}[/] [bold]{say_text(spoken(rule.title))}[/]", markup=True)
    out.print(
        f"[dim]{rule.id} ・ {rule.topic} ・ {rule.risk} ・ {rule.severity} ・ {rule.confidence} ・ {rule.status}[/]"
    )
    for label, text in ((say("なぜ", "Why"), rule.reason), (say("どうする", "What to do"), rule.advice)):
        out.print(f"\n[bold]{label}[/]")
        out.print(say_text(spoken(text), "\n"), markup=False)
    out.print(f"\n[bold]{say('出典', 'Sources')}[/]")
    for source in rule.sources:
        out.print(f"{say_text(source.name)} ({source.checked})\n  {source.url}", markup=False)
    out.print(f"\n[bold]{say('見ている振る舞い', 'The behaviour it stands for')}[/]")
    out.print(rule.behaviour, markup=False)
    out.print(f"\n[bold]{say('例', 'Examples')}[/]")
    for trial in trials(catalog):
        if trial.rule.id == rule.id:
            told = {True: say("鳴る", "fires "), False: say("黙る", "silent")}[trial.kind == "fires"]
            for record in trial.example.records:
                fields = record.model_dump(mode="json", exclude_defaults=True)
                out.print(f"{told} {type(record).__name__.lower()} {fields}", markup=False)


@rules_app.command(name="test")
def run_examples(
    rules_dir: RulesDir = None,
    corpus: Annotated[
        Path | None, typer.Option(metavar="FILE", help="ラベル付きの文章 / Labelled texts, one JSON a line.")
    ] = None,
    offers: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="ふつうの仕事の一覧 / Ordinary offers: saved lists or exports."),
    ] = None,
    url: Annotated[
        str, typer.Option(help="一覧の元のアドレス / Where lists come from that do not say so.")
    ] = "https://crowdworks.jp/public/jobs",
    own: Annotated[Path | None, typer.Option(metavar="FILE", help="自作の文章 / Own labelled texts.")] = None,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="結果の書き出し先 / Where to write it.")] = None,
    texts: Annotated[bool, typer.Option("--texts", help="文章も示す / Show the texts too.")] = False,
) -> None:
    """すべてのルールの例と文面を確かめる / Run every rule's examples and check its texts.

    With --corpus: precision, recall and F1 by language and by risk, and which texts were missed or wrongly caught.
    With --offers: how often ordinary offers carry a warning. With all of these and --own, --write writes the page
    docs/quality.md.
    """
    catalog = _catalog(rules_dir)
    problems = [*lint(catalog), *failures(catalog)]
    for problem in problems:
        err.print(problem, style="red", markup=False)
    count = sum(1 for _ in trials(catalog))
    out.print(f"{len(catalog.rules)} rules, {count} examples, {len(problems)} problems")
    if write is not None and (corpus is None or own is None or not offers):
        fail("--write needs --corpus, --own and --offers")
    engine = Engine.build(catalog, meaning=shipped()) if corpus or own or offers else None
    try:
        scores = [score(read_corpus(path), engine) if path and engine else None for path in (corpus, own)]
        warned = alarm(_offers(offers, url), engine) if offers and engine else None
    except (UnusableCorpus, Unusable, OSError) as error:
        fail(str(error))
    for quality in scores:
        if quality is not None:
            _print_quality(quality, texts=texts)
    if warned is not None:
        out.print(f"{warned.jobs} offers: {warned.danger} with a danger, {warned.caution_or_more} with caution or more")
    if write is not None and scores[0] and scores[1] and warned:
        write.write_text(quality_page(scores[0], warned, scores[1]), encoding="utf-8")
    if problems:
        raise typer.Exit(1)


def _offers(files: Iterable[Path], url: str) -> Iterator[Sequence[Facts]]:
    """The facts of each offer in saved lists. Raises Unusable."""
    for path in files:
        page = read_page(path, None) or read_page(path, url)
        if page is None:
            continue
        try:
            extraction = extract(page)
        except (UnknownPage, PageChanged, Unreadable) as error:
            raise Unusable(f"{path}: {type(error).__name__}: {error}") from None
        jobs = [record for record in extraction.records if isinstance(record, Job)]
        yield from offers_on_site(jobs, extraction.site.id, page.received_at)


def _print_quality(quality: Quality, *, texts: bool) -> None:
    table = Table("", "unsafe", "recall", "precision", "F1", "right risk", "benign", "wrongly", box=None)
    for name, tally in (*quality.by_language.items(), ("weak", quality.weak)):
        figures = (f"{value:.3f}" for value in (tally.recall, tally.precision, tally.f1, tally.right_risk))
        table.add_row(name, str(tally.unsafe), *figures, str(tally.benign), str(tally.wrongly))
    out.print(table)
    table = Table("risk", "", "labelled", "recall", "precision", "F1", box=None)
    for (risk, language), found in sorted(quality.by_risk.items()):
        figures = (f"{value:.3f}" for value in (found.recall, found.precision, found.f1))
        table.add_row(risk, language, str(found.labelled), *figures)
    out.print(table)
    for title, judged in (("missed", quality.missed), ("wrongly caught", quality.wrongly)):
        out.print(f"{title}: {' '.join(each.text.id for each in judged) or 'none'}", markup=False)
        if texts:
            for each in judged:
                out.print(f"  {each.text.id} {each.text.labels} {each.text.text}", markup=False)


@rules_app.command()
def docs(
    directory: Annotated[Path, typer.Argument(help="書き出す場所 / Where to.")] = Path("docs/rules"),
    rules_dir: RulesDir = None,
) -> None:
    """ルールの説明書を書き直す / Write the reference of the rules anew."""
    write_reference(_catalog(rules_dir), directory)


@rules_app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="TOPIC/ID", help=f"{', '.join(TOPICS)}")],
    rules_dir: Annotated[Path | None, typer.Option(help="自分のルールの置き場所 / A folder of one's own.")] = None,
) -> None:
    """新しいルールの下書きを作る / Draft a new rule; it loads once each of its TODO: is written."""
    topic, slash, rule_id = name.partition("/")
    if not slash or topic not in TOPICS or not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", rule_id):
        fail(f"{name}: TOPIC/ID, with a topic of {', '.join(TOPICS)} and an id like direct-contract")
    path = (rules_dir or _source_rules()) / "catalog" / topic / f"{rule_id}.yaml"
    if path.exists():
        fail(f"{path}: exists already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_DRAFT.format(risk=rule_id), encoding="utf-8")
    out.print(str(path), markup=False)


def _source_rules() -> Path:
    """The rules of the source tree that the command is run in; elsewhere an end that names both places.

    A draft in the user's own folder would be taken for a rule at once.
    """
    source = Path("rules")
    if not ((source / "loader.py").is_file() and (source / "catalog").is_dir()):
        fail(
            "Kobanのソースの中で実行するか、--rules-dir で置き場所を指定してください。\n"
            "Run this in Koban's source tree, or name a place:\n"
            f"  --rules-dir rules    {say('ソースのルール', 'the rules of the source tree')}\n"
            f"  --rules-dir {user_rules_dir()}    {say('自分だけのルール', 'rules of your own')}"
        )
    return source


_DRAFT = """\
status: experimental
risk: {risk}
severity: caution
confidence: low
subject: message
behaviour: 'TODO: one sentence on what the client does'
when:
  - message.author_role: {{is: client}}
  - message.body:
      says: ['TODO: a pattern']
      unless: ['禁止|できません|お断り']
title: {{ja: 'TODO: 二十字までの題', en: 'TODO: a title of up to 45 letters'}}
reason:
  ja: 'TODO: なぜ困るのかを一文で'
  en: 'TODO: one sentence on why it matters'
advice:
  ja: 'TODO: 今することを一文で'
  en: 'TODO: one sentence on what to do now'
report: false
sources: []
examples:
  fires: []
  silent: []
"""
