"""The state of judging one page: its text, and for each subject the facts, the texts and the evidence of one rule."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.facts import Facts
from rules.meaning.budget import PageBudget
from rules.meaning.meaning import Meaning, RiskWarning, together
from rules.meaning.reader import MeaningReader
from rules.meaning.taught import NO_LESSONS, Lessons, Names
from rules.model import Evidence, Text
from rules.page_text import PageText
from rules.refinement import Refinement
from rules.translations import Translations

MOST_COMPARED = 2_000
"""Sentences of a page, and of each text of it, that are compared with the user's lessons."""

Truth = bool | None
"""True, false, or unknown (`None`): the page does not show the field."""


@dataclass(slots=True)
class TextView:
    """One text of a subject: its sentences are those from `start` to before `end` among all of the page."""

    subject: int
    """Number of the subject's view."""
    start: int
    end: int
    meaning: Meaning | None = None
    """None where no model could read it, or its words are not the client's."""
    is_loose: bool = False
    """Whether its lines need not follow from each other: those of a picture or a file."""
    exchanges: tuple[tuple[RiskWarning, tuple[Evidence, ...]], ...] = ()
    """Risks that it shows only together with messages before it, with the sentences that show them."""
    _warnings: Sequence[RiskWarning] | None = None

    @property
    def warnings(self) -> Sequence[RiskWarning]:
        """The risks that its meaning alone warns of."""
        if self._warnings is None:
            self._warnings = self.warnings_of(self.meaning) if self.meaning is not None else ()
        return self._warnings

    def warnings_of(self, meaning: Meaning) -> Sequence[RiskWarning]:
        """Return the risks that a meaning alone warns of in a text of this kind."""
        return meaning.warnings(is_loose=self.is_loose)

    def refutes(self, sentence: int, *, sure: bool, stubborn: bool = False) -> bool:
        """Whether its meaning contradicts the words of a sentence, given by its number in the page."""
        meaning = self.meaning
        return meaning is not None and meaning.refutes(sentence - self.start, sure=sure, stubborn=stubborn)

    def backs_any(self, sentences: Sequence[int]) -> bool | None:
        """Whether its meaning backs the words of one of some sentences, given by their numbers in the page.

        None where it backs none of those that were read, and one was not: then words count by themselves.
        """
        if self.meaning is None:
            return None
        own = [sentence - self.start for sentence in sentences]
        if any(map(self.meaning.backs, own)):
            return True
        return False if self.meaning.unread_sentences.isdisjoint(own) else None


@dataclass(slots=True)
class PageView:
    """All sentences of a page, by number, and the patterns that match them."""

    text: PageText
    texts: Sequence[TextView]
    """By sentence."""
    matches: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    """By number of a subject's view, its sentences by `says` pattern."""
    patterns: dict[int, set[int]] = field(default_factory=dict)
    """By number of a subject's view, the patterns, and (below zero) the risks and traits, met in it."""
    unread_places: set[tuple[int, str]] = field(default_factory=set)
    """Fields that exceed a limit: number of the subject's view, and field."""
    refined_sentences: dict[Refinement, list[int]] = field(default_factory=dict)
    """The sentences that meet a refinement, in order; a refinement without any has no entry."""
    reader: MeaningReader | None = None
    budget: PageBudget = field(default_factory=PageBudget)
    is_marked: bool = True
    """Whether the words that weigh most are looked for, which takes as long as all the rest of a short text."""

    def add_matches(self, matches: Mapping[int, set[int]]) -> None:
        """Add the sentences that match `says` patterns, by pattern."""
        texts, by_subject = self.texts, self.matches
        for pattern, sentences in matches.items():
            for sentence in sentences:
                subject = texts[sentence].subject
                of_subject = by_subject.get(subject)
                if of_subject is None:
                    by_subject[subject] = {pattern: [sentence]}
                elif pattern in of_subject:
                    of_subject[pattern].append(sentence)
                else:
                    of_subject[pattern] = [sentence]
        for subject, of_subject in by_subject.items():
            self.patterns.setdefault(subject, set()).update(of_subject)

    def marked(self, evidence: Evidence, warning: RiskWarning) -> Evidence:
        """Return evidence with the words marked that weigh most for a risk."""
        if self.reader is None or not self.is_marked:
            return evidence
        spans = self.reader.weightiest(evidence.quote, warning.risk, warning.window.language)
        return evidence.model_copy(update={"marked": spans})

    def refutes(self, sentence: int, *, sure: bool, stubborn: bool = False) -> bool:
        """Whether meaning contradicts the words of a sentence.

        Of a sentence that was cut none does: padding without a full stop hides what its pieces mean.
        """
        pieces = self.text.overlapping
        if sentence in pieces or sentence + 1 in pieces:
            return False
        return self.texts[sentence].refutes(sentence, sure=sure, stubborn=stubborn)

    def around(self, sentence: int) -> set[int]:
        """Return a sentence and its neighbours in its text."""
        text = self.texts[sentence]
        return {number for number in (sentence - 1, sentence, sentence + 1) if text.start <= number < text.end}


