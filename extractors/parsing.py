"""Japanese amounts, dates and counts as marketplaces write them. Pure functions of a text.

Each takes a text that is nothing but the amount (date, count), apart from blanks around it, and returns
None for any other: a label is the caller's to cut off. Full-width digits and signs are read like
half-width ones (NFKC). Nothing is guessed: 「応相談」 is None, not 0.
"""

import html
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final

from extractors.unseen import JOINERS, joins

JST: Final = timezone(timedelta(hours=9), "JST")
"""A Japanese site that names no zone means this one. Japan has no summer time."""

MAX_TEXT = 200
"""No amount and no date is longer; a longer text is not looked at."""

MAX_LABEL = 60
"""No label is longer."""

_BADGE = re.compile(r"[（(［\[]?\s?\d[\d,]{0,8}\+?\s?件?\s?[)）］\]]?")
_LINE_ENDS = re.compile(r"[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ADDED = re.compile(
    rf"[\s:：?？]*(?:(?<=[\s:：])(?:{_BADGE.pattern})|[（(［\[]\s?\d[\d,]{{0,8}}\+?\s?件?\s?[)）］\]])?[\s:：?？]*\Z"
)
# Atomic: a number is taken whole or not at all, so that a long one costs no backtracking.
_NUMBER = r"(?>\d[\d,]{0,20}(?:\.\d{1,6})?)"


def _amount_pattern(side: str) -> str:
    units = (("oku", "億"), ("man", "万"), ("sen", "千"))
    unit_patterns = "".join(f"(?:(?P<{side}{name}>{_NUMBER}){unit})?" for name, unit in units)
    return rf"{unit_patterns}(?P<{side}one>{_NUMBER})?"


def _tax_pattern(place: str) -> str:
    return rf"(?:\(?(?P<tax_{place}>税込み?|税抜き?|税別)(?:価格)?\)?\s?)?"


def _per_pattern(side: str) -> str:
    return rf"(?:/?(?P<per_{side}>時間|時給|件|文字|記事|本|個|枚|月|日|週|回|h)(?:あたり|当たり)?)?"


_YEN = re.compile(rf"{_tax_pattern('before')}[¥\\]?{_amount_pattern('a')}円?{_tax_pattern('after')}")
# NFKC makes ～ a ~; the wave dash 〜 and the dashes stay as they are.
_RANGE = re.compile(
    rf"{_tax_pattern('before')}[¥\\]?{_amount_pattern('a')}(?P<yen_a>円)?{_per_pattern('a')}"
    rf"(?:(?P<to>[~〜–—ー−-]|から)[¥\\]?{_amount_pattern('b')}(?P<yen_b>円)?{_per_pattern('b')})?"
    rf"(?P<bound>以上|以下|未満|まで)?{_tax_pattern('after')}"
)
_SCALES = (("oku", 100_000_000), ("man", 10_000), ("sen", 1_000), ("one", 1))


@dataclass(frozen=True, slots=True)
class AmountRange:
    """Bounds as written. Without `min` it is "up to", without `max` "from"; equal ones are an exact amount."""

    min: Decimal | None
    max: Decimal | None
    tax_included: bool | None = None
    per: str | None = None
    """The unit that is paid for, as written: 時間, 件, 文字 …; None for the whole."""


def normal(text: str) -> str:
    """A text with full-width letters, digits and signs made half-width, and blanks at its ends cut off."""
    return unicodedata.normalize("NFKC", text).strip()


def one_line(text: str) -> str:
    """Returns a name or a title for use within a line of other text: no line ends, no signs that turn or hide text.

    Such signs are all of Unicode's categories Cf (format) and Cc (control) but for those that are blanks, and for
    joiners where they join: letters of scripts that need them, and the parts of an emoji.
    """
    if text.isprintable():
        return text.strip()
    text = _LINE_ENDS.sub(" ", text.strip())
    letters = (
        char
        for place, char in enumerate(text)
        if unicodedata.category(char) not in ("Cf", "Cc") or (char in JOINERS and joins(text, place))
    )
    return "".join(letters).strip()


def bare(words: str) -> str:
    """A label or a state without a colon, a question mark or a count that stands apart: 「発注 12」, 「発注（12）」."""
    return _ADDED.sub("", words) if len(words) <= MAX_LABEL else words


def is_count(words: str) -> bool:
    """Whether words are a count and nothing else, as a badge has them: 「3」, 「(12)」, 「99+」, 「4件」."""
    return len(words) <= MAX_LABEL and _BADGE.fullmatch(words) is not None


def number(text: str) -> Decimal | None:
    """A plain number: `1,234`, `１２．５`. Commas stand before groups of three, or it is none."""
    return _number(normal(text)) if len(text) <= MAX_TEXT else None


