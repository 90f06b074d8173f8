"""Reads the meaning of texts: the probability of each risk, and the sentences that it comes from.

A text is read in windows: each sentence, each two and three of them, and as many as make a paragraph. The most certain
window counts, so adding words to a text takes nothing from its probabilities.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple, Protocol

from rules.meaning.features import JAPANESE, LATIN, Concepts, Script, folded, parts_of, script_of
from rules.meaning.model import FOLDER, MODELS, Model, UnusableModel, load
from rules.meaning.why import Span, log_odds, weightiest
from rules.meaning.windows import PARAGRAPH, SMOOTHING, windows
from rules.text import plain

WARNS: Mapping[str, float] = {"ja": 0.95, "en": 0.90, "es": 0.86, "pt": 0.90, "fr": 0.86}
"""Probability from which meaning alone warns, by language: chosen on blind sets between texts caught and texts wrongly
warned of (docs/quality.md)."""
_LEAST = min(WARNS.values())
_PARTS: Mapping[str, float] = {"en": 0.95}
"""Probability that a part of a long text needs, where it differs: English posts are long, and one of their many parts
easily looks like a risk."""
_SMALL_WINDOWS = 0.15
"""Added to it for small windows: they are many, and lack their context."""
_SUREST = 0.97
"""The highest probability that any window needs."""
_QUIET = 0.05
"""Probability of any risk of a sentence by itself below which it says nothing of one: a greeting, thanks, farewells."""
_MOST_QUIET = 4
"""Such sentences at its ends without which a text is read once more, so that politeness hides nothing."""
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
_FIRST: Mapping[Script, str] = {JAPANESE: "japanese", LATIN: "english"}
"""By script the model that a text is read with first: it tells the language."""
_MODEL_OF = {language: name for name, languages in MODELS.items() for language in languages}
"""By language the model that reads it."""
_CLEAR = 3.0
"""Log odds from which a sentence's own words say whether it is English."""
_MIXED_LEAST, _MIXED_SHARE = 5.0, 0.25
"""Log odds that words of a second language speak for it in a sentence of two, and their least share of those of the
first: of 8,289 sentences of the blind sets three have as much."""
_LATIN_LETTER = re.compile("[a-z]")
HARMLESS_ACTS = frozenset({"refuses", "warns", "reports", "describes-work", "right-order", "own-words"})
_MOST_CACHED = 2_200_000
"""Bound of the sum of `_size` over cached sentences: at most some 20 megabytes, whatever their lengths."""
_EACH = 50
"""Part of `_size` that each sentence has, even one without any known feature."""
_RECENT, _MOST_SENTENCES, _MOST_CHARACTERS = 500, 15, 2_000
"""Texts whose meaning is cached, some two megabytes of windows, and what such a text has at most."""
_QUOTES = 1_000
"""Quotes whose weightiest words are cached."""
_MOST_RISKS = 2
"""Risks that meaning alone warns of in one text."""


