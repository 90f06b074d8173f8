"""Translation of the texts in an answer of the API into the further language that the user asked for."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pydantic import BaseModel

from rules.model import Text
from rules.translations import WORDS, Translations


def translated[Said](value: Said, texts: Translations | None) -> Said:
    """Returns a model, a dataclass, a list or a tuple with every `Text` in it translated.

    texts: of the language; None leaves all as it is. What there is no translation of stays as it is, too. The texts of
    what names its `rule` are that rule's: a warning that was given in another language has its title in this one too.
    """
    result: Said = value if texts is None else _translated(value, texts, WORDS)
    return result


def _translated(value: Any, texts: Translations, group: str) -> Any:
    match value:
        case Text():
            return texts.added(value, group)
        case list():
            return [_translated(each, texts, group) for each in value]
        case tuple():
            return tuple(_translated(each, texts, group) for each in value)
        case BaseModel():
            return value.model_copy(update=_changed(value, type(value).model_fields, texts, group))
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **_changed(value, (each.name for each in fields(value)), texts, group))
        case _:
            return value


def _changed(value: object, names: Iterable[str], texts: Translations, group: str) -> dict[str, Any]:
    """Returns the attributes that hold a text, translated."""
    group = getattr(value, "rule", None) or group
    pairs = ((name, getattr(value, name)) for name in names)
    return {name: after for name, before in pairs if (after := _translated(before, texts, group)) is not before}
