"""Facts in, findings out: all rules at once, in one matcher pass over all sentences of a page.

Logic is three-valued. A condition is true, false or unknown (`None`, the page does not show the
field); a rule whose conditions are not all true is silent, and nothing unknown ever fires one.

Work grows with what a page holds, not with the size of the catalog: a rule is looked at only when one of
the patterns it cannot do without has matched, or when a field has the very value it asks for.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from rules import predicates
from rules.facts import FIELDS, WORDS, Facts
from rules.loader import Catalog, CatalogError
from rules.matching import PatternCache, PatternSet, UncompilablePattern
from rules.model import GRAVITY, Evidence, Finding, Severity, Subject, Text
from rules.placeholders import fill, quoted, shown
from rules.rule import SUBJECTS, Case, Condition, Matcher, Rule
from rules.text import Reader

MOST_EVIDENCE = 3
"""Sentences that one finding quotes at most."""

Truth = bool | None
_CIRCUMSTANCES = frozenset({"site", "stage", "listed", "message.author_role"})
"""Fields that say where a rule applies; their values are no evidence against anyone."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a page: findings, gravest first, and which fields they could look at."""

    findings: tuple[Finding, ...] = ()
    checked: tuple[str, ...] = ()
    """Fields that rules asked about and the page showed."""
    missing: tuple[str, ...] = ()
    """Fields that rules asked about and the page did not show."""


Hits = Mapping[int, frozenset[int] | set[int]]
"""Sentences (by index within their text) in which each pattern matches."""
_NO_HITS: Hits = {}


@dataclass(slots=True)
class _View:
    """One subject's facts with what the patterns found in its texts, while one rule looks at it."""

    facts: Facts
    hits: Mapping[str, Hits]
    """By text field."""
    written: Mapping[str, Sequence[str]]
    """Sentences as written, by text field."""
    weights: Mapping[str, int] = field(default_factory=dict)
    """Weight of the weak signs seen, by group."""
    evidence: list[Evidence] = field(default_factory=list)


Check = Callable[[_View], Truth]


class _Patterns:
    """Numbers for patterns: the same pattern in many rules is matched once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._numbers: dict[str, int] = {}
        self.places: list[str] = []

    def numbers(self, rule: Rule, place: tuple[str | int, ...], written: Sequence[str]) -> tuple[int, ...]:
        numbers = []
        for index, pattern in enumerate(self._catalog.patterns(written)):
            if pattern not in self._numbers:
                self._numbers[pattern] = len(self._numbers)
                self.places.append(rule.origin.at(*place, index))
            numbers.append(self._numbers[pattern])
        return tuple(numbers)

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(self._numbers)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule ready to run."""

    rule: Rule
    order: int
    when: Check
    cases: tuple[tuple[Check, Case], ...]
    gate_patterns: tuple[int, ...] | None
    """One of these must match, or the rule cannot hold."""
    gate_value: tuple[str, tuple[Any, ...]] | None
    """This field must have one of these values, or the rule cannot hold."""
    asks: frozenset[str]


