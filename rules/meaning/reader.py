"""Reads the meaning of texts: splits them into passages by language, and counts their sentences.

A text is read in windows: each sentence, each two and three of them, and as many as make a paragraph. The most certain
window counts, so adding words to a text takes nothing from its probabilities.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from rules.meaning.budget import PageBudget
from rules.meaning.encoder import PATH as ENCODER
from rules.meaning.encoder import Encoder, shipped_encoder
from rules.meaning.features import JAPANESE, LATIN, Concepts, Script, folded, parts_of, script_of
from rules.meaning.meaning import BY_LINE, TELLING, Meaning, combined_probability
from rules.meaning.model import FOLDER, MODELS, Model, ModelProblem, UnusableModel, load
from rules.meaning.passage import Passage, Place, Sentence, Window
from rules.meaning.why import Span, log_odds, weightiest
from rules.meaning.windows import PARAGRAPH, windows
from rules.recent import Recent
from rules.text import plain

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
_MOST_CACHED = 2_200_000
"""Bound of what cached sentences take, in units of eight bytes: at most some 20 megabytes, whatever their lengths."""
_EACH, _EACH_FORM, _EACH_COUNTED = 40, 20, 20
"""What each takes, even one without any known feature; each further form of it; its features beside their entries."""
_CHARACTERS = 4
"""Characters of a unit."""
_MOST_RECENT, _EACH_READ = 500_000, 120
"""Bound of what the meanings of texts read last take, in the same units (some four megabytes), and what the windows of
each of their sentences take: of some 2,700 sentences, and a text that has more than half of that is read again."""
_MOST_DOUBTED = 100_000
"""Bound of what windows that were read again take, in the same units."""
_QUOTES = 1_000
"""Quotes whose weightiest words are cached."""


@dataclass(slots=True, eq=False)
class _KnownSentence:
    """A sentence as it is whatever stands around it."""

    folded_text: str
    script: Script
    evidence: tuple[float, float] | None = None
    """Of one in Latin script what its words say of its language (`Model.evidence`), once it was asked for."""
    by_model: dict[str, Sentence] = field(default_factory=dict)
    """By model that counted it."""


class _Text(NamedTuple):
    """The sentences of a text, and its lines: each from a sentence to before another."""

    sentences: tuple[_KnownSentence, ...]
    lines: tuple[tuple[int, int], ...]


_Numbered = Sequence[tuple[int, _KnownSentence]]
"""Sentences, each with its number in its text."""


class MeaningReader:
    """Reads meanings with the models of a folder. Built once; each model is loaded on first use.

    Safe to share between threads: it remembers sentences, and nothing of a page.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._models: dict[str, Model | None] = {}
        self._loading = Lock()
        self._cache: dict[str, _KnownSentence] = {}
        """Sentences by plain form, and folded: pages are read again and again, and many texts have some in common.

        Folding what is folded changes nothing, so the keys are no two things."""
        self._cached = 0
        """Sum of their sizes."""
        self._recent = Recent[_Text, Meaning](_MOST_RECENT, _size_of)
        """Meanings of texts read last, by the sums alone: a list is gone back to, a thread is read again with each
        message, and a page as it is shown after it passed."""
        self._second_opinions = Recent[str, float](_MOST_DOUBTED, lambda text, _: len(text) // _CHARACTERS + _EACH_FORM)
        """Log odds by the second reader of windows read last, by their text."""
        self.weightiest = lru_cache(maxsize=_QUOTES)(self._weightiest)
        """`rules.meaning.why.weightiest` of a quote as written, for a risk, in a language: each word's absence is one
        reading, and a thread is read again with each message."""
        self.problems: list[ModelProblem] = []
        """Reasons why models cannot be used: without sums rules' words count alone, without the network the sums."""

    def load_all(self) -> None:
        """Load all models and the second reader now, to have in `problems` whatever is wrong with them."""
        self.load(MODELS)
        self._loaded_encoder()

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
                    path = self._folder / f"{name}.model"
                    self._models[name] = self._loaded(path.name, partial(load, path))
        return self._models[name]

    def _loaded[Loaded](self, file: str, load: Callable[[], Loaded]) -> Loaded | None:
        """Return what is loaded from a file; None, with the problem recorded, where that fails: no page does for it."""
        try:
            return load()
        except UnusableModel as error:
            problem = error.problem
        except MemoryError:
            problem = ModelProblem(file, "memory", "not enough memory")
        except Exception as error:
            # A header that is well-formed and does not fit its weights: whatever comes of it, it is no model.
            problem = ModelProblem(file, "damaged", type(error).__name__)
        self.problems.append(problem)
        return None

    def read(
        self, sentences: Sequence[str], budget: PageBudget | None = None, lines: Sequence[tuple[int, int]] = ()
    ) -> Meaning:
        """Return the meaning of a text.

        sentences: in plain form, in order. budget: the page's; None for a text alone. lines: where it is written in
        several, each from a sentence to before another; what stands in a line of its own is read by itself, too.

        Sentences in Japanese are read beside one another, and those in Latin script beside one another, so that neither
        language dilutes the other.
        """
        text = _Text(tuple(self._known(sentences)), tuple(lines))
        by_sums = self._recent.get(text)
        if by_sums is None:
            by_sums = self._read_text(text)
            self._recent.add({text: by_sums})
        # What is asked of it may rest on the second reader, and so on the page's budget: it is for this page alone.
        read_again = partial(self._read_again, budget or PageBudget())
        return Meaning(by_sums.passages, read_again, by_sums.unread_sentences)

    def _read_text(self, text: _Text) -> Meaning:
        first_times: dict[str, int] = {}
        """By its words, the first time that a sentence is said: to repeat oneself adds no meaning."""
        numbers = [first_times.setdefault(entry.folded_text, number) for number, entry in enumerate(text.sentences)]
        distinct = {number: text.sentences[number] for number in first_times.values()}
        repeats = {number: first for number, first in enumerate(numbers) if number != first}
        passages = [
            Passage(
                language,
                model,
                [number for number, _ in own],
                counted_sentences := list(self._counted((entry for _, entry in own), model)),
                partial(windows, [sentence.length for sentence in counted_sentences], PARAGRAPH[model.header.script]),
                core_length=TELLING[language],
                lines=text.lines if language in BY_LINE else (),
                repeats=repeats,
            )
            for language, model, own in self._by_language(distinct.items())
        ]
        read_firsts = {number for passage in passages for number in passage.numbers}
        unread_firsts = {n for n, entry in distinct.items() if entry.folded_text and n not in read_firsts}
        unread_sentences = frozenset(number for number, first in enumerate(numbers) if first in unread_firsts)
        return Meaning(tuple(passages), unread_sentences=unread_sentences)

    def read_together(
        self, sentences: Sequence[str], spans: Sequence[tuple[int, int]], known_windows: Mapping[int, Window]
    ) -> Meaning:
        """Return the meaning of some spans of a text, each read as a whole, beside that of each sentence by itself.

        sentences: in plain form, in order. spans: each from a sentence to before another; its Japanese and its Latin
        part are read apart. known_windows: windows of single sentences that were read before, by the sentence's number;
        these are not counted again.
        """
        sentence_numbers = sorted({place for start, end in spans for place in range(start, end)})

        def places(numbers: Sequence[int]) -> Iterator[Place]:
            within = {(bisect_left(numbers, start), bisect_left(numbers, end)) for start, end in spans}
            yield from ((at, at + 1, "1") for at in range(len(numbers)))
            yield from ((start, end, "whole") for start, end in sorted(within) if end - start > 1)

        known_sentences = self._known([sentences[number] for number in sentence_numbers])
        passages = []
        for language, model, own in self._by_language(zip(sentence_numbers, known_sentences, strict=True)):
            numbers = [number for number, _ in own]
            counted_sentences = self._counted_or_known(own, known_windows, model)
            passages.append(Passage(language, model, numbers, counted_sentences, partial(places, numbers)))
        return Meaning(tuple(passages))

    def _read_again(self, budget: PageBudget, window: Window) -> Window | None:
        """Return a window with the probability by both readers; None where the second cannot or may not read it."""
        text = " ".join(sentence.text for sentence in window.sentences)
        if not budget.admit(text):
            return None
        second = self._second_opinions.get(text)
        if second is None:
            encoder = self._loaded_encoder()
            second = encoder.log_odds(text) if encoder is not None else None
            if second is None:
                return None
            self._second_opinions.add({text: second})
        return window._replace(probability=combined_probability(window.probability, second))

    def _loaded_encoder(self) -> Encoder | None:
        # A cached property takes no lock: two threads that doubt first would load it twice, or name its fault twice.
        with self._loading:
            return self._encoder

    @cached_property
    def _encoder(self) -> Encoder | None:
        """The second reader, loaded with the first text that is doubted, which many a day does not bring.

        It is the one that ships, with a pack's models, too.
        """
        return self._loaded(ENCODER.name, shipped_encoder)

    def _known(self, sentences: Sequence[str]) -> list[_KnownSentence]:
        """Return what is known of sentences in plain form."""
        cached = [*map(self._cache.get, sentences)]
        known_sentences = [entry for entry in cached if entry is not None]
        if len(known_sentences) == len(cached):
            return known_sentences
        new = list(dict.fromkeys(s for s, entry in zip(sentences, cached, strict=True) if entry is None))
        new_sentences = {sentence: self._known_folded(text) for sentence, text in zip(new, _folded(new), strict=True)}
        for sentence, entry in new_sentences.items():
            if sentence not in self._cache:
                self._make_room(len(sentence) // _CHARACTERS + _EACH_FORM)
                self._cache[sentence] = entry
        return [entry or new_sentences[s] for s, entry in zip(sentences, cached, strict=True)]

    def _known_folded(self, text: str) -> _KnownSentence:
        """Return what is known of a folded sentence: one object, however it was written."""
        entry = self._cache.get(text)
        if entry is None:
            entry = _KnownSentence(text, script_of(text))
            self._make_room(len(text) // _CHARACTERS + _EACH)
            self._cache[text] = entry
        return entry

    def _by_language(self, sentences: Iterable[tuple[int, _KnownSentence]]) -> Iterator[tuple[str, Model, _Numbered]]:
        """Yield numbered sentences by script and by the model that reads them, with their language.

        A sentence goes by its own words where they are clear, else by those of all: whoever greets in another language
        does not choose the model. Left out are those whose model cannot be used.
        """
        by_script: dict[Script, list[tuple[int, _KnownSentence]]] = {}
        for each in sentences:
            if each[1].folded_text:
                by_script.setdefault(each[1].script, []).append(each)
        for script, own in by_script.items():
            first = self._model(_FIRST[script])
            if first is None:
                continue
            if not first.leanings:
                yield first.header.languages[0], first, own
                continue
            yield from self._by_words(own, first)

    def _by_words(self, own: _Numbered, first: Model) -> Iterator[tuple[str, Model, _Numbered]]:
        """Yield sentences of one script by model, with their language. first: the model that tells it."""
        read_languages = first.header.curves
        evidence = [self._evidence_of(entry, first) for _, entry in own]
        # Asked for where a sentence's own words are not clear: few are.
        is_unclear = any(abs(pros - cons) < _CLEAR for pros, cons in evidence)
        of_all = first.language(entry.folded_text for _, entry in own) if is_unclear else None
        groups: dict[bool, list[tuple[int, _KnownSentence]]] = {}
        for each, (pros, cons) in zip(own, evidence, strict=True):
            is_clear = abs(pros - cons) >= _CLEAR
            groups.setdefault(pros > cons if is_clear else of_all in read_languages, []).append(each)
        for is_own, group in groups.items():
            among = [language for language in first.header.languages if (language in read_languages) == is_own]
            language = of_all if len(groups) == 1 and of_all in among else None
            language = language or first.language((entry.folded_text for _, entry in group), among)
            model = first if is_own else self._model(_MODEL_OF[language])
            if model is not None:
                yield language, model, group

    def _counted_or_known(self, own: _Numbered, known_windows: Mapping[int, Window], model: Model) -> list[Sentence]:
        """Count the sentences that were not counted by the same model before."""
        sentences: list[Sentence] = []
        before: Concepts = ()
        for number, entry in own:
            window = known_windows.get(number)
            if window is not None and window.language in model.header.curves:
                sentence = window.sentences[0]
            else:
                sentence = self._counted_alone(entry, model).after(before, model)
            sentences.append(sentence)
            before = sentence.concepts
        return sentences

    def _counted(self, sentences: Iterable[_KnownSentence], model: Model) -> Iterator[Sentence]:
        """Count the features of the sentences of a passage."""
        before: Concepts = ()
        for entry in sentences:
            sentence = self._counted_alone(entry, model)
            yield sentence.after(before, model)
            before = sentence.concepts

    def _counted_alone(self, entry: _KnownSentence, model: Model) -> Sentence:
        """Count the features of a sentence as if none stood before it."""
        sentence = entry.by_model.get(model.name)
        if sentence is None:
            sentence = _counted(entry.folded_text, model, self._is_mixed(entry, model.header.script))
            self._make_room(len(sentence.entries) + _EACH_COUNTED)
            entry.by_model[model.name] = sentence
        return sentence

    def _is_mixed(self, entry: _KnownSentence, script: Script) -> bool:
        """Whether a sentence has much of a language that its model does not read."""
        if script == JAPANESE:
            return 2 * len(_LATIN_LETTER.findall(entry.folded_text)) > len(entry.folded_text)
        first = self._model(_FIRST[script])
        less, more = sorted(self._evidence_of(entry, first)) if first is not None else (0.0, 0.0)
        return less > _MIXED_LEAST and less > _MIXED_SHARE * more

    def _evidence_of(self, entry: _KnownSentence, model: Model) -> tuple[float, float]:
        """Return `Model.evidence` of a sentence. model: the one that Latin script is read with first."""
        if entry.evidence is None:
            entry.evidence = model.evidence(entry.folded_text)
        return entry.evidence

    def _make_room(self, size: int) -> None:
        """Count what is going to be cached; the cache is cleared first where it would grow beyond its bound."""
        if self._cached + size > _MOST_CACHED:
            self._cache.clear()
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
        counted_sentences = list(self._counted(self._known([sentence]), model))
        places = partial(windows, [each.length for each in counted_sentences], PARAGRAPH[model.header.script])
        meaning = Meaning((Passage(language, model, [0], counted_sentences, places),))
        if meaning.window is None:
            return log_odds(0.0)
        return log_odds(meaning.probability) + math.log(max(meaning.risks(meaning.window).get(risk, 0.0), 1e-12))


def _folded(sentences: Sequence[str]) -> list[str]:
    """Fold all sentences, and at once where none of them holds a line break."""
    lines = folded("\n".join(sentences)).split("\n")
    return lines if len(lines) == len(sentences) else [folded(sentence) for sentence in sentences]


def _size_of(text: _Text, meaning: Meaning) -> int:
    """The size of a text's meaning once its windows are made, in the units of `_MOST_RECENT`."""
    counted_sentences = (sentence for passage in meaning.passages for sentence in passage.sentences)
    return 1 + len(text.sentences) + sum(_EACH_READ + len(sentence.entries) for sentence in counted_sentences)


@cache
def shipped() -> MeaningReader:
    """Return the reader of the shipped models, one for the process."""
    return MeaningReader()


def _counted(text: str, model: Model, is_mixed: bool) -> Sentence:
    """Count the features of a folded sentence by itself."""
    script = model.header.script
    entries, features, concepts = model.known_features.find(parts_of(text, script, model.lexicon))
    return Sentence(text, len(text), features, tuple(entries), model.any_risk(entries), concepts, is_mixed)
