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
    scaled = "".join(f"(?:(?P<{side}{name}>{_NUMBER}){unit})?" for name, unit in units)
    return rf"{scaled}(?P<{side}one>{_NUMBER})?"


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
    """A name or a title as it may stand in a line of somebody else's: no line ends, no signs that turn or hide text.

    Such signs are all of Unicode's categories Cf (format) and Cc (control) but for those that are blanks, and for
    joiners where they join: letters of scripts that need them, and the parts of an emoji.
    """
    if text.isprintable():
        return text.strip()
    text = _LINE_ENDS.sub(" ", text.strip())
    kept = (
        char
        for place, char in enumerate(text)
        if unicodedata.category(char) not in ("Cf", "Cc") or (char in JOINERS and joins(text, place))
    )
    return "".join(kept).strip()


def bare(words: str) -> str:
    """A label or a state without a colon, a question mark or a count that stands apart: 「発注 12」, 「発注（12）」."""
    return _ADDED.sub("", words) if len(words) <= MAX_LABEL else words


def is_count(words: str) -> bool:
    """Whether words are a count and nothing else, as a badge has them: 「3」, 「(12)」, 「99+」, 「4件」."""
    return len(words) <= MAX_LABEL and _BADGE.fullmatch(words) is not None


def number(text: str) -> Decimal | None:
    """A plain number: `1,234`, `１２．５`. Commas stand before groups of three, or it is none."""
    return _number(normal(text)) if len(text) <= MAX_TEXT else None


def yen(text: str) -> Decimal | None:
    """One amount in yen: `1,000円`, `¥3,000`, `1.5万円`, `10万5千円`, `2億円`, `５千`, `600`, `1,100円（税込）`."""
    found = _match(_YEN, text)
    return None if found is None else _amount(found, "a")


def yen_range(text: str) -> AmountRange | None:
    """An amount or a range: `1万〜3万円`, `〜5,000円`, `100万円〜`, `5千円未満`, `1,000円/時間 〜 1,500円/時間`.

    A lone unit counts for both ends (`5〜10万円` is 50,000 to 100,000). `未満` is read as a maximum.
    """
    found = _match(_RANGE, text)
    if found is None:
        return None
    low, high = _amount(found, "a"), _amount(found, "b")
    if low is None and high is None:
        return None
    if _shares_unit(found):
        assert low is not None
        low *= next(scale for name, scale in _SCALES if found[f"b{name}"])
    if found["to"] is None and found["bound"] is None:
        high = low
    elif found["bound"] in ("以下", "未満", "まで"):
        low, high = (None, low) if found["to"] is None else (low, high)
    if low is not None and high is not None and low > high:
        return None
    tax = found["tax_before"] or found["tax_after"]
    return AmountRange(low, high, tax.startswith("税込") if tax else None, found["per_b"] or found["per_a"])


def percent(text: str) -> float | None:
    """A share of one from a percentage: `90 %`, `９０％`, `87.5パーセント`. Above 100 it is none."""
    found = _match(_PERCENT, text)
    value = None if found is None else _number(found["number"])
    return None if value is None or value > 100 else float(value / 100)


def count(text: str) -> int | None:
    """How many: `71 人`, `45件`, `1,234`, `8名`, `21人〜`, `3.2万回`."""
    found = _match(_COUNT, text)
    value = None if found is None else _amount(found, "a")
    return None if value is None or value != value.to_integral_value() else int(value)


def japanese_date(text: str, reference: date | None = None) -> date | datetime | None:
    """A day, or with a time of day the moment in Japan: `2026年06月10日`, `2026年9月4日 金曜日 11:02`,
    `2026/06/15`, `令和8年6月10日`, `2026-06-10 23:22:02 +0900`, `2026-04-27T10:02:01+09:00`.

    Where no year is written (`5月29日 22:15`) it is the one that brings the day closest to `reference`;
    without a reference that is None. A weekday is read over, and not compared.
    """
    found = _match(_DATE, text)
    if found is None:
        return None
    month, day = int(found["month"]), int(found["day"])
    if found["year"]:
        year = int(found["year"]) if not found["era"] else _year_of(found["era"], found["year"])
    elif reference is None:
        return None
    else:
        year = _closest_year(month, day, reference)
    try:
        if not found["hour"]:
            return date(year, month, day)
        moment = datetime(
            year,
            month,
            day,
            int(found["hour"]),
            int(found["minute"] or 0),
            int(found["second"] or 0),
            tzinfo=JST,
        )
        return moment.replace(tzinfo=_zone(found["zone"])) if found["zone"] else moment
    except ValueError:
        return None


def relative_date(text: str, reference: datetime) -> date | datetime | None:
    """A time counted from `reference`: `あと3日`, `残り 6時間`, `あと6ヶ月`, `25分前`, `1年前`, `本日`, `昨日`.

    Days and longer give a day in Japan, hours and shorter a moment. A month later is the same day of that month, or
    its last where it has none (Civil Code of Japan, Art. 143(2)). `reference` carries its zone. Returns None for any
    other text, and for a day beyond the calendar.
    """
    found = _match(_RELATIVE, text)
    if found is None:
        return None
    today = reference.astimezone(JST).date()
    if found["day_name"]:
        return today + timedelta(days=_DAY_NAMES[found["day_name"]])
    amount = _number(found["number"])
    if amount is None or (found["ahead"] is None) == (found["ago"] is None) or amount > 100_000:
        return None
    steps = int(amount) * (1 if found["ahead"] else -1)
    try:
        return _UNITS[found["unit"]](reference, today, steps)
    except (OverflowError, ValueError):
        return None


def addresses(text: str) -> tuple[str, ...]:
    """The web addresses in a text, in order, each once. A Japanese letter or bracket ends an address."""
    if "://" not in text:
        return ()
    found = dict.fromkeys(match[0].rstrip(".,;:!?'\")") for match in _ADDRESS.finditer(text))
    return tuple(found)


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


def _seconds(each: int) -> Callable[[datetime, date, int], datetime]:
    return lambda reference, _, steps: reference + timedelta(seconds=steps * each)


def _days(each: int) -> Callable[[datetime, date, int], date]:
    return lambda _, today, steps: today + timedelta(days=steps * each)


def _months(each: int) -> Callable[[datetime, date, int], date]:
    def later(_: datetime, today: date, steps: int) -> date:
        year, month = divmod(today.year * 12 + today.month - 1 + steps * each, 12)
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
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]{1,2000}")
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


def _amount(found: re.Match[str], side: str) -> Decimal | None:
    parts = [(found[side + name], scale) for name, scale in _SCALES if found[side + name]]
    numbers = [_number(text) for text, _ in parts]
    if not numbers or None in numbers:
        return None
    return sum((n * scale for n, (_, scale) in zip(numbers, parts, strict=True) if n is not None), Decimal(0))


def _shares_unit(found: re.Match[str]) -> bool:
    """Whether the first of two numbers is bare and takes the unit of the second: 5〜10万円."""
    if found["to"] is None or found["yen_a"] or found["aoku"] or found["aman"] or found["asen"]:
        return False
    return bool(found["aone"] and not found["bone"] and (found["boku"] or found["bman"] or found["bsen"]))


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
