"""Reads what texts mean: for each text the probability of each risk, and the sentences that gave it.

A text is read in windows: each sentence, each two and three of them, and as many as make a paragraph. The most certain
window counts, so adding words to a text takes nothing from what it got before.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Protocol

from rules.meaning.features import JAPANESE, LATIN, Concepts, Script, count, folded, script_of
from rules.meaning.model import FOLDER, MOST_FEATURES, Model, Sums, UnusableModel, load
from rules.meaning.why import log_odds
from rules.meaning.windows import PARAGRAPH, SMOOTHING, windows

WARNS: Mapping[str, float] = {"ja": 0.8, "en": 0.8, "es": 0.55, "pt": 0.55, "fr": 0.55}
"""From which probability on meaning alone warns, by language: chosen on blind sets between what is caught and what is
wrongly warned of (docs/quality.md)."""
_OFFERS_AT_LEAST = 0.8
"""The same for job offers, which are long, and hold much that is said to nobody in particular."""
_SMALL_WINDOWS = 0.15
"""What small windows need beyond that: they are many, and lack what stands around them."""
_SUREST = 0.95
"""No more is asked of any window."""
REFUTED, HARMLESS = 0.45, 0.2
"""Below which probability of any risk, and above which share of the harmless acts, words do not mean what they say."""
LONGEST_REFUTED = 200
"""Characters of the longest sentence that can be refuted: what is padded without a full stop hides what it means."""
UNLIKELY = 0.2
"""Below which words that are no sure sign of a risk need no act against them."""
HARMLESS_ACTS = frozenset({"refuses", "warns", "reports", "describes-work", "right-order", "own-words"})
_MOST_KNOWN = 20_000
"""Sentences that are remembered as counted: some ten megabytes."""
_MOST_RISKS = 2
"""Risks that meaning alone warns of in one text."""


class Stretch(Protocol):
    """Some sentences in a row, from `start` to before `end`."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence counted: what a window adds up."""

    place: int
    """Its number in the text."""
    length: int
    features: int
    sums: Sums
    any_risk: int
    """Its weight for any risk, in steps of the model."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some sentences of a text, from `start` to before `end`, and how likely they hold a risk."""

    start: int
    end: int
    kind: str
    """`whole`, `part` or the number of sentences."""
    language: str
    probability: float
    sentences: Sequence[Sentence]

    @property
    def length(self) -> int:
        """Characters."""
        return sum(sentence.length for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Warned:
    """A risk that meaning alone warns of, and where."""

    risk: str
    window: Window


@dataclass(frozen=True)
class Meaning:
    """What one text means. Sentences are those of the reading it was made from, by their number in the text."""

    windows: Sequence[Window] = ()
    models: Mapping[str, Model] = field(default_factory=dict)
    """By language."""

    @cached_property
    def window(self) -> Window | None:
        """The window most likely to hold a risk; None for a text without words."""
        return max(self.windows, key=lambda window: window.probability, default=None)

    @property
    def probability(self) -> float:
        """How likely the text holds any risk."""
        return self.window.probability if self.window is not None else 0.0

    def _around(self, sentence: int) -> Window | None:
        """Of the windows that hold a sentence the one most likely to hold a risk."""
        around = (window for window in self.windows if window.start <= sentence < window.end)
        return max(around, key=lambda window: window.probability, default=None)

    def around(self, sentence: int) -> float:
        """How likely the windows that hold a sentence hold a risk; 0 where none does."""
        window = self._around(sentence)
        return window.probability if window is not None else 0.0

    def refutes(self, sentence: int, *, sure: bool) -> bool:
        """Whether a sentence, whatever its words, is read as harmless: as a refusal, a warning, the right order of
        things, work about the matter. That nothing speaks for a risk is not enough where the words are `sure`: what
        nobody learnt from means nothing to the reader."""
        window = self._around(sentence)
        if window is None or window.probability >= REFUTED:
            return False
        alone = [w.length for w in self.windows if (w.start, w.end) == (sentence, sentence + 1)]
        if max(alone, default=0) > LONGEST_REFUTED:
            return False
        if not sure and window.probability < UNLIKELY:
            return True
        acts = self.acts(window)
        return sum(acts.get(act, 0.0) for act in HARMLESS_ACTS) > HARMLESS

    def risks(self, window: Window) -> Mapping[str, float]:
        """By risk, how likely a window holds it, given that it holds any."""
        return self._shares(window, "")

    def risk(self, window: Window) -> str:
        """The likeliest of the risks of a window."""
        shares = self.risks(window)
        return max(shares, key=lambda name: shares[name])

    def read_as(self, offer: bool) -> Sequence["Warned"]:
        """The risks that the meaning alone warns of, the likeliest first. offer: whether the text is a job offer."""
        found: dict[str, Warned] = {}
        for window in sorted(self.windows, key=lambda window: -window.probability):
            least = max(WARNS[window.language], _OFFERS_AT_LEAST if offer else 0.0)
            if window.kind not in ("whole", "part"):
                least = min(least + _SMALL_WINDOWS, _SUREST)
            if window.probability < least:
                continue
            risk = self.risk(window)
            if risk not in found and len(found) < _MOST_RISKS:
                found[risk] = Warned(risk, window)
        return tuple(found.values())

    def clearest(self, stretch: "Stretch") -> int:
        """The sentence of a window, or of a message, that by itself is likeliest to hold a risk."""
        alone = [w for w in self.windows if w.end - w.start == 1 and stretch.start <= w.start < stretch.end]
        return max(alone, key=lambda w: w.probability).start if alone else stretch.start

    def acts(self, window: Window) -> Mapping[str, float]:
        """By act, how likely it is what a window does."""
        return self._shares(window, "act:")

    def _shares(self, window: Window, prefix: str) -> Mapping[str, float]:
        model = self.models[window.language]
        scores = {
            name.removeprefix(prefix): _sigmoid(score)
            for name, score in _scores(model, *_added(window.sentences)).items()
            if (name.startswith(prefix) if prefix else ":" not in name and name != "any")
        }
        whole = sum(scores.values())
        return {name: score / whole for name, score in scores.items()} if whole else {}


NOTHING = Meaning()
"""Of a text without words, or where no model is there."""


def together(*meanings: Meaning) -> Meaning:
    """Several readings of one text as one: the most certain counts."""
    models = {language: model for meaning in meanings for language, model in meaning.models.items()}
    return Meaning(tuple(window for meaning in meanings for window in meaning.windows), models)


class MeaningReader:
    """Reads meanings with the models of a folder. Built once; a model is loaded when a text first asks for it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._models: dict[Script, Model | None] = {}
        self._known: dict[tuple[str, Concepts], tuple[int, Sums, Concepts]] = {}
        """Sentences counted before, by their words and the concepts before them: pages are read again and again."""
        self.problems: list[str] = []
        """What is wrong with the models, where they cannot be used: the words of the rules go on without them."""

    def load(self) -> None:
        """Load all models now. What is wrong with one stands in `problems`; raises nothing."""
        for script in (JAPANESE, LATIN):
            self._model(script)

    def _model(self, script: Script) -> Model | None:
        if script not in self._models:
            try:
                self._models[script] = load(self._folder / f"{script}.model")
            except UnusableModel as error:
                self._models[script] = None
                self.problems.append(str(error))
        return self._models[script]

    def read(self, sentences: Sequence[str]) -> Meaning:
        """The meaning of a text. sentences: in their plain reading, in order.

        Sentences in Japanese are read beside one another, and those in Latin script beside one another: what is
        said in one language is not diluted by the other.
        """
        texts = once(folded(sentence) for sentence in sentences)
        scripts = [script_of(text) for text in texts]
        found: list[Window] = []
        models: dict[str, Model] = {}
        for script in dict.fromkeys(scripts):
            model = self._model(script)
            if model is None:
                continue
            own = [(place, text) for place, text in enumerate(texts) if text and scripts[place] == script]
            counted = list(self._counted(own, model))
            language = _language(counted, model)
            models[language] = model
            found += _windows(counted, language, model)
        return Meaning(tuple(found), models)

    def _counted(self, texts: Iterable[tuple[int, str]], model: Model) -> Iterator[Sentence]:
        """The sentences of a text (place, folded text) of one script, counted."""
        before: Concepts = ()
        for place, text in texts:
            known = self._known.get((text, before))
            if known is None:
                features, concepts = count(text, model.header.script, model.lexicon, before)
                known = (len(features), model.sums(features[:MOST_FEATURES]), concepts)
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[text, before] = known
            features_of, sums, concepts = known
            yield Sentence(place, len(text), features_of, sums, model.first_lane(sums))
            before = concepts

    def read_together(
        self, sentences: Sequence[str], spans: Sequence[tuple[int, int]], known: Mapping[int, Window]
    ) -> Meaning:
        """The meaning of some spans of a text, each read as a whole, beside that of each sentence by itself.

        sentences: in their plain reading, in order. spans: from a sentence to before another. What a span has in
        Japanese and in Latin script is read apart. known: sentences that were read before, by their number, as windows
        of one sentence: they are not counted again.
        """
        covered = sorted({place for start, end in spans for place in range(start, end)})
        texts = [(place, folded(sentences[place])) for place in covered]
        scripts = {place: script_of(text) for place, text in texts}
        found: list[Window] = []
        models: dict[str, Model] = {}
        for script in dict.fromkeys(scripts.values()):
            model = self._model(script)
            if model is None:
                continue
            own = [(place, text) for place, text in texts if text and scripts[place] == script]
            places = [place for place, _ in own]
            anew = {s.place: s for s in self._counted([(p, text) for p, text in own if p not in known], model)}
            counted = [
                anew[place] if place in anew else replace(known[place].sentences[0], place=place) for place in places
            ]
            language = _language(counted, model)
            models[language] = model
            within = {(bisect_left(places, start), bisect_left(places, end)) for start, end in spans}
            wanted = [(at, at + 1, "1") for at in range(len(own))]
            wanted += [(start, end, "whole") for start, end in sorted(within) if end - start > 1]
            found += _windows_at(wanted, counted, language, model)
        return Meaning(tuple(found), models)

    def sureness(self, sentence: str, risk: str, language: str) -> float:
        """How surely a sentence by itself is read as a risk, in log odds; the language is that of its text.

        sentence: in its plain reading. Without a model nothing is sure, and all is the same: 0.
        """
        text = folded(sentence)
        model = self._model(JAPANESE if language == "ja" else LATIN)
        if model is None or language not in model.header.curves:
            return 0.0
        found = Meaning(tuple(_windows(list(self._counted([(0, text)], model)), language, model)), {language: model})
        if found.window is None:
            return log_odds(0.0)
        return log_odds(found.probability) + math.log(max(found.risks(found.window).get(risk, 0.0), 1e-12))


def once(sentences: Iterable[str]) -> list[str]:
    """Sentences, with nothing in the place of those that were there before: to repeat oneself adds no meaning."""
    seen: set[str] = set()
    found = []
    for sentence in sentences:
        found.append("" if sentence in seen else sentence)
        seen.add(sentence)
    return found


@cache
def shipped() -> MeaningReader:
    """The reader with the models that ship, one for the process."""
    return MeaningReader()


def _windows(sentences: Sequence[Sentence], language: str, model: Model) -> Iterator[Window]:
    lengths = [sentence.length for sentence in sentences]
    return _windows_at(windows(lengths, PARAGRAPH[model.header.script]), sentences, language, model)


def _windows_at(
    places: Iterable[tuple[int, int, str]], sentences: Sequence[Sentence], language: str, model: Model
) -> Iterator[Window]:
    """places: start, end and kind of each window."""
    curves = model.header.curves[language]
    step, intercept, length_weight = model.header.scales[0], model.header.intercepts[0], model.header.length_weight
    for start, end, kind in places:
        own = sentences[start:end]
        weight = features = known = 0
        for sentence in own:
            weight += sentence.any_risk
            features += sentence.features
            known += sentence.sums.known
        if known:
            score = weight * step / math.sqrt(features + SMOOTHING) + intercept
            score += length_weight * math.log(features + SMOOTHING)
            probability = _sigmoid(curves[kind].slope * score + curves[kind].intercept)
            yield Window(own[0].place, own[-1].place + 1, kind, language, probability, own)


def _language(sentences: Sequence[Sentence], model: Model) -> str:
    """The language that a text is written in, of those that the model knows."""
    languages = model.header.languages
    if len(languages) == 1:
        return languages[0]
    scores = _scores(model, *_added(sentences))
    return max(languages, key=lambda language: scores[f"lang:{language}"])


def _scores(model: Model, total: Sums, features: int) -> Mapping[str, float]:
    """By lane the score of some features."""
    root = math.sqrt(features + SMOOTHING)
    return {
        name: lane / root + intercept
        for name, lane, intercept in zip(
            model.header.lanes, model.all_lanes(total), model.header.intercepts, strict=True
        )
    }


def _added(sentences: Sequence[Sentence]) -> tuple[Sums, int]:
    packed = known = features = 0
    for sentence in sentences:
        packed += sentence.sums.packed
        known += sentence.sums.known
        features += sentence.features
    return Sums(packed, known), features


def _sigmoid(score: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))
