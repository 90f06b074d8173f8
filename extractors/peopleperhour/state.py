"""The data that PeoplePerHour gives its pages' scripts: JSON that a statement assigns, between other statements.

    window.PPHReact={};window.PPHReact.initialState={…};window.PPHReact.data={…not JSON…};…

Nothing of it is run. A JSON decoder reads one value from where it begins, and what comes behind is left alone.
"""

import json
import re
from typing import Any

from extractors.document import Document
from extractors.encoding import whole_characters
from extractors.reading import members

SCRIPT = "window.PPHReact.initialState "
"""Begins the source of a field that the data answered for."""

_START = re.compile(
    r"\s{0,200}(?:window\.PPHReact\s?=\s?\{\}\s?;\s{0,200})?window\.PPHReact\.initialState\s?=\s?(?=\{)"
)
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


def state_in(script: str) -> dict[str, Any] | None:
    """Returns the state that a script assigns; None where it assigns none, or the JSON is broken or too deep."""
    start = _START.match(script)
    if start is None:
        return None
    try:
        value, _ = _DECODER.raw_decode(whole_characters(script[start.end() :]))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def projects_in(document: Document) -> tuple[list[str], dict[str, Any]]:
    """The numbers of the jobs of the main list, in its order, and the attributes of every project of the data.

    Beside the main list stand those that are advertised and those that are over; they are no part of it.
    """
    for script in document.select("script"):
        if (state := state_in(script.text or "")) is None:
            continue
        listed_rows = members(state, "freelanceJobs", "main").get("data")
        numbers = (
            [str(row["id"]) for row in listed_rows if isinstance(row, dict) and "id" in row]
            if isinstance(listed_rows, list)
            else []
        )
        return numbers, {
            number: members(entry, "attributes") for number, entry in members(state, "entities", "projects").items()
        }
    return [], {}