def stars(text: str) -> float | None:
    """A rating as shown, up to five: `4.9`. 0 and 「-」 are none: the least that one can give is 1."""
    value = number(text)
    return float(value) if value is not None and 0 < value <= 5 else None


def yen(text: str) -> Decimal | None:
    """One amount in yen: `1,000円`, `¥3,000`, `1.5万円`, `10万5千円`, `2億円`, `５千`, `600`, `1,100円（税込）`."""
    match = _match(_YEN, text)
    return None if match is None else _amount(match, "a")


def yen_range(text: str) -> AmountRange | None:
    """An amount or a range: `1万〜3万円`, `〜5,000円`, `100万円〜`, `5千円未満`, `1,000円/時間 〜 1,500円/時間`.

    A lone unit counts for both ends (`5〜10万円` is 50,000 to 100,000). `未満` is read as a maximum.
    """
    match = _match(_RANGE, text)
    if match is None:
        return None
    low, high = _amount(match, "a"), _amount(match, "b")
    if low is None and high is None:
        return None
    if _shares_unit(match):
        assert low is not None
        low *= next(scale for name, scale in _SCALES if match[f"b{name}"])
    if match["to"] is None and match["bound"] is None:
        high = low
    elif match["bound"] in ("以下", "未満", "まで"):
        low, high = (None, low) if match["to"] is None else (low, high)
    if low is not None and high is not None and low > high:
        return None
    tax = match["tax_before"] or match["tax_after"]
    return AmountRange(low, high, tax.startswith("税込") if tax else None, match["per_b"] or match["per_a"])


def percent(text: str) -> float | None:
    """A share of one from a percentage: `90 %`, `９０％`, `87.5パーセント`. Above 100 it is none."""
    match = _match(_PERCENT, text)
    value = None if match is None else _number(match["number"])
    return None if value is None or value > 100 else float(value / 100)


def count(text: str) -> int | None:
    """Returns a count: `71 人`, `45件`, `1,234`, `8名`, `21人〜`, `3.2万回`."""
    match = _match(_COUNT, text)
    value = None if match is None else _amount(match, "a")
    return None if value is None or value != value.to_integral_value() else int(value)


def japanese_date(text: str, reference: date | None = None) -> date | datetime | None:
    """A day, or with a time of day the moment in Japan: `2026年06月10日`, `2026年9月4日 金曜日 11:02`,
    `2026/06/15`, `令和8年6月10日`, `2026-06-10 23:22:02 +0900`, `2026-04-27T10:02:01+09:00`.

    Where no year is written (`5月29日 22:15`) it is the one that brings the day closest to `reference`;
    without a reference that is None. A weekday is read over, and not compared.
    """
    match = _match(_DATE, text)
    if match is None:
        return None
    month, day = int(match["month"]), int(match["day"])
    if match["year"]:
        year = int(match["year"]) if not match["era"] else _year_of(match["era"], match["year"])
    elif reference is None:
        return None
    else:
        year = _closest_year(month, day, reference)
    try:
        if not match["hour"]:
            return date(year, month, day)
        moment = datetime(
            year,
            month,
            day,
            int(match["hour"]),
            int(match["minute"] or 0),
            int(match["second"] or 0),
            tzinfo=JST,
        )
        return moment.replace(tzinfo=_zone(match["zone"])) if match["zone"] else moment
    except ValueError:
        return None


def relative_date(text: str, reference: datetime) -> date | datetime | None:
    """A time counted from `reference`: `あと3日`, `残り 6時間`, `あと6ヶ月`, `25分前`, `1年前`, `本日`, `昨日`.

    Days and longer give a day in Japan, hours and shorter a moment. A month later is the same day of that month, or
    its last where it has none (Civil Code of Japan, Art. 143(2)). `reference` carries its zone. Returns None for any
    other text, and for a day beyond the calendar.
    """
    match = _match(_RELATIVE, text)
    if match is None:
        return None
    today = reference.astimezone(JST).date()
    if match["day_name"]:
        return today + timedelta(days=_DAY_NAMES[match["day_name"]])
    amount = _number(match["number"])
    if amount is None or (match["ahead"] is None) == (match["ago"] is None) or amount > 100_000:
        return None
    steps = int(amount) * (1 if match["ahead"] else -1)
    try:
        return _UNITS[match["unit"]](reference, today, steps)
    except (OverflowError, ValueError):
        return None


def plain(markup: str) -> str:
    """The text of a small piece of HTML that came as a value: tags become nothing, `<br>` and `</p>` newlines."""
    text = _TAG.sub("", _BREAK.sub("\n", markup))
    return html.unescape(text).strip()


