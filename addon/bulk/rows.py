"""The rows of a table of texts: values as a file has them, made into a text with what is known about it."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from addon.judging.scan import BareText, Unusable, first_problem
from rules.facts import TextKind

COLUMNS = ("id", "kind", "text", "site", "stage", "lang", "client", "at", "category", "pay", "currency")
"""The columns that are read; a table needs `text` alone."""
LONGEST_WORD = 200
"""Characters of an id or a category that are taken."""

_MOMENT = TypeAdapter(datetime)


def _word(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip()[:LONGEST_WORD] or None


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return _MOMENT.validate_python(value).date() if isinstance(value, str) else None
    except ValidationError:
        return None


def _amount(value: object) -> float | None:
    try:
        amount = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return amount if math.isfinite(amount) and amount >= 0 else None


class TableText(BareText):
    """One row: a text, and what is known of its circumstances. Circumstances that cannot be read are unknown."""

    id: Annotated[str | None, BeforeValidator(_word)] = None
    client: Annotated[str | None, BeforeValidator(_word)] = None
    """The site's name or number of the account that wrote it."""
    at: Annotated[date | None, BeforeValidator(_day)] = None
    """The day on which it was published or sent."""
    category: Annotated[str | None, BeforeValidator(_word)] = None
    pay: Annotated[float | None, BeforeValidator(_amount)] = None
    currency: Annotated[str | None, BeforeValidator(_word)] = None


def table_text(values: object, columns: Mapping[str, str], kind: TextKind | None) -> TableText:
    """Returns the text of a row. Raises Unusable, with a reason that quotes nothing of it.

    columns: names in the file, by the names of `COLUMNS` where they differ. kind: of texts that have none of their own.
    """
    if not isinstance(values, Mapping):
        raise Unusable("no object with columns")
    named_values: dict[str, Any] = {}
    for name in COLUMNS:
        value = values.get(columns.get(name, name))
        # An empty cell of a CSV file, and a missing value of any other.
        if value is not None and (value != "" or name == "text"):
            named_values[name] = value
    if kind is not None:
        named_values.setdefault("kind", kind)
    try:
        text = TableText.model_validate(named_values)
        text.text.encode()
    except ValidationError as error:
        raise Unusable(first_problem(error)) from None
    except UnicodeEncodeError:
        raise Unusable("text: holds half a character") from None
    return text
