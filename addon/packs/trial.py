"""A pack tried before it is taken: by its own tests, and by those of the rules that it is laid over.

It runs where the pack is handled, never in a Koban that judges pages, and in a process of its own: what a pack does to
the reader of its files costs that process.
"""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, Self

from pydantic import ValidationError

from addon.packs.controls import try_controls
from addon.packs.manifest import CLEAN, MEANING, RULES, Manifest, PackRefused, check_reach
from addon.packs.markup import try_markup
from addon.packs.replies import try_replies
from addon.packs.site_changes import changed_descriptors, read_site_changes
from addon.packs.store import read_files
from addon.resource_limits import limit_address_space, limit_processor_time
from addon.state.paths import FilePatternCache
from rules.engine import Engine
from rules.lint import lint_rule
from rules.loader import Catalog, load_catalog
from rules.matching import PatternCache
from rules.meaning.files import problems_of
from rules.meaning.model import MODELS
from rules.meaning.reader import MeaningReader, shipped
from rules.model import GRAVITY, Finding
from rules.problems import CatalogError
from rules.rule import Example, Rule
from rules.sites import SHIPPED_TERMS, Terms
from rules.status import is_on_from_start, shown_severity
from rules.testing import Trial, facts_of, failure, trials

PATIENCE = 600.0
"""Seconds that a trial may take. The shipped catalog takes five."""
MEMORY = 1_500_000_000
"""Bytes of address space that a trial may take beyond that of a Python with its modules. A small pack over the shipped
catalog takes a tenth of it; one of 360,000 patterns took two thousand megabytes and went on."""
MOST_PROBLEMS = 20
"""Problems that are named; further ones are counted."""
_SPAWN = multiprocessing.get_context("spawn")


def try_apart(
    folder: Path, manifest: Manifest, below: Sequence[Path], patience: float = PATIENCE, memory: int = MEMORY
) -> None:
    """The same as `try_out`, in a process of its own. Raises PackRefused, also where that ends, takes too long, or too
    much memory."""
    ours, theirs = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_try, args=(theirs, folder, manifest, tuple(below), memory), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(patience):
            raise PackRefused("試すのに時間がかかりすぎます", "it takes too long to try it")
        refusal: tuple[str, str, Sequence[str]] | None = ours.recv()
    except EOFError:
        raise PackRefused("試している途中で止まりました", "what tried it has ended") from None
    finally:
        process.kill()
        process.join()
        ours.close()
    if refusal is not None:
        raise PackRefused(*refusal)


def _try(pipe: Connection, folder: Path, manifest: Manifest, below: Sequence[Path], memory: int) -> None:
    _limit(memory)
    try:
        try_out(folder, manifest, below, cache=FilePatternCache())
    except PackRefused as error:
        pipe.send((error.reason.ja, error.reason.en, error.problems))
    except MemoryError:
        pipe.send(("試すのにメモリーを使いすぎます", "it takes too much memory to try it", ()))
    else:
        pipe.send(None)


def _limit(memory: int) -> None:
    """Have this process fail to allocate more bytes than that, and end by itself where nobody waits for it any more.

    Where the system knows no such limits, the waiting process alone holds it to a time.
    """
    limit_processor_time(int(PATIENCE))
    limit_address_space(memory)


def try_out(folder: Path, manifest: Manifest, below: Sequence[Path], *, cache: PatternCache | None = None) -> None:
    """Try a pack whose files lie in a folder. Raises PackRefused, which names its files from there.

    below: the folders of rules that it is laid over, what ships first. cache: keeps the compiled patterns, so that a
    running Koban need not compile them again.
    """
    try:
        _try_out(folder, manifest, below, cache)
    except PackRefused as error:
        # It may lie in a folder that is gone before anybody reads of it.
        problems = [problem.removeprefix(f"{folder}{os.sep}") for problem in error.problems]
        raise PackRefused(error.reason.ja, error.reason.en, problems) from None


def _try_out(folder: Path, manifest: Manifest, below: Sequence[Path], cache: PatternCache | None) -> None:
    check_reach(manifest, read_files(folder))
    try_markup(folder)
    changes = read_site_changes(folder)
    try_controls(folder, changes)
    terms = Terms(changed_descriptors(changes))
    before = load_catalog(below)
    catalog = _catalog(folder, below)
    try_replies(folder, catalog)
    _refuse([problem for rule in _own(catalog, folder) for problem in lint_rule(rule)], *_LINT)
    old = _Judge(_engine(before, shipped(), cache), SHIPPED_TERMS)
    new = _Judge(_engine(catalog, meaning_of(folder), cache), terms)
    baseline = _Known.of(before, old)
    own_trials = [problem for trial in trials(catalog) if (problem := failure(trial, *new)) is not None]
    _refuse(own_trials, *_EXAMPLES)
    _refuse(list(_false_dangers(baseline, folder, new)), *_FALSE_DANGERS)
    _refuse(list(_silenced(baseline, new)), *_SILENCED)


