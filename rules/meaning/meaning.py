"""The meaning of one text: the probability of each risk, which sentences show it, and what it says of words."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from typing import NamedTuple, Protocol

from rules.meaning.labels import Answer
from rules.meaning.model import ANSWER, KINDS, Model
from rules.meaning.passage import CORES, Passage, Sentence, Window, sigmoid
from rules.meaning.why import log_odds
from rules.meaning.windows import SMOOTHING

WARNS: Mapping[str, float] = {"ja": 0.94, "en": 0.90, "es": 0.91, "pt": 0.89, "fr": 0.88}
"""Probability from which meaning alone warns, by language: chosen on blind sets between texts caught and texts wrongly
warned of (docs/quality.md)."""
_PARTS: Mapping[str, float] = {"en": 0.95}
"""Probability that a part or a stretch of a long text needs, where it differs: English posts are long, and one of their
many parts easily looks like a risk."""
BY_LINE: Mapping[str, float] = {"ja": 0.95, "es": 0.92, "pt": 0.92, "fr": 0.92}
"""Languages in which each line of a text is read by itself, too, so that what stands in other lines hides nothing, and
the probability that a line needs. Of 307 harmless English posts, which have many lines, three more would be warned of,
for two of 161 padded traps."""
_BRIEF: Mapping[str, float] = {"es": 0.75, "pt": 0.75, "fr": 0.75}
"""Probability that a text needs which as a whole is shorter than a telling sentence, where it differs: of a few words
these models are less sure, and what is honest among them is told apart all the same."""
_SMALL_WINDOWS = 0.15
"""Added to it for small windows: they are many, and lack their context."""
_SUREST = 0.97
"""The highest probability that any window needs."""
REFUTED, HARMLESS = 0.5, 0.2
"""Words are refuted below this probability of any risk and above this share of harmless acts."""
CREDIBLE = 0.7
"""Words in a telling sentence are refuted below this probability of any risk, whatever acts are read there."""
TELLING: Mapping[str, int] = {"ja": 30, "en": 60, "es": 60, "pt": 60, "fr": 60}
"""Characters from which a sentence by itself tells what it means. Of shorter ones, a title or a phrase that is quoted,
the model knows too little to contradict its words."""
LONGEST_REFUTED = 200
"""Characters of the longest sentence that can be refuted: padding without a full stop hides the meaning."""
UNLIKELY = 0.2
"""Probability of any risk below which words that are no sure sign of it are refuted without any harmless act."""
EXCLUDED = 0.02
"""The same for words that are a sure sign."""
FAINT = 0.05
"""Probability of any risk below which even words that meaning can hardly silence (`refutable: false`) are refuted,
whatever acts are read, in a telling sentence."""
REFUTED_BY_BOTH: Mapping[str, float] = {"ja": 0.25, "en": 0.25, "es": CREDIBLE, "pt": CREDIBLE, "fr": CREDIBLE}
"""Probability of any risk by both readers below which words that meaning can hardly silence are refuted in a telling
sentence; others are below `CREDIBLE`. Higher where the first reader knows least of refusals: with `REFUTED_SHORT`, 43
of 3,600 fewer are warned of there."""
REFUTED_SHORT = 0.2
"""The same in a sentence that is not telling, whatever its words. Of so short a one the second reader knows little too,
so the first one has to read a harmless act in it (`SURELY_HARMLESS`)."""
SURELY_HARMLESS = 0.5
"""Share of harmless acts above which a faint sentence is refuted even if it is short and its words are stubborn."""
UNBACKED = 0.35
"""Share of harmless acts from which meaning backs no words: 457 of 461 texts of the blind sets that were a danger are
one still, and 5 of 8 refusals."""
CLOSE = 3
"""Sentences of the longest windows that are asked about one sentence's words."""
BACKED: Mapping[str, float] = {"ja": 0.6, "en": 0.8, "es": 0.8, "pt": 0.8, "fr": 0.8}
BACKED_TELLING = 0.93
"""Probability of any risk from which meaning backs words, so that they may be a danger: in short sentences by language,
and in telling ones."""
HARMLESS_ACTS = frozenset({"refuses", "warns", "reports", "describes-work", "right-order", "own-words"})
_MOST_RISKS = 2
"""Risks that meaning alone warns of in one text."""
DOUBTED = 0.5
"""Probability from which a window is read again whose kind may rise."""
_DOUBTED_STRETCH: Mapping[str, float] = {"en": 0.8}
"""The same for stretches, where it differs: for the reason of `_PARTS`."""
_MAY_RISE = ("whole", *CORES)
"""Kinds of windows that the second reader may lift to what meaning alone needs. Others, of which a long text has many,
it can only take away."""
_MOST_READ_AGAIN = 6
"""Windows of one text that are read again, and as many lines: each takes milliseconds. Of other windows the sums
decide, and of lines, which are many, only where they are sure."""
_SURE, _SURELY_NONE = 0.995, 0.05
"""Probabilities from and below which a window is not read again. Of 6,000 refusals and all texts of the blind sets from
the seventh on no verdict is another for it, and a short text takes 0.6 of the time."""
_SECOND_SHARE = 0.7
"""What the log odds of the second reader count beside those of the first."""


