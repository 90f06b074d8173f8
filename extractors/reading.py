"""Reading fields: several readers each, in order, and which one answered is kept.

A page kind declares its fields as a table. The first reader of a field is the place that the site
gives machines or shows today; the later ones are older or more general places. When a first reader
stops answering, the site is being redesigned, and `sources` tells.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from extractors.descriptor import Certainty
from extractors.parsing import japanese_date
from extractors.records import Money


@dataclass(frozen=True)  # no slots: with them `Reader[Part](…)` is a TypeError up to Python 3.12.2 (cpython#116669)
class Reader[Part]:
    """One way to read a field: where it looks, in the page's own terms, and how it reads.

    `source` is a CSS selector; `SELECTOR[data] .path` for a path within the JSON of that attribute;
    `SELECTOR th=LABEL` for the value beside a label; `url` for what the address itself says.
    `read` takes the part of the page that the table is about, and returns None where it finds nothing.
    """

    source: str
    read: Callable[[Part], object]
    certainty: Certainty = "several-scrapers"


type Row = dict[str, Any]
"""An object of JSON."""

NONE_YET: Final = object()
"""Returned by a reader where the page states that there is no such value: no later reader is tried."""

_CENTURY = (datetime(2000, 1, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp())

type Fields[Part] = Mapping[str, tuple[Reader[Part], ...]]


def read_fields[Part](part: Part, fields: Fields[Part]) -> dict[str, Any]:
    """The values of a record's fields, with `sources`; a field that no reader answers is left out."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, readers in fields.items():
        for reader in readers:
            value = reader.read(part)
            if value is NONE_YET:
                break
            if value is not None:
                values[name] = value
                sources[name] = reader.source
                break
    values["sources"] = sources
    return values


def placed[Part](fields: Fields[Part], place: str) -> Fields[Part]:
    """The same fields with `place` before each source: where in the page the part stands that they read."""
    return {
        name: tuple(Reader(place + reader.source, reader.read, reader.certainty) for reader in readers)
        for name, readers in fields.items()
    }


class FieldTable(dict[str, Certainty]):
    """The fields of a page kind (`job.title`), and how sure the first place of each is.

    `first_places` has that place for the fields that have further ones: when another answers, the site
    is being redesigned. `by_address` are those that the page's address tells, whatever the page looks like.
    """

    first_places: Mapping[str, str]
    by_address: frozenset[str]


def certainties(**tables: Fields[Any]) -> FieldTable:
    """The table of a page kind's fields, from the readers of each of its records."""
    readers_by_name = {
        f"{record}.{name}": readers for record, fields in tables.items() for name, readers in fields.items()
    }
    table = FieldTable({name: readers[0].certainty for name, readers in readers_by_name.items()})
    table.first_places = {name: readers[0].source for name, readers in readers_by_name.items() if len(readers) > 1}
    table.by_address = frozenset(name for name, readers in readers_by_name.items() if readers[0].source == "url")
    return table


# Values out of JSON, taken only when they are what they should be: a site that turns a number into a
# sentence has changed, and a guess would be worse than "not shown".


def text(value: object) -> str | None:
    """A text that is not blank, its ends trimmed and its line ends plain."""
    if not isinstance(value, str):
        return None
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return value.strip() or None


def ident(value: object) -> str | None:
    """An id, which JSON gives as a number or a text."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return str(value)
    return text(value) if isinstance(value, str) and len(value) <= 100 else None


def flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def whole(value: object) -> int | None:
    """A count: a whole number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value != value // 1:
        return None
    return int(value)


def amount(value: object) -> Decimal | None:
    """An amount of money, exactly as written; negative ones are none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        return None
    return Decimal(int(value)) if value == int(value) else Decimal(repr(value))


def money(value: object, code: object) -> Money | None:
    """An amount and the code of its currency (ISO 4217). Without a currency it is not known what it is worth."""
    value, code = amount(value), text(code)
    return None if value is None or code is None or len(code) != 3 else Money(amount=value, currency=code)


def rating(value: object) -> object:
    """A rating of 1 to 5 stars. 0 says that nobody has rated yet, since the least that one can give is 1."""
    stars = amount(value)
    if stars is None or stars > 5:
        return None
    return float(stars) if stars else NONE_YET


def moment(value: object) -> date | datetime | None:
    """A day or a moment, as JSON gives it or as a page writes it."""
    if not isinstance(value, str):
        return None
    try:
        # The forms that JSON mostly has, read a dozen times as fast: 2026-05-11, 2026-04-27T10:02:01+09:00.
        if len(value) == 10 and value[4] == value[7] == "-":
            return date.fromisoformat(value)
        if len(value) == 25 and value[10] == "T":
            return datetime.fromisoformat(value)
    except ValueError:
        return None
    return japanese_date(value)


def epoch(value: object, units: Literal[1, 1000]) -> datetime | None:
    """A moment that JSON gives as seconds or milliseconds since 1970, as a number or its digits.

    units: how many of them are a second. What is not within 2000 to 2099 is none: it counts in the other unit, or is no
    moment at all.
    """
    if isinstance(value, str) and len(value) <= 15 and value.isascii() and value.isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        return None
    seconds = value / units
    return datetime.fromtimestamp(seconds, UTC) if _CENTURY[0] <= seconds < _CENTURY[1] else None


def part(value: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key; empty where there is none."""
    member = value.get(key)
    return member if isinstance(member, dict) else {}


def members(value: object, *path: str) -> dict[str, Any]:
    """The object at the end of a path of keys; empty where the path ends early."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[dict[str, Any]]:
    """The objects of a list; anything else in it is left out."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
