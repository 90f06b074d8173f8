"""The page of the records (`docs/dev/records.md`): each kind with its fields, made from their models."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from extractors.records import (
    Client,
    Contents,
    Contract,
    Enclosure,
    Job,
    Link,
    Message,
    Money,
    Pay,
    Record,
    TextLine,
    Thread,
)

RECORDS: tuple[type[BaseModel], ...] = (Job, Client, Message, Thread, Contract)
PARTS: tuple[type[BaseModel], ...] = (Pay, Money, Link, Enclosure, Contents, TextLine)
_WORDS: dict[object, str] = {
    str: "text",
    bool: "yes or no",
    int: "number",
    float: "number",
    Decimal: "number",
    date: "day or moment",
    datetime: "day or moment",
}
_INTRODUCTION = """\
# Records
Field names are the contract: rules ask for them, fixtures hold them, `koban extract` prints them. A field that a page \
does not show is `None`, which never stands for zero, empty or "no". Each record also has `sources`, by field the \
selector that answered for it, so that a warning can stand beside the very field, and `unread`, the fields that the \
page shows in a way that is not understood."""


def records_md(how: str) -> str:
    """Returns the page. how: the command that writes it."""
    lines = [f"<!-- Written by `{how}` from extractors/records.py. Change that, not this page. -->", "", _INTRODUCTION]
    for kind in RECORDS:
        lines += ["", f"## {kind.__name__}", *_table(kind)]
    lines += ["", "## Parts of them"]
    for kind in PARTS:
        lines += ["", f"### {kind.__name__}", *_table(kind)]
    return "\n".join([*lines, ""])


def _table(kind: type[BaseModel]) -> Iterator[str]:
    yield " ".join((kind.__doc__ or "").split())
    yield ""
    yield "| field | holds | |"
    yield "|---|---|---|"
    for name, field in kind.model_fields.items():
        if name not in Record.model_fields:
            yield f"| `{name}` | {_holds(field)} | {field.description or ''} |"


def _holds(field: FieldInfo) -> str:
    """Returns what a field holds, in words of the page: `text`, `list of Message`, `fixed, hourly`."""
    return " or ".join(dict.fromkeys(_kinds(field.annotation, field.metadata)))


def _kinds(annotation: object, bounds: Sequence[object] = ()) -> Iterator[str]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, *more = arguments
        yield from _kinds(inner, [bound for info in more if isinstance(info, FieldInfo) for bound in info.metadata])
    elif origin in (Union, UnionType):
        for argument in arguments:
            yield from _kinds(argument, bounds)
    elif origin is tuple:
        inner = arguments[0]
        several = len(arguments) > 2 or arguments[-1] is not Ellipsis
        yield f"{len(arguments)} × {_WORDS[inner]}" if several else f"list of {' or '.join(_kinds(inner))}"
    elif origin is Literal:
        yield ", ".join(f"`{member}`" for member in arguments)
    elif annotation is not NoneType:
        yield _word(annotation, bounds)


def _word(kind: object, bounds: Sequence[object]) -> str:
    """Returns the word for a type; of a number with two bounds, with these."""
    word = _WORDS.get(kind) or (f"`{kind.__name__}`" if isinstance(kind, type) else str(kind))
    ends = {name: getattr(bound, name) for bound in bounds for name in ("ge", "le") if hasattr(bound, name)}
    return f"{word}, {ends['ge']}–{ends['le']}" if len(ends) == 2 else word