def combined_probability(probability: float, second: float) -> float:
    """Return the probability of any risk by two readers. second: log odds by the second."""
    return sigmoid(log_odds(probability) + _SECOND_SHARE * second)


def _least(language: str, kind: str, *, is_brief: bool) -> float:
    """The probability from which meaning alone warns of a window. is_brief: whether its text is."""
    if kind == "whole" and is_brief:
        return _BRIEF.get(language, WARNS[language])
    if kind in ("whole", "core"):
        return WARNS[language]
    if kind == "line":
        return BY_LINE.get(language, _SUREST)
    if kind in ("part", "stretch"):
        return _PARTS.get(language, WARNS[language])
    return min(WARNS[language] + _SMALL_WINDOWS, _SUREST)


_Bounds = Mapping[str, Mapping[str, float]]
"""By language and kind of window."""


class _Needed(NamedTuple):
    """Two bounds of windows."""

    least: _Bounds
    """Probability from which meaning alone warns."""
    asked_from: _Bounds
    """Log odds by the first reader from which a window is read again, or warned of."""


def _asked_from(language: str, kind: str, least: float) -> float:
    """The probability by the first reader from which a window is read again, or warned of."""
    if kind not in _MAY_RISE:
        return least
    return min(least, _DOUBTED_STRETCH.get(language, DOUBTED) if kind == "stretch" else DOUBTED)


def _needed(*, is_brief: bool) -> _Needed:
    least = {
        language: {kind: _least(language, kind, is_brief=is_brief) for kind in (*KINDS, *CORES)} for language in WARNS
    }
    asked_from = {
        language: {kind: log_odds(_asked_from(language, kind, own)) for kind, own in by_kind.items()}
        for language, by_kind in least.items()
    }
    return _Needed(least, asked_from)


_NEEDED: Mapping[bool, _Needed] = {is_brief: _needed(is_brief=is_brief) for is_brief in (False, True)}
"""By whether the text is brief."""


