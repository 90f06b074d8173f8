"""Why a rule fires on a text or stays silent: which conditions hold, and which branch matched which words.

For authors of rules (`koban rules explain`); slow, since each matched pattern is compiled again to find its words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.records import AnyRecord, Contract, Message, Thread
from rules.engine import Engine
from rules.facts import record_of
from rules.loader import Catalog
from rules.matching import PatternCache, PatternSet, UncompilablePattern, longest_match
from rules.meaning.budget import PageBudget
from rules.meaning.reader import MeaningReader
from rules.model import Finding, Stage, Subject
from rules.page_text import PageReader, PageText
from rules.patterns import branches, expand, for_bytes
from rules.reading import Reading
from rules.rule import Condition, Example, Matcher, Place, Rule, conditions_of, patterns_of
from rules.sites import SHIPPED_TERMS, Terms
from rules.testing import facts_of
from rules.views import PageView, TextView, meaning_of

_PATTERN_LISTS = frozenset({"says", "with", "near", "unless", "unless_near"})


@dataclass(frozen=True, slots=True)
class MatchedBranch:
    """A branch of a pattern and the words that it matched."""

    key: str
    """The list that has it: says, with, near, unless or unless_near."""
    branch: str
    words: str
    sentence: int


@dataclass(frozen=True, slots=True)
class ConditionOutcome:
    """One condition of a rule, without any, all and not."""

    place: str
    """`file:line`."""
    asks: str
    """The field and the keys of its matcher, or the predicate."""
    holds: bool
    """False where it is false or unknown."""
    evidence: tuple[str, ...] = ()
    branches: tuple[MatchedBranch, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceMeaning:
    """A sentence of the text and the probability that it is part of a risk."""

    sentence: str
    probability: float
    refuted: bool
    """Whether its meaning refutes the words of the rule."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The outcome of one rule on one text."""

    finding: Finding | None
    conditions: tuple[ConditionOutcome, ...]
    sentences: tuple[SentenceMeaning, ...]
    """Empty where no model reads the text."""
    warnings: tuple[tuple[str, float], ...]
    """Risks that meaning alone warns of, and the probability of any risk there."""


def explain(
    rule: Rule,
    text: str,
    catalog: Catalog,
    *,
    subject: Subject | None = None,
    site: str = "unknown",
    terms: Terms = SHIPPED_TERMS,
    stage: Stage | None = None,
    cache: PatternCache | None = None,
    meaning: MeaningReader | None = None,
) -> Explanation:
    """Judge a text by one rule, and by each of its conditions alone.

    subject: the kind of record that the text is of; by default the rule's first. catalog: whose vocabularies and groups
    the rule refers to. terms: of the site. Raises CatalogError where a pattern cannot be compiled.
    """
    page = PageReader(cache).read([Reading(text)])
    parts = list(_leaves(rule))
    rules = [rule, *(part for _, _, part in parts)]
    engine = Engine.build(replace(catalog, rules=tuple(rules)), cache, experimental=True, meaning=meaning)
    subject = subject or rule.subject
    example = Example.model_validate({subject: _record(subject, text), "site": site, "stage": stage})
    findings = {finding.rule: finding for finding in engine.judge(facts_of(example, terms)).findings}
    outcomes = []
    for condition, place, part in parts:
        finding = findings.get(part.id)
        outcomes.append(
            ConditionOutcome(
                place=rule.origin.at(*place),
                asks=_asks(condition),
                holds=finding is not None,
                evidence=tuple(evidence.quote for evidence in finding.evidence) if finding is not None else (),
                branches=tuple(_matched(condition.matcher, catalog.terms_of(rule), page, cache)),
            )
        )
    sentences, warnings = _meaning(rule, page, meaning)
    return Explanation(findings.get(rule.id), tuple(outcomes), sentences, warnings)


def _record(subject: Subject, text: str) -> AnyRecord:
    match subject:
        case "job" | "message":
            return record_of(subject, text)
        case "client":
            return record_of("profile", text)
        case "thread":
            return Thread(messages=(Message(author_role="client", body=text),))
        case "contract":
            return Contract(title=text)


