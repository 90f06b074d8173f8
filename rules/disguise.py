"""Signs of disguise in a sentence, and its readings with the disguise undone.

Marks drawn over letters are dropped, look-alike letters replaced, letters set apart brought together, digits inside
words read as letters, (at) and spelled-out digits as what they stand for. The disguises are those of moderation filters
and of tutors' warnings that are public; tests/rules/test_page_text.py lists them.
"""

import re

from extractors.unicode_tables import LOOK_ALIKES, MARKS, MEANT
from extractors.unseen import plane_of, ranges_of

_BOXES = "\u2028\u2029\ue000-\uf8ff\ufffc\ufffd\U0001d159\U000f0000-\U0010ffff"
"""Drawn as a box, a thin blank or not at all, as the font has it."""
_MARK_OR_BOX = re.compile(f"[{plane_of(MARKS)}{_BOXES}]")

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
    """Return fewer ranges that include all given ones: enough to look for signs, and compiled at once."""
    merged_ranges: list[tuple[str, str]] = []
    for first, last in ranges_of(ranges):
        if merged_ranges and ord(first) - ord(merged_ranges[-1][1]) <= 0x40:
            merged_ranges[-1] = (merged_ranges[-1][0], last)
        else:
            merged_ranges.append((first, last))
    return "".join(f"{first}-{last}" for first, last in merged_ranges)


SIGNS = (
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
"""Patterns (as rules write them) of which a disguised sentence matches at least one."""

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


def undisguised(sentence: str) -> list[str]:
    """Return further readings of a sentence with its disguises undone; empty where it has none.

    sentence: in its plain form.
    """
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