class Engine:
    """A catalog made ready to judge. Immutable, and safe to share between threads."""

    def __init__(self, rules: Sequence[_Compiled], patterns: PatternSet, reader: Reader, groups: Mapping[str, int]):
        self._patterns = patterns
        self._reader = reader
        self._caps = groups
        plain = [r for r in rules if not _asks_signs(r.rule)]
        self._summing = [r for r in rules if _asks_signs(r.rule)]
        self._by_pattern: dict[int, list[_Compiled]] = defaultdict(list)
        self._by_value: dict[Subject, dict[str, dict[Any, list[_Compiled]]]] = {s: {} for s in SUBJECTS}
        self._always: dict[Subject, list[_Compiled]] = {s: [] for s in SUBJECTS}
        self._asks: dict[Subject, frozenset[str]] = {}
        for compiled in plain:
            if compiled.gate_patterns is not None:
                for number in compiled.gate_patterns:
                    self._by_pattern[number].append(compiled)
            else:
                for subject in compiled.rule.subjects:
                    self._file(subject, compiled)
        for subject in SUBJECTS:
            asked = [r.asks for r in rules if r.rule.status == "stable" and subject in r.rule.subjects]
            self._asks[subject] = frozenset().union(*asked) - _words_of_others(subject)

    def _file(self, subject: Subject, compiled: _Compiled) -> None:
        if compiled.gate_value is None:
            self._always[subject].append(compiled)
            return
        name, wanted = compiled.gate_value
        for value in wanted:
            self._by_value[subject].setdefault(name, {}).setdefault(value, []).append(compiled)

    @classmethod
    def build(cls, catalog: Catalog, cache: PatternCache | None = None, *, experimental: bool = False) -> Self:
        """Compile a catalog. Rules of status `experimental` take part only when asked for.

        Raises CatalogError where a pattern cannot be compiled.
        """
        patterns = _Patterns(catalog)
        rules = [r for r in catalog.rules if experimental or r.status == "stable"]
        compiled = [_compile(rule, order, patterns) for order, rule in enumerate(rules)]
        try:
            matcher = PatternSet(patterns.all, cache)
        except UncompilablePattern as error:
            raise CatalogError([f"{patterns.places[error.index]}: {error}"]) from None
        caps = {name: group.cap for name, group in catalog.groups.items()}
        return cls(compiled, matcher, Reader(cache), caps)

    def judge(self, facts: Sequence[Facts]) -> Judgement:
        """Judge all subjects of a page."""
        views = self._read(facts)
        findings: list[tuple[int, int, Finding]] = []
        for index, view in enumerate(views):
            fired: list[tuple[_Compiled, Finding]] = []
            for compiled in self._candidates(view):
                finding = _judge(compiled, view)
                if finding is not None:
                    fired.append((compiled, finding))
            if self._summing:
                view.weights = self._weigh(fired)
                for compiled in self._summing:
                    if view.facts.subject in compiled.rule.subjects:
                        finding = _judge(compiled, view)
                        if finding is not None:
                            fired.append((compiled, finding))
            findings += [(index, compiled.order, finding) for compiled, finding in fired]
        findings.sort(key=lambda f: (-GRAVITY[f[2].severity], f[0], f[1]))
        checked, missing = self._looked_at(facts)
        return Judgement(tuple(f for _, _, f in findings), checked, missing)

    def _read(self, facts: Sequence[Facts]) -> list[_View]:
        places: list[tuple[int, str]] = []
        texts: list[str] = []
        for index, one in enumerate(facts):
            for name in WORDS[one.subject]:
                text = one.values.get(name)
                if text:
                    places.append((index, name))
                    texts.append(text)
        hits: list[dict[str, dict[int, set[int]]]] = [{} for _ in facts]
        written: list[dict[str, Sequence[str]]] = [{} for _ in facts]
        if texts:
            reading = self._reader.read(texts)
            text_of = [0] * len(reading.written)
            for number, (index, name) in enumerate(places):
                start, end = reading.starts[number], reading.starts[number + 1]
                text_of[start:end] = [number] * (end - start)
                written[index][name] = reading.written[start:end]
            for pattern, line in self._patterns.lines_matched(reading.lines):
                sentence = reading.sentence_of(line)
                number = text_of[sentence]
                index, name = places[number]
                by_pattern = hits[index].setdefault(name, {})
                by_pattern.setdefault(pattern, set()).add(sentence - reading.starts[number])
        return [_View(one, hits[i], written[i]) for i, one in enumerate(facts)]

    def _candidates(self, view: _View) -> Iterable[_Compiled]:
        subject, values = view.facts.subject, view.facts.values
        found: dict[int, _Compiled] = {}
        for by_pattern in view.hits.values():
            for pattern in by_pattern:
                for compiled in self._by_pattern.get(pattern, ()):
                    if subject in compiled.rule.subjects:
                        found[compiled.order] = compiled
        for name, by_value in self._by_value[subject].items():
            value = values.get(name)
            if value is not None:
                found.update((compiled.order, compiled) for compiled in by_value.get(value, ()))
        for compiled in self._always[subject]:
            found[compiled.order] = compiled
        return [found[order] for order in sorted(found)]

    def _weigh(self, fired: Iterable[tuple[_Compiled, Finding]]) -> dict[str, int]:
        weights: dict[str, int] = {}
        for compiled, _ in fired:
            sign = compiled.rule.sign
            if sign is not None:
                weight = weights.get(sign.group, 0) + sign.weight
                weights[sign.group] = min(weight, self._caps[sign.group])
        return weights

    def _looked_at(self, facts: Sequence[Facts]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        shown_fields: set[str] = set()
        wanted: set[str] = set()
        for one in facts:
            for name in self._asks[one.subject]:
                origin = FIELDS[name].origin
                wanted.add(origin)
                if one.values.get(name) is not None or one.values.get(origin) is not None:
                    shown_fields.add(origin)
        return tuple(sorted(shown_fields)), tuple(sorted(wanted - shown_fields))


def _judge(compiled: _Compiled, view: _View) -> Finding | None:
    view.evidence = []
    if compiled.when(view) is not True:
        return None
    evidence = _without_doubles(view.evidence)
    rule = compiled.rule
    case = next((case for check, case in compiled.cases if check(view) is True), None)
    severity: Severity = rule.severity
    title, seen, reason, advice, report = rule.title, rule.seen, rule.reason, rule.advice, rule.report
    if case is not None:
        if case.severity == "none":
            return None
        severity = case.severity or severity
        title, seen = case.title or title, case.seen or seen
        reason, advice = case.reason or reason, case.advice or advice
        report = report if case.report is None else case.report
    facts = view.facts
    words = {name: shown(value) for name, value in facts.values.items() if FIELDS[name].kind in _SHOWN_KINDS}
    if evidence:
        words["quote"] = quoted(evidence[0].quote)
        words["value"] = evidence[0].quote
    ja = {**words, "operator": facts.site.operator_ja, "site": facts.site.ja}
    en = {**words, "operator": facts.site.operator_en, "site": facts.site.en}

    def told(text: Text) -> Text:
        return Text(ja=fill(text.ja, ja), en=fill(text.en, en))

    return Finding(
        rule=rule.id,
        risk=rule.risk,
        status=rule.status,
        severity=severity,
        confidence=rule.confidence,
        subject=facts.subject,
        subject_id=facts.subject_id,
        anchor=facts.anchor,
        title=told(title),
        seen=told(seen),
        reason=told(reason),
        advice=told(advice),
        report=report,
        sources=rule.sources,
        evidence=evidence,
    )


_SHOWN_KINDS = frozenset({"number", "word", "flag"})


def _without_doubles(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(evidence))[:MOST_EVIDENCE]


def _words_of_others(subject: Subject) -> set[str]:
    return {name for other, names in WORDS.items() if other != subject for name in names}


def _asks_signs(rule: Rule) -> bool:
    return any(condition.signs is not None for condition in rule.when)


def _compile(rule: Rule, order: int, patterns: _Patterns) -> _Compiled:
    asks: set[str] = set()
    when = _all([_condition(rule, c, ("when", i), patterns, asks) for i, c in enumerate(rule.when)])
    cases = []
    for number, case in enumerate(rule.cases):
        place = ("cases", number, "when")
        checks = [_condition(rule, c, (*place, i), patterns, set()) for i, c in enumerate(case.when)]
        cases.append((_all(checks), case))
    gate_patterns, gate_value = _gate(rule, patterns)
    return _Compiled(rule, order, when, tuple(cases), gate_patterns, gate_value, frozenset(asks))


def _gate(rule: Rule, patterns: _Patterns) -> tuple[tuple[int, ...] | None, tuple[str, tuple[Any, ...]] | None]:
    """What a rule cannot hold without: patterns of the condition with fewest of them, else a value."""
    gates = [numbers for i, c in enumerate(rule.when) if (numbers := _needs(rule, c, ("when", i), patterns))]
    if gates:
        return min(gates, key=len), None
    for condition in rule.when:
        matcher = condition.matcher
        if condition.field is None or matcher is None or matcher.is_ is None:
            continue
        if condition.field not in _CIRCUMSTANCES:
            return None, (condition.field, matcher.is_)
    return None, None


def _needs(
    rule: Rule, condition: Condition, place: tuple[str | int, ...], patterns: _Patterns
) -> tuple[int, ...] | None:
    if condition.field is not None and condition.matcher is not None:
        says = condition.matcher.says
        return None if says is None else patterns.numbers(rule, (*place, condition.field, "says"), says)
    if condition.all_ is not None:
        needs = [n for i, c in enumerate(condition.all_) if (n := _needs(rule, c, (*place, "all", i), patterns))]
        return min(needs, key=len) if needs else None
    if condition.any_ is not None:
        needs_any = [_needs(rule, c, (*place, "any", i), patterns) for i, c in enumerate(condition.any_)]
        together: list[int] = []
        for numbers in needs_any:
            if numbers is None:
                return None
            together += numbers
        return tuple(dict.fromkeys(together))
    return None


def _condition(
    rule: Rule, condition: Condition, place: tuple[str | int, ...], patterns: _Patterns, asks: set[str]
) -> Check:
    if condition.field is not None and condition.matcher is not None:
        asks |= _asked(rule, condition.field)
        if condition.matcher.says is not None:
            return _says(rule, condition.field, condition.matcher, (*place, condition.field), patterns)
        return _value(condition.field, condition.matcher)
    for key, combine in (("any", _any), ("all", _all), ("not", _not)):
        nested = getattr(condition, key + "_")
        if nested is not None:
            return combine([_condition(rule, c, (*place, key, i), patterns, asks) for i, c in enumerate(nested)])
    if condition.signs is not None:
        group, least = condition.signs.group, condition.signs.at_least
        return lambda view: view.weights.get(group, 0) >= least
    predicate = predicates.FACTS[condition.predicate or ""]
    return lambda view: predicate(view.facts)


def _asked(rule: Rule, name: str) -> set[str]:
    if name in _CIRCUMSTANCES:
        return set()
    if name == "words":
        return {text for subject in rule.subjects for text in WORDS[subject]}
    return {name}


def _all(checks: Sequence[Check]) -> Check:
    def holds(view: _View) -> Truth:
        unknown = False
        for check in checks:
            truth = check(view)
            if truth is False:
                return False
            unknown = unknown or truth is None
        return None if unknown else True

    return holds


def _any(checks: Sequence[Check]) -> Check:
    def holds(view: _View) -> Truth:
        unknown = False
        for check in checks:
            truth = check(view)
            if truth:
                return True
            unknown = unknown or truth is None
        return None if unknown else False

    return holds


def _not(checks: Sequence[Check]) -> Check:
    every = _all(checks)

    def holds(view: _View) -> Truth:
        kept = len(view.evidence)
        truth = every(view)
        del view.evidence[kept:]
        return None if truth is None else not truth

    return holds


def _value(name: str, matcher: Matcher) -> Check:
    wanted = matcher.is_
    above, below, within, absent = matcher.above, matcher.below, matcher.within, matcher.absent
    origin = FIELDS[name].origin
    tells = name not in _CIRCUMSTANCES

    def holds(view: _View) -> Truth:
        value = view.facts.values.get(name)
        if absent is not None:
            return (value is None or value == "" or value == ()) is absent
        if value is None:
            return None
        if wanted is not None:
            truth = value in wanted
        elif above is not None:
            truth = value > above
        elif below is not None:
            truth = value < below
        else:
            assert within is not None
            truth = within[0] <= value <= within[1]
        if truth and tells:
            selector = view.facts.sources.get(name) or view.facts.sources.get(origin)
            view.evidence.append(Evidence(field=name, quote=shown(value), selector=selector))
        return truth

    return holds


def _says(rule: Rule, name: str, matcher: Matcher, place: tuple[str | int, ...], patterns: _Patterns) -> Check:
    says = patterns.numbers(rule, (*place, "says"), matcher.says or ())
    unless = patterns.numbers(rule, (*place, "unless"), matcher.unless)
    beside_all = [patterns.numbers(rule, (*place, "with", index), group) for index, group in enumerate(matcher.with_)]
    near = patterns.numbers(rule, (*place, "near"), matcher.near)
    elsewhere = patterns.numbers(rule, (*place, "elsewhere"), matcher.elsewhere)
    check = predicates.SENTENCE[matcher.check] if matcher.check is not None else None
    at_least = matcher.at_least

    def holds(view: _View) -> Truth:
        facts = view.facts
        if name == "words" and not facts.speaks:
            return None
        names = WORDS[facts.subject] if name == "words" else (name,)
        known = False
        for field_name in names:
            if facts.values.get(field_name) is None:
                continue
            known = True
            hits = view.hits.get(field_name, _NO_HITS)
            if any(number in hits for number in elsewhere):
                continue
            sentences = _sentences(hits, view.written.get(field_name, ()))
            if sentences is not None:
                selector = facts.sources.get(field_name)
                written = view.written[field_name]
                view.evidence += [
                    Evidence(field=field_name, quote=written[s].strip(), selector=selector) for s in sentences
                ]
                return True
        return False if known else None

    def _sentences(hits: Hits, written: Sequence[str]) -> list[int] | None:
        """The sentences that make the condition true, or None."""
        silenced: set[int] = set()
        for number in unless:
            silenced |= hits.get(number, frozenset())
        together: set[int] | None = None
        for group in beside_all:
            sentences: set[int] = set()
            for number in group:
                sentences |= hits.get(number, frozenset())
            together = sentences if together is None else together & sentences
        beside: set[int] = set()
        for number in near:
            for sentence in hits.get(number, ()):
                beside |= {sentence - 1, sentence, sentence + 1}
        kept: set[int] = set()
        patterns_seen = 0
        for number in says:
            matched = hits.get(number, frozenset()) - silenced
            if together is not None:
                matched &= together
            if near:
                matched &= beside
            if check is not None:
                matched = {s for s in matched if check(written[s])}
            if matched:
                patterns_seen += 1
                kept |= matched
        return sorted(kept)[:MOST_EVIDENCE] if kept and patterns_seen >= at_least else None

    return holds
