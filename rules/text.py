"""From texts as written to sentences that patterns can be matched against.

Each sentence keeps its words as written (that is the evidence) and has one or two readings for
matching: the plain one (what is seen of it, in Unicode's NFKC), and, where it shows signs of disguise,
the one with the disguise undone: marks drawn over letters dropped, look-alike letters replaced, letters
set apart brought together, digits inside words read as letters, (at) and spelled-out digits as what they
stand for. A pattern that matches any reading matches the sentence, so undoing a disguise too eagerly never
hides anything. The disguises are those of moderation filters and of tutors' warnings that are
public; see tests/rules/test_text.py for the list.

What is drawn as nothing (by Unicode's properties, see tools/unicode_tables.py) is left out before anything
is counted, cut or normalised; where direction controls turn a line around, its sentences are read as drawn, too.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from extractors.unicode_tables import LOOK_ALIKES, MARKS, MEANT, UNSEEN
from extractors.unseen import BEYOND, TURNING, UNSEEN_SIGNS, plane_of, ranges_of
from rules.matching import PatternCache, PatternSet
from rules.patterns import for_bytes
from rules.set_apart import separators

LONGEST_SENTENCE = 400
"""Characters. Longer ones are cut at a comma or a space: text without a full stop is a list, not a sentence."""
OVERLAP = 120
"""Characters that two pieces of one sentence share, so that a phrase stands whole in one of them: the longest gap
of a pattern (60) with its words."""
MOST_OF_TEXT, MOST_OF_PAGE = 200_000, 500_000
"""Characters of one text, and of all texts of a page, that are read. Offers and messages have some thousands."""
MOST_UNDISGUISED_OF_TEXT, MOST_UNDISGUISED_OF_PAGE = 60_000, 300_000
"""Bytes of sentences with signs of disguise that are undisguised: that takes a hundred times as long as reading."""
MOST_ALONE_OF_TEXT, MOST_ALONE_OF_PAGE = 30_000, 100_000
"""Letters standing alone that are looked at for what sets them apart, which takes as long. Ordinary pages have some."""

_ENDS = ("。", "｡", "！", "？", ". ")
_CLOSING = "」』）)"
_BREAK = "\0"
"""Where a sentence ends within a line; what is seen of a text holds no NUL."""

# What full-width text mostly holds. Replacing it character by character is twenty times faster than
# normalising, and leaves only a few sentences that still need that.
_WIDE = [(wide, chr(ord(wide) - 0xFEE0)) for wide in "！？（）：，．／～％＋＝＠０１２３４５６７８９"]
_WIDE += [("\u3000", " "), ("\xa0", " "), ("…", "..."), ("･", "・")]
_QUOTES = [("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"')]


_NO_LETTERS = "\ud800-\udfff\ufdfa-\ufdfb"
"""Halves of surrogate pairs, which mean nothing, and the two ligatures that NFKC makes a sentence of."""
_ODD = re.compile(f"[{plane_of(UNSEEN + MARKS)}{_NO_LETTERS}]")
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n"))
_NO_LETTER = re.compile(f"[{_NO_LETTERS}]")
_MARKS_IN_A_ROW = re.compile(f"[{plane_of(MARKS)}]{{3,}}")
# No mark beyond the basic plane belongs to the languages that rules are written for.
_UNSEEN_BEYOND = re.compile(f"[{plane_of(UNSEEN + MARKS, beyond=True)}]+")
_BOXES = "\u2028\u2029\ue000-\uf8ff\ufffc\ufffd\U0001d159\U000f0000-\U0010ffff"
"""Drawn as a box, a thin blank or not at all, as the font has it."""
_BLANKS = re.compile(" {2,}|[\t\u1680\u2800]+ *")
"""More than one blank, and what is drawn as one and is none after NFKC: pages show any number of them as one."""
_MARK_OR_BOX = re.compile(f"[{plane_of(MARKS)}{_BOXES}]")


def visible(text: str) -> str:
    """What is seen of a text: without what is drawn as nothing, and with two marks over a character at the most.

    Half a surrogate pair becomes U+FFFD. Never longer than the text. Two marks are fewer than the thirty of the
    Stream-Safe Text Format (UAX #15), so whatever this returns is normalised in linear time.
    """
    odd, beyond = _has_odd(text)
    if odd:
        text = UNSEEN_SIGNS.sub("", _NO_LETTER.sub("\ufffd", text))
    if beyond:
        text = BEYOND.sub(lambda run: _UNSEEN_BEYOND.sub("", run[0]), text)
    return _MARKS_IN_A_ROW.sub(lambda marks: marks[0][:2], text) if odd else text


def _has_odd(text: str) -> tuple[bool, bool]:
    """Whether a text may hold what is not seen: within the basic plane, and beyond it."""
    if text.isascii():
        return len(text.encode().translate(None, _CONTROLS)) < len(text), False
    beyond = len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)
    return _ODD.search(text) is not None, beyond


def _seen(text: str) -> tuple[str, Sequence[int]]:
    """What is seen of a text, and where each character of that stands in it."""
    places: Sequence[int] = range(len(text))
    seen = visible(text)
    if len(seen) == len(text):
        return seen, places
    unseen = [
        span.span() for run in BEYOND.finditer(text) for span in _UNSEEN_BEYOND.finditer(text, run.start(), run.end())
    ]
    unseen += (span.span() for span in UNSEEN_SIGNS.finditer(text))
    text, places = _without(sorted(unseen), text, places)
    marks = [(span.start() + 2, span.end()) for span in _MARKS_IN_A_ROW.finditer(text)]
    return seen, _without(marks, text, places)[1]


def _without(spans: Sequence[tuple[int, int]], text: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    """A text without some spans of it, and the places of what is left."""
    if not spans:
        return text, places
    kept: list[str] = []
    where: list[int] = []
    at = 0
    for begin, end in (*spans, (len(text), len(text))):
        kept.append(text[at:begin])
        where += places[at:begin]
        at = end
    return "".join(kept), where


@dataclass(slots=True)
class _Sentences:
    """The sentences of texts, in order, as they come."""

    written: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    """What is seen of each: at most `LONGEST_SENTENCE` characters."""
    overlapping: list[int] = field(default_factory=list)
    """Those that begin with the end of the one before."""
    alone: int = MOST_ALONE_OF_PAGE
    """Letters standing alone that may still be looked at."""

    def add(self, text: str) -> bool:
        """The sentences of a text; returns whether it was looked through to its end."""
        seen, places = _seen(text)
        self._add(seen, text, places)
        is_whole = self._add_set_apart(seen, text, places)
        shown = drawn(text)
        if shown != seen:
            self._add(shown, shown, range(len(shown)))
            is_whole &= self._add_set_apart(shown, shown, range(len(shown)))
        return is_whole

    def _add_set_apart(self, seen: str, text: str, places: Sequence[int]) -> bool:
        """The sentences again in which letters are set apart, without what sets them apart; and those beside them."""
        found = separators(seen, min(self.alone, MOST_ALONE_OF_TEXT))
        self.alone = max(self.alone - found.letters, 0)
        joined, joined_places = _without(found.spans, seen, places)
        if len(joined) < len(seen):
            self._add(joined, text, joined_places, changed=True)
        return found.is_whole

    def _add(self, seen: str, text: str, places: Sequence[int], *, changed: bool = False) -> None:
        """The sentences of what is seen of a text, with what of the text they are.

        changed: only those of which something is left out, and their neighbours.
        """
        marked = seen
        for mark in _ENDS:
            marked = marked.replace(mark, mark + _BREAK)
        marked = _after(_after(marked, "!"), "?")
        for mark in _CLOSING:
            marked = marked.replace(_BREAK + mark, mark)
        lines = [line for line in marked.replace(_BREAK, "\n").split("\n") if line and not line.isspace()]
        if len(seen) == len(text) and (not lines or max(map(len, lines)) <= LONGEST_SENTENCE):
            self.written += lines
            self.seen += lines
            return
        at = 0
        begins = []
        for line in lines:
            # Between two lines are line breaks and blanks alone, so the first place is the right one.
            begins.append(seen.index(line, at))
            at = begins[-1] + len(line)
        if changed:
            touched = [
                places[at + len(line) - 1] - places[at] >= len(line) for at, line in zip(begins, lines, strict=True)
            ]
        for number, (at, line) in enumerate(zip(begins, lines, strict=True)):
            if changed and not any(touched[max(number - 1, 0) : number + 2]):
                continue
            last = at
            for begin, end in _pieces(line):
                if at + begin < last:
                    self.overlapping.append(len(self.written))
                last = at + end
                piece = line[begin:end]
                written = text[places[at + begin] : places[last - 1] + 1]
                # What hides more than it shows is quoted as it is shown.
                self.written.append(written if len(written) <= 2 * LONGEST_SENTENCE else piece)
                self.seen.append(piece)


def sentences(text: str) -> list[str]:
    """The sentences of a text, each exactly as written but for line breaks, in order; none is empty.

    Pieces of one that is too long share some words. Sentences that direction controls show otherwise than
    they are written follow, as they are shown; those in which letters are set apart follow a second time.
    """
    found = _Sentences()
    found.add(text)
    return found.written


def _after(text: str, mark: str) -> str:
    """A break after each `!` or `?` that ends a sentence: not inside a word (L!NE) or an address."""
    if mark not in text:
        return text
    head, *rest = text.split(mark)
    return head + "".join(mark + part if _goes_on(part[:1]) else f"{mark}{_BREAK}{part}" for part in rest)


def _goes_on(char: str) -> bool:
    return char != "" and char.isascii() and (char.isalnum() or char in "!?&=")


def _pieces(line: str) -> Iterator[tuple[int, int]]:
    """Where the pieces of a line begin and end; each begins within the one before."""
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
    """What a word is made of: characters of one kind side by side are one word, nearly always."""
    if char.isascii():
        return 1 if char.isalnum() else 0
    return 2 if "ァ" <= char <= "ー" else 3 if "ぁ" <= char <= "ゟ" else 4 if char.isalnum() else 0


def drawn(text: str) -> str:
    """What is seen of a text, in the order in which its direction controls have it drawn."""
    if TURNING.search(text) is not None:
        return "\n".join(_as_drawn(text))
    return visible(text)


def joined(text: str) -> str:
    """What is seen of a text without the signs that set its letters apart (see `rules.set_apart`)."""
    return _without(separators(text, MOST_ALONE_OF_TEXT).spans, text, range(len(text)))[0]


def plain(text: str) -> str:
    """NFKC of what is seen of a text, blanks in a row as one; line by line, so that no line break comes or goes."""
    return _normal(visible(text))


def _normal(text: str) -> str:
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    for quote, straight in _QUOTES:
        text = text.replace(quote, straight)
    if not unicodedata.is_normalized("NFKC", text):
        text = "\n".join(
            line if unicodedata.is_normalized("NFKC", line) else unicodedata.normalize("NFKC", line)
            for line in text.split("\n")
        )
    return _BLANKS.sub(" ", text)


_TURNING = {"\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068"}
_ISOLATES = {"\u2066", "\u2067", "\u2068"}
_LEFTWARD, _OVERRIDE = {"\u202b", "\u202e", "\u2067"}, "\u202e"
_END, _END_OF_ISOLATE = "\u202c", "\u2069"
_DEEPEST = 125
"""Levels within levels that are drawn (UAX #9, max_depth)."""
_CONTROL = re.compile("([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])")


def _as_drawn(text: str) -> Iterator[str]:
    """The lines of a text as its direction controls have them drawn, as far as its letters run to the right.

    Unicode's bidirectional algorithm (UAX #9) for the case at hand: an override turns its characters around, an
    embedding or an isolate to the left turns around what direction marks part. The innermost that no line ends goes on.
    """
    opened: list[str] = []
    for line in text.split("\n"):
        levels: list[tuple[str, list[str]]] = [("", []), *((control, []) for control in opened)]
        for number, part in enumerate(_CONTROL.split(line)):
            if number % 2 == 0:
                shown = unicodedata.normalize("NFC", visible(part))
                levels[-1][1].append(shown[::-1] if levels[-1][0] == _OVERRIDE else shown)
            elif part in _TURNING:
                if len(levels) < _DEEPEST:
                    levels.append((part, []))
            elif part == _END:
                if len(levels) > 1 and levels[-1][0] not in _ISOLATES:
                    _close(levels)
            elif part == _END_OF_ISOLATE and any(control in _ISOLATES for control, _ in levels):
                while levels[-1][0] not in _ISOLATES:
                    _close(levels)
                _close(levels)
        opened = [control for control, _ in levels[1:]][-1:]
        while len(levels) > 1:
            _close(levels)
        yield "".join(levels[0][1])


def _close(levels: list[tuple[str, list[str]]]) -> None:
    control, parts = levels.pop()
    levels[-1][1].append("".join(reversed(parts) if control in _LEFTWARD else parts))


_MASKS = "〇○◯●◎□■＊*×✕✖╳※☆★"
_MASK = "〇"
_SEPARATORS = r" ._\-*|/\\・,~'’`+:;=‐–—ー－"
_KANA_KANJI = "ァ-ヶーぁ-ゖ一-龥"
_CJK = "ぁ-龥"
"""Kana and kanji as one range, with little else: enough to look for signs, and quicker."""
_APART = r" ._\-*|/\\・,~'+:;="
_LOOK_ALIKE_TABLE = str.maketrans(LOOK_ALIKES, MEANT)
_KANA_LOOK_ALIKES = str.maketrans("亻工力口一夕二卜八千1｜|丨", "イエカロータニトハチイイイイ")
_LEET = str.maketrans("013457$@!|8", "oieastsaiib")
_DIGIT_WORDS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def _coarse(ranges: str) -> str:
    """Fewer ranges that hold all of some: enough to look for signs, and compiled at once."""
    found: list[tuple[str, str]] = []
    for first, last in ranges_of(ranges):
        if found and ord(first) - ord(found[-1][1]) <= 0x40:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return "".join(f"{first}-{last}" for first, last in found)


_SIGNS_OF_DISGUISE = (
    # marks drawn over others, what is drawn as a box or a thin blank, and what is taken for a letter
    f"[{_coarse(''.join(sorted(LOOK_ALIKES)))}{_coarse(plane_of(MARKS))}{_BOXES}]",
    # letters, kana or kanji set apart one by one
    rf"[^A-Za-z][A-Za-z](?:[{_SEPARATORS}]{{1,2}}[A-Za-z]){{2,12}}[^A-Za-z]",
    rf"[^{_CJK}][{_CJK}](?:[{_APART}]{{1,2}}[{_CJK}]){{2,12}}",
    rf"[{_CJK}A-Za-z][{_MASKS}]{{1,2}}[{_CJK}A-Za-z]",
    rf"[{_CJK}][xX][{_CJK}]",
    rf"(?:ライ|らい|直接契|直接取)[{_MASKS}]",
    r"[A-Za-z][0134578$@!|]{1,3}[A-Za-z]",
    r"亻|丨|[ァ-ヶ][1|][ァ-ヶ]|ラ[工1|]ン|[夕卜]イレクト|夕[イメ]|力[カタ]オ|カ力オ",
    r"[(\[{<]\s?(?:at|a|dot|アット|あっと|ドット)\s?[)\]}>]|アット|あっと|ドット|どっと| at [a-z0-9-]{1,30} dot ",
    r"(?:[0-9〇零一二三四五六七八九][ \-・._()]{0,2}){9,15}",
)

_MASK_RE = re.compile(rf"[{re.escape(_MASKS)}]|(?<=[{_KANA_KANJI}])[xX](?=[{_KANA_KANJI}])")
_APART_LATIN = re.compile(rf"(?<![A-Za-z])[A-Za-z](?:[{_SEPARATORS}]{{1,2}}[A-Za-z])+(?![A-Za-z])")
_APART_OTHER = re.compile(rf"(?<![{_KANA_KANJI}])[{_KANA_KANJI}](?:[{_APART}]{{1,2}}[{_KANA_KANJI}]){{2,12}}")
_NOT_DIGIT = re.compile(r"[^0-9]")
_NOT_LETTER = re.compile(r"[^A-Za-zァ-ヶーぁ-ゖ一-龥]")
_MIXED_WORD = re.compile(r"[A-Za-z0-9$@!|]+")
_MIXED = re.compile(r"[A-Za-z][0134578$@!|]{1,3}[A-Za-z]")
_KANA_MIXED = re.compile(r"(?<=[ァ-ヶ])[亻工力口一夕二卜八千1|丨]+|[亻工力口夕卜1|丨](?=[ァ-ヶ])")
_AT = re.compile(
    r"\s?[(\[{<]\s?(?:at|a|アット|あっと)\s?[)\]}>]\s?|\s?(?:アットマーク|アット|あっと)\s?| at (?=\S{1,30} dot )",
    re.IGNORECASE,
)
_DOT = re.compile(r"\s?[(\[{<]\s?(?:dot|ドット)\s?[)\]}>]\s?|\s?(?:ドット|どっと)\s?| dot ", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9〇零一二三四五六七八九](?:[ \-・._()]{0,2}[0-9〇零一二三四五六七八九]){8,14}")


_REASSURANCE = re.compile(
    r"(?:利用)?(?:規約|ルール|規定)?(?:の|上の)?(?:違反|禁止)(?:行為|事項)?(?:に|には|では|とは|じゃ)?(?:なり|あり|ござい)ません|禁止されてい?(?:ません|ない)"
    r"|(?:怪しい|疑わしい)[^、。]{0,10}(?:では|じゃ)(?:ありません|ございません|ない)"
    r"|(?:トラブル|被害|問題)に?(?:なった|あった|遭った|起きた)(?:こと|の)は[^、。]{0,6}(?:ありません|ございません|ない)"
    r"|\b(?:not|isn't|no) (?:an? |any )?(?:scam|fraud)[a-z]{0,6}"
    r"|\b(?:not|isn't|nothing) (?:prohibited|forbidden|banned|violat[a-z]{1,5}|against (?:the|our|their|any|upwork)\b)"
    r"(?: (?:rules?|terms|policy))?",
    re.IGNORECASE,
)
"""Words that say of something that it is not forbidden or false: who asks for it says so, nobody who declines it."""


def without_reassurances(sentence: str) -> str:
    """A sentence (in its plain reading) without what only sounds like a refusal: 規約違反にはなりません, not a scam."""
    return _REASSURANCE.sub(" ", sentence)


def undisguised(sentence: str) -> list[str]:
    """Further readings of a sentence (given in its plain reading) with disguises undone; none where it has none."""
    text = _MARK_OR_BOX.sub("", sentence).translate(_LOOK_ALIKE_TABLE)
    text = _MIXED_WORD.sub(lambda m: m[0].translate(_LEET) if _MIXED.search(m[0]) else m[0], text)
    text = _AT.sub("@", text)
    text = _DOT.sub(".", text)
    text = _DIGITS.sub(lambda m: _NOT_DIGIT.sub("", m[0].translate(_DIGIT_WORDS)), text)
    text = _APART_LATIN.sub(lambda m: _NOT_LETTER.sub("", m[0]), text)
    text = _APART_OTHER.sub(lambda m: _NOT_LETTER.sub("", m[0]), text)
    text = _MASK_RE.sub(_MASK, text)
    # Kanji that look like kana are also just kanji (口コミ), so this is a reading of its own.
    as_kana = _KANA_MIXED.sub(lambda m: m[0].translate(_KANA_LOOK_ALIKES), text)
    return [reading for reading in dict.fromkeys((text, as_kana)) if reading != sentence]


@dataclass(frozen=True)
class Reading:
    """All sentences of several texts, ready for one matcher pass."""

    written: Sequence[str]
    """Sentences as written, of all texts, one after the other."""
    starts: Sequence[int]
    """Where each text's sentences begin in `written`; one more entry than texts."""
    lines: Sequence[bytes]
    """What is matched: the plain reading of each sentence, then further readings."""
    owners: Sequence[int]
    """Which sentence each line beyond `len(written)` is a reading of."""
    overlapping: frozenset[int] = frozenset()
    """Sentences that begin with the end of the one before: pieces of one that is too long."""
    unread: frozenset[int] = frozenset()
    """Texts of which a part was not read, or not undisguised: they are longer than what is read."""

    @cached_property
    def sentences(self) -> Sequence[int]:
        """By line, the sentence that it is a reading of."""
        return [*range(len(self.written)), *self.owners]

    @cached_property
    def undisguised(self) -> Mapping[int, str]:
        """By sentence that has further readings the last of them."""
        return {owner: self.lines[line].decode().strip() for line, owner in enumerate(self.owners, len(self.written))}

    @cached_property
    def texts(self) -> Sequence[int]:
        """By sentence, the text that it is of."""
        return [number for number, (begin, end) in enumerate(pairwise(self.starts)) for _ in range(begin, end)]


class Reader:
    """Reads texts. Built once; holds compiled patterns and no state."""

    def __init__(self, cache: PatternCache | None = None) -> None:
        self._disguises = PatternSet([for_bytes(sign) for sign in _SIGNS_OF_DISGUISE], cache)

    def read(self, texts: Sequence[str]) -> Reading:
        """Split and normalise texts. What is beyond the bounds of a text, or of a page, is told as `unread`."""
        bounds = _shares([len(text) for text in texts], MOST_OF_TEXT, MOST_OF_PAGE)
        unread = {number for number, text in enumerate(texts) if bounds[number] < len(text)}
        found = _Sentences()
        starts = [0]
        for number, (text, bound) in enumerate(zip(texts, bounds, strict=True)):
            if not found.add(text[:bound]):
                unread.add(number)
            starts.append(len(found.written))
        lines = f" {_normal(' \n '.join(found.seen))} ".encode().split(b"\n") if found.seen else []
        reading = Reading(found.written, starts, lines, (), frozenset(found.overlapping))
        return self._undisguised(reading, unread)

    def _undisguised(self, reading: Reading, unread: set[int]) -> Reading:
        """The reading with further ones where there are signs of disguise."""
        signs, stopped = self._disguises.lines_matched(reading.lines, groups=reading.texts)
        unread = unread | stopped
        disguised = sorted(set[int]().union(*signs.values()))
        sizes = [0] * (len(reading.starts) - 1)
        for line in disguised:
            sizes[reading.texts[line]] += len(reading.lines[line])
        bounds = _shares(sizes, MOST_UNDISGUISED_OF_TEXT, MOST_UNDISGUISED_OF_PAGE)
        owners: list[int] = []
        further: list[bytes] = []
        for line in disguised:
            number = reading.texts[line]
            bounds[number] -= len(reading.lines[line])
            if bounds[number] < 0:
                unread.add(number)
                continue
            for each in undisguised(reading.lines[line].decode()):
                owners.append(line)
                further.append(each.encode())
        lines = [*reading.lines, *further]
        return replace(reading, lines=lines, owners=owners, unread=frozenset(unread))


def _shares(sizes: Sequence[int], most: int, most_together: int) -> list[int]:
    """How much of each size is let through, the smaller ones first: one that is too large takes nothing from others."""
    shares = [0] * len(sizes)
    for number in sorted(range(len(sizes)), key=lambda number: sizes[number]):
        shares[number] = min(sizes[number], most, most_together)
        most_together -= shares[number]
    return shares