class Stretch(Protocol):
    """Some sentences in a row, from `start` to before `end`."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence with its features counted; windows add these up."""

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
    """`whole`, `part`, `core` (the whole without its quiet ends) or the number of sentences."""
    language: str
    probability: float
    sentences: Sequence[Sentence]

    @property
    def length(self) -> int:
        """Characters."""
        return sum(sentence.length for sentence in self.sentences)

    @property
    def is_mixed(self) -> bool:
        """Whether a sentence of it is."""
        return any(sentence.is_mixed for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class RiskWarning:
    """A risk that meaning alone warns of, and the window that it comes from."""

    risk: str
    window: Window


@dataclass(frozen=True)
class Meaning:
    """The meaning of one text. Sentences are named by their number in it."""

    windows: Sequence[Window] = ()
    models: Mapping[str, Model] = field(default_factory=dict)
    """By language."""

    @cached_property
    def window(self) -> Window | None:
        """The window most likely to hold a risk; None for a text without words."""
        return self._likeliest(self.windows)

    @property
    def probability(self) -> float:
        """The probability that the text holds any risk."""
        return self.window.probability if self.window is not None else 0.0

    def _around(self, sentence: int, longest: int | None = None) -> Window | None:
        """Return the window around a sentence that is most likely to hold a risk; a core says nothing of words.

        longest: sentences of the longest windows that are asked; None asks all.
        """
        return self._likeliest(
            window
            for window in self.windows
            if window.start <= sentence < window.end
            and window.kind != "core"
            and (longest is None or window.end - window.start <= longest)
        )

    def _likeliest(self, windows: Iterable[Window]) -> Window | None:
        return max(windows, key=lambda window: window.probability, default=None)

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
        window = self._around(sentence, CLOSE)
        if window is None or window.probability >= CREDIBLE:
            return False
        if any(alone.length > LONGEST_REFUTED or alone.is_mixed for alone in self._alone(sentence)):
            return False
        is_telling = self._tells(sentence, window.language)
        if is_telling and (not stubborn or window.probability < FAINT):
            return True
        if window.probability >= REFUTED:
            return False
        if stubborn and not is_telling:
            return window.probability < FAINT and self._harmless(window) > SURELY_HARMLESS
        if not stubborn and window.probability < (EXCLUDED if sure else UNLIKELY):
            return True
        return self._harmless(window) > HARMLESS

    def backs(self, sentence: int) -> bool:
        """Whether the words of a sentence are read as what they say, so surely that they may be a danger."""
        window = self._around(sentence)
        if window is None:
            return False
        least = BACKED_TELLING if self._tells(sentence, window.language) else BACKED[window.language]
        return window.probability >= least and self._harmless(window) < UNBACKED

    def _harmless(self, window: Window) -> float:
        """Return the probability that a window performs a harmless act."""
        acts = self.acts(window)
        return sum(acts.get(act, 0.0) for act in HARMLESS_ACTS)

    def _tells(self, sentence: int, language: str) -> bool:
        return min((alone.length for alone in self._alone(sentence)), default=0) >= TELLING[language]

    def _alone(self, sentence: int) -> Iterator[Window]:
        """Yield the windows of a sentence by itself: as written, without reassurances, and undisguised."""
        return (window for window in self.windows if (window.start, window.end) == (sentence, sentence + 1))

    def risks(self, window: Window) -> Mapping[str, float]:
        """By risk, the probability that a window holds it, given that it holds any."""
        return self._shares(window, "")

    def risk(self, window: Window) -> str:
        """Return the likeliest risk of a window."""
        scores = self._scores(window, "")
        return max(scores, key=scores.__getitem__)

    def warnings(self, *, is_loose: bool = False) -> Sequence[RiskWarning]:
        """Return the risks that the meaning alone warns of, the likeliest first.

        is_loose: whether the text's lines need not follow from each other, as those of a picture; then windows without
        a telling sentence do not count.
        """
        warnings: dict[str, RiskWarning] = {}
        likely = [window for window in self.windows if window.probability >= _LEAST]
        for window in sorted(likely, key=lambda window: -window.probability):
            least = WARNS[window.language]
            if window.kind == "part":
                least = _PARTS.get(window.language, least)
            elif window.kind not in ("whole", "core"):
                least = min(least + _SMALL_WINDOWS, _SUREST)
            if window.probability < least:
                continue
            if is_loose and not any(self._tells(s, window.language) for s in range(window.start, window.end)):
                continue
            risk = self.risk(window)
            warnings.setdefault(risk, RiskWarning(risk, window))
            if len(warnings) == _MOST_RISKS:
                break
        return tuple(warnings.values())

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

    def acts(self, window: Window) -> Mapping[str, float]:
        """By act, the probability that a window performs it."""
        return self._shares(window, "act:")

    def _shares(self, window: Window, prefix: str) -> Mapping[str, float]:
        scores = {name: _sigmoid(score) for name, score in self._scores(window, prefix).items()}
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
"""The meaning of a text without words, or of any text where the model is missing."""


def together(*meanings: Meaning) -> Meaning:
    """Merge several meanings of one text into one: the most certain window counts."""
    models = {language: model for meaning in meanings for language, model in meaning.models.items()}
    return Meaning(tuple(window for meaning in meanings for window in meaning.windows), models)


Place = tuple[int, int, str]
"""Start, end and kind of a window, counted in sentences of one script."""


class MeaningReader:
    """Reads meanings with the models of a folder. Built once; each model is loaded on first use, in any thread."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._models: dict[str, Model | None] = {}
        self._loading = Lock()
        self._cache: dict[tuple[str, str], Sentence] = {}
        """Counted sentences by themselves, by model and words: pages are read again and again."""
        self._evidence: dict[str, tuple[float, float]] = {}
        """By folded sentence in Latin script, what its words say of its language."""
        self._cached = 0
        """Sum of the sizes of both."""
        self._recent = lru_cache(maxsize=_RECENT)(self._read_text)
        """Meanings of small texts read last: a list is gone back to, a thread is read again with each message."""
        self.weightiest = lru_cache(maxsize=_QUOTES)(self._weightiest)
        """`rules.meaning.why.weightiest` of a quote as written, for a risk, in a language: each word's absence is one
        reading, and a thread is read again with each message."""
        self.problems: list[str] = []
        """Reasons why models cannot be used; the rules' words count alone then."""

    def load(self, names: Iterable[str] = tuple(_FIRST.values())) -> None:
        """Load some models now; by default those that tell a text's language. Others come with the first text for them.

        Records in `problems` what is wrong with one; raises nothing.
        """
        for name in names:
            self._model(name)

    def _model(self, name: str) -> Model | None:
        if name not in self._models:
            with self._loading:
                if name not in self._models:
                    self._models[name] = self._loaded(name)
        return self._models[name]

    def _loaded(self, name: str) -> Model | None:
        try:
            return load(self._folder / f"{name}.model")
        except UnusableModel as error:
            self.problems.append(str(error))
            return None

    def read(self, sentences: Sequence[str]) -> Meaning:
        """Return the meaning of a text. sentences: in plain form, in order.

        Sentences in Japanese are read beside one another, and those in Latin script beside one another, so that neither
        language dilutes the other.
        """
        is_small = len(sentences) <= _MOST_SENTENCES and sum(map(len, sentences)) <= _MOST_CHARACTERS
        return self._recent(tuple(sentences)) if is_small else self._read_text(sentences)

    def _read_text(self, sentences: Sequence[str]) -> Meaning:
        def places(_: Sequence[int], counted_sentences: Sequence[Sentence], script: Script) -> Iterable[Place]:
            return windows([sentence.length for sentence in counted_sentences], PARAGRAPH[script])

        return self._read(enumerate(once(_folded(sentences))), places, trims=True)

    def read_together(
        self, sentences: Sequence[str], spans: Sequence[tuple[int, int]], known_windows: Mapping[int, Window]
    ) -> Meaning:
        """Return the meaning of some spans of a text, each read as a whole, beside that of each sentence by itself.

        sentences: in plain form, in order. spans: each from a sentence to before another; its Japanese and its Latin
        part are read apart. known_windows: windows of single sentences that were read before, by the sentence's number;
        these are not counted again.
        """
        sentence_numbers = sorted({place for start, end in spans for place in range(start, end)})

        def places(numbers: Sequence[int], counted_sentences: Sequence[Sentence], _: Script) -> Iterable[Place]:
            within = {(bisect_left(numbers, start), bisect_left(numbers, end)) for start, end in spans}
            yield from ((at, at + 1, "1") for at in range(len(counted_sentences)))
            yield from ((start, end, "whole") for start, end in sorted(within) if end - start > 1)

        folded_sentences = _folded([sentences[place] for place in sentence_numbers])
        return self._read(zip(sentence_numbers, folded_sentences, strict=True), places, known_windows)

    def _read(
        self,
        texts: Iterable[tuple[int, str]],
        places: Callable[[Sequence[int], Sequence[Sentence], Script], Iterable[Place]],
        known_windows: Mapping[int, Window] = MappingProxyType({}),
        *,
        trims: bool = False,
    ) -> Meaning:
        """Read folded sentences (number, text) script by script, in the windows that `places` names.

        places: from the numbers of sentences, and the sentences, of one script. trims: whether a text that is read
        whole is read once more without its quiet ends.
        """
        by_script: dict[Script, list[tuple[int, str]]] = {}
        for number, text in texts:
            if text:
                by_script.setdefault(script_of(text), []).append((number, text))
        all_windows: list[Window] = []
        models: dict[str, Model] = {}
        for script, own in by_script.items():
            for language, model, own_texts in self._by_language(own, script):
                models[language] = model
                numbers = [number for number, _ in own_texts]
                counted_sentences = self._counted_or_known(own_texts, known_windows, model)
                own_windows = list(
                    _windows_at(places(numbers, counted_sentences, script), numbers, counted_sentences, language, model)
                )
                all_windows += own_windows
                if trims and (core := _core(own_windows, numbers)):
                    # By itself: what stood before it is not there to be heard.
                    counted_sentences = list(self._counted((text for _, text in own_texts[core]), model))
                    if sum(sentence.length for sentence in counted_sentences) >= TELLING[language]:
                        all_windows += _windows_at(
                            [(0, len(counted_sentences), "core")], numbers[core], counted_sentences, language, model
                        )
        return Meaning(tuple(all_windows), models)

    def _by_language(
        self, own: Sequence[tuple[int, str]], script: Script
    ) -> Iterator[tuple[str, Model, Sequence[tuple[int, str]]]]:
        """Yield the numbered sentences of one script by the model that reads them, with their language.

        A sentence goes by its own words where they are clear, else by those of all: whoever greets in another language
        does not choose the model. Left out are those whose model cannot be used.
        """
        first = self._model(_FIRST[script])
        if first is None:
            return
        if not first.leanings:
            yield first.header.languages[0], first, own
            return
        evidence = [self._evidence_of(text, first) for _, text in own]
        # Asked for where a sentence's own words are not clear: few are.
        is_unclear = any(abs(pros - cons) < _CLEAR for pros, cons in evidence)
        is_read = is_unclear and first.language(text for _, text in own) in first.header.curves
        groups: dict[bool, list[tuple[int, str]]] = {}
        for each, (pros, cons) in zip(own, evidence, strict=True):
            groups.setdefault(pros > cons if abs(pros - cons) >= _CLEAR else is_read, []).append(each)
        for is_own, group in groups.items():
            among = [language for language in first.header.languages if (language in first.header.curves) == is_own]
            language = first.language((text for _, text in group), among)
            model = first if is_own else self._model(_MODEL_OF[language])
            if model is not None:
                yield language, model, group

    def _counted_or_known(
        self, own: Sequence[tuple[int, str]], known_windows: Mapping[int, Window], model: Model
    ) -> list[Sentence]:
        """Count the sentences that were not counted by the same model before."""
        usable = {
            number
            for number, _ in own
            if number in known_windows and known_windows[number].language in model.header.curves
        }
        new = iter(self._counted((text for number, text in own if number not in usable), model))
        return [known_windows[number].sentences[0] if number in usable else next(new) for number, _ in own]

    def _counted(self, texts: Iterable[str], model: Model) -> Iterator[Sentence]:
        """Count the features of the folded sentences of a text, all of one script."""
        before: Concepts = ()
        for text in texts:
            key = (model.name, text)
            sentence = self._cache.get(key)
            if sentence is None:
                sentence = _counted(text, model, self._is_mixed(text, model.header.script))
                self._keep(key, sentence)
            yield sentence.after(before, model)
            before = sentence.concepts

    def _is_mixed(self, text: str, script: Script) -> bool:
        """Whether a folded sentence has much of a language that its model does not read."""
        if script == JAPANESE:
            return 2 * len(_LATIN_LETTER.findall(text)) > len(text)
        first = self._model(_FIRST[script])
        less, more = sorted(self._evidence_of(text, first)) if first is not None else (0.0, 0.0)
        return less > _MIXED_LEAST and less > _MIXED_SHARE * more

    def _evidence_of(self, text: str, model: Model) -> tuple[float, float]:
        """Return `Model.evidence` of a folded sentence. model: the one that Latin script is read with first."""
        evidence = self._evidence.get(text)
        if evidence is None:
            evidence = model.evidence(text)
            self._make_room(len(text) + _EACH)
            self._evidence[text] = evidence
        return evidence

    def _keep(self, key: tuple[str, str], sentence: Sentence) -> None:
        self._make_room(_size(sentence))
        self._cache[key] = sentence

    def _make_room(self, size: int) -> None:
        """Count what is going to be cached; the caches are cleared first where they would grow beyond their bound."""
        if self._cached + size > _MOST_CACHED:
            self._cache.clear()
            self._evidence.clear()
            self._cached = 0
        self._cached += size

    def _weightiest(self, quote: str, risk: str, language: str) -> tuple[Span, ...]:
        return weightiest(quote, lambda words: self.sureness(plain(words), risk, language))

    def sureness(self, sentence: str, risk: str, language: str) -> float:
        """Return how surely a sentence by itself is read as a risk, in log odds; 0 without a model.

        sentence: in plain form. language: that of its text.
        """
        model = self._model(_MODEL_OF[language]) if language in _MODEL_OF else None
        if model is None:
            return 0.0
        counted_sentences = list(self._counted([folded(sentence)], model))
        places = windows([each.length for each in counted_sentences], PARAGRAPH[model.header.script])
        meaning = Meaning(tuple(_windows_at(places, [0], counted_sentences, language, model)), {language: model})
        if meaning.window is None:
            return log_odds(0.0)
        return log_odds(meaning.probability) + math.log(max(meaning.risks(meaning.window).get(risk, 0.0), 1e-12))


def _folded(sentences: Sequence[str]) -> list[str]:
    """Fold all sentences, and at once where none of them holds a line break."""
    lines = folded("\n".join(sentences)).split("\n")
    return lines if len(lines) == len(sentences) else [folded(sentence) for sentence in sentences]


def once(sentences: Iterable[str]) -> list[str]:
    """Blank out repeated sentences: repeating oneself adds no meaning."""
    read_before: set[str] = set()
    distinct = []
    for sentence in sentences:
        distinct.append("" if sentence in read_before else sentence)
        read_before.add(sentence)
    return distinct


@cache
def shipped() -> MeaningReader:
    """Return the reader of the shipped models, one for the process."""
    return MeaningReader()


def _counted(text: str, model: Model, is_mixed: bool) -> Sentence:
    """Count the features of a folded sentence by itself."""
    script = model.header.script
    entries, features, concepts = model.known_features.find(parts_of(text, script, model.lexicon))
    return Sentence(len(text), features, tuple(entries), model.any_risk(entries), concepts, is_mixed)


def _size(sentence: Sentence) -> int:
    """Return the memory that a cached sentence takes, in units of some eight bytes."""
    return len(sentence.entries) + sentence.length + _EACH


def _windows_at(
    places: Iterable[Place], numbers: Sequence[int], sentences: Sequence[Sentence], language: str, model: Model
) -> Iterator[Window]:
    """Yield the windows at some places; windows without any known feature are left out.

    numbers: by sentence, its number in the text.
    """
    curves = {kind: (curve.slope, curve.intercept) for kind, curve in model.header.curves[language].items()}
    step, intercept, length_weight = model.header.scales[0], model.header.intercepts[0], model.header.length_weight
    weights = list(accumulate([sentence.any_risk for sentence in sentences], initial=0))
    sizes = list(accumulate([sentence.features for sentence in sentences], initial=0))
    feature_counts = list(accumulate([len(sentence.entries) for sentence in sentences], initial=0))
    for start, end, kind in places:
        if feature_counts[end] > feature_counts[start]:
            features = sizes[end] - sizes[start] + SMOOTHING
            score = (weights[end] - weights[start]) * step / math.sqrt(features) + intercept
            score += length_weight * math.log(features)
            slope, level = curves["whole" if kind == "core" else kind]
            probability = _sigmoid(slope * score + level)
            yield Window(numbers[start], numbers[end - 1] + 1, kind, language, probability, sentences[start:end])


def _core(own_windows: Sequence[Window], numbers: Sequence[int]) -> slice | None:
    """Return what of a text's sentences is left without the quiet ones at its ends.

    None where it has no such ends, too many of them, or nothing else, and where it is too long to be read whole.
    """
    alone = {window.start: window.probability for window in own_windows if window.end - window.start == 1}
    telling = [at for at, number in enumerate(numbers) if alone.get(number, 0.0) >= _QUIET]
    if not telling or not any(window.kind == "whole" for window in own_windows):
        return None
    core = slice(telling[0], telling[-1] + 1)
    return core if 0 < len(numbers) - (core.stop - core.start) <= _MOST_QUIET else None


@cache
def _group(lanes: Sequence[str], prefix: str) -> Sequence[tuple[str, int]]:
    """The lanes of one kind, by name and number: acts by their prefix, risks by none."""
    return tuple(
        (name.removeprefix(prefix), number)
        for number, name in enumerate(lanes)
        if (name.startswith(prefix) if prefix else ":" not in name and name != "any")
    )


def _sigmoid(score: float) -> float:
    if score > 60.0 or score < -60.0:
        score = math.copysign(60.0, score)
    return 1 / (1 + math.exp(-score))