class Stretch(Protocol):
    """Some sentences in a row, from `start` to before `end`."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class RiskWarning:
    """A risk that meaning alone warns of, and the window that it comes from."""

    risk: str
    window: Window


def _probability(window: Window) -> float:
    return window.probability


def _not_read_again(_window: Window) -> Window | None:
    return None


@dataclass(frozen=True)
class Meaning:
    """The meaning of one text. Sentences are named by their number in it."""

    passages: Sequence[Passage] = ()
    read_again: Callable[[Window], Window | None] = field(default=_not_read_again, repr=False, compare=False)
    """Returns a window with the probability by both readers; None where no second one is there."""
    unread_sentences: frozenset[int] = frozenset()
    """Those whose model cannot be used: what they mean is unknown, and not harmless."""
    _close_windows: dict[tuple[int, int], Window | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Those of `_close` that were asked for: several rules ask about one sentence."""
    _warnings: dict[bool, Sequence[RiskWarning]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Those that were asked for: the meaning of a text read last is kept."""
    _answers: dict[tuple[int, bool, bool], bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Those of `refutes` that were asked for."""
    _backings: dict[int, bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Those of `backs` that were asked for."""

    @cached_property
    def windows(self) -> Sequence[Window]:
        """All windows that it is read in."""
        return [window for passage in self.passages for window in passage.windows]

    @cached_property
    def models(self) -> Mapping[str, Model]:
        """By language, the model that reads it."""
        return {passage.language: passage.model for passage in self.passages}

    @cached_property
    def window(self) -> Window | None:
        """The window most likely to hold a risk; None for a text without words."""
        return self._likeliest(self.windows)

    @property
    def probability(self) -> float:
        """The probability that the text holds any risk."""
        return self.window.probability if self.window is not None else 0.0

    def _windows_around(self, sentence: int) -> Iterator[Window]:
        return chain.from_iterable(passage.around(sentence) for passage in self.passages)

    def _around(self, sentence: int) -> Window | None:
        """Return the window around a sentence that is most likely to hold a risk."""
        return self._likeliest(self._windows_around(sentence))

    def _close(self, sentence: int, most: int) -> Window | None:
        """Return the window close around a sentence that is most likely to hold a risk. most: sentences of it."""
        place = (sentence, most)
        if place not in self._close_windows:
            close_windows = filter(None, (passage.likeliest(sentence, most) for passage in self.passages))
            self._close_windows[place] = self._likeliest(close_windows)
        return self._close_windows[place]

    def _likeliest(self, windows: Iterable[Window]) -> Window | None:
        return max(windows, key=_probability, default=None)

    def _longest(self, windows: Iterable[Window]) -> Window | None:
        """Return the longest window, of equals the likeliest to hold a risk."""
        return max(windows, key=lambda window: (window.end - window.start, window.probability), default=None)

    def around(self, sentence: int) -> float:
        """Return the highest probability of a risk among the windows around a sentence; 0 where there is none."""
        window = self._around(sentence)
        return window.probability if window is not None else 0.0

    def refutes(self, sentence: int, *, sure: bool, stubborn: bool = False) -> bool:
        """Whether a sentence, whatever its words, is read as harmless: as a refusal, a warning, the right order of
        things, work about the matter.

        sure: whether the words are a sure sign of the risk. Then a low probability is not enough, since phrases that
        are new to the model have no probability of anything. stubborn: whether only a telling sentence refutes them, by
        a harmless act or an almost sure reading, and a shorter one by both. Asked are the windows close around the
        sentence: a risk elsewhere in the paragraph says nothing of it.
        """
        question = (sentence, sure, stubborn)
        if question not in self._answers:
            self._answers[question] = self._refutes(*question)
        return self._answers[question]

    def _refutes(self, sentence: int, sure: bool, stubborn: bool) -> bool:
        window = self._close(sentence, CLOSE)
        if window is None or any(alone.length > LONGEST_REFUTED or alone.is_mixed for alone in self._alone(sentence)):
            return False
        is_telling = self._tells(sentence, window.language)
        by_sums = self._refuted_by_sums(window, is_telling, sure, stubborn)
        is_doubted = is_telling or (window.probability < CREDIBLE and self.harmless(window) > SURELY_HARMLESS)
        again = self._again(window) if by_sums or is_doubted else None
        if again is None:
            return by_sums
        if by_sums:
            return again.probability < CREDIBLE
        least = REFUTED_BY_BOTH[window.language] if stubborn else CREDIBLE
        if not is_telling:
            least = REFUTED_SHORT
        if again.probability >= least:
            return False
        # A refusal beside it may make the likeliest window harmless; what is asked for stands in the sentence.
        single = self._close(sentence, 1) or window
        return (self._again(single) or single).probability < least

    def _refuted_by_sums(self, window: Window, is_telling: bool, sure: bool, stubborn: bool) -> bool:
        """Whether the first reader alone reads a sentence as harmless. window: the likeliest close around it."""
        if window.probability >= CREDIBLE:
            return False
        if is_telling and (not stubborn or window.probability < FAINT):
            return True
        if window.probability >= REFUTED:
            return False
        if stubborn and not is_telling:
            return window.probability < FAINT and self.harmless(window) > SURELY_HARMLESS
        if not stubborn and window.probability < (EXCLUDED if sure else UNLIKELY):
            return True
        return self.harmless(window) > HARMLESS

    def backs(self, sentence: int) -> bool:
        """Whether the words of a sentence are read as what they say, so surely that they may be a danger.

        They are not where the text around it, read at once, does something harmless with them.
        """
        if sentence not in self._backings:
            self._backings[sentence] = self._backs(sentence)
        return self._backings[sentence]

    def _backs(self, sentence: int) -> bool:
        window = self._around(sentence)
        if window is None:
            return False
        least = BACKED_TELLING if self._tells(sentence, window.language) else BACKED[window.language]
        if window.probability < least or self.harmless(window) >= UNBACKED:
            return False
        if (self._again(window) or window).probability < least:
            return False
        longest = self._longest(self._windows_around(sentence)) or window
        return longest.probability >= REFUTED or self.harmless(longest) < SURELY_HARMLESS

    def _again(self, window: Window) -> Window | None:
        """Return a window with the probability by both readers; None where the first is sure or no second is there."""
        return self.read_again(window) if _SURELY_NONE <= window.probability < _SURE else None

    def harmless(self, window: Window) -> float:
        """Return the probability that a window performs a harmless act."""
        acts = self.acts(window)
        return sum(acts.get(act, 0.0) for act in HARMLESS_ACTS)

    def _tells(self, sentence: int, language: str) -> bool:
        return min((alone.length for alone in self._alone(sentence)), default=0) >= TELLING[language]

    def _alone(self, number: int) -> Iterator[Sentence]:
        """Yield a sentence in each of its forms that was read: as written, without reassurances, and undisguised."""
        return filter(None, (passage.alone(number) for passage in self.passages))

    def risks(self, window: Window) -> Mapping[str, float]:
        """By risk, the probability that a window holds it, given that it holds any."""
        return self._shares(window, "")

    def risk(self, window: Window) -> str:
        """Return the likeliest risk of a window."""
        scores = self._scores(window, "")
        return max(scores, key=scores.__getitem__)

    def warnings(self, *, is_loose: bool = False) -> Sequence[RiskWarning]:
        """Return the risks that the meaning alone warns of, the likeliest by the first reader first.

        is_loose: whether the text's lines need not follow from each other, as those of a picture; then windows without
        a telling sentence do not count.
        """
        if is_loose not in self._warnings:
            self._warnings[is_loose] = self._warnings_of(is_loose=is_loose)
        return self._warnings[is_loose]

    def _warnings_of(self, *, is_loose: bool) -> Sequence[RiskWarning]:
        is_brief = all(passage.length < TELLING[passage.language] for passage in self.passages)
        bounds = _NEEDED[is_brief]
        if not any(passage.may_reach(bounds.asked_from[passage.language]) for passage in self.passages):
            return ()
        warnings: dict[str, RiskWarning] = {}
        read_again = Counter[bool]()
        for window in self._candidates(bounds):
            if is_loose and not any(self._tells(s, window.language) for s in range(window.start, window.end)):
                continue
            risk = self.risk(window)
            if risk in warnings:
                continue
            is_line = window.kind == "line"
            by_both = self._again(window) if read_again[is_line] < _MOST_READ_AGAIN else None
            read_again[is_line] += by_both is not None
            if is_line and by_both is None and window.probability < _SURE:
                continue
            again = by_both or window
            if again.probability > window.probability and window.kind not in _MAY_RISE:
                again = window
            if again.probability >= bounds.least[again.language][again.kind]:
                warnings[risk] = RiskWarning(risk, again)
                if len(warnings) == _MOST_RISKS:
                    break
        return tuple(warnings.values())

    def _candidates(self, bounds: _Needed) -> Sequence[Window]:
        """Return the windows that may be warned of, the likeliest by the first reader first."""
        lines = chain.from_iterable(passage.line_windows for passage in self.passages)
        windows = chain(self.windows, lines)
        candidates = [w for w in windows if log_odds(w.probability) >= bounds.asked_from[w.language][w.kind]]
        return sorted(candidates, key=lambda window: -window.probability)

    def clearest(self, stretch: "Stretch", risk: str | None = None) -> int:
        """Return the sentence of a window, or of a message, that by itself is likeliest to hold a risk.

        risk: the one to be shown, where the stretch may hold several; None means any.
        """
        alone = [w for w in self.windows if w.end - w.start == 1 and stretch.start <= w.start < stretch.end]
        best = (-1.0, 0)
        """Likelihood, and the window's place with a minus: the first of equals counts."""
        for place, window in sorted(enumerate(alone), key=lambda each: -each[1].probability):
            # No share of it is more than all of it.
            if window.probability < best[0]:
                break
            share = 1.0 if risk is None else self.risks(window).get(risk, 0.0)
            best = max(best, (window.probability * share, -place))
        return alone[-best[1]].start if alone else stretch.start

    def answers(self, answer: Answer) -> float:
        """Return the probability that the text, an answer in a thread, does what an answer may do.

        It is read at once, as far as one window reaches. 0 for a text without words, and from a model that has not
        learnt it: a pack may hold one of an older Koban.
        """
        longest = self._longest(window for window in self.windows if window.kind not in CORES)
        score = self._scores(longest, ANSWER).get(answer) if longest is not None else None
        return sigmoid(score) if score is not None else 0.0

    def acts(self, window: Window) -> Mapping[str, float]:
        """By act, the probability that a window performs it."""
        return self._shares(window, "act:")

    def _shares(self, window: Window, prefix: str) -> Mapping[str, float]:
        scores = {name: sigmoid(score) for name, score in self._scores(window, prefix).items()}
        whole = sum(scores.values())
        return {name: score / whole for name, score in scores.items()} if whole else {}

    def _scores(self, window: Window, prefix: str) -> Mapping[str, float]:
        """By lane of one kind, the score of a window."""
        model, sentences = self.models[window.language], window.sentences
        root = math.sqrt(sum(sentence.features for sentence in sentences) + SMOOTHING)
        entry_sum = sum(sentence.all_added(model) for sentence in sentences)
        lanes = model.all_lanes(entry_sum, sum(len(sentence.entries) for sentence in sentences))
        intercepts = model.header.intercepts
        return {name: lanes[number] / root + intercepts[number] for name, number in _group(model.header.lanes, prefix)}


NOTHING = Meaning()
"""The meaning of a text without words."""


def together(meaning: Meaning, *others: Meaning) -> Meaning:
    """Merge several meanings of one text into one: the most certain window counts.

    Windows are read again as the first one's are.
    """
    passages = dict.fromkeys(passage for each in (meaning, *others) for passage in each.passages)
    unread_sentences = frozenset().union(*(each.unread_sentences for each in (meaning, *others)))
    return Meaning(tuple(passages), meaning.read_again, unread_sentences)


@cache
def _group(lanes: Sequence[str], prefix: str) -> Sequence[tuple[str, int]]:
    """The lanes of one kind, by name and number: acts by their prefix, risks by none."""
    return tuple(
        (name.removeprefix(prefix), number)
        for number, name in enumerate(lanes)
        if (name.startswith(prefix) if prefix else ":" not in name and name != "any")
    )
