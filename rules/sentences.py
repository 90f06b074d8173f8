"""From a text to its sentences, the unit that rules are matched against and that warnings quote.

Each sentence keeps its words as written, which are the evidence. A text that direction controls show otherwise than it
is written is split a second time as it is shown, and sentences whose letters are set apart by other signs
(`rules.set_apart`) a second time without those signs.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from extractors.unseen import turns
from rules.set_apart import MOST_ALONE_OF_PAGE, MOST_ALONE_OF_TEXT, separators
from rules.text import ALL_PLACES, Places, drawn, visible_places, without_spans

LONGEST_SENTENCE = 400
"""Characters. Longer ones are cut at a comma or a space: text without a full stop is a list, not a sentence."""
OVERLAP = 120
"""Characters that two pieces of one sentence share, so that a phrase stands whole in one of them: the longest gap
of a pattern (60) with its words."""
_ENDS = ("。", "｡", "！", "？", ". ")
_CLOSING = "」』）)"
_BREAK = "\0"
"""Marks the end of a sentence within a line; visible text holds no NUL."""
_BEFORE_CLOSING = re.compile(f"{_BREAK}(?=[{_CLOSING}])")


@dataclass(slots=True)
class SentenceList:
    """The sentences of several texts, in order, one text after the other."""

    written_sentences: list[str] = field(default_factory=list)
    """As written, but for line breaks. None is empty."""
    visible: list[str] = field(default_factory=list)
    """The visible part of each: at most `LONGEST_SENTENCE` characters."""
    overlapping: list[int] = field(default_factory=list)
    """Numbers of those that begin with the end of the one before."""
    line_starts: list[int] = field(default_factory=list)
    """Numbers of those that are the first of a written line, in order."""
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
        is_turned = len(visible_text) < len(text) and turns(text)
        drawn_text = drawn(text) if is_turned else visible_text
        if drawn_text != visible_text:
            self._append(drawn_text, drawn_text, ALL_PLACES)
            is_whole &= self._append_set_apart(drawn_text, drawn_text, ALL_PLACES)
        return is_whole

    def _append_set_apart(self, shown_text: str, text: str, places: Places) -> bool:
        """Append the sentences in which letters are set apart, without the signs between them, and their neighbours."""
        signs = separators(shown_text, min(self.alone, MOST_ALONE_OF_TEXT))
        self.alone = max(self.alone - signs.letters, 0)
        if signs.spans:
            self._append_changed(without_spans(signs.spans, shown_text), text, places.without(signs.spans))
        return signs.is_whole

    def _append(self, shown_text: str, text: str, places: Places) -> None:
        """Append the sentences of the visible part of a text. places: in the text, of its visible characters.

        Where nothing was removed a sentence is shown as it is written, so that few of them need their places.
        """
        at = 0
        for begin, end in _changed_parts(shown_text, places):
            self._append_as_shown(shown_text[at:begin])
            for number, (place, sentence) in enumerate(_placed_sentences(shown_text, begin, end)):
                # Such a part is one line.
                self._append_pieces(sentence, place, text, places, begins_line=number == 0)
            at = end
        self._append_as_shown(shown_text[at:])

    def _append_as_shown(self, shown_text: str) -> None:
        """Append the sentences of visible text that is shown as it is written."""
        for sentences in _sentences_by_line(shown_text):
            if max(map(len, sentences)) <= LONGEST_SENTENCE:
                self.line_starts.append(len(self.written_sentences))
                self.written_sentences += sentences
                self.visible += sentences
                continue
            for number, sentence in enumerate(sentences):
                self._append_pieces(sentence, 0, sentence, ALL_PLACES, begins_line=number == 0)

    def _append_changed(self, shown_text: str, text: str, places: Places) -> None:
        """Append the sentences of a text from which something was removed, and their neighbours."""
        for begin, end in _with_neighbours(shown_text, _changed_parts(shown_text, places)):
            sentences = [*_placed_sentences(shown_text, begin, end)]
            changes = [places[at + len(sentence) - 1] - places[at] >= len(sentence) for at, sentence in sentences]
            last = None
            for number, (at, sentence) in enumerate(sentences):
                if any(changes[max(number - 1, 0) : number + 2]):
                    begins_line = last is None or "\n" in shown_text[last:at]
                    self._append_pieces(sentence, at, text, places, begins_line=begins_line)
                    last = at + len(sentence)

    def _append_pieces(self, sentence: str, at: int, text: str, places: Places, *, begins_line: bool) -> None:
        """Append a sentence that begins at a place of the visible text, cut into pieces where it is too long."""
        if begins_line:
            self.line_starts.append(len(self.written_sentences))
        last = at
        for begin, end in _pieces(sentence):
            if at + begin < last:
                self.overlapping.append(len(self.written_sentences))
            last = at + end
            piece = sentence[begin:end]
            written_piece = text[places[at + begin] : places[last - 1] + 1]
            # A sentence that hides more than it shows is quoted as it is shown.
            self.written_sentences.append(written_piece if len(written_piece) <= 2 * LONGEST_SENTENCE else piece)
            self.visible.append(piece)


def _changed_parts(shown_text: str, places: Places) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each written line within which something was removed, in order, each once."""
    end = -1
    for cut in places.cuts:
        if cut > end:
            begin = shown_text.rfind("\n", 0, cut) + 1
            end = _end_of_line(shown_text, cut)
            if begin < cut < end:
                yield begin, end
            else:
                end = cut


