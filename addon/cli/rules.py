"""`koban rules`: the catalog, to read, to test and to add to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from addon.cli import rule_status
from addon.cli.commands import help_of
from addon.cli.explain import print_explanation
from addon.cli.options import DEFAULT_STATE_DIR, StateDir
from addon.cli.scan_rules import Shipped, or_fail, say_rules, warn_of
from addon.judging.scan import Unusable, read_page
from addon.judging.scan_rules import CatalogInForce, catalog_in_force
from addon.language import say, say_text
from addon.packs.layers import catalog_in_use
from addon.state.catalog import local_catalog, user_rules_dir
from addon.state.paths import FilePatternCache, default_state_dir
from addon.terminal import console, fail, warn
from extractors import UnknownPage, Unreadable, extract
from extractors.page import PageChanged
from extractors.records import Job
from rules.engine import Engine
from rules.explain import explain
from rules.facts import Facts
from rules.lexicon import SEVERITIES, TOPICS, WARNING_PARTS
from rules.lint import lint_rule
from rules.loader import SHIPPED_RULES, Catalog, check_rule_file, load_catalog
from rules.meaning.reader import shipped
from rules.model import UNKNOWN, Stage, Subject
from rules.placeholders import spoken
from rules.problems import CatalogError
from rules.quality import page as quality_page
from rules.reference import write as write_reference
from rules.rule import Rule
from rules.scoring import Alarm, Quality, UnusableCorpus, alarm, offers_on_site, read_corpus, score
from rules.sites import SHIPPED_TERMS
from rules.status import STATUSES
from rules.testing import failures, failures_of

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=help_of("rules"),
)

rule_status.add_commands(app)
out = console()
err = console(stderr=True)

RulesDir = Annotated[
    Path | None,
    typer.Option("--rules-dir", help=say("自分のルールの置き場所", "A folder of rules of one's own.")),
]


def _catalog(rules_dir: Path | None) -> Catalog:
    """Returns the catalog with a folder of rules over it; ends the command with all problems if there are any."""
    if rules_dir is not None and not rules_dir.is_dir():
        fail(f"{rules_dir}: {say('フォルダーではありません', 'not a folder')}")
    try:
        return local_catalog(rules_dir)
    except CatalogError as error:
        fail(str(error))


def _catalog_in_use(rules_dir: Path | None) -> Catalog:
    """Returns the catalog as pages are judged by it: the user's own broken rules are named and left out."""
    if rules_dir is not None:
        return _catalog(rules_dir)
    try:
        used = catalog_in_use(default_state_dir())
    except CatalogError as error:
        fail(str(error))
    for problem in used.own_problems:
        warn(err, f"{say('使っていません', 'not in use')}: {problem}")
    return used.catalog


@app.command(name="list", help=say("警告ルールの一覧", "List the traps that Koban knows."))
def list_rules(rules_dir: RulesDir = None) -> None:
    catalog = _catalog_in_use(rules_dir)
    for topic, rules in groupby(sorted(catalog.rules, key=_order), key=lambda rule: rule.topic):
        name = TOPICS[topic]
        table = Table(title=say_text(name), title_justify="left", box=None, pad_edge=False)
        for column in ("", "id", "日本語", "English"):
            table.add_column(column, overflow="fold")
        for rule in rules:
            severity = SEVERITIES[rule.severity]
            off = "" if rule.status == "stable" else f" [dim]({say_text(STATUSES[rule.status])})[/]"
            table.add_row(f"[{severity.terminal}]{severity.mark}[/]", rule.id + off, rule.title.ja, rule.title.en)
        out.print(table)
        out.print()


def _order(rule: Rule) -> tuple[int, str]:
    return (list(TOPICS).index(rule.topic), rule.id)


