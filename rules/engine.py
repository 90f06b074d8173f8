"""Facts in, findings out: all rules at once, over all sentences of a page.

Logic is three-valued. A condition is true, false or unknown (`None`, the page does not show the
field); a rule whose conditions are not all true is silent, and nothing unknown ever fires one.

Work grows with what a page holds, not with the size of the catalog, nor with both: the sentences that a
rule's words leave are sought once for all subjects of a page. One matcher pass over all sentences looks
for what rules say (`says`) alone. A rule is looked at only when every text condition that it cannot do
without has met one of its patterns, or when a field has the very value it asks for; and only for such
rules are the sentences that they met matched against what must stand `with` it. What is left of them, and
the sentences beside, is matched against `unless` and `near`, and the whole text against `elsewhere`. Each
step looks at fewer sentences than the one before, and only subjects that some sentence is left of are judged.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Self

from rules import predicates, threads
from rules.facts import FIELDS, WORDS, Facts
from rules.loader import Catalog
from rules.matching import PatternCache, PatternSet, UncompilablePattern
from rules.meaning.labels import RISKS
from rules.meaning.phrases import READ_AS
from rules.meaning.reader import Meaning, MeaningReader, Warned, together
from rules.meaning.taught import NO_LESSONS, Lessons, Names, TaughtRisk, about
from rules.meaning.why import Span, weightiest
from rules.model import GRAVITY, Evidence, Finding, Severity, Source, Subject, Text, distinct
from rules.placeholders import fill, shown
from rules.problems import CatalogError
from rules.quotes import quoted
from rules.rule import SUBJECTS, Case, Condition, Matcher, Rule
from rules.text import Reader, Reading, plain, without_reassurances

MOST_EVIDENCE = 3
"""Sentences that one finding quotes at most."""

BACKED = 0.6
"""From this probability on, meaning backs words, and what they say may be a danger."""
_NUMBER_OF_RISK: Mapping[str, int] = {risk: -1 - number for number, risk in enumerate(RISKS)}
"""Risks that meaning reads are looked for as patterns are: below zero, so that they are no pattern's numbers."""
_FROM_WORDING = Text(ja="「{{quote}}」（言い回しから、{}と読めます）", en="“{{quote}}” (the wording reads as {})")
_FROM_EXCHANGE = Text(
    ja="「{{quote}}」（やり取りの流れから、{}と読めます）", en="“{{quote}}” (the exchange reads as {})"
)
"""What was seen where meaning alone speaks, of one text or of several messages; to be filled with what it reads as."""
TAUGHT = "taught"
"""In place of a rule, and of a risk that the user did not name: the user said that a text like this should warn."""
MOST_COMPARED = 2_000
"""Sentences of a page, and of each text of it, that are compared with what the user taught."""

Truth = bool | None
_CIRCUMSTANCES = frozenset({"site", "outside_contact", "stage", "listed", "message.author_role"})
"""Fields that say where a rule applies; their values are no evidence against anyone."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a page: findings, gravest first, and which fields they could look at."""

    findings: tuple[Finding, ...] = ()
    checked: tuple[str, ...] = ()
    """Fields that rules asked about and the page showed."""
    missing: tuple[str, ...] = ()
    """Fields that rules asked about and the page did not show."""
    unread: tuple[str, ...] = ()
    """Texts that were not looked through to the end, by field: they hold more than is looked through."""


@dataclass(slots=True)
class _TextOf:
    """One text of a subject: its sentences are those from `start` to before `end` among all of the page."""

    view: int
    """Number of the subject's view."""
    start: int
    end: int
    anywhere: frozenset[int] | None = None
    """The `elsewhere` patterns, looked for when a rule first asks."""
    meaning: Meaning | None = None
    """None where no model could read it, or its words are not the client's."""
    offer: bool = False
    exchanged: tuple[tuple[Warned, tuple[Evidence, ...]], ...] = ()
    """Risks that it tells together with messages before it, and none of them by itself, with the sentences that do."""
    _warned: Sequence[Warned] | None = None

    @property
    def warned(self) -> Sequence[Warned]:
        """The risks that its meaning alone warns of."""
        if self._warned is None:
            self._warned = self.meaning.read_as(self.offer) if self.meaning is not None else ()
        return self._warned

    def refutes(self, sentence: int, *, sure: bool) -> bool:
        """Whether what it means speaks against what one of its sentences, by its number in the page, says."""
        return self.meaning is not None and self.meaning.refutes(sentence - self.start, sure=sure)

    def probability(self, sentence: int) -> float | None:
        """How likely one of its sentences, by its number in the page, is part of a risk; None where not read."""
        return self.meaning.around(sentence - self.start) if self.meaning is not None else None