_PERCENT = re.compile(rf"(?P<number>{_NUMBER})\s?(?:%|パーセント)")
_COUNT = re.compile(
    _amount_pattern("a") + r"(?:人|名|件|個|回|枚|本|社|票|つ|ワーカー|タスク|文字|分|記事|作品|提案)?[~〜]?"
)
_DATE = re.compile(
    r"(?:(?P<era>令和|平成|昭和)?(?P<year>\d{4}|(?<=[和成])\d{1,2}|(?<=[和成])元)(?:年\s?|[-/.]))?"
    r"(?P<month>\d{1,2})(?:月\s?|[-/.])(?P<day>\d{1,2})日?"
    r"\s{0,3}(?:\(?[月火水木金土日](?:曜日?)?\)?)?"
    r"(?:(?:\s{0,3}|T)(?P<hour>\d{1,2})(?::|時)(?:(?P<minute>\d{2})分?(?::?(?P<second>\d{2})(?:秒|\.\d{1,9})?)?)?"
    r"\s?(?P<zone>Z|UTC|JST|[+-]\d{2}:?\d{2})?)?"
    r"\s?(?:まで|頃|迄)?"
)


def _seconds(unit: int) -> Callable[[datetime, date, int], datetime]:
    return lambda reference, _, steps: reference + timedelta(seconds=steps * unit)


def _days(unit: int) -> Callable[[datetime, date, int], date]:
    return lambda _, today, steps: today + timedelta(days=steps * unit)


def _months(unit: int) -> Callable[[datetime, date, int], date]:
    def later(_: datetime, today: date, steps: int) -> date:
        year, month = divmod(today.year * 12 + today.month - 1 + steps * unit, 12)
        first = date(year, month + 1, 1)
        return first.replace(day=min(today.day, monthrange(year, month + 1)[1]))

    return later


_UNITS: Mapping[str, Callable[[datetime, date, int], date | datetime]] = {
    "秒": _seconds(1),
    "分": _seconds(60),
    "時間": _seconds(3600),
    "日": _days(1),
    "週間": _days(7),
    **{month: _months(1) for month in ("か月", "ヶ月", "ヵ月", "カ月", "ケ月", "箇月")},
    "年": _months(12),
}
"""The units of a time that is counted, each with what so many of them before or after a moment are."""
_RELATIVE = re.compile(
    rf"(?P<ahead>あと|残り|後)?\s{{0,3}}(?:(?P<number>{_NUMBER})\s{{0,3}}"
    rf"(?P<unit>{'|'.join(_UNITS)})\s{{0,3}}(?P<ago>前)?|(?P<day_name>本日|今日|昨日|一昨日|明日))"
)
# Blanks may stand anywhere but inside a number.
_LOOSE_BLANK = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_DAY_NAMES = {"一昨日": -2, "昨日": -1, "本日": 0, "今日": 0, "明日": 1}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_BREAK = re.compile(r"<(?:br|/p|/li|/div)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    if len(text) > MAX_TEXT:
        return None
    return pattern.fullmatch(_LOOSE_BLANK.sub("", normal(text)))


def _number(text: str | None) -> Decimal | None:
    if not text:
        return None
    whole, _, _ = text.partition(".")
    head, *groups = whole.split(",")
    if groups and not (1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)):
        return None
    try:
        return Decimal(text.replace(",", "")) if text[0].isascii() and text[0].isdigit() else None
    except ArithmeticError:
        return None


def _amount(match: re.Match[str], side: str) -> Decimal | None:
    parts = [(match[side + name], scale) for name, scale in _SCALES if match[side + name]]
    numbers = [_number(text) for text, _ in parts]
    if not numbers or None in numbers:
        return None
    return sum((n * scale for n, (_, scale) in zip(numbers, parts, strict=True) if n is not None), Decimal(0))


def _shares_unit(match: re.Match[str]) -> bool:
    """Whether the first of two numbers is bare and takes the unit of the second: 5〜10万円."""
    if match["to"] is None or match["yen_a"] or match["aoku"] or match["aman"] or match["asen"]:
        return False
    return bool(match["aone"] and not match["bone"] and (match["boku"] or match["bman"] or match["bsen"]))


def _closest_year(month: int, day: int, reference: date) -> int:
    def distance(year: int) -> int:
        try:
            # A moment is a date too, but does not subtract from one.
            return abs((date(year, month, day) - date(reference.year, reference.month, reference.day)).days)
        except ValueError:
            return 100_000

    return min((reference.year, reference.year - 1, reference.year + 1), key=distance)


def _year_of(era: str, year: str) -> int:
    return _ERAS[era] + (1 if year == "元" else int(year))


def _zone(text: str) -> timezone:
    if text in ("Z", "UTC"):
        return UTC
    if text == "JST":
        return JST
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if text[0] == "+" else -offset)