@app.command(
    name="compile",
    help=say(
        "ルールを、すぐ使える形にしておきます（次に始めたとき、すぐに調べられます）",
        "Compile the rules beforehand, so that the next start can check pages at once.",
    ),
)
def compile_rules(state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    # Late: it takes as long to import as all of this module.
    from addon.judging.engines import engine_in_use

    try:
        engine_in_use(state_dir)
    except CatalogError as error:
        fail(str(error))
    out.print(say("● ルールの準備ができました。", "● The rules are ready."))


@app.command(help=say("ルールひとつのすべて", "Everything about one rule."))
def show(rule_id: Annotated[str, typer.Argument(metavar="ID")], rules_dir: RulesDir = None) -> None:
    catalog = _catalog_in_use(rules_dir)
    rule = _named(rule_id, catalog)
    severity = SEVERITIES[rule.severity]
    out.print(f"[{severity.terminal}]{severity.mark}[/] [bold]{say_text(spoken(rule.title))}[/]", markup=True)
    out.print(
        f"[dim]{rule.id} ・ {rule.topic} ・ {rule.risk} ・ {rule.severity} ・ {rule.confidence} ・ {rule.status}[/]"
    )
    for key, text in (("reason", rule.reason), ("advice", rule.advice)):
        out.print(f"\n[bold]{say_text(WARNING_PARTS[key])}[/]")
        out.print(say_text(spoken(text), "\n"), markup=False)
    out.print(f"\n[bold]{say_text(WARNING_PARTS['sources'])}[/]")
    for source in rule.sources:
        out.print(f"{say_text(source.name)} ({source.checked})\n  {source.url}", markup=False)
    out.print(f"\n[bold]{say('見ている振る舞い', 'The behaviour it stands for')}[/]")
    out.print(rule.behaviour, markup=False)
    out.print(f"\n[bold]{say('例', 'Examples')}[/]")
    for label, examples in (
        (say("鳴る", "fires "), rule.examples.fires),
        (say("黙る", "silent"), rule.examples.silent),
    ):
        for record in (record for example in examples for record in example.records):
            fields = record.model_dump(mode="json", exclude_defaults=True)
            out.print(f"{label} {type(record).__name__.lower()} {fields}", markup=False)


@app.command(
    name="test",
    help=say(
        "すべて、または挙げたルールの例と文面を確かめる。\n\n"
        "--corpus では、適合率・再現率・F1を言語と危険ごとに示し、見落としと誤りの文章を挙げます。"
        "--offers では、ふつうの仕事にどれだけ警告が付くかを示します。"
        "これらと --own がそろうと、--write で docs/quality.md を書きます。",
        "Run the examples of all rules, or of those named, and check their texts.\n\n"
        "With --corpus: precision, recall and F1 by language and by risk, and which texts were missed or wrongly "
        "caught. With --offers: how often ordinary offers carry a warning. With all of these and --own, --write "
        "writes the page docs/quality.md.",
        "\n\n",
    ),
)
def run_examples(
    rule_names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID|FILE]...", help=say("このルールだけを確かめる", "Only these rules.")),
    ] = None,
    rules_dir: RulesDir = None,
    corpus: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("ラベル付きの文章", "Labelled texts, one JSON a line."))
    ] = None,
    offers: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help=say("ふつうの仕事の一覧", "Ordinary offers: saved lists or exports.")),
    ] = None,
    url: Annotated[
        str, typer.Option(help=say("一覧の元のアドレス", "Where lists come from that do not say so."))
    ] = "https://crowdworks.jp/public/jobs",
    own: Annotated[Path | None, typer.Option(metavar="FILE", help=say("自作の文章", "Own labelled texts."))] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("結果の書き出し先", "Where to write it."))
    ] = None,
    texts: Annotated[bool, typer.Option("--texts", help=say("文章も示す", "Show the texts too."))] = False,
) -> None:
    catalog = _catalog(rules_dir)
    rules = [_named(name, catalog) for name in rule_names] if rule_names else catalog.rules
    problems = _problems(rules, catalog)
    if write is not None and (corpus is None or own is None or not offers):
        fail(say("--write には --corpus、--own、--offers が必要です", "--write needs --corpus, --own and --offers"))
    scores, alarms = _measured(catalog, (corpus, own), offers, url)
    for quality in scores:
        if quality is not None:
            _print_quality(quality, texts=texts)
    if write is not None and scores[0] and scores[1] and alarms:
        write.write_text(quality_page(scores[0], alarms, scores[1]), encoding="utf-8")
    if problems:
        raise typer.Exit(1)