@dataclass(slots=True)
class _Page:
    """All sentences of a page, by their number, and what was found in them."""

    reading: Reading
    texts: Sequence[_TextOf]
    """By sentence."""
    said: dict[int, set[int]] = field(default_factory=dict)
    """Sentences by pattern."""
    met: dict[int, set[int]] = field(default_factory=dict)
    """Patterns by view."""
    unread: set[tuple[int, str]] = field(default_factory=set)
    """Texts that were not looked through to the end: number of the view, and field."""
    kept: "dict[_Refinement, list[int]]" = field(default_factory=dict)
    """The sentences that are left of what a rule asks for, in order; a refinement without any has no entry."""
    reader: MeaningReader | None = None
    marks: dict[tuple[str, str], tuple[Span, ...]] = field(default_factory=dict)
    """By quote and risk, the words that weigh most."""

    def marked(self, evidence: Evidence, warned: Warned) -> Evidence:
        """Evidence with the words marked that weigh most for a risk."""
        if self.reader is None:
            return evidence
        key = (evidence.quote, warned.risk)
        if key not in self.marks:
            sureness, risk, language = self.reader.sureness, warned.risk, warned.window.language
            self.marks[key] = weightiest(evidence.quote, lambda words: sureness(plain(words), risk, language))
        return evidence.model_copy(update={"marked": self.marks[key]})


@dataclass(slots=True)
class _View:
    """One subject's facts and texts, while one rule looks at it."""

    facts: Facts
    page: _Page | None = None
    """None where no subject has any text."""
    texts: dict[str, _TextOf] = field(default_factory=dict)
    """By text field."""
    told: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)
    """By field that follows from texts, the sentences that it follows from."""
    weights: Mapping[str, int] = field(default_factory=dict)
    """Weight of the weak signs seen, by group."""
    evidence: list[Evidence] = field(default_factory=list)
    backing: list[float | None] = field(default_factory=list)
    """How far meaning backs each text condition that held; None where words count by themselves."""
    read: Text | None = None
    """What meaning read, where it spoke and no words did."""
    lessons: Lessons = NO_LESSONS
    silenced: bool = False
    """Whether a sentence that the rule met was one that it was wrong about."""

    def begin(self) -> None:
        """Forget what the rule before saw."""
        self.evidence, self.backing, self.read = [], [], None

    def without_silenced(self, rule: Names, sentences: Sequence[int]) -> Sequence[int]:
        """Some sentences, by their number in the page, without those that the user called a rule wrong about."""
        if self.page is None or not self.lessons.teach(rule):
            return sentences
        written = self.page.reading.written
        left = [
            sentence
            for number, sentence in enumerate(sentences)
            if number >= MOST_COMPARED or not self.lessons.silence(rule, written[sentence].strip())
        ]
        self.silenced = self.silenced or len(left) < len(sentences)
        return left

    def meant(self, rule: Names, text_of: "_TextOf") -> tuple[Meaning | None, Sequence[Warned]]:
        """What a text means and warns of, were the sentences not in it that the user called a rule wrong about."""
        if self.page is None or self.page.reader is None or not text_of.warned:
            return text_of.meaning, text_of.warned
        whole = range(text_of.start, text_of.end)
        left = self.without_silenced(rule, whole)
        if len(left) == len(whole):
            return text_of.meaning, text_of.warned
        meaning = _meaning(self.page.reader, self.page.reading, text_of.start, text_of.end, set(whole).difference(left))
        return meaning, meaning.read_as(text_of.offer)


Check = Callable[[_View], Truth]


class _Patterns:
    """Numbers for patterns: the same pattern in many rules is matched once."""

    def __init__(self, catalog: Catalog, read: dict[str, str]) -> None:
        self._catalog = catalog
        self._read = read
        self._numbers: dict[str, int] = {}
        self.places: list[str] = []

    def numbers(self, rule: Rule, place: tuple[str | int, ...], written: Sequence[str]) -> tuple[int, ...]:
        numbers = []
        for index, each in enumerate(written):
            pattern = self._read.get(each)
            if pattern is None:
                (pattern,) = self._catalog.patterns((each,))
                self._read[each] = pattern
            if pattern not in self._numbers:
                self._numbers[pattern] = len(self._numbers)
                self.places.append(rule.origin.at(*place, index))
            numbers.append(self._numbers[pattern])
        return tuple(numbers)

    def compiled(self, cache: PatternCache | None, *, once: bool = False) -> PatternSet:
        """All of them as one matcher. Raises CatalogError."""
        try:
            return PatternSet(tuple(self._numbers), cache, once=once)
        except UncompilablePattern as error:
            raise CatalogError([f"{self.places[error.index]}: {error}"]) from None


class _Compiler:
    """What compiling a catalog's rules collects: the patterns of each pass."""

    def __init__(self, catalog: Catalog) -> None:
        # A vocabulary stands in hundreds of rules, and is spelled out once.
        read: dict[str, str] = {}
        self.said = _Patterns(catalog, read)
        self.together = _Patterns(catalog, read)
        self.beside = _Patterns(catalog, read)
        self.anywhere = _Patterns(catalog, read)
        self.whole_text: PatternSet | None = None
        """Compiled when all rules are: conditions look it up as they run."""


