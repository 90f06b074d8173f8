"""From a text to its sentences, the unit that rules are matched against and that warnings quote.

Each sentence keeps its words as written, which are the evidence. A text that direction controls show otherwise than it
is written is split a second time as it is shown, and sentences whose letters are set apart by other signs
(`rules.set_apart`) a second time without those signs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractors.unseen import TURNING
from rules.set_apart import MOST_ALONE_OF_PAGE, MOST_ALONE_OF_TEXT, separators
from rules.text import drawn, visible_places, without_spans

LONGEST_SENTENCE = 400
"""Characters. Longer ones are cut at a comma or a space: text without a full stop is a list, not a sentence."""
OVERLAP = 120
"""Characters that two pieces of one sentence share, so that a phrase stands whole in one of them: the longest gap
of a pattern (60) with its words."""
_ENDS = ("。", "｡", "！", "？", ". ")
_CLOSING = "」』）)"
_BREAK = "\0"
"""Marks the end of a sentence within a line; visible text holds no NUL."""


@dataclass(slots=True)
class SentenceList:
    """The sentences of several texts, in order, one text after the other."""

    written_sentences: list[str] = field(default_factory=list)
    """As written, but for line breaks. None is empty."""
    visible: list[str] = field(default_factory=list)
    """The visible part of each: at most `LONGEST_SENTENCE` characters."""
    overlapping: list[int] = field(default_factory=list)
    """Numbers of those that begin with the end of the one before."""
    alone: int = MOST_ALONE_OF_PAGE
    """Letters standing alone that may still be looked at."""

    def add(self, text: str, visible_text: str) -> bool:
        """Append the sentences of a text. Returns whether it was looked through to its end.

        Pieces of a sentence that is too long share some words. Sentences that direction controls show otherwise than
        they are written follow, as they are shown; those in which letters are set apart follow a second time.
        visible_text: `visible(text)`.
        """
        places = visible_places(text, visible_text)
        self._append(visible_text, text, places)
        is_whole = self._append_set_apart(visible_text, text, places)
        drawn_text = drawn(text) if not text.isascii() and TURNING.search(text) is not None else visible_text
        if drawn_text != visible_text:
            self._append(drawn_text, drawn_text, range(len(drawn_text)))
            is_whole &= self._append_set_apart(drawn_text, drawn_text, range(len(drawn_text)))
        return is_whole

    def _append_set_apart(self, shown_text: str, text: str, places: Sequence[int]) -> bool:
        """Append the sentences in which letters are set apart, without the signs between them, and their neighbours."""
        signs = separators(shown_text, min(self.alone, MOST_ALONE_OF_TEXT))
        self.alone = max(self.alone - signs.letters, 0)
        together, together_places = without_spans(signs.spans, shown_text, places)
        if len(together) < len(shown_text):
            self._append(together, text, together_places, changed=True)
        return signs.is_whole

    def _append(self, shown_text: str, text: str, places: Sequence[int], *, changed: bool = False) -> None:
        """Append the sentences of the visible part of a text.

        places: of each visible character in the text. changed: append only the sentences from which something was
        removed, and their neighbours.
        """
        lines = _lines(shown_text)
        if len(shown_text) == len(text) and (not lines or max(map(len, lines)) <= LONGEST_SENTENCE):
            self.written_sentences += lines
            self.visible += lines
            return
        at = 0
        begins = []
        for line in lines:
            # Between two lines are line breaks and blanks alone, so the first place is the right one.
            begins.append(shown_text.index(line, at))
            at = begins[-1] + len(line)
        touched_lines = [
            not changed or places[at + len(line) - 1] - places[at] >= len(line)
            for at, line in zip(begins, lines, strict=True)
        ]
        for number, (at, line) in enumerate(zip(begins, lines, strict=True)):
            if any(touched_lines[max(number - 1, 0) : number + 2]):
                self._append_pieces(line, at, text, places)

    def _append_pieces(self, line: str, at: int, text: str, places: Sequence[int]) -> None:
        """Append a line that begins at a place of the visible text, cut into pieces where it is too long."""
        last = at
        for begin, end in _pieces(line):
            if at + begin < last:
                self.overlapping.append(len(self.written_sentences))
            last = at + end
            piece = line[begin:end]
            written_piece = text[places[at + begin] : places[last - 1] + 1]
            # A sentence that hides more than it shows is quoted as it is shown.
            self.written_sentences.append(written_piece if len(written_piece) <= 2 * LONGEST_SENTENCE else piece)
            self.visible.append(piece)


def _lines(shown_text: str) -> list[str]:
    """The sentences of visible text, however long; none is blank."""
    marked_text = shown_text
    for mark in _ENDS:
        if mark in marked_text:
            marked_text = marked_text.replace(mark, mark + _BREAK)
    marked_text = _after(_after(marked_text, "!"), "?")
    for mark in _CLOSING:
        if mark in marked_text:
            marked_text = marked_text.replace(_BREAK + mark, mark)
    return [line for line in marked_text.replace(_BREAK, "\n").split("\n") if line and not line.isspace()]


def _after(text: str, mark: str) -> str:
    """Insert a break after each `!` or `?` that ends a sentence: not inside a word (L!NE) or an address."""
    if mark not in text:
        return text
    head, *rest = text.split(mark)
    return head + "".join(mark + part if _goes_on(part[:1]) else f"{mark}{_BREAK}{part}" for part in rest)


def _goes_on(char: str) -> bool:
    return char != "" and char.isascii() and (char.isalnum() or char in "!?&=")


def _pieces(line: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each piece of a line; each begins within the one before."""
    begin = 0
    while len(line) - begin > LONGEST_SENTENCE:
        end = begin + LONGEST_SENTENCE
        cut = max(line.rfind(mark, begin + LONGEST_SENTENCE * 3 // 4, end) for mark in "、, ") + 1
        end = cut or _border(line, end, end - OVERLAP // 2)
        if not line[begin:end].isspace():
            yield begin, end
        begin = _border(line, end - OVERLAP, end - OVERLAP * 3 // 2)
    if not line[begin:].isspace():
        yield begin, len(line)


def _border(line: str, at: int, least: int) -> int:
    """The last place up to `at` that is not within a word; `at` itself where there is none from `least` on."""
    for place in range(at, least, -1):
        if _kind_of(line[place - 1]) != _kind_of(line[place]):
            return place
    return at


def _kind_of(char: str) -> int:
    """Class of a character: neighbours of one class are nearly always one word."""
    if char.isascii():
        return 1 if char.isalnum() else 0
    return 2 if "ァ" <= char <= "ー" else 3 if "ぁ" <= char <= "ゟ" else 4 if char.isalnum() else 0
