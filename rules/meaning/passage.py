"""A passage, which is what of a text one model reads in one language, and the windows in which it is read."""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import NamedTuple

from rules.meaning.features import Concepts
from rules.meaning.model import Model
from rules.meaning.windows import PARAGRAPH, RUNS, SMOOTHING

Place = tuple[int, int, str]
"""Start, end and kind of a window, counted in sentences of one passage."""

_QUIET = 0.05
"""Probability of any risk of a sentence by itself below which it says nothing of one: a greeting, thanks, farewells."""
_MOST_QUIET = 4
"""Such sentences at its ends without which a text is read once more, so that politeness hides nothing."""
_LARGE = ("whole", "part")
"""Kinds of windows beside those of some sentences."""
CORES = ("core", "stretch", "line")
"""Kinds of windows without what stands around them, quiet or in other lines: they say nothing of words."""
_MOST_OF_SMALL = max(RUNS)
_ROUNDING = 1e-6
"""More than what two ways to the same score differ by."""


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence with its features counted; windows add these up."""

    text: str
    """Folded."""
    length: int
    """Characters."""
    features: int
    entries: tuple[int, ...]
    """Of the features that the model has."""
    any_risk: int
    """Weight for any risk, in steps of the model."""
    concepts: Concepts
    is_mixed: bool
    """Whether much of it is in a language that its model knows little of: Latin letters beside Japanese ones, English
    beside Spanish."""
    alone: "Sentence | None" = None
    """The same one as if none stood before it; None where this is it."""
    _all_added: int | None = None

    def after(self, before: Concepts, model: Model) -> "Sentence":
        """Return the sentence as it stands after one with some concepts. Called on one that stands alone."""
        pairs = len(before) * len(self.concepts)
        if not pairs:
            return self
        entries = model.known_features.across(before, self.concepts)
        return Sentence(
            self.text,
            self.length,
            self.features + pairs,
            (*self.entries, *entries),
            self.any_risk + model.any_risk(entries),
            self.concepts,
            self.is_mixed,
            self,
        )

    def all_added(self, model: Model) -> int:
        """Return the sum of all lanes (`Model.all_added`), made when it is first asked for."""
        if self._all_added is None:
            if self.alone is None:
                self._all_added = model.all_added(self.entries)
            else:
                # What the sentence before adds stands behind its own.
                own = len(self.alone.entries)
                self._all_added = self.alone.all_added(model) + model.all_added(self.entries[own:])
        return self._all_added


class Window(NamedTuple):
    """Some sentences of a text, from `start` to before `end`, and the probability that they hold a risk."""

    start: int
    end: int
    kind: str
    """`whole`, `part`, `core` (the whole without its quiet ends), `stretch` (sentences between quiet ones), `line`
    (sentences of a written line), or how many sentences."""
    language: str
    probability: float
    sentences: Sequence[Sentence]


class Passage:
    """Sentences of a text that one model reads in one language, each beside the ones before and after it.

    Their windows are made when they are asked for: of most texts the sums of the sentences' weights already show that
    no window is likely enough to be warned of, and of words only those close around them are asked.
    """

    def __init__(
        self,
        language: str,
        model: Model,
        numbers: Sequence[int],
        sentences: Sequence[Sentence],
        make_places: Callable[[], Iterable[Place]],
        *,
        core_length: int | None = None,
        lines: Sequence[tuple[int, int]] = (),
        repeats: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        """numbers: of the sentences in their text, in order. make_places: returns the places of the windows.

        core_length: where a passage is read once more in parts, without what is quiet in it or line by line, the
        characters that a part has to have. lines: of the text, each from the number of a sentence to before another.
        repeats: by number of a sentence that says the same again, the one that is read for it.
        """
        self.language = language
        self.model = model
        self._scale = model.scales[language]
        self.numbers = numbers
        self.sentences = sentences
        self._make_places = make_places
        self._core_length = core_length
        self._lines = lines
        self._repeats = repeats

    @cached_property
    def windows(self) -> Sequence[Window]:
        """All windows; those without any known feature are left out."""
        own_windows = list(self._at(self._places))
        if self._core_length is not None:
            for kind, core in self._cores(own_windows):
                own_windows += self._by_itself(kind, core)
        return own_windows

    @cached_property
    def line_windows(self) -> Sequence[Window]:
        """Each line by itself, where it is long enough and none of `windows` already.

        Apart from those: many a message has its greeting in a line, and what else is asked of a text's windows was
        learnt without lines.
        """
        whole = self.numbers[0], self.numbers[-1] + 1
        read_places = {whole, *((window.start, window.end) for window in self.windows if window.kind in CORES)}
        own_windows: list[Window] = []
        for first, behind in self._lines:
            line = slice(bisect_left(self.numbers, first), bisect_left(self.numbers, behind))
            if line.start < line.stop and self._tells((line.start, line.stop)):
                own_windows += self._by_itself("line", line)
        return [window for window in own_windows if (window.start, window.end) not in read_places]

    def _by_itself(self, kind: str, core: slice) -> Iterator[Window]:
        """Yield the window of some sentences as if what stood before them were not there to be heard."""
        first, *rest = self.sentences[core]
        alone = Passage(self.language, self.model, self.numbers[core], [first.alone or first, *rest], tuple)
        yield from alone._at([(0, len(alone.sentences), kind)])

    @property
    def length(self) -> int:
        """Characters of its sentences."""
        return sum(sentence.length for sentence in self.sentences)

    def likeliest(self, sentence: int, longest: int) -> Window | None:
        """Return the window around a sentence that is most likely to hold a risk; cores are none of them.

        longest: sentences of the text that the window may have.
        """
        near_places = [
            place
            for place in self._places_around(sentence)
            if self.numbers[place[1] - 1] < self.numbers[place[0]] + longest
        ]
        best = max(near_places, key=self._probability, default=None)
        return self._window(best) if best is not None else None

    def around(self, sentence: int) -> Iterator[Window]:
        """Yield the windows that a sentence stands in; cores say nothing of words."""
        return map(self._window, self._places_around(sentence))

    def alone(self, number: int) -> Sentence | None:
        """Return a sentence by its number; None where it is of no passage, or has no known feature."""
        sentence = self._by_number.get(self._repeats.get(number, number))
        return sentence if sentence is not None and sentence.entries else None

    def may_reach(self, least: Mapping[str, float]) -> bool:
        """Whether any window may have the log odds that its kind needs; False is certain.

        least: log odds by kind of window; cores need no less than a whole. A window's score is the sum of its weights
        over the root of its features, (w₁ + w₂ + …) / √(f₁ + f₂ + …), so no higher than the root of
        w₁²/f₁ + w₂²/f₂ + … over weights above zero (Cauchy and Schwarz).
        """
        each = SMOOTHING / max(len(self.sentences), _MOST_OF_SMALL)
        most_features: float = SMOOTHING
        of_all = of_run = second = last = 0.0
        """Such sums: of all sentences, of the weightiest three in a row, and the last two shares."""
        for sentence in self.sentences:
            most_features += sentence.features
            weight, features = sentence.any_risk, sentence.features
            if sentence.alone is not None:
                weight, features = max(weight, sentence.alone.any_risk), sentence.alone.features
            share = weight * weight / (features + each) if weight > 0 else 0.0
            of_all += share
            of_run = max(of_run, second + last + share)
            second, last = last, share
        step, intercept, length_weight, curves = self._scale
        rest = intercept + max(length_weight * math.log(SMOOTHING), length_weight * math.log(most_features)) + _ROUNDING
        of_large, of_small = math.sqrt(of_all) * step + rest, math.sqrt(of_run) * step + rest
        for kind, (slope, level) in curves.items():
            # A model of a pack may hold curves that fall.
            if slope < 0 or step < 0 or slope * (of_large if kind in _LARGE else of_small) + level >= least[kind]:
                return True
        return False

    @cached_property
    def _places(self) -> Sequence[Place]:
        return list(self._make_places())

    def _places_around(self, sentence: int) -> Sequence[Place]:
        """Return the places of the windows that a sentence stands in."""
        return self._places_by_sentence.get(self._repeats.get(sentence, sentence), ())

    @cached_property
    def _places_by_sentence(self) -> Mapping[int, Sequence[Place]]:
        """Those with any known feature, by sentence: a text may have thousands of either."""
        places: dict[int, list[Place]] = {}
        for place in filter(self._has_features, self._places):
            for number in range(self.numbers[place[0]], self.numbers[place[1] - 1] + 1):
                places.setdefault(number, []).append(place)
        return places

    @cached_property
    def _by_number(self) -> Mapping[int, Sentence]:
        return dict(zip(self.numbers, self.sentences, strict=True))

    @cached_property
    def _sums(self) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
        """Before each sentence, and after the last, the sums of weights, of features and of known features."""
        sentences = self.sentences
        return (
            list(accumulate([sentence.any_risk for sentence in sentences], initial=0)),
            list(accumulate([sentence.features for sentence in sentences], initial=0)),
            list(accumulate([len(sentence.entries) for sentence in sentences], initial=0)),
        )

    def _at(self, places: Iterable[Place]) -> Iterator[Window]:
        """Return the windows at some places; those without any known feature are left out."""
        return map(self._window, filter(self._has_features, places))

    def _has_features(self, place: Place) -> bool:
        feature_counts = self._sums[2]
        return feature_counts[place[1]] > feature_counts[place[0]]

    def _window(self, place: Place) -> Window:
        start, end, kind = place
        first, last = self.numbers[start], self.numbers[end - 1]
        return Window(first, last + 1, kind, self.language, self._probability(place), self.sentences[start:end])

    def _probability(self, place: Place) -> float:
        start, end, kind = place
        weights, sizes, _ = self._sums
        features = sizes[end] - sizes[start] + SMOOTHING
        step, intercept, length_weight, curves = self._scale
        score = (weights[end] - weights[start]) * step / math.sqrt(features) + intercept
        score += length_weight * math.log(features)
        slope, level = curves["whole" if kind in CORES else kind]
        return sigmoid(slope * score + level)

    def _cores(self, own_windows: Sequence[Window]) -> Iterator[tuple[str, slice]]:
        """Yield by kind what of the sentences is read without what is quiet, each place once.

        A passage that is read whole is read without its quiet ends, where these are few; and whatever the passage, all
        sentences in a row of which none is quiet are, up to a paragraph of them.
        """
        alone = {window.start: window.probability for window in own_windows if window.end - window.start == 1}
        telling = [at for at, number in enumerate(self.numbers) if alone.get(number, 0.0) >= _QUIET]
        if not telling:
            return
        places = {(0, len(self.numbers))}
        if any(window.kind == "whole" for window in own_windows):
            core = (telling[0], telling[-1] + 1)
            if len(self.numbers) - (core[1] - core[0]) <= _MOST_QUIET and core not in places and self._tells(core):
                places.add(core)
                yield "core", slice(*core)
        starts = [at for before, at in pairwise([-2, *telling]) if at - before > 1]
        ends = [at + 1 for at, after in pairwise([*telling, len(self.numbers) + 1]) if after - at > 1]
        for stretch in zip(starts, ends, strict=True):
            if stretch not in places and self._tells(stretch):
                yield "stretch", slice(*stretch)

    def _tells(self, place: tuple[int, int]) -> bool:
        """Whether sentences are long enough to be read by themselves, and no longer than a paragraph."""
        length = sum(sentence.length for sentence in self.sentences[slice(*place)])
        return (self._core_length or 0) <= length <= PARAGRAPH[self.model.header.script]


def sigmoid(score: float) -> float:
    """Return the probability of some log odds."""
    if score > 60.0 or score < -60.0:
        score = math.copysign(60.0, score)
    return 1 / (1 + math.exp(-score))
