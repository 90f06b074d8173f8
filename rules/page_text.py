"""All sentences of a page's texts, with the lines that patterns are matched against.

Each sentence has one line or more: its plain form, and, where it shows signs of disguise, the forms with the disguise
undone. A pattern that matches any line of a sentence matches the sentence, so undoing a disguise too eagerly never
hides anything.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from rules.denials import DENIAL_SIGNS, without_denials
from rules.disguise import SIGNS, undisguised
from rules.matching import PatternCache, PatternSet
from rules.patterns import for_bytes
from rules.reading import Reading
from rules.reassurances import REASSURANCE_SIGNS, without_reassurances
from rules.recent import Recent
from rules.sentences import SentenceList
from rules.signs import SignLists
from rules.text import normalised

MOST_OF_TEXT, MOST_OF_PAGE = 200_000, 500_000
"""Characters of one text, and of all texts of a page, that are read. Offers and messages have some thousands."""
MOST_UNDISGUISED_OF_TEXT, MOST_UNDISGUISED_OF_PAGE = 60_000, 300_000
"""Bytes of sentences with signs of disguise that are undisguised: that takes a hundred times as long as reading."""
_SIZE_REMEMBERED, _LONGEST_REMEMBERED = 2_000_000, 20_000
"""Bytes of what is remembered of texts (of some sixty offers, or ten lists of them), and characters of the longest."""
_SIZE_OF_TEXT, _SIZE_OF_SENTENCE, _SIZE_OF_CHARACTER = 300, 130, 7
"""Bytes that a text, each of its sentences and each of its characters take, the latter as Japanese ones do."""


@dataclass(frozen=True)
class PageText:
    """All sentences of several texts, ready for one matcher pass."""

    written_sentences: Sequence[str]
    """Sentences as written, of all texts, one after the other."""
    starts: Sequence[int]
    """The number of each text's first sentence; one more entry than texts."""
    lines: Sequence[bytes]
    """Input of the matcher: the plain form of each sentence, then further forms."""
    owners: Sequence[int]
    """By line beyond `len(written)`, the sentence that it is a form of."""
    overlapping: frozenset[int] = frozenset()
    """Sentences that begin with the end of the one before: pieces of one that is too long."""
    line_starts: Sequence[int] = ()
    """Sentences that are the first of a written line, in order."""
    reassuring_sentences: Set[int] = frozenset()
    """Sentences that may hold words of a reassurance, which few do."""
    unread_numbers: frozenset[int] = frozenset()
    """Texts of which a part was not read, or not undisguised, because they exceed a limit."""

    @cached_property
    def sentences(self) -> Sequence[int]:
        """By line, its sentence."""
        return [*range(len(self.written_sentences)), *self.owners]

    @cached_property
    def undisguised(self) -> Mapping[int, str]:
        """By sentence that has further forms, the last of them."""
        return {
            owner: self.lines[line].decode().strip()
            for line, owner in enumerate(self.owners, len(self.written_sentences))
        }

    @cached_property
    def texts(self) -> Sequence[int]:
        """By sentence, its text."""
        return [number for number, (begin, end) in enumerate(pairwise(self.starts)) for _ in range(begin, end)]

    def lines_of(self, start: int, end: int) -> Sequence[tuple[int, int]]:
        """Return the written lines of the sentences from `start` to before `end`, where there are several: for each the
        numbers of its first sentence and of the one behind it, counted from `start`."""
        own = _within(self.line_starts, start, end)
        return [*pairwise([*own, end - start])] if len(own) > 1 else []

    def plain(self, sentence: int) -> str:
        """The plain form of a sentence, by its number."""
        return self.lines[sentence].decode().strip()

    def bare(self, sentence: int) -> str:
        """The plain form of a sentence without reassurances, by its number."""
        plain_form = self.plain(sentence)
        return without_reassurances(plain_form) if sentence in self.reassuring_sentences else plain_form


class _SplitText(NamedTuple):
    """A text by itself: sentences are named by their numbers in it."""

    written_sentences: Sequence[str]
    lines: Sequence[bytes]
    """The plain form of each sentence."""
    overlapping: Sequence[int]
    line_starts: Sequence[int]
    reassuring: Sequence[int]


