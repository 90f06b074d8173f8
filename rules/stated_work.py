"""The amount of work that an offer's words state: characters to write, minutes to spend, the price of a character.

Only figures stated once and plainly count. Two different figures, or work counted in pieces, leave open which of them
the price is for, and the result is None: a wrong hourly pay would be worse than none.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from rules.reading import Reading

_NUMBER = r"(?<![\d.,])(\d{1,3}(?:,\d{3}){1,2}|\d{1,6}(?:\.\d{1,2})?)"
_CHARACTERS = re.compile(_NUMBER + r" ?(千|万)? ?(?:文字|字)(?! ?(?:あた|当た|につき|単価|[=:×x/]))")
_RANGE = re.compile(_NUMBER + r" ?(千|万)? ?(?:文字|字)? ?[~〜～-] ?(?=\d)")
_NO_PRICE = r"(?! ?(?:[~〜～-]|から|以上|アップ|(?i:up)|上乗せ|加算|増))"
"""After an amount that is the lowest, or comes on top."""
_PRICE_OF_CHARACTER = (
    re.compile(
        r"(?:文字単価|1文字(?:あた|当た)り|1文字につき|1文字)[はがで:= 、約]{0,4}" + _NUMBER + r" ?円" + _NO_PRICE
    ),
    re.compile(_NUMBER + r" ?円 ?/ ?(?:1 ?)?文?字" + _NO_PRICE),
)
_MINUTES = re.compile(
    r"(?:作業時間|所要時間|拘束時間|作業の目安|かかる時間)[はがの:、 ]{0,3}(?:目安)?[はが:、 ]{0,2}"
    r"(?:約|およそ|だいたい)?" + _NUMBER + r" ?(分|時間)(?! ?半| ?[~〜～-])"
)
_PIECES = re.compile(
    r"(?<![\d.,])(?:[2-9]|[1-9]\d{1,3}) ?(?:記事|本|件|点|枚|回|ページ|日|人|か月|ヶ月|ヵ月|カ月|週)"
    r"|毎日|毎週|毎月|(?:1日|一日|週|月) ?(?:に|あた|当た|\d)"
)
_UNITS = {"千": 1_000, "万": 10_000}


def characters(texts: Sequence[Reading]) -> int | None:
    """The length of the one text that an offer asks for; the lower bound where it states a range."""
    figures = set()
    for text in _plain(texts, "字"):
        if _PIECES.search(text):
            return None
        lower = {match.end(): match for match in _RANGE.finditer(text)}
        for match in _CHARACTERS.finditer(text):
            least = lower.get(match.start(1), match)
            figures.add(_amount(least[1], least[2] or match[2]))
    figures.discard(Decimal(1))  # 「1文字0.5円」 prices a character
    return int(figures.pop()) if len(figures) == 1 else None


def price_of_character(texts: Sequence[Reading]) -> Decimal | None:
    """The price of one character in yen, where the words name one (文字単価)."""
    figures = {
        Decimal(match[1].replace(",", ""))
        for text in _plain(texts, "字")
        for pattern in _PRICE_OF_CHARACTER
        for match in pattern.finditer(text)
    }
    return figures.pop() if len(figures) == 1 else None


def minutes(texts: Sequence[Reading]) -> Decimal | None:
    """The minutes that the whole work takes by the client's own statement."""
    figures = set()
    for text in _plain(texts, "時間", "目安"):
        if _PIECES.search(text):
            return None
        for match in _MINUTES.finditer(text):
            figures.add(Decimal(match[1].replace(",", "")) * (60 if match[2] == "時間" else 1))
    return figures.pop() if len(figures) == 1 and 0 not in figures else None


def _plain(texts: Sequence[Reading], *signs: str) -> list[str]:
    """The plain form of all texts; empty where none contains any of the signs, as in most offers."""
    for text in texts:
        for sign in signs:
            if sign in text.text:
                return [text.beginning.plain for text in texts]
    return []


def _amount(number: str, unit: str | None) -> Decimal:
    return Decimal(number.replace(",", "")) * _UNITS.get(unit or "", 1)