@dataclass(frozen=True, slots=True, eq=False)
class _Refinement:
    """What one `says` asks of sentences, as numbers of patterns. Known by its identity."""

    says: frozenset[int]
    together: tuple[tuple[int, ...], ...]
    unless: tuple[int, ...]
    near: tuple[int, ...]
    heard: bool = False
    """Whether what the text means can speak against it."""
    sure: bool = False
    """Whether its words are a sure sign."""

    def said(self, page: _Page, views: Collection[int]) -> set[int]:
        """The sentences of some views that say it."""
        found = set[int]().union(*(page.said[number] for number in self.says.intersection(page.said)))
        return {sentence for sentence in found if page.texts[sentence].view in views}

    def together_in(self, sentences: set[int], found: Mapping[int, set[int]]) -> set[int]:
        """Those of the sentences with all that must stand with it."""
        for group in self.together:
            sentences = sentences & set().union(*(found[number] for number in group if number in found))
        return sentences

    def stands(
        self, page: _Page, sentence: int, beside: Mapping[int, set[int]], refused: Mapping[int, set[int]]
    ) -> bool:
        """Whether one of these sentences stays where what stands in it and beside it is known, too.

        beside, refused: lines by pattern. What must not stand in it counts in its plain reading alone (the line of the
        same number): nobody disguises a refusal, and signs that nobody reads as words must not spell one.
        """
        if any(sentence in refused[number] for number in self.unless if number in refused):
            return False
        if self.heard and page.texts[sentence].refutes(sentence, sure=self.sure):
            return False
        if not self.near:
            return True
        around = _around(page, sentence)
        owner = page.reading.sentences
        return any(owner[line] in around for number in self.near for line in beside.get(number, _NONE))


def _around(page: _Page, sentence: int) -> set[int]:
    """A sentence and its neighbours in its text."""
    text_of = page.texts[sentence]
    return {each for each in (sentence - 1, sentence, sentence + 1) if text_of.start <= each < text_of.end}


_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class _Compiled:
    """A rule ready to run. Known by its identity."""

    rule: Rule
    order: int
    when: Check
    cases: tuple[tuple[Check, Case], ...]
    needs: tuple[frozenset[int], ...]
    """Of each of these sets a pattern must have matched, or the rule cannot hold."""
    gate_value: tuple[str, tuple[Any, ...]] | None
    """This field must have one of these values, or the rule cannot hold."""
    fields: frozenset[str | None]
    """All these must be known, or the rule cannot hold."""
    refinements: tuple[_Refinement, ...]
    risks: frozenset[int]
    """Numbers of the risks that it asks meaning for."""
    asks: frozenset[str]
    rests_on_stage: bool
    """Whether it says less where the stage of the deal is unknown: its danger is then a fact, and no reading."""