def _named(name: str, catalog: Catalog) -> Rule:
    """Returns the rule of an id, of topic/id or of a file; ends the command where there is none, or it is broken."""
    path = Path(name)
    if path.suffix == ".yaml":
        try:
            return check_rule_file(path, catalog)
        except CatalogError as error:
            fail(str(error))
    rule = catalog.rule(name.rpartition("/")[2])
    if rule is None:
        near = ", ".join(r.id for r in catalog.rules if name in r.id or r.risk == name)
        hint = say(f"近いもの: {near}", f"there are: {near}") if near else "koban rules list"
        fail(f"{name}: {say('そのようなルールはありません', 'no such rule')} ({hint})")
    return rule


def _problems(rules: Sequence[Rule], catalog: Catalog) -> list[str]:
    """Run the examples of some rules, check their texts, and print what is wrong. Returns the problems."""
    try:
        cache = FilePatternCache()
        is_all = rules is catalog.rules
        example_problems = failures(catalog, cache) if is_all else failures_of(rules, catalog, cache)
    except CatalogError as error:
        fail(str(error))
    problems = [*(problem for rule in rules for problem in lint_rule(rule)), *example_problems]
    for problem in problems:
        err.print(problem, style="red", markup=False)
    count = sum(len(rule.examples.fires) + len(rule.examples.silent) for rule in rules)
    out.print(
        say(
            f"ルール {len(rules)} 件、例 {count} 件、問題 {len(problems)} 件",
            f"{len(rules)} rules, {count} examples, {len(problems)} problems",
        )
    )
    return problems


def _measured(
    catalog: Catalog, texts: Sequence[Path | None], offers: Sequence[Path] | None, url: str
) -> tuple[list[Quality | None], Alarm | None]:
    """Returns the score of each file of labelled texts, and the warnings on ordinary offers, which it prints."""
    if not offers and not any(texts):
        return [None for _ in texts], None
    engine = Engine.build(catalog, FilePatternCache(), meaning=shipped())
    try:
        scores = [score(read_corpus(path), engine) if path else None for path in texts]
        alarms = alarm(_offers(offers, url), engine) if offers else None
    except (UnusableCorpus, Unusable, OSError) as error:
        fail(str(error))
    if alarms is not None:
        out.print(
            say(
                f"仕事 {alarms.jobs} 件: 危険 {alarms.danger} 件、注意以上 {alarms.caution_or_more} 件",
                f"{alarms.jobs} offers: {alarms.danger} with a danger, {alarms.caution_or_more} with caution or more",
            )
        )
    return scores, alarms


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
    for (risk, language), risk_tally in sorted(quality.by_risk.items()):
        figures = (f"{value:.3f}" for value in (risk_tally.recall, risk_tally.precision, risk_tally.f1))
        table.add_row(risk, language, str(risk_tally.positives), *figures)
    out.print(table)
    for title, wrong_judgements in (("missed", quality.misses), ("wrongly caught", quality.wrongly)):
        out.print(f"{title}: {' '.join(wrong.text.id for wrong in wrong_judgements) or 'none'}", markup=False)
        if texts:
            for wrong in wrong_judgements:
                out.print(f"  {wrong.text.id} {wrong.text.labels} {wrong.text.text}", markup=False)