class PageReader:
    """Reads texts. Built once; holds compiled patterns, and remembers the texts that it split last.

    Safe to share between threads.
    """

    def __init__(self, cache: PatternCache | None = None) -> None:
        self._disguises = PatternSet([for_bytes(sign) for sign in SIGNS], cache)
        self._recent = Recent[str, _SplitText](_SIZE_REMEMBERED, _size_of)
        self._signs = SignLists((DENIAL_SIGNS, REASSURANCE_SIGNS), cache)

    def read(self, readings: Sequence[Reading]) -> PageText:
        """Split and normalise texts. Texts that exceed a limit, their own or the page's, are named in `unread`."""
        bounds = _shares([len(reading.text) for reading in readings], MOST_OF_TEXT, MOST_OF_PAGE)
        unread_numbers = {number for number, reading in enumerate(readings) if bounds[number] < len(reading.text)}
        beginnings = [reading.until(bound) for reading, bound in zip(readings, bounds, strict=True)]
        texts = [self._recent.get(beginning.text) for beginning in beginnings]
        new_numbers = [number for number, text in enumerate(texts) if text is None]
        if new_numbers:
            new_texts, stopped_numbers = self._split([beginnings[number] for number in new_numbers])
            for number, text in zip(new_numbers, new_texts, strict=True):
                texts[number] = text
            unread_numbers |= {new_numbers[number] for number in stopped_numbers}
        return self._with_disguises_undone(_joined([*filter(None, texts)]), unread_numbers)

    def _split(self, readings: Sequence[Reading]) -> tuple[list["_SplitText"], Set[int]]:
        """Split and normalise new texts. Returns also the numbers of those that were not looked through to the end."""
        sentences = SentenceList()
        starts = [0]
        stopped_numbers: set[int] = set()
        alone: list[bool] = []
        """By text, whether it is split so whatever stands beside it: nothing of it counts towards a page's limit."""
        for number, reading in enumerate(readings):
            letters = sentences.alone
            is_whole = sentences.add(reading.text, reading.visible)
            if not is_whole:
                stopped_numbers.add(number)
            starts.append(len(sentences.written_sentences))
            alone.append(is_whole and sentences.alone == letters)
        # A blank at each end of a line; those of English sentences would make it two, which are searched for twice.
        together = " \n ".join([sentence.strip(" ") for sentence in sentences.visible])
        lines, reassuring_numbers = self._lines(f" {normalised(together)} ") if sentences.visible else ([], [])
        texts = [
            _SplitText(
                sentences.written_sentences[begin:end],
                lines[begin:end],
                _within(sentences.overlapping, begin, end),
                _within(sentences.line_starts, begin, end),
                _within(reassuring_numbers, begin, end),
            )
            for begin, end in pairwise(starts)
        ]
        for reading, text, is_alone in zip(readings, texts, alone, strict=True):
            if is_alone and len(reading.text) <= _LONGEST_REMEMBERED:
                self._recent.add({reading.text: text})
        return texts, stopped_numbers

    def _lines(self, plain_text: str) -> tuple[list[bytes], list[int]]:
        """The lines of plain text without denials, and the numbers of those that may reassure, in order."""
        lines = plain_text.encode().split(b"\n")
        with_denials, reassuring_numbers = map(set, self._signs.lines_of(plain_text))
        for number in with_denials:
            line = lines[number].decode()
            rest = without_denials(line)
            if rest != line:
                lines[number] = rest.encode()
                # What stood apart may have come together.
                reassuring_numbers.add(number)
        return lines, sorted(reassuring_numbers)

    def _with_disguises_undone(self, page: PageText, unread_numbers: set[int]) -> PageText:
        """Add further forms of the sentences that show signs of disguise."""
        signs = self._disguises.patterns_by_line(b"\n".join(page.lines))
        if signs is None:
            lines_by_sign, stopped_numbers = self._disguises.lines_matched(page.lines, groups=page.texts)
            unread_numbers = unread_numbers | stopped_numbers
            disguised_lines = sorted(set[int]().union(*lines_by_sign.values()))
        else:
            disguised_lines = sorted(signs)
        if not disguised_lines and not unread_numbers:
            return page
        sizes = [0] * (len(page.starts) - 1)
        for line in disguised_lines:
            sizes[page.texts[line]] += len(page.lines[line])
        bounds = _shares(sizes, MOST_UNDISGUISED_OF_TEXT, MOST_UNDISGUISED_OF_PAGE)
        owners: list[int] = []
        further: list[bytes] = []
        for line in disguised_lines:
            number = page.texts[line]
            bounds[number] -= len(page.lines[line])
            if bounds[number] < 0:
                unread_numbers.add(number)
                continue
            for form in undisguised(page.lines[line].decode()):
                owners.append(line)
                further.append(form.encode())
        return replace(page, lines=[*page.lines, *further], owners=owners, unread_numbers=frozenset(unread_numbers))


def _size_of(text: str, split_text: _SplitText) -> int:
    """About the bytes that a text takes with what it is split into."""
    return _SIZE_OF_TEXT + _SIZE_OF_SENTENCE * len(split_text.lines) + _SIZE_OF_CHARACTER * len(text)


def _joined(texts: Iterable[_SplitText]) -> PageText:
    """The page of some texts, one after the other, with no form of a sentence but its plain one."""
    written_sentences: list[str] = []
    lines: list[bytes] = []
    line_starts: list[int] = []
    starts, overlapping, reassuring = [0], set[int](), set[int]()
    for text in texts:
        begin = starts[-1]
        written_sentences += text.written_sentences
        lines += text.lines
        line_starts += [begin + number for number in text.line_starts]
        overlapping.update([begin + number for number in text.overlapping])
        reassuring.update([begin + number for number in text.reassuring])
        starts.append(len(written_sentences))
    return PageText(
        written_sentences,
        starts,
        lines,
        (),
        frozenset(overlapping),
        line_starts,
        reassuring_sentences=frozenset(reassuring),
    )


def _within(numbers: Sequence[int], begin: int, end: int) -> Sequence[int]:
    """Those of some numbers, which are sorted, that lie in a range, counted from its begin."""
    return [number - begin for number in numbers[bisect_left(numbers, begin) : bisect_left(numbers, end)]]


def _shares(sizes: Sequence[int], most: int, most_together: int) -> list[int]:
    """Distribute a limit over sizes, the smallest first, so that one that is too large takes nothing from others."""
    shares = [0] * len(sizes)
    for number in sorted(range(len(sizes)), key=lambda number: sizes[number]):
        shares[number] = min(sizes[number], most, most_together)
        most_together -= shares[number]
    return shares