class Engine:
    """A catalog made ready to judge. Immutable, and safe to share between threads."""

    def __init__(
        self,
        rules: Sequence[_Compiled],
        said: PatternSet,
        together: PatternSet,
        beside: PatternSet,
        reader: Reader,
        groups: Mapping[str, int],
        meaning: MeaningReader | None = None,
    ) -> None:
        self._said = said
        self._together = together
        self._beside = beside
        self._reader = reader
        self._caps = groups
        self._meaning = meaning
        plain = [r for r in rules if not _asks_signs(r.rule)]
        self._summing = [r for r in rules if _asks_signs(r.rule)]
        self._by_pattern: dict[int, list[_Compiled]] = defaultdict(list)
        self._by_value: dict[Subject, dict[str, dict[Any, list[_Compiled]]]] = {s: {} for s in SUBJECTS}
        self._always: dict[Subject, list[_Compiled]] = {s: [] for s in SUBJECTS}
        self._asks: dict[Subject, frozenset[str]] = {}
        for compiled in plain:
            if compiled.needs:
                for number in min(compiled.needs, key=len):
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
    def build(
        cls,
        catalog: Catalog,
        cache: PatternCache | None = None,
        *,
        experimental: bool = False,
        meaning: MeaningReader | None = None,
    ) -> Self:
        """Compile a catalog. Rules of status `experimental` take part only when asked for.

        meaning: reads what texts mean; without it the words of the rules count alone.

        Raises CatalogError where a pattern cannot be compiled.
        """
        compiler = _Compiler(catalog)
        rules = [r for r in catalog.rules if experimental or r.status == "stable"]
        compiled = [_compile(rule, order, compiler) for order, rule in enumerate(rules)]
        compiler.whole_text = compiler.anywhere.compiled(cache, once=True)
        caps = {name: group.cap for name, group in catalog.groups.items()}
        said = compiler.said.compiled(cache)
        together, beside = (patterns.compiled(cache, once=True) for patterns in (compiler.together, compiler.beside))
        return cls(compiled, said, together, beside, Reader(cache), caps, meaning)

    def judge(self, facts: Sequence[Facts], lessons: Lessons = NO_LESSONS) -> Judgement:
        """Judge all subjects of a page.

        lessons: what the user taught. A sentence that a rule was wrong about is for that rule as if it were not there,
        but for a danger that rests on the stage of the deal; a text like one that should have warned is a caution.
        """
        views = [_View(one, lessons=lessons) for one in facts]
        page = self._read(views)
        findings: list[tuple[int, int, Finding]] = []
        for index, (view, candidates) in enumerate(zip(views, self._candidates(views, page), strict=True)):
            fired: list[tuple[_Compiled, Finding]] = []
            for compiled in candidates:
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
        findings += [(index, _AFTER_ALL_RULES, finding) for index, finding in _taught(views, page, lessons)]
        findings.sort(key=lambda f: (-GRAVITY[f[2].severity], f[0], f[1]))
        unread = _unread(views, page)
        checked, missing = self._looked_at(views, unread)
        names = tuple(sorted({name for _, name in unread}))
        return Judgement(tuple(f for _, _, f in findings), checked, missing, names)

    def _read(self, views: Sequence[_View]) -> _Page | None:
        """Split all texts into sentences and look for what rules say. None where there is no text."""
        places: list[tuple[int, str]] = []
        texts: list[str] = []
        for index, view in enumerate(views):
            for name in WORDS[view.facts.subject]:
                text = view.facts.values.get(name)
                if text:
                    places.append((index, name))
                    texts.append(text)
        if not texts:
            return None
        reading = self._reader.read(texts)
        page = _Page(reading, texts_of := [], reader=self._meaning)
        for (index, name), (start, end) in zip(places, pairwise(reading.starts), strict=True):
            text_of = _TextOf(index, start, end, offer=views[index].facts.subject == "job")
            texts_of += [text_of] * (end - start)
            views[index].page = page
            views[index].texts[name] = text_of
            if self._meaning is not None and views[index].facts.speaks:
                text_of.meaning = _meaning(self._meaning, reading, start, end)
        _read_threads(views, page, self._meaning)
        groups = [reading.texts[sentence] for sentence in reading.sentences]
        page.said, stopped = self._said.lines_matched(reading.lines, reading.sentences, groups=groups)
        page.unread = {places[number] for number in reading.unread | stopped}
        for pattern, sentences in page.said.items():
            for index in {texts_of[sentence].view for sentence in sentences}:
                page.met.setdefault(index, set()).add(pattern)
        for index, view in enumerate(views):
            for text_of in view.texts.values():
                for warned in (*text_of.warned, *(warned for warned, _ in text_of.exchanged)):
                    page.met.setdefault(index, set()).add(_NUMBER_OF_RISK[warned.risk])
        return page

    def _candidates(self, views: Sequence[_View], page: _Page | None) -> list[list[_Compiled]]:
        """For each view the rules that may hold, in their order."""
        found = [self._by_fields(view) for view in views]
        if page is not None:
            met = self._met(views, page)
            where = {compiled: set(indexes) for compiled, indexes in met.items()}
            for index, rules in enumerate(found):
                for compiled in rules:
                    if compiled.refinements:
                        where.setdefault(compiled, set()).add(index)
            self._refine(page, where)
            for compiled in met:
                said = {page.texts[s].view for r in compiled.refinements for s in page.kept.get(r, ())}
                meant = {index for index in met[compiled] if not compiled.risks.isdisjoint(page.met[index])}
                for index in said | meant:
                    found[index].append(compiled)
        return [sorted(rules, key=lambda compiled: compiled.order) for rules in found]

    def _by_fields(self, view: _View) -> list[_Compiled]:
        """The rules that no pattern need have met."""
        subject, values = view.facts.subject, view.facts.values
        found = [compiled for compiled in self._always[subject] if compiled.fields <= values.keys()]
        for name, by_value in self._by_value[subject].items():
            value = values.get(name)
            if value is not None:
                found += [compiled for compiled in by_value.get(value, ()) if compiled.fields <= values.keys()]
        return found

    def _met(self, views: Sequence[_View], page: _Page) -> dict[_Compiled, list[int]]:
        """The rules of which all that they cannot do without was met, and in which views."""
        rules: dict[_Compiled, list[int]] = {}
        for index, met in page.met.items():
            subject = views[index].facts.subject
            for compiled in {compiled for pattern in met for compiled in self._by_pattern.get(pattern, ())}:
                if subject in compiled.rule.subjects and not any(met.isdisjoint(needed) for needed in compiled.needs):
                    rules.setdefault(compiled, []).append(index)
        return rules

    def _refine(self, page: _Page, where: Mapping[_Compiled, Collection[int]]) -> None:
        """Find the sentences that are left of what rules ask for: first by `with`, then by the rest where that held.

        where: in which views each rule is looked at.
        """
        said = {
            refinement: sentences
            for compiled, indexes in where.items()
            for refinement in compiled.refinements
            if not refinement.says.isdisjoint(page.said) and (sentences := refinement.said(page, indexes))
        }
        wanted = set[int]().union(*(sentences for refinement, sentences in said.items() if refinement.together))
        together = _in_sentences(_found(self._together, page.reading, wanted), page.reading)
        left = {refinement: refinement.together_in(sentences, together) for refinement, sentences in said.items()}
        wanted = set()
        for refinement, sentences in left.items():
            if refinement.near:
                wanted.update(*(_around(page, sentence) for sentence in sentences))
            elif refinement.unless:
                wanted |= sentences
        beside = _found(self._beside, page.reading, wanted)
        refused = self._refused(page.reading, wanted, beside)
        for refinement, sentences in left.items():
            kept = sorted(s for s in sentences if refinement.stands(page, s, beside, refused))
            if kept:
                page.kept[refinement] = kept

    def _refused(
        self, reading: Reading, wanted: Collection[int], beside: Mapping[int, set[int]]
    ) -> Mapping[int, set[int]]:
        """By pattern, the sentences wanted that it matches in without what they say to reassure."""
        written = {sentence: reading.lines[sentence].decode() for sentence in wanted}
        without = {sentence: without_reassurances(line) for sentence, line in written.items()}
        changed = [sentence for sentence in wanted if without[sentence] != written[sentence]]
        if not changed:
            return beside
        anew = self._beside.each_matched([without[sentence].encode() for sentence in changed], changed)
        return {
            pattern: beside.get(pattern, set()).difference(changed) | anew.get(pattern, set())
            for pattern in beside.keys() | anew.keys()
        }

    def _weigh(self, fired: Iterable[tuple[_Compiled, Finding]]) -> dict[str, int]:
        weights: dict[str, int] = {}
        for compiled, _ in fired:
            sign = compiled.rule.sign
            if sign is not None:
                weight = weights.get(sign.group, 0) + sign.weight
                weights[sign.group] = min(weight, self._caps[sign.group])
        return weights

    def _looked_at(
        self, views: Sequence[_View], unread: Collection[tuple[int, str]]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What rules asked about: fields that the page shows and all of which was looked at, and fields not shown."""
        told: dict[Subject, set[str]] = defaultdict(set)
        passed_over: dict[Subject, set[str]] = defaultdict(set)
        for index, view in enumerate(views):
            facts = view.facts
            names = {name for name, value in facts.values.items() if value is not None}
            over = {name for name in names if (index, name) in unread}
            if not facts.speaks:
                over |= names & _SPOKEN[facts.subject]
            told[facts.subject] |= names - over
            passed_over[facts.subject] |= over
        shown_fields: set[str] = set()
        wanted: set[str] = set()
        for subject, names in told.items():
            for name in self._asks[subject]:
                origin = FIELDS[name].origin
                if name in names or origin in names:
                    shown_fields.add(origin)
                if name not in passed_over[subject] and origin not in passed_over[subject]:
                    wanted.add(origin)
        shown_fields -= {name for _, name in unread}
        return tuple(sorted(shown_fields)), tuple(sorted(wanted - shown_fields))


_SPOKEN: Mapping[Subject, frozenset[str]] = {
    subject: frozenset({*WORDS[subject], f"{subject}.links", f"{subject}.attachments"}) for subject in SUBJECTS
}
"""What is looked at where the client said it, and passed over where the user or the site did."""


def _unread(views: Sequence[_View], page: _Page | None) -> set[tuple[int, str]]:
    """The texts of the client's that were not looked through to the end: number of the view, and field."""
    return set() if page is None else {(index, name) for index, name in page.unread if views[index].facts.speaks}


def _found(patterns: PatternSet, reading: Reading, wanted: Collection[int]) -> dict[int, set[int]]:
    """By pattern, the lines that it matches in, of the sentences wanted: their plain reading and further ones."""
    if not wanted:
        return {}
    further = [line for line, sentence in enumerate(reading.owners, len(reading.written)) if sentence in wanted]
    lines = [*wanted, *further]
    return patterns.each_matched([reading.lines[line] for line in lines], lines)


def _meant(reading: Reading, sentences: Collection[int]) -> list[str]:
    """Sentences as they are meant: undisguised, and without what they say to reassure."""
    meant = reading.undisguised
    return [meant.get(s) or without_reassurances(reading.lines[s].decode().strip()) for s in sentences]


_AFTER_ALL_RULES = 1 << 30


def _taught(views: Sequence[_View], page: _Page | None, lessons: Lessons) -> Iterator[tuple[int, Finding]]:
    """The client's texts that are like one that the user wanted to be warned of: number of the view, and finding."""
    if page is None or not lessons.warn:
        return
    left = MOST_COMPARED
    for index, view in enumerate(views):
        if not view.facts.speaks:
            continue
        for name, text_of in view.texts.items():
            text = [each.strip() for each in page.reading.written[text_of.start : text_of.end][:left]]
            left -= len(text)
            for taught in lessons.warned(text):
                quotes = [
                    quote for place in taught.places if not lessons.silence(about(TAUGHT, ""), quote := text[place])
                ]
                if quotes:
                    yield index, _taught_finding(taught, view.facts, name, quotes)


def _taught_finding(taught: TaughtRisk, facts: Facts, name: str, quotes: Sequence[str]) -> Finding:
    selector = facts.sources.get(name)
    quote = quoted(quotes[0])
    return Finding(
        rule=TAUGHT,
        risk=taught.lesson.risk or TAUGHT,
        severity="caution",
        confidence="medium",
        subject=facts.subject,
        subject_id=facts.subject_id,
        anchor=facts.anchor,
        title=Text(ja="警告してほしいと登録された文章に似ています", en="Like a text that you asked to be warned of"),
        seen=Text(ja=f"「{quote}」", en=f"“{quote}”"),
        reason=Text(
            ja="以前、あなたが「これも警告してほしい」と登録した文章に似た表現があります。",
            en="You once told Koban that a text like this should have been warned of.",
        ),
        advice=Text(
            ja="返事をする前に、内容をもう一度ご確認ください。登録は、Kobanの設定でいつでも取り消せます。",
            en="Read it once more before you answer. You can take this back in Koban's options at any time.",
        ),
        report=False,
        sources=(),
        evidence=tuple(Evidence(field=name, quote=each, selector=selector) for each in quotes[:MOST_EVIDENCE]),
    )


def _meaning(
    reader: MeaningReader, reading: Reading, start: int, end: int, without: Collection[int] = frozenset()
) -> Meaning:
    """What a text means: as it is written, without what it says to reassure, and, where disguised, as it is meant.

    without: sentences, by their number in the page, that count as if they were not there.
    """
    plain = ["" if sentence in without else reading.lines[sentence].decode().strip() for sentence in range(start, end)]
    meaning = reader.read(plain)
    bare = [without_reassurances(line) for line in plain]
    if bare != plain:
        meaning = together(meaning, reader.read(bare))
    disguised = (reading.undisguised.keys() & range(start, end)) - frozenset(without)
    if not disguised:
        return meaning
    meant = [reading.undisguised[s] if s in disguised else line for s, line in enumerate(bare, start)]
    return together(meaning, reader.read(meant))


def _read_threads(views: Sequence[_View], page: _Page, reader: MeaningReader | None) -> None:
    """Read the messages of each thread together: what follows becomes facts of the thread, and risks of messages."""
    for thread in views:
        if thread.facts.subject != "thread" or thread.facts.thread is None:
            continue
        messages = [
            view
            for view in views
            if view.facts.subject == "message" and view.facts.thread == thread.facts.thread and view.texts
        ][-threads.MOST_MESSAGES :]
        if messages:
            _read_thread(thread, messages, page, reader)


def _read_thread(thread: _View, messages: Sequence[_View], page: _Page, reader: MeaningReader | None) -> None:
    turns: list[threads.Turn] = []
    places: list[int] = []
    """Sentences of the page, in the order of the exchange."""
    for view in messages:
        text_of = view.texts[_BODY]
        begin = len(places)
        places += range(text_of.start, text_of.end)
        body, role = view.facts.values[_BODY], view.facts.values["message.author_role"]
        turns.append(threads.Turn(role, body, begin, len(places), text_of.meaning))

    def quotes(*said: tuple[int, str]) -> tuple[Evidence, ...]:
        return tuple(
            Evidence(field=_BODY, quote=quote, selector=messages[number].facts.sources.get(_BODY))
            for number, quote in said
        )

    course = threads.escrow_course(turns)
    derived: dict[str, Any] = {
        "thread.escrow_put_off": len(course.put_off),
        "thread.work_asked_while_put_off": bool(course.work_asked),
    }
    thread.told["thread.escrow_put_off"] = quotes(*reversed(course.put_off))
    thread.told["thread.work_asked_while_put_off"] = quotes(*course.work_asked)
    spans = threads.exchanges(turns)
    if reader is not None and spans:
        exchange = reader.read_together(_meant(page.reading, places), spans, threads.known(turns))

        def clearest(number: int) -> tuple[int, str]:
            return number, page.reading.written[places[exchange.clearest(turns[number])]].strip()

        for pieces in threads.told_in_pieces(turns, exchange):
            last = messages[pieces.messages[-1]].texts[_BODY]
            evidence = quotes(*(clearest(number) for number in pieces.messages[-MOST_EVIDENCE:]))
            last.exchanged = (*last.exchanged, (pieces.warned, evidence))
        again = threads.asked_again(turns, exchange)
        if again is not None:
            derived["thread.asked_again"] = again.risk
            said = [clearest(number) for number in (again.again, again.first, again.refusal)]
            thread.told["thread.asked_again"] = quotes(*said)
    thread.facts = replace(thread.facts, values={**thread.facts.values, **derived})


_BODY = "message.body"


def _in_sentences(found: Mapping[int, set[int]], reading: Reading) -> dict[int, set[int]]:
    """By pattern the sentences rather than the lines."""
    owner = reading.sentences
    return {pattern: {owner[line] for line in lines} for pattern, lines in found.items()}


def _judge(compiled: _Compiled, view: _View) -> Finding | None:
    """What a rule finds, with what the user taught about it."""
    view.silenced = False
    finding = _found_by(compiled, view)
    if not view.silenced or not compiled.rests_on_stage:
        return finding
    lessons, view.lessons = view.lessons, NO_LESSONS
    untaught = _found_by(compiled, view)
    view.lessons = lessons
    return untaught if untaught is not None and untaught.severity == "danger" else finding


def _found_by(compiled: _Compiled, view: _View) -> Finding | None:
    view.begin()
    if compiled.when(view) is not True:
        return None
    backing, read = view.backing, view.read
    evidence = _without_doubles(view.evidence)
    rule = compiled.rule
    case = next((case for check, case in compiled.cases if check(view) is True), None)
    severity: Severity = rule.severity
    title, seen, reason, advice, report = rule.title, rule.seen, rule.reason, rule.advice, rule.report
    if view.facts.subject in ("job", "client"):
        advice = rule.advice_on_offer or advice
    if case is not None:
        if case.severity == "none":
            return None
        severity = case.severity or severity
        title, seen = case.title or title, case.seen or seen
        reason, advice = case.reason or reason, case.advice or advice
        report = report if case.report is None else case.report
    if read is not None:
        seen = read
    if severity == "danger" and rule.meaning == "heard" and backing:
        known = [share for share in backing if share is not None]
        if known and max(known) < BACKED:
            severity = "caution"
    facts = view.facts
    kinds = {name: FIELDS[name].kind for name in facts.values}
    words = {name: shown(facts.values[name], kind) for name, kind in kinds.items() if kind in _SHOWN_KINDS}
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
        sources=_cited(rule.sources, facts.site.id),
        evidence=evidence,
    )