class HeldSoFar(NamedTuple):
    """Lengths of a view's lists of evidence at one moment, and the reading of meaning by then."""

    evidence_count: int
    unquoted_count: int
    backed_count: int
    seen_text: Text | None
    reading: Text | None


@dataclass(slots=True)
class SubjectView:
    """One subject's facts and texts, and the evidence of the rule that is being judged."""

    facts: Facts
    page: PageView | None = None
    """None where the subject has no text."""
    texts: dict[str, TextView] = field(default_factory=dict)
    """By text field."""
    shown_fields: dict[str, bool] = field(default_factory=dict)
    """By field that conditions on text ask for, whether the subject has any text under it."""
    derived_from: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)
    """By field that follows from texts, the sentences that it follows from."""
    weights: Mapping[str, int] = field(default_factory=dict)
    """By group, the weight of the weak signs that fired."""
    evidence: list[Evidence] = field(default_factory=list)
    unquoted_sentences: list[tuple[str, Sequence[int]]] = field(default_factory=list)
    """Of a picture or file, by text condition that held: the field, and the sentences beyond those in the evidence.

    They are numbers, until the next rule begins: at most those of the file's sentences for each condition.
    """
    backings: list[bool | None] = field(default_factory=list)
    """By text condition that held, whether meaning backs it; None where words count by themselves."""
    seen_text: Text | None = None
    """The sentence to show where meaning spoke and no words did."""
    reading: Text | None = None
    """What meaning read there, as a part of that sentence."""
    translations: Translations | None = None
    """The further language in which findings are said too."""
    lessons: Lessons = NO_LESSONS
    is_withdrawn: bool = False
    """Whether it is a message whose request the client took back."""
    is_silenced: bool = False
    """Whether the rule met a sentence that the user called it wrong about."""

    def begin(self) -> None:
        """Forget the evidence of the rule before."""
        self.evidence, self.unquoted_sentences, self.backings, self.seen_text, self.reading = [], [], [], None, None

    def held(self) -> HeldSoFar:
        """Return what the conditions that held so far have left."""
        return HeldSoFar(
            len(self.evidence), len(self.unquoted_sentences), len(self.backings), self.seen_text, self.reading
        )

    def take_back(self, before: HeldSoFar) -> None:
        """Forget what conditions have left since: together they did not hold, or are no evidence."""
        del (
            self.evidence[before.evidence_count :],
            self.unquoted_sentences[before.unquoted_count :],
            self.backings[before.backed_count :],
        )
        self.seen_text, self.reading = before.seen_text, before.reading

    def without_silenced(self, rule: Names, sentences: Sequence[int]) -> Sequence[int]:
        """Return the sentences, by number, without those that the user called a rule wrong about."""
        if self.page is None or not self.lessons.teach(rule):
            return sentences
        page_sentences = self.page.text.written_sentences
        remaining = [
            sentence
            for number, sentence in enumerate(sentences)
            if number >= MOST_COMPARED or not self.lessons.silence(rule, page_sentences[sentence].strip())
        ]
        self.is_silenced = self.is_silenced or len(remaining) < len(sentences)
        return remaining

    def meaning_for(self, rule: Names, text: TextView) -> tuple[Meaning | None, Sequence[RiskWarning]]:
        """Return the meaning and warnings of a text as if it lacked the sentences that the user called a rule wrong
        about."""
        if self.page is None or self.page.reader is None or not text.warnings:
            return text.meaning, text.warnings
        whole = range(text.start, text.end)
        remaining = self.without_silenced(rule, whole)
        if len(remaining) == len(whole):
            return text.meaning, text.warnings
        silenced_sentences = set(whole).difference(remaining)
        meaning = meaning_of(
            self.page.reader, self.page.text, text.start, text.end, self.page.budget, silenced_sentences
        )
        return meaning, text.warnings_of(meaning)


Check = Callable[[SubjectView], Truth]
"""A compiled condition. Leaves evidence in the view where it holds, and none where it does not."""


def meaning_of(
    reader: MeaningReader,
    page: PageText,
    start: int,
    end: int,
    budget: PageBudget,
    without: Collection[int] = frozenset(),
) -> Meaning:
    """Return the meaning of some sentences: as written, without reassurances, and, where disguised, undisguised.

    budget: the page's. without: sentences, by their number in the page, that count as if they were not there.
    """
    lines = page.lines_of(start, end)
    plain_forms = ["" if sentence in without else page.plain(sentence) for sentence in range(start, end)]
    meaning = reader.read(plain_forms, budget, lines)
    bare = plain_forms
    if not page.reassuring_sentences.isdisjoint(range(start, end)):
        bare = ["" if sentence in without else page.bare(sentence) for sentence in range(start, end)]
    if bare != plain_forms:
        meaning = together(meaning, reader.read(bare, budget, lines))
    disguised_sentences = (page.undisguised.keys() & range(start, end)) - frozenset(without)
    if not disguised_sentences:
        return meaning
    undisguised_forms = [
        page.undisguised[s] if s in disguised_sentences else line for s, line in enumerate(bare, start)
    ]
    return together(meaning, reader.read(undisguised_forms, budget, lines))
