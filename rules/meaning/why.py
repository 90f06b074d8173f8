"""The words of a sentence that weigh most in its reading as a risk.

Each word is left out in turn, and the sentence read again: exact for whatever the model counts (a word, its neighbours,
its concepts), without knowing how it counts.
"""

import math
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

Span = tuple[int, int]
"""Start of some words in a sentence, and the place after their end."""

MOST_SPANS = 3
LONGEST = 200
"""Characters of the longest sentence that is marked."""
_MOST_WORDS = 60
"""Words that are left out in turn."""
_LONGEST_PIECE = 4
"""Characters of a piece of a run of kanji that is left out at once."""
_LEAST, _LEAST_OF_MOST = 0.2, 0.3
"""Least loss of the score without a word for it to be marked, and least share of the greatest loss."""

_PARTICLE = "(?:を|が|は|に|で|と|も|の|へ|や|から|まで|より|では|には)"
_END = rf"(?={_PARTICLE}?(?![ぁ-ゖ]))"
_NO_OKURIGANA = "(?![はをのへにもと]|が(?![るりらっれ])|で(?![るて]))"
_RUN = re.compile(
    rf"(?P<latin>[^\W_\u3000-\u9fff\uff66-\uff9f]+(?:['’.@-][^\W_\u3000-\u9fff]+)*)"
    rf"|(?P<katakana>[ァ-ヺー]+)|(?P<kanji>[おご]?[一-鿿々〆]+(?:[りきしちみいえけげべめれび][一-鿿々]+)?"
    rf"(?:{_END}|{_NO_OKURIGANA}[ぁ-ゖ]{{1,10}}?{_END}|{_NO_OKURIGANA}[ぁ-ゖ]{{1,4}})?)"
    rf"|(?:(?<=[一-鿿々〆ァ-ヺーA-Za-z0-9])[はがをにのへもで])?(?P<kana>[ぁ-ゖ]{{3,8}}?{_END}|[ぁ-ゖ]{{3,8}})"
)
"""A word of Latin script, a run of katakana, kanji with the kana that belong to it, kana alone."""
_KANJI = re.compile("[一-鿿々〆]+")
_TELLS_NOTHING = frozenset(
    "a an the to of and in is it for on with that this be are as at so or i you we me my your our if"
    " o e de la el le les".split()
)


def weightiest(sentence: str, score: Callable[[str], float]) -> tuple[Span, ...]:
    """Return the words that weigh most, at most `MOST_SPANS` spans in their order; empty where no word weighs much.

    sentence: as written. score: of a sentence's reading as the risk, in log odds.
    """
    if len(sentence) > LONGEST:
        return ()
    words = list(_words(sentence))
    if not 1 < len(words) <= _MOST_WORDS:
        return ()
    whole = score(sentence)
    losses = {(start, end): whole - score(sentence[:start] + " " + sentence[end:]) for start, end in words}
    least = max(_LEAST, _LEAST_OF_MOST * max(losses.values()))
    weighty = sorted((span for span in words if losses[span] >= least), key=lambda span: -losses[span])
    return tuple(_joined(sentence, sorted(weighty[:MOST_SPANS])))


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, bounded near certainty."""
    value = min(max(probability, 1e-12), 1 - 1e-12)
    return math.log(value / (1 - value))


def _words(sentence: str) -> Iterator[Span]:
    for run in _RUN.finditer(sentence):
        start, end = run.span(run.lastgroup or 0)
        if run["kanji"] is not None and end - start > _LONGEST_PIECE and _KANJI.fullmatch(run["kanji"]):
            # Pieces of about the same length: none of a single character.
            pieces = math.ceil((end - start) / _LONGEST_PIECE)
            borders = [start + (end - start) * piece // pieces for piece in range(pieces + 1)]
            yield from pairwise(borders)
        elif run["latin"] is None or run[0].lower() not in _TELLS_NOTHING:
            yield start, end


def _joined(sentence: str, spans: list[Span]) -> Iterator[Span]:
    """Join spans with only blanks between them."""
    begin, finish = spans[0] if spans else (0, 0)
    for start, end in spans[1:]:
        if sentence[finish:start].strip():
            yield begin, finish
            begin = start
        finish = end
    if spans:
        yield begin, finish