def _with_neighbours(shown_text: str, parts: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the same parts with the lines beside that are not blank, as one part where they meet."""
    part: tuple[int, int] | None = None
    for changed_begin, changed_end in parts:
        begin, end = _line_before(shown_text, changed_begin), _line_after(shown_text, changed_end)
        if part is not None and begin <= part[1]:
            part = part[0], end
            continue
        if part is not None:
            yield part
        part = begin, end
    if part is not None:
        yield part


def _line_before(shown_text: str, begin: int) -> int:
    """The start of the last line before a line's start that is not blank; that line's start where there is none."""
    end = begin - 1
    while end >= 0:
        line_begin = shown_text.rfind("\n", 0, end) + 1
        if not _is_blank(shown_text[line_begin:end]):
            return line_begin
        end = line_begin - 1
    return begin


def _line_after(shown_text: str, end: int) -> int:
    """The end of the first line after a line's end that is not blank; that line's end where there is none."""
    begin = end + 1
    while begin < len(shown_text):
        line_end = _end_of_line(shown_text, begin)
        if not _is_blank(shown_text[begin:line_end]):
            return line_end
        begin = line_end + 1
    return end


def _is_blank(line: str) -> bool:
    return not line or line.isspace()


def _end_of_line(shown_text: str, at: int) -> int:
    end = shown_text.find("\n", at)
    return len(shown_text) if end < 0 else end


def _placed_sentences(shown_text: str, begin: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a part of visible text, each with the place where it begins."""
    at = begin
    for sentence in chain.from_iterable(_sentences_by_line(shown_text[begin:end])):
        # Between two sentences are line breaks and blanks alone, so the first place is the right one.
        place = shown_text.index(sentence, at)
        yield place, sentence
        at = place + len(sentence)


def _sentences_by_line(shown_text: str) -> Iterator[list[str]]:
    """Yield the sentences of each line of visible text that has any, however long; none is blank."""
    marked_text = shown_text
    for mark in _ENDS:
        if mark in marked_text:
            # Two characters are searched once so; `replace` counts first what it replaces, which is quick for one.
            marked_text = (
                (mark + _BREAK).join(marked_text.split(mark))
                if len(mark) > 1
                else marked_text.replace(mark, mark + _BREAK)
            )
    marked_text = _after(_after(marked_text, "!"), "?")
    if any(mark in marked_text for mark in _CLOSING):
        marked_text = _BEFORE_CLOSING.sub("", marked_text)
    for line in marked_text.split("\n"):
        sentences = [sentence for sentence in line.split(_BREAK) if sentence and not sentence.isspace()]
        if sentences:
            yield sentences


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
