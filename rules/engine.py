"""Facts in, findings out: all rules at once, over all sentences of a page.

Logic is three-valued. A condition is true, false or unknown (`None`: the page does not show the field); a rule whose
conditions are not all true is silent, and nothing unknown ever fires one.

Work grows with the size of the page, not with that of the catalog. One matcher pass over all sentences looks for the
`says` patterns of all rules. A rule is evaluated only where every text condition that it cannot do without has met one
of its patterns, or where a field has the very value it asks for. Only for such rules are the sentences refined further
(rules/refinement.py), and only subjects with a remaining sentence are judged.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from rules.compiler import NUMBER_OF_RISK, NUMBER_OF_TRAIT, CompiledRule, Compiler, Matchers
from rules.facts import Facts
from rules.fields import ENCLOSED_FIELDS, FIELDS, WORDS
from rules.findings import finding_of, taught_findings
from rules.lexicon import SUBJECTS
from rules.loader import Catalog
from rules.matching import PatternCache
from rules.meaning.reader import MeaningReader
from rules.meaning.taught import NO_LESSONS, Lessons
from rules.model import GRAVITY, Finding, Subject
from rules.page_text import PageReader
from rules.predicates import traits_of
from rules.reading import MOST_EXAMINED, MOST_LINKS, Reading
from rules.refine import refine
from rules.selection import RuleIndex
from rules.status import is_on_from_start
from rules.thread_facts import add_thread_facts
from rules.translations import Translations
from rules.views import PageView, SubjectView, TextView, meaning_of

_AFTER_ALL_RULES = 1 << 30
"""Order of the findings of lessons among those of rules."""
_CHARACTERS_OF_PASS = 10_000
"""Characters of the texts that are judged in one pass though they have nothing to do with one another."""
_EXAMINED = frozenset({"message.body", "job.title", "job.body"})
"""Text fields that are examined for the acts of a message or the work of an offer (see `MOST_EXAMINED`)."""
_SPOKEN: Mapping[Subject, frozenset[str]] = {
    subject: frozenset({*WORDS[subject], f"{subject}.links", f"{subject}.attachments"}) for subject in SUBJECTS
}
"""Fields that are looked at where the client is the author, and passed over where the user or the site is."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict of the rules on a page: findings, gravest first, and the fields that they could look at."""

    findings: tuple[Finding, ...] = ()
    checked_fields: tuple[str, ...] = ()
    """Fields that rules asked about and the page showed."""
    missing_fields: tuple[str, ...] = ()
    """Fields that rules asked about and the page did not show."""
    unread_fields: tuple[str, ...] = ()
    """Fields that were not looked through to the end because they exceed a limit."""