def _read_as(told: Text, warned: Warned) -> Text:
    """What was seen, with what it was read as."""
    phrase = READ_AS[warned.risk]
    return Text(ja=told.ja.format(phrase.ja), en=told.en.format(phrase.en))


def _cited(sources: Sequence[Source], site: str) -> tuple[Source, ...]:
    """The sources that hold on a site: its own terms first, then laws, never another site's terms.

    site: the site's id, "" where it is not known; then all are cited.
    """
    if not site:
        return tuple(sources)
    own = [source for source in sources if source.site == site]
    return (*own, *(source for source in sources if source.site is None))


def _once(sentences: Sequence[int], reading: Reading) -> list[int]:
    """The sentences without pieces that overlap one before: what both have is quoted once."""
    return [s for s in sentences if s not in reading.overlapping or s - 1 not in sentences]


_SHOWN_KINDS = frozenset({"number", "share", "word", "flag"})


def _without_doubles(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return distinct(evidence)[:MOST_EVIDENCE]


def _words_of_others(subject: Subject) -> set[str]:
    return {name for other, names in WORDS.items() if other != subject for name in names}


def _asks_signs(rule: Rule) -> bool:
    return any(condition.signs is not None for condition in rule.when)


def _compile(rule: Rule, order: int, compiler: _Compiler) -> _Compiled:
    asks: set[str] = set()
    refinements: list[_Refinement] = []
    heard = rule.meaning == "heard"
    when = _all(
        [
            _condition(rule, c, ("when", i), compiler, asks, refinements, heard=heard, taught=True)
            for i, c in enumerate(rule.when)
        ]
    )
    cases = []
    for number, case in enumerate(rule.cases):
        place = ("cases", number, "when")
        checks = [_condition(rule, c, (*place, i), compiler, set(), refinements) for i, c in enumerate(case.when)]
        cases.append((_all(checks), case))
    needs = tuple(frozenset(n) for c in rule.when for n in _needs(rule, c, compiler))
    gate_value = None if needs else _gate_value(rule)
    fields = frozenset(
        c.field for c in rule.when if c.field not in (None, "words") and c.matcher and c.matcher.absent is None
    )
    risks = frozenset(number for numbers in needs for number in numbers if number < 0)
    return _Compiled(
        rule,
        order,
        when,
        tuple(cases),
        needs,
        gate_value,
        fields,
        tuple(refinements),
        risks,
        frozenset(asks),
        any(_asks_if_unknown(condition) for case in rule.cases for condition in case.when),
    )


def _asks_if_unknown(condition: Condition) -> bool:
    matcher = condition.matcher
    return condition.field == "stage" and matcher is not None and matcher.is_ is not None and "unknown" in matcher.is_


def _refinement(
    rule: Rule, matcher: Matcher, place: tuple[str | int, ...], compiler: _Compiler, *, heard: bool
) -> _Refinement:
    return _Refinement(
        says=frozenset(compiler.said.numbers(rule, (*place, "says"), matcher.says or ())),
        together=tuple(
            compiler.together.numbers(rule, (*place, "with", index), group) for index, group in enumerate(matcher.with_)
        ),
        unless=compiler.beside.numbers(rule, (*place, "unless"), matcher.unless),
        near=compiler.beside.numbers(rule, (*place, "near"), matcher.near),
        heard=heard,
        sure=rule.confidence == "high",
    )


def _gate_value(rule: Rule) -> tuple[str, tuple[Any, ...]] | None:
    for condition in rule.when:
        matcher = condition.matcher
        if condition.field is None or matcher is None or matcher.is_ is None:
            continue
        if condition.field not in _CIRCUMSTANCES:
            return condition.field, matcher.is_
    return None


def _needs(rule: Rule, condition: Condition, compiler: _Compiler) -> list[set[int]]:
    """Sets of patterns (or risks) of each of which one must match for the condition to hold."""
    if condition.matcher is not None:
        says, means = condition.matcher.says, condition.matcher.means
        if means is not None:
            return [{_NUMBER_OF_RISK[risk] for risk in means}]
        return [] if says is None else [set(compiler.said.numbers(rule, ("when",), says))]
    if condition.all_ is not None:
        return [needed for c in condition.all_ for needed in _needs(rule, c, compiler)]
    if condition.any_ is not None:
        alternatives = [_needs(rule, c, compiler) for c in condition.any_]
        if all(alternatives):
            return [set().union(*(min(needed, key=len) for needed in alternatives))]
    return []


def _condition(
    rule: Rule,
    condition: Condition,
    place: tuple[str | int, ...],
    compiler: _Compiler,
    asks: set[str],
    refinements: list[_Refinement],
    *,
    heard: bool = False,
    taught: bool = False,
) -> Check:
    """Compile a condition; what its `says` ask of sentences is added to `refinements`.

    heard: whether meaning can speak against what is said. taught: whether the user can; not where that would make the
    rule warn.
    """
    if condition.field is not None and condition.matcher is not None:
        asks |= _asked(rule, condition.field)
        silent_for = about(rule.id, rule.risk) if taught else None
        if condition.matcher.says is not None:
            place = (*place, condition.field)
            heard = heard and condition.field == "words"
            refinement = _refinement(rule, condition.matcher, place, compiler, heard=heard)
            refinements.append(refinement)
            return _says(rule, condition.field, condition.matcher, place, compiler, refinement, silent_for)
        if condition.matcher.means is not None:
            return _means(condition.field, frozenset(condition.matcher.means), silent_for)
        return _value(condition.field, condition.matcher)
    for key, combine in (("any", _any), ("all", _all), ("not", _not)):
        nested = getattr(condition, key + "_")
        if nested is not None:
            inner = [(c, (*place, key, i)) for i, c in enumerate(nested)]
            heard, taught = heard and key != "not", taught and key != "not"
            return combine(
                [_condition(rule, c, at, compiler, asks, refinements, heard=heard, taught=taught) for c, at in inner]
            )
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
    origin, kind = FIELDS[name].origin, FIELDS[name].kind
    tells = name not in _CIRCUMSTANCES

    def holds(view: _View) -> Truth:
        value = view.facts.values.get(name)
        if absent is not None:
            there = value is not None and value != "" and value != ()
            if there and not absent and kind in _SHOWN_KINDS:
                selector = view.facts.sources.get(name) or view.facts.sources.get(origin)
                view.evidence.append(Evidence(field=name, quote=shown(value, kind), selector=selector))
            return there is not absent
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
        if truth and name in view.told:
            view.evidence += view.told[name]
        elif truth and tells:
            selector = view.facts.sources.get(name) or view.facts.sources.get(origin)
            view.evidence.append(Evidence(field=name, quote=shown(value, kind), selector=selector))
        return truth

    return holds


def _says(
    rule: Rule,
    name: str,
    matcher: Matcher,
    place: tuple[str | int, ...],
    compiler: _Compiler,
    refinement: _Refinement,
    silent_for: Names | None = None,
) -> Check:
    """Whether a text says something. silent_for: the rule that the user may have called wrong about sentences."""
    elsewhere = frozenset(compiler.anywhere.numbers(rule, (*place, "elsewhere"), matcher.elsewhere))
    check = predicates.SENTENCE[matcher.check] if matcher.check is not None else None
    at_least = matcher.at_least

    def holds(view: _View) -> Truth:
        facts = view.facts
        if name == "words" and not facts.speaks:
            return None
        known = False
        for field_name in WORDS[facts.subject] if name == "words" else (name,):
            if facts.values.get(field_name) is None:
                continue
            known = True
            text_of = view.texts.get(field_name)
            if text_of is None or view.page is None:
                continue
            sentences = met(view, view.page, text_of)
            if sentences and not (elsewhere and elsewhere & anywhere(view.page, text_of)):
                selector = facts.sources.get(field_name)
                view.evidence += [
                    Evidence(field=field_name, quote=view.page.reading.written[s].strip(), selector=selector)
                    for s in _once(sentences, view.page.reading)[:MOST_EVIDENCE]
                ]
                known_shares = [p for s in sentences if (p := text_of.probability(s)) is not None]
                view.backing.append(max(known_shares) if refinement.heard and known_shares else None)
                return True
        return False if known else None

    def met(view: _View, page: _Page, text_of: _TextOf) -> Sequence[int]:
        """The sentences of a text that make the condition true; none where they are too few."""
        kept = page.kept.get(refinement)
        if kept is None:
            return []
        sentences: Sequence[int] = kept[bisect_left(kept, text_of.start) : bisect_left(kept, text_of.end)]
        if check is not None:
            sentences = [s for s in sentences if check(page.reading.written[s])]
        if silent_for is not None and sentences:
            sentences = view.without_silenced(silent_for, sentences)
        if at_least > 1:
            said = sum(
                not page.said[number].isdisjoint(sentences) for number in refinement.says.intersection(page.said)
            )
            return sentences if said >= at_least else []
        return sentences

    def anywhere(page: _Page, text_of: _TextOf) -> frozenset[int]:
        if text_of.anywhere is None:
            assert compiler.whole_text is not None
            text_of.anywhere = compiler.whole_text.matched(page.reading.lines[text_of.start : text_of.end])
        return text_of.anywhere

    return holds


def _means(name: str, risks: frozenset[str], silent_for: Names | None = None) -> Check:
    """Whether the meaning of a text warns of one of some risks. silent_for: as in `_says`."""

    def holds(view: _View) -> Truth:
        facts = view.facts
        if name == "words" and not facts.speaks:
            return None
        known = False
        for field_name in WORDS[facts.subject] if name == "words" else (name,):
            text_of = view.texts.get(field_name)
            if text_of is None or text_of.meaning is None or view.page is None:
                continue
            known = True
            meaning: Meaning | None = text_of.meaning
            warnings = text_of.warned
            if silent_for is not None:
                meaning, warnings = view.meant(silent_for, text_of)
            for warned in warnings:
                if warned.risk in risks and meaning is not None:
                    place = text_of.start + meaning.clearest(warned.window)
                    quote = view.page.reading.written[place].strip()
                    told = Evidence(field=field_name, quote=quote, selector=facts.sources.get(field_name))
                    view.evidence.append(view.page.marked(told, warned))
                    view.backing.append(0.0)
                    view.read = _read_as(_FROM_WORDING, warned)
                    return True
            for pieces, evidence in text_of.exchanged:
                if pieces.risk in risks:
                    view.evidence += [view.page.marked(told, pieces) for told in evidence]
                    view.backing.append(0.0)
                    view.read = _read_as(_FROM_EXCHANGE, pieces)
                    return True
        return False if known else None

    return holds
