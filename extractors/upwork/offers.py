"""Pieces that job lists and job pages of Upwork share: the state of the page, unmarked words, pay, and merging."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from extractors.document import Document
from extractors.reading import members, text
from extractors.records import Client, Money, Pay
from extractors.upwork.clients import DRAWN_FIRST
from extractors.upwork.nuxt import state_of

SCRIPT = "window.__NUXT__ .state"
"""Begins the source of a field that the page's state answered for."""

_API_MARK = re.compile(r"H\^([^^]{0,300})\^H")
_PAGE_MARK = re.compile(r'<span class="highlight">([^<]{0,300})</span>')


def page_state(document: Document) -> dict[str, Any]:
    """Returns the `state` that a page carries for its scripts; empty where it has none that can be read.

    It is of the page that was loaded: a script may have drawn another one over it since then.
    """
    for script in document.select("script"):
        if (state := state_of(script.text or "")) is not None:
            return members(state, "state")
    return {}


def answer_data(answer: object) -> dict[str, Any] | None:
    """Returns the `data` of an answer; None where the site refused to answer, and says so (GraphQL, 7.1.2).

    answer: the value of the whole, or an envelope in which it was saved.
    """
    whole = members(answer)
    whole = members(whole, "response") if "data" not in whole else whole
    return None if whole.get("errors") and not whole.get("data") else members(whole, "data")


def unmarked(value: object) -> str | None:
    """A text without the marks around the words that were searched for."""
    words = text(value)
    if words is None or ("^H" not in words and "</span>" not in words):
        return words
    return _PAGE_MARK.sub(r"\1", _API_MARK.sub(r"\1", words)).strip() or None


def fixed(price: Money | None) -> Pay:
    """Fixed pay; a price of 0 stands for none."""
    money = _some(price)
    return Pay(kind="fixed", min=money, max=money)


def hourly(low: Money | None, high: Money | None) -> Pay:
    """Pay by the hour between rates; a rate of 0 stands for none."""
    least, most = _some(low), _some(high)
    if least is not None and most is not None and least.amount > most.amount:
        least = most = None
    return Pay(kind="hourly", min=least, max=most)


def _some(money: Money | None) -> Money | None:
    return money if money is not None and money.amount > 0 else None


def pay_kind(value: object) -> Literal["fixed", "hourly"] | None:
    """The kind of pay: 1 and 2 in the state of pages, words in answers."""
    kinds: Mapping[object, Literal["fixed", "hourly"]] = {1: "fixed", "FIXED": "fixed", 2: "hourly", "HOURLY": "hourly"}
    return kinds.get(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def merged(
    data: Mapping[str, Any], drawn_fields: Mapping[str, Any], drawn_first: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The fields of the data and of the drawn page; those in both are the data's, but for `drawn_first`.

    A warning can stand beside a drawn value: its place is kept for a field that both have.
    """
    values = {**drawn_fields, **data, **{name: drawn_fields[name] for name in drawn_first if name in drawn_fields}}
    values["sources"] = {**data["sources"], **drawn_fields["sources"]}
    return values


def client_of(data: Mapping[str, Any], drawn_fields: Mapping[str, Any]) -> Client | None:
    """The client by the data and by the drawn page; None where neither says anything."""
    values = merged(data, drawn_fields, DRAWN_FIRST)
    return Client(**values) if len(values) > 1 else None
