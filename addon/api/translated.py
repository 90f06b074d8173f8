"""Translation of the texts in an answer of the API into the further language that the user asked for."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pydantic import BaseModel

from rules.model import Text
from rules.translations import WORDS, Translations


def translated[Said](said: Said, texts: Translations | None) -> Said:
    """Returns a model, a dataclass, a list or a tuple with every `Text` in it translated.

    texts: of the language; None leaves all as it is. What there is no translation of stays as it is, too. The texts of
    what names its `rule` are that rule's: a warning that was given in another language has its title in this one too.
    """
    result: Said = said if texts is None else _translated(said, texts, WORDS)
    return result


def _translated(said: Any, texts: Translations, group: str) -> Any:
    match said:
        case Text():
            return texts.added(said, group)
        case list():
            return [_translated(each, texts, group) for each in said]
        case tuple():
            return tuple(_translated(each, texts, group) for each in said)
        case BaseModel():
            return said.model_copy(update=_changed(said, type(said).model_fields, texts, group))
        case _ if is_dataclass(said) and not isinstance(said, type):
            return replace(said, **_changed(said, (each.name for each in fields(said)), texts, group))
        case _:
            return said


def _changed(said: object, names: Iterable[str], texts: Translations, group: str) -> dict[str, Any]:
    """Returns the attributes that hold a text, translated."""
    group = getattr(said, "rule", None) or group
    pairs = ((name, getattr(said, name)) for name in names)
    return {name: after for name, before in pairs if (after := _translated(before, texts, group)) is not before}