class Engine:
    """A catalog made ready to judge. Immutable, and safe to share between threads."""

    def __init__(
        self,
        rules: Sequence[CompiledRule],
        matchers: Matchers,
        reader: PageReader,
        caps: Mapping[str, int],
        meaning: MeaningReader | None = None,
        *,
        marks: bool = True,
    ) -> None:
        self._matchers = matchers
        self._reader = reader
        self._caps = caps
        self._meaning = meaning
        self._marks = marks
        self._index = RuleIndex(compiled for compiled in rules if not compiled.sums_signs)
        self._summing = [compiled for compiled in rules if compiled.sums_signs]
        self._asks: dict[Subject, frozenset[str]] = {}
        for subject in SUBJECTS:
            field_sets = [r.asks for r in rules if is_on_from_start(r.rule.status) and subject in r.rule.subjects]
            self._asks[subject] = frozenset().union(*field_sets) - _words_of_others(subject)

    @classmethod
    def build(
        cls,
        catalog: Catalog,
        cache: PatternCache | None = None,
        *,
        experimental: bool = False,
        meaning: MeaningReader | None = None,
        marks: bool = True,
    ) -> Self:
        """Compile a catalog. Raises CatalogError where a pattern cannot be compiled.

        experimental: whether rules of that status take part. meaning: reads the meaning of texts; without it the words
        of the rules count alone. marks: whether the words that weigh most in it are marked in findings.
        """
        compiler = Compiler(catalog)
        rules = [rule for rule in catalog.rules if experimental or is_on_from_start(rule.status)]
        compiled = [compiler.compile(rule, order) for order, rule in enumerate(rules)]
        caps = {name: group.cap for name, group in catalog.groups.items()}
        return cls(compiled, compiler.finish(cache), PageReader(cache), caps, meaning, marks=marks)

    def judge(
        self, facts: Sequence[Facts], lessons: Lessons = NO_LESSONS, translations: Translations | None = None
    ) -> Judgement:
        """Judge all subjects of a page.

        lessons: the user's. A sentence that a rule was wrong about is for that rule as if it were not there, unless the
        danger rests on the stage of the deal; a text like one that should have warned is a caution. translations: of
        the language in which findings are said beside Japanese and English.
        """
        views = [SubjectView(one, lessons=lessons, translations=translations) for one in facts]
        page = self._read(views)
        findings: list[tuple[int, int, Finding]] = []
        for index, (view, candidates) in enumerate(zip(views, self._candidates(views, page), strict=True)):
            findings += [(index, compiled.order, finding) for compiled, finding in self._judge(view, candidates)]
        findings += [(index, _AFTER_ALL_RULES, finding) for index, finding in taught_findings(views, page, lessons)]
        findings.sort(key=lambda f: (-GRAVITY[f[2].severity], f[0], f[1]))
        unread_places = _unread(views, page)
        checked_fields, missing = self._looked_at(views, unread_places)
        names = tuple(sorted({name for _, name in unread_places}))
        return Judgement(tuple(finding for _, _, finding in findings), checked_fields, missing, names)

    def judge_each(self, facts: Sequence[Facts]) -> list[Judgement]:
        """Judge subjects that have nothing to do with one another, such as texts by themselves, in one pass.

        Each has the judgement that `judge` makes of it alone. None of them is a thread, or a message of one.
        """
        return [judgement for some in _passes(facts) for judgement in self._judge_pass(some)]

    def _judge_pass(self, facts: Sequence[Facts]) -> Sequence[Judgement]:
        judgements = self._judge_at_once(facts) if len(facts) > 1 else None
        # Limits are those of one page.
        return judgements if judgements is not None else [self.judge([one]) for one in facts]

    def _judge_at_once(self, facts: Sequence[Facts]) -> Sequence[Judgement] | None:
        """Return what `judge_each` does; None where the texts together exceed a limit."""
        views = [SubjectView(one) for one in facts]
        page = self._read(views)
        if page.unread_places:
            return None
        judgements: list[Judgement] = []
        looked_at: dict[object, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        for view, candidates in zip(views, self._candidates(views, page), strict=True):
            rule_findings = sorted(self._judge(view, candidates), key=lambda f: (-GRAVITY[f[1].severity], f[0].order))
            # Texts of one kind show the same fields.
            shape = (view.facts.subject, view.facts.speaks, frozenset(_known(view.facts)))
            if shape not in looked_at:
                looked_at[shape] = self._looked_at([view], ())
            judgements.append(Judgement(tuple(finding for _, finding in rule_findings), *looked_at[shape]))
        return None if page.budget.is_exceeded else judgements

    def _judge(self, view: SubjectView, candidates: Iterable[CompiledRule]) -> list[tuple[CompiledRule, Finding]]:
        """Evaluate rules for a subject, and after them those that sum up the weak signs among the findings."""
        rule_findings: list[tuple[CompiledRule, Finding]] = []
        for compiled in candidates:
            finding = finding_of(compiled, view)
            if finding is not None:
                rule_findings.append((compiled, finding))
        view.weights = self._weights(rule_findings)
        if view.weights:
            for compiled in self._summing:
                finding = finding_of(compiled, view) if view.facts.subject in compiled.rule.subjects else None
                if finding is not None:
                    rule_findings.append((compiled, finding))
        return rule_findings

    def _weights(self, rule_findings: Iterable[tuple[CompiledRule, Finding]]) -> dict[str, int]:
        weights: dict[str, int] = {}
        for compiled, _ in rule_findings:
            sign = compiled.rule.sign
            if sign is not None:
                weight = weights.get(sign.group, 0) + sign.weight
                weights[sign.group] = min(weight, self._caps[sign.group])
        return weights

    def _read(self, views: Sequence[SubjectView]) -> PageView:
        """Split all texts into sentences and look for the `says` patterns."""
        places: list[tuple[int, str]] = []
        readings: list[Reading] = []
        for index, view in enumerate(views):
            for name, reading in view.facts.texts.items():
                places.append((index, name))
                readings.append(reading)
        text = self._reader.read(readings)
        page = PageView(text, texts := [], reader=self._meaning, is_marked=self._marks)
        for (index, name), (start, end) in zip(places, pairwise(text.starts), strict=True):
            view = views[index]
            of_subject = TextView(index, start, end, is_loose=view.facts.enclosure is not None)
            texts += [of_subject] * (end - start)
            view.page = page
            view.texts[name] = of_subject
            if self._meaning is not None and view.facts.speaks:
                of_subject.meaning = meaning_of(self._meaning, text, start, end, page.budget)
        add_thread_facts(views, page, self._meaning)
        stopped_numbers = self._match(views, page)
        page.unread_places = {places[number] for number in text.unread_numbers | stopped_numbers}
        page.unread_places.update(_beyond_limits(views))
        _add_risks_and_traits(views, page)
        return page

    def _match(self, views: Sequence[SubjectView], page: PageView) -> frozenset[int]:
        """Look for the `says` patterns in all lines. Returns the numbers of the texts that have too many matches."""
        lines, sentences = page.text.lines, page.text.sentences
        texts = [page.text.texts[sentence] for sentence in sentences]
        matches, stopped_numbers = self._matchers.says.lines_matched(lines, sentences, groups=texts)
        of_messages = [
            line
            for line, sentence in enumerate(sentences)
            if views[page.texts[sentence].subject].facts.subject == "message"
        ]
        if of_messages:
            further_matches, further_numbers = self._matchers.says_of_messages.lines_matched(
                [lines[line] for line in of_messages],
                [sentences[line] for line in of_messages],
                groups=[texts[line] for line in of_messages],
            )
            matches |= further_matches
            stopped_numbers |= further_numbers
        page.add_matches(matches)
        return stopped_numbers

    def _candidates(self, views: Sequence[SubjectView], page: PageView) -> list[list[CompiledRule]]:
        """For each view, the rules that may hold, in their order."""
        candidates = [self._index.by_fields(view) for view in views]
        matched_rules = self._index.by_patterns(views, page)
        subjects = {compiled: set(numbers) for compiled, numbers in matched_rules.items()}
        for index, rules in enumerate(candidates):
            for compiled in rules:
                if compiled.refinements:
                    subjects.setdefault(compiled, set()).add(index)
        refinements = {refinement: numbers for c, numbers in subjects.items() for refinement in c.refinements}
        page.refined_sentences = refine(page, refinements, self._matchers.together, self._matchers.beside)
        for compiled, numbers in matched_rules.items():
            in_words = {page.texts[s].subject for r in compiled.refinements for s in page.refined_sentences.get(r, ())}
            beside_words = {index for index in numbers if not compiled.beside_words.isdisjoint(page.patterns[index])}
            for index in in_words | beside_words:
                candidates[index].append(compiled)
        return [sorted(rules, key=lambda compiled: compiled.order) for rules in candidates]

    def _looked_at(
        self, views: Sequence[SubjectView], unread_places: Collection[tuple[int, str]]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the fields that rules asked about: those that the page shows and that were read, and those missing."""
        known_fields: dict[Subject, set[str]] = defaultdict(set)
        passed_over: dict[Subject, set[str]] = defaultdict(set)
        for index, view in enumerate(views):
            facts = view.facts
            names = _known(facts)
            over = {name for name in names if (index, name) in unread_places}
            if not facts.speaks:
                over |= names & _SPOKEN[facts.subject]
            known_fields[facts.subject] |= names - over
            passed_over[facts.subject] |= over
        checked_fields: set[str] = set()
        wanted_fields: set[str] = set()
        for subject, names in known_fields.items():
            for name in self._asks[subject]:
                origin = FIELDS[name].origin
                if name in names or origin in names:
                    checked_fields.add(origin)
                if (
                    name not in passed_over[subject]
                    and origin not in passed_over[subject]
                    and name not in ENCLOSED_FIELDS
                ):
                    wanted_fields.add(origin)
        checked_fields -= {name for _, name in unread_places}
        return tuple(sorted(checked_fields)), tuple(sorted(wanted_fields - checked_fields))


def _passes(facts: Sequence[Facts]) -> Iterator[Sequence[Facts]]:
    """Yield subjects, in order, by as many as have the characters of a pass; one that has more is yielded alone."""
    begin = size = 0
    for end, one in enumerate(facts):
        length = sum(len(reading.text) for reading in one.texts.values())
        if end > begin and size + length > _CHARACTERS_OF_PASS:
            yield facts[begin:end]
            begin, size = end, 0
        size += length
    yield facts[begin:]


def _known(facts: Facts) -> set[str]:
    return {name for name, value in facts.values.items() if value is not None}


def _add_risks_and_traits(views: Sequence[SubjectView], page: PageView) -> None:
    """Add the risks that meaning warns of, and what predicates need, to the patterns met."""
    for index, view in enumerate(views):
        numbers = [
            NUMBER_OF_RISK[warning.risk]
            for text in view.texts.values()
            for warning in (*text.warnings, *(warning for warning, _ in text.exchanges))
        ]
        numbers += [NUMBER_OF_TRAIT[trait] for trait in traits_of(view.facts)]
        if numbers:
            page.patterns.setdefault(index, set()).update(numbers)


def _beyond_limits(views: Sequence[SubjectView]) -> Iterator[tuple[int, str]]:
    """Yield the fields of which facts take the beginning alone: number of the view, and field."""
    for index, view in enumerate(views):
        facts = view.facts
        links = f"{facts.subject}.links"
        if len(facts.values.get(links) or ()) > MOST_LINKS:
            yield index, links
        for name, reading in facts.texts.items():
            if reading.has_further_links or (name in _EXAMINED and len(reading.text) > MOST_EXAMINED):
                yield index, name


def _unread(views: Sequence[SubjectView], page: PageView) -> set[tuple[int, str]]:
    """The client's texts that were not looked through to the end: number of the view, and field."""
    return {(index, name) for index, name in page.unread_places if views[index].facts.speaks}


def _words_of_others(subject: Subject) -> set[str]:
    return {name for other, names in WORDS.items() if other != subject for name in names}