class _Judge(NamedTuple):
    """An engine, and the terms of sites that it judges by."""

    engine: Engine
    terms: Terms

    def findings(self, example: Example) -> Sequence[Finding]:
        return self.engine.judge(facts_of(example, self.terms)).findings


@dataclass(frozen=True, slots=True)
class _Known:
    """Failures of the rules' own examples, by the terms of sites as they ship.

    silent: examples on which a rule says nothing, and the dangers that others see in them. dangers: those that a rule
    warns of, and that are a danger for all who look.
    """

    silent: Sequence[tuple[Trial, frozenset[str]]]
    dangers: Sequence[Trial]

    @classmethod
    def of(cls, catalog: Catalog, judge: _Judge) -> Self:
        own = list(trials(catalog))
        return cls(
            [(trial, _dangers(trial, judge)) for trial in own if trial.kind == "silent"],
            [trial for trial in own if trial.kind == "fires" and _gravest(trial, judge) == GRAVITY["danger"]],
        )


_LINT = ("ルールの書き方に誤りがあります", "its rules are not as rules have to be")
_EXAMPLES = ("ルールの例のとおりに動きません", "its rules do not do as their examples say")
_FALSE_DANGERS = ("問題のない文章に「危険」を出します", "it calls a harmless text a danger")
_SILENCED = ("いま危険と知らせている文章に、何も言わなくなります", "it is silent on texts that are called a danger now")


def meaning_of(folder: Path) -> MeaningReader:
    """Returns the reader of a pack's models; of the shipped ones where it brings none.

    Raises PackRefused, and MemoryError, which is no fault of the models.
    """
    own = folder / MEANING
    if not own.is_dir():
        return shipped()
    _refuse([*map(str, problems_of(own))], "意味を読む部分が壊れています", "its models of meaning are damaged")
    reader = MeaningReader(own)
    reader.load(MODELS)
    if any(problem.fault == "memory" for problem in reader.problems):
        raise MemoryError
    _refuse([*map(str, reader.problems)], "意味を読む部分が壊れています", "its models of meaning are damaged")
    return reader


def _catalog(folder: Path, below: Sequence[Path]) -> Catalog:
    try:
        return load_catalog([*below, folder / RULES])
    except CatalogError as error:
        raise _refusal(error.problems, *_LINT) from None


def _engine(catalog: Catalog, meaning: MeaningReader, cache: PatternCache | None) -> Engine:
    try:
        return Engine.build(catalog, cache, experimental=True, meaning=meaning)
    except CatalogError as error:
        raise _refusal(error.problems, *_LINT) from None


def _own(catalog: Catalog, folder: Path) -> Iterator[Rule]:
    return (rule for rule in catalog.rules if Path(rule.origin.file).is_relative_to(folder))


def _false_dangers(baseline: _Known, folder: Path, new: _Judge) -> Iterator[str]:
    """Yield the places of harmless texts that become a danger: silent examples of the rules below, and the pack's own
    clean texts."""
    for trial, before in baseline.silent:
        dangers = _dangers(trial, new)
        if dangers - before:
            yield f"{trial.place}: {', '.join(sorted(dangers))}"
    for number, example in enumerate(_clean_texts(folder), 1):
        for finding in new.findings(example):
            if finding.severity == "danger":
                yield f"{CLEAN}:{number}: {finding.rule}"


def _silenced(baseline: _Known, new: _Judge) -> Iterator[str]:
    """Yield the places of examples that are a danger now, and of which no rule would warn any more.

    What is shown from the start counts: a rule made experimental is a rule less.
    """
    for trial in baseline.dangers:
        if not _gravest(trial, new):
            yield f"{trial.place}: {trial.rule.id}"


def _dangers(trial: Trial, judge: _Judge) -> frozenset[str]:
    return frozenset(finding.rule for finding in judge.findings(trial.example) if finding.severity == "danger")


def _gravest(trial: Trial, judge: _Judge) -> int:
    shown_findings = (finding for finding in judge.findings(trial.example) if is_on_from_start(finding.status))
    return max((GRAVITY[shown_severity(finding.status, finding.severity)] for finding in shown_findings), default=0)


def _clean_texts(folder: Path) -> Iterator[Example]:
    """Yield the pack's clean texts: an example of a rule each line, as JSON. Raises PackRefused."""
    path = folder / CLEAN
    if not path.is_file():
        return
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            yield Example.model_validate_json(line)
        except ValidationError:
            raise _refusal([f"{CLEAN}:{number}: not an example"], *_LINT) from None


def _refuse(problems: Sequence[str], ja: str, en: str) -> None:
    if problems:
        raise _refusal(problems, ja, en)


def _refusal(problems: Sequence[str], ja: str, en: str) -> PackRefused:
    more = [f"… +{len(problems) - MOST_PROBLEMS}"] if len(problems) > MOST_PROBLEMS else []
    return PackRefused(ja, en, [*problems[:MOST_PROBLEMS], *more])
