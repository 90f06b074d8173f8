"""From texts as written to sentences that patterns can be matched against.

Each sentence keeps its words as written (that is the evidence) and has one or two readings for
matching: the plain one (Unicode NFKC), and, where it shows signs of disguise, the one with the
disguise undone: zero-width marks dropped, look-alike letters replaced, letters set apart brought
together, digits inside words read as letters, (at) and spelled-out digits as what they stand for.
A pattern that matches any reading matches the sentence, so undoing a disguise too eagerly never
hides anything. The disguises are those of moderation filters and of tutors' warnings that are
public; see tests/rules/test_text.py for the list.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.matching import PatternCache, PatternSet
from rules.patterns import for_bytes

LONGEST_SENTENCE = 400
"""Longer ones are cut at a comma or a space: text without a full stop is a list, not a sentence."""

_ENDS = ("。", "｡", "！", "？", ". ")
_CLOSING = "」』）)"

# What full-width text mostly holds. Replacing it character by character is twenty times faster than
# normalising, and leaves only a few sentences that still need that.
_WIDE = [(wide, chr(ord(wide) - 0xFEE0)) for wide in "！？（）：，．／～％＋＝＠０１２３４５６７８９"]
_WIDE += [("\u3000", " "), ("\xa0", " "), ("…", "..."), ("･", "・")]
_QUOTES = [("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"')]


def sentences(text: str) -> list[str]:
    """The sentences of a text, each exactly as written but for line breaks, in order; none is empty."""
    for mark in _ENDS:
        text = text.replace(mark, mark + "\n")
    text = _after(_after(text, "!"), "?")
    for mark in _CLOSING:
        text = text.replace("\n" + mark, mark)
    lines = [line for line in text.splitlines() if line and not line.isspace()]
    if lines and max(map(len, lines)) > LONGEST_SENTENCE:
        short = LONGEST_SENTENCE
        lines = [piece for line in lines for piece in ((line,) if len(line) <= short else _shortened(line))]
    return lines


def _after(text: str, mark: str) -> str:
    """A line break after each `!` or `?` that ends a sentence: not inside a word (L!NE) or an address."""
    if mark not in text:
        return text
    head, *rest = text.split(mark)
    return head + "".join(mark + part if _goes_on(part[:1]) else f"{mark}\n{part}" for part in rest)


def _goes_on(char: str) -> bool:
    return char != "" and char.isascii() and (char.isalnum() or char in "!?&=")


def _shortened(line: str) -> Iterable[str]:
    while len(line) > LONGEST_SENTENCE:
        head = line[:LONGEST_SENTENCE]
        cut = max(head.rfind("、"), head.rfind(","), head.rfind(" ")) + 1
        if cut < LONGEST_SENTENCE // 2:
            cut = LONGEST_SENTENCE
        yield line[:cut]
        line = line[cut:]
    if line and not line.isspace():
        yield line


def plain(text: str) -> str:
    """NFKC of a text, line by line so that no line break appears or vanishes."""
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    for quote, straight in _QUOTES:
        text = text.replace(quote, straight)
    if unicodedata.is_normalized("NFKC", text):
        return text
    return "\n".join(
        line if unicodedata.is_normalized("NFKC", line) else unicodedata.normalize("NFKC", line)
        for line in text.split("\n")
    )


# Invisible: soft hyphen, joiners, direction marks, variation selectors, combining marks without letter.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\u0300-\u036f\u0483-\u0489\u20d0-\u20f0"
)
_MASKS = "〇○◯●◎□■＊*×✕✖╳※☆★"
_MASK = "〇"
_SEPARATORS = r" ._\-*|/\\・,~'’`+:;=‐–—ー－"
_KANA_KANJI = "ァ-ヶーぁ-ゖ一-龥"
_CJK = "ぁ-龥"
"""Kana and kanji as one range, with little else: enough to look for signs, and quicker."""
_APART = r" ._\-*|/\\・,~'+:;="
_LOOK_ALIKES = {
    **dict(zip("аеорсухіјѕԁһӏԛԝ", "aeopcyxijsdhlqw", strict=True)),
    **dict(zip("АВЕКМНОРСТХІЈЅУҮ", "ABEKMHOPCTXIJSYY", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("αβεηικνορτυχω", "abenikvoptuxw", strict=True)),
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)),
    **dict(zip("ıłøɡɩɑℓⅼ", "iloglall", strict=False)),
    **{chr(0x1F1E6 + i): chr(0x41 + i) for i in range(26)},  # flags' letters
    **{chr(0x1F150 + i): chr(0x41 + i) for i in range(26)},  # white on black circles
    **{chr(0x1F170 + i): chr(0x41 + i) for i in range(26)},  # white on black squares
}
_LOOK_ALIKE_TABLE = str.maketrans(_LOOK_ALIKES)
_KANA_LOOK_ALIKES = str.maketrans("亻工力口一夕二卜八千1｜|丨", "イエカロータニトハチイイイイ")
_LEET = str.maketrans("013457$@!|8", "oieastsaiib")
_DIGIT_WORDS = str.maketrans("〇零一二三四五六七八九", "00123456789")

_SIGNS_OF_DISGUISE = (
    f"[A-Za-z{_CJK}][{_INVISIBLE}]{{1,3}}[A-Za-z{_CJK}]",
    "[" + "".join(_LOOK_ALIKES) + "]",
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

_INVISIBLE_RE = re.compile(f"[{_INVISIBLE}]")
_MASK_RE = re.compile(rf"[{re.escape(_MASKS)}]|(?<=[{_KANA_KANJI}])[xX](?=[{_KANA_KANJI}])")
_APART_LATIN = re.compile(rf"(?<![A-Za-z])[A-Za-z](?:[{_SEPARATORS}]{{1,2}}[A-Za-z])+(?![A-Za-z])")
_APART_OTHER = re.compile(rf"(?<![{_KANA_KANJI}])[{_KANA_KANJI}](?:[{_APART}]{{1,2}}[{_KANA_KANJI}]){{2,12}}")
_NOT_DIGIT = re.compile(r"[^0-9]")
_NOT_LETTER = re.compile(r"[^A-Za-zァ-ヶーぁ-ゖ一-龥]")
_MIXED_WORD = re.compile(r"(?<![\w$@!|])[A-Za-z0-9$@!|]*[A-Za-z][0134578$@!|]{1,3}[A-Za-z][A-Za-z0-9$@!|]*")
_KANA_MIXED = re.compile(r"(?<=[ァ-ヶ])[亻工力口一夕二卜八千1|丨]+|[亻工力口夕卜1|丨](?=[ァ-ヶ])")
_AT = re.compile(
    r"\s?[(\[{<]\s?(?:at|a|アット|あっと)\s?[)\]}>]\s?|\s?(?:アットマーク|アット|あっと)\s?| at (?=\S{1,30} dot )",
    re.IGNORECASE,
)
_DOT = re.compile(r"\s?[(\[{<]\s?(?:dot|ドット)\s?[)\]}>]\s?|\s?(?:ドット|どっと)\s?| dot ", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9〇零一二三四五六七八九](?:[ \-・._()]{0,2}[0-9〇零一二三四五六七八九]){8,14}")


def undisguised(sentence: str) -> list[str]:
    """Further readings of a sentence (given in its plain reading) with disguises undone; none where it has none."""
    text = _INVISIBLE_RE.sub("", sentence).translate(_LOOK_ALIKE_TABLE)
    text = _MIXED_WORD.sub(lambda m: m[0].translate(_LEET), text)
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

    @cached_property
    def sentences(self) -> Sequence[int]:
        """By line, the sentence that it is a reading of."""
        return [*range(len(self.written)), *self.owners]


class Reader:
    """Reads texts. Built once; holds compiled patterns and no state."""

    def __init__(self, cache: PatternCache | None = None) -> None:
        self._disguises = PatternSet([for_bytes(sign) for sign in _SIGNS_OF_DISGUISE], cache)

    def read(self, texts: Sequence[str]) -> Reading:
        """Split and normalise texts."""
        written: list[str] = []
        starts = [0]
        for text in texts:
            written += sentences(text)
            starts.append(len(written))
        joined = f" {plain(' \n '.join(written))} "
        # A lone surrogate (broken JSON escapes) has no UTF-8 form and no meaning.
        lines = joined.encode("utf-8", "replace").split(b"\n") if written else []
        owners: list[int] = []
        further: list[bytes] = []
        for line in sorted(set().union(*self._disguises.lines_matched(lines).values())):
            for reading in undisguised(lines[line].decode()):
                owners.append(line)
                further.append(reading.encode())
        return Reading(written=written, starts=starts, lines=[*lines, *further], owners=owners)