@app.command(
    name="explain",
    help=say(
        "ルールが文章のどこを見たかを示す",
        "Show which branches and meanings of a rule a text met, and on which words.",
    ),
)
def explain_rule(
    rule_name: Annotated[str, typer.Argument(metavar="ID|FILE")],
    text: Annotated[str, typer.Option("--text", help=say("確かめる文章", "The text to try it on."))],
    kind: Annotated[
        Subject | None, typer.Option(help=say("文章の種類", "What the text is; else as the rule has it."))
    ] = None,
    stage: Annotated[Stage | None, typer.Option(help=say("取引の段階", "Stage of the deal."))] = None,
    site: Annotated[str, typer.Option(help=say("サイトのid", "Id of the site."))] = UNKNOWN,
    rules_dir: RulesDir = None,
    use_shipped: Shipped = False,
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    used = _to_explain(rules_dir, None if use_shipped else state_dir)
    rule = _named(rule_name, used.catalog)
    try:
        explanation = explain(
            rule,
            text,
            used.catalog,
            subject=kind,
            site=site,
            terms=used.terms,
            stage=stage,
            cache=FilePatternCache(),
            meaning=used.meaning,
        )
    except CatalogError as error:
        fail(str(error))
    print_explanation(rule, explanation, out)
    if rules_dir is None:
        say_rules(used.origin.names, out)


def _to_explain(rules_dir: Path | None, state_dir: Path | None) -> CatalogInForce:
    """Returns the rules of a folder over what ships, else those in force; what ships alone without a state folder."""
    if rules_dir is not None:
        return CatalogInForce(_catalog(rules_dir), shipped(), SHIPPED_TERMS)
    if state_dir is None:
        return or_fail(lambda: CatalogInForce(load_catalog(), shipped(), SHIPPED_TERMS), SHIPPED_RULES)
    used = or_fail(lambda: catalog_in_force(state_dir), state_dir)
    warn_of(used.origin, err)
    return used


@app.command(help=say("ルールの説明書を書き直す", "Rewrite the reference of the rules."))
def docs(
    directory: Annotated[Path, typer.Argument(help=say("書き出す場所", "Where to."))] = Path("docs/rules"),
    rules_dir: RulesDir = None,
) -> None:
    write_reference(_catalog(rules_dir), directory)


@app.command(
    help=say(
        "新しいルールの下書きを作る。TODO: をすべて書くと読み込まれます",
        "Draft a new rule; it loads once each of its TODO: is written.",
    )
)
def new(
    name: Annotated[str, typer.Argument(metavar="TOPIC/ID", help=f"{', '.join(TOPICS)}")],
    rules_dir: Annotated[
        Path | None, typer.Option(help=say("自分のルールの置き場所", "A folder of one's own."))
    ] = None,
) -> None:
    topic, slash, rule_id = name.partition("/")
    if not slash or topic not in TOPICS or not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", rule_id):
        topics = ", ".join(TOPICS)
        fail(
            say(
                f"{name}: TOPIC/ID の形にしてください。TOPIC は {topics}、ID は direct-contract のように付けます",
                f"{name}: TOPIC/ID, with a topic of {topics} and an id like direct-contract",
            )
        )
    path = (rules_dir or _source_rules()) / "catalog" / topic / f"{rule_id}.yaml"
    if path.exists():
        fail(f"{path}: {say('すでにあります', 'exists already')}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_DRAFT.format(risk=rule_id), encoding="utf-8")
    out.print(str(path), markup=False)


def _source_rules() -> Path:
    """Returns the rules folder of the source tree that the command runs in; elsewhere ends it, naming both places.

    A draft in the user's own folder would be loaded as a rule at once.
    """
    source = Path("rules")
    if not ((source / "loader.py").is_file() and (source / "catalog").is_dir()):
        fail(
            say(
                "Kobanのソースの中で実行するか、--rules-dir で置き場所を指定してください。",
                "Run this in Koban's source tree, or name a place:",
                "\n",
            )
            + f"\n  --rules-dir rules    {say('ソースのルール', 'the rules of the source tree')}\n"
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
sources: []  # ids of rules/sources.yaml, or {{name: {{ja: …, en: …}}, url: …, checked: 2026-01-31}}
examples:
  fires:
    - message: {{author_role: client, body: 'TODO: three or more, in both languages'}}
  silent:
    - message: {{author_role: client, body: 'TODO: the refusal, the object of work, the word inside another'}}
"""
