"""Compiled conditions: functions from a subject's view to true, false or unknown, which collect evidence."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rules.facts import Facts
from rules.fields import FIELDS, WORDS
from rules.meaning.meaning import RiskWarning
from rules.meaning.phrases import READ_AS
from rules.meaning.taught import Names
from rules.model import Evidence, Text
from rules.page_text import PageText
from rules.placeholders import shown
from rules.predicates import SentenceCheck
from rules.refinement import Refinement
from rules.rule import Matcher
from rules.views import Check, PageView, SubjectView, TextView, Truth

MOST_EVIDENCE = 3
"""Sentences that one finding quotes at most: a page has its words before one's eyes."""
MOST_PLACES = 12
"""The same of a picture or file, which has to be opened and looked through for them."""
CIRCUMSTANCES = frozenset(
    {
        "stage",
        "funded",
        "listed",
        "enclosed",
        "message.author_role",
        *(name for name, info in FIELDS.items() if info.origin == "site"),
    }
)
"""Fields that say where a rule applies; their values are no evidence against anyone."""
SHOWN_KINDS = frozenset({"number", "share", "word", "flag"})
"""Kinds of fields whose values a warning can show."""

FROM_WORDING = Text(
    ja="「{quote}」（言い回しから、{reading}と読めます）", en="“{quote}” (the wording reads as {reading})"
)
FROM_EXCHANGE = Text(
    ja="「{quote}」（やり取りの流れから、{reading}と読めます）", en="“{quote}” (the exchange reads as {reading})"
)
"""The sentence shown where meaning alone speaks, of one text or of several messages, with a place for its `READ_AS`."""


def all_of(checks: Sequence[Check]) -> Check:
    """True if all are true, false if any is false, else unknown. Where it does not hold, none of them is evidence."""

    def holds(view: SubjectView) -> Truth:
        before = view.held()
        unknown = False
        for check in checks:
            truth = check(view)
            if truth is False:
                view.take_back(before)
                return False
            unknown = unknown or truth is None
        if unknown:
            view.take_back(before)
            return None
        return True

    return holds


def any_of(checks: Sequence[Check]) -> Check:
    """True if any is true, false if all are false, else unknown."""

    def holds(view: SubjectView) -> Truth:
        unknown = False
        for check in checks:
            truth = check(view)
            if truth:
                return True
            unknown = unknown or truth is None
        return None if unknown else False

    return holds


def none_of(checks: Sequence[Check]) -> Check:
    """The opposite of `all_of`. Its conditions are no evidence."""
    every = all_of(checks)

    def holds(view: SubjectView) -> Truth:
        before = view.held()
        truth = every(view)
        view.take_back(before)
        return None if truth is None else not truth

    return holds


def value_check(name: str, matcher: Matcher) -> Check:
    """Whether a field has a value: `is`, `above`, `below`, `within`, `absent`."""
    if matcher.absent is not None:
        return _absence_check(name, absent=matcher.absent)
    accepts = _comparison(matcher)
    is_evidence = name not in CIRCUMSTANCES

    def holds(view: SubjectView) -> Truth:
        value = view.facts.values.get(name)
        if value is None:
            return None
        truth = accepts(value)
        if truth and name in view.derived_from:
            view.evidence += view.derived_from[name]
        elif truth and is_evidence:
            view.evidence.append(_value_evidence(view.facts, name))
        return truth

    return holds


def _absence_check(name: str, *, absent: bool) -> Check:
    is_shown = FIELDS[name].kind in SHOWN_KINDS and name not in CIRCUMSTANCES

    def holds(view: SubjectView) -> Truth:
        present = view.facts.values.get(name) not in (None, "", ())
        if present and not absent and is_shown:
            view.evidence.append(_value_evidence(view.facts, name))
        return present is not absent

    return holds


def _comparison(matcher: Matcher) -> Callable[[Any], bool]:
    """The test of a known value."""
    choices, above, below, within = matcher.is_, matcher.above, matcher.below, matcher.within
    if choices is not None:
        return lambda value: value in choices
    if above is not None:
        return lambda value: bool(value > above)
    if below is not None:
        return lambda value: bool(value < below)
    assert within is not None
    low, high = within
    return lambda value: bool(low <= value <= high)


def _value_evidence(facts: Facts, name: str) -> Evidence:
    """A field's value as evidence, at its own place in the page or at that of the field that it follows from."""
    info = FIELDS[name]
    selector = facts.sources.get(name) or facts.sources.get(info.origin)
    return Evidence(field=name, quote=shown(facts.values[name], info.kind), selector=selector)