def _leaves(rule: Rule) -> Iterator[tuple[Condition, Place, Rule]]:
    """Yield each condition that has no others below it, its place, and a rule that has it alone.

    Meaning refutes the words of `when`, but neither those below `not` nor those of cases.
    """
    for number, (condition, place) in enumerate(conditions_of(rule)):
        if condition.nested is None:
            changes: dict[str, object] = {"id": f"{rule.id}-{number}", "when": (condition,), "cases": (), "sign": None}
            if "not" in place or place[0] == "cases":
                changes["meaning"] = "ignored"
            yield condition, place, rule.model_copy(update=changes)


def _asks(condition: Condition) -> str:
    if condition.matcher is not None:
        keys = condition.matcher.model_dump(by_alias=True, exclude_defaults=True)
        values = {key: value for key, value in keys.items() if key not in _PATTERN_LISTS}
        parts = [f"{key}: {_shown(value)}" for key, value in values.items()]
        return f"{condition.field} " + ", ".join([*(key for key in keys if key not in values), *parts])
    if condition.signs is not None:
        return f"signs {condition.signs.group}, at_least: {condition.signs.at_least}"
    return f"predicate {condition.predicate}"


def _shown(value: object) -> str:
    return "|".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _matched(
    matcher: Matcher | None, terms: Mapping[str, Sequence[str]], page: PageText, cache: PatternCache | None
) -> Iterator[MatchedBranch]:
    """Yield the branches of a matcher's patterns that match, sentence by sentence, with their words."""
    named_branches = [
        (str(place[0]), name, for_bytes(expand(branch, terms)))
        for place, pattern in (patterns_of(matcher) if matcher is not None else ())
        for name, branch in branches(pattern, terms)
    ]
    if not named_branches:
        return
    by_line = PatternSet([pattern for _, _, pattern in named_branches], cache, once=True).each_matched(page.lines)
    for number, (key, name, pattern) in enumerate(named_branches):
        lines = [line for line, patterns in enumerate(by_line) if number in patterns]
        # A sentence in disguise matches in a form that is not its own words: the words of that form are shown.
        for sentence, line in {page.sentences[line]: line for line in sorted(lines, reverse=True)}.items():
            try:
                span = longest_match(pattern, page.lines[line])
            except UncompilablePattern:
                # Some patterns are too large to be asked where a match begins: the sentence stands for the words.
                span = (0, len(page.lines[line]))
            if span is not None:
                words = page.lines[line][slice(*span)].decode(errors="replace").strip()
                yield MatchedBranch(key, name, words, sentence)


def _meaning(
    rule: Rule, page: PageText, reader: MeaningReader | None
) -> tuple[tuple[SentenceMeaning, ...], tuple[tuple[str, float], ...]]:
    if reader is None or not page.written_sentences:
        return (), ()
    meaning = meaning_of(reader, page, 0, len(page.written_sentences), PageBudget())
    text = TextView(0, 0, len(page.written_sentences), meaning=meaning)
    view = PageView(page, [text] * len(page.written_sentences))
    sure, is_heard, stubborn = rule.confidence == "high", rule.meaning == "heard", _is_stubborn(rule)
    sentences = tuple(
        SentenceMeaning(
            sentence.strip(), meaning.around(number), is_heard and view.refutes(number, sure=sure, stubborn=stubborn)
        )
        for number, sentence in enumerate(page.written_sentences)
    )
    return sentences, tuple((warning.risk, warning.window.probability) for warning in text.warnings)


def _is_stubborn(rule: Rule) -> bool:
    """Whether none of the rule's words is refuted as easily as others are (`refutable: false`)."""
    matchers = [condition.matcher for condition, _ in conditions_of(rule) if condition.matcher is not None]
    refutable = [matcher.refutable for matcher in matchers if matcher.says]
    return bool(refutable) and not any(refutable)