@dataclass(frozen=True, slots=True)
class TextCondition:
    """A compiled `says`."""

    field: str
    refinement: Refinement
    check: SentenceCheck | None
    at_least: int
    lessons_of: Names | None
    """Names under which the user may have called the rule wrong about sentences; None where lessons do not count."""

    def __call__(self, view: SubjectView) -> Truth:
        """Whether a text of the subject says it."""
        facts = view.facts
        if self.field == "words" and not facts.speaks:
            return None
        if not _is_shown(view, self.field):
            return None
        if view.page is None or self.refinement not in view.page.refined_sentences:
            return False
        for name in _text_fields(facts, self.field):
            text = view.texts.get(name)
            if text is None:
                continue
            sentences = self._sentences(view, view.page, text)
            if sentences:
                self._collect(view, view.page, name, text, sentences)
                return True
        return False

    def _sentences(self, view: SubjectView, page: PageView, text: TextView) -> Sequence[int]:
        """Return the sentences of a text that make the condition true; none where they are too few."""
        refined_sentences = page.refined_sentences[self.refinement]
        sentences: Sequence[int] = refined_sentences[
            bisect_left(refined_sentences, text.start) : bisect_left(refined_sentences, text.end)
        ]
        if self.check is not None:
            sentences = [s for s in sentences if self.check(page.text.written_sentences[s])]
        if self.lessons_of is not None and sentences:
            sentences = view.without_silenced(self.lessons_of, sentences)
        if self.at_least > 1:
            of_subject = page.matches.get(text.subject, {})
            patterns = self.refinement.says.intersection(of_subject)
            match_count = sum(not set(sentences).isdisjoint(of_subject[number]) for number in patterns)
            return sentences if match_count >= self.at_least else []
        return sentences

    def _collect(self, view: SubjectView, page: PageView, name: str, text: TextView, sentences: Sequence[int]) -> None:
        """Add the sentences to the evidence, and whether the meaning of one of them backs its words.

        Evidence is made only of as many as a finding quotes; of the others of a picture or file the numbers are kept.
        """
        selector = view.facts.sources.get(name)
        places = _without_overlap(sentences, page.text)
        most = MOST_EVIDENCE if view.facts.enclosure is None else MOST_PLACES
        view.evidence += [
            Evidence(field=name, quote=page.text.written_sentences[s].strip(), selector=selector) for s in places[:most]
        ]
        if view.facts.enclosure is not None and len(places) > most:
            view.unquoted_sentences.append((name, places[most:]))
        view.backings.append(text.backs_any(sentences) if self.refinement.backed else None)


def _is_shown(view: SubjectView, field: str) -> bool:
    """Whether the subject has any text under a field. The view keeps the answer: many conditions ask for it."""
    is_shown = view.shown_fields.get(field)
    if is_shown is None:
        values = view.facts.values
        is_shown = view.shown_fields[field] = any(
            values.get(name) is not None for name in _text_fields(view.facts, field)
        )
    return is_shown


def _text_fields(facts: Facts, field: str) -> Sequence[str]:
    return WORDS[facts.subject] if field == "words" else (field,)


def _without_overlap(sentences: Sequence[int], page: PageText) -> list[int]:
    """Drop pieces that overlap the one before, so that their common words are quoted once."""
    numbers = frozenset(sentences)
    return [s for s in sentences if s not in page.overlapping or s - 1 not in numbers]


@dataclass(frozen=True, slots=True)
class MeaningCondition:
    """A compiled `means`."""

    field: str
    risks: frozenset[str]
    lessons_of: Names | None
    """As in `TextCondition`."""

    def __call__(self, view: SubjectView) -> Truth:
        """Whether the meaning of a text of the subject warns of one of the risks."""
        facts = view.facts
        if self.field == "words" and not facts.speaks:
            return None
        is_read: list[bool] = []
        for name in _text_fields(facts, self.field):
            text = view.texts.get(name)
            if text is None or view.page is None:
                continue
            is_read.append(text.meaning is not None and not text.meaning.unread_sentences)
            if text.meaning is not None and (
                self._in_wording(view, view.page, name, text) or self._in_exchange(view, view.page, text)
            ):
                return True
        return False if is_read and all(is_read) else None

    def _in_wording(self, view: SubjectView, page: PageView, name: str, text: TextView) -> bool:
        meaning, warnings = text.meaning, text.warnings
        if self.lessons_of is not None:
            meaning, warnings = view.meaning_for(self.lessons_of, text)
        for warning in warnings:
            if warning.risk in self.risks and meaning is not None:
                clearest = meaning.clearest(warning.window, warning.risk)
                quote = page.text.written_sentences[text.start + clearest].strip()
                evidence = Evidence(field=name, quote=quote, selector=view.facts.sources.get(name))
                self._collect(view, page, [evidence], warning, FROM_WORDING)
                return True
        return False

    def _in_exchange(self, view: SubjectView, page: PageView, text: TextView) -> bool:
        for warning, evidence in text.exchanges:
            if warning.risk in self.risks:
                self._collect(view, page, evidence, warning, FROM_EXCHANGE)
                return True
        return False

    def _collect(
        self, view: SubjectView, page: PageView, evidence: Sequence[Evidence], warning: RiskWarning, seen_text: Text
    ) -> None:
        view.evidence += [page.marked(quote, warning) for quote in evidence]
        view.backings.append(False)
        view.seen_text, view.reading = seen_text, READ_AS[warning.risk]
