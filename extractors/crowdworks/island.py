"""The data that CrowdWorks gives its Vue islands: JSON in the `data` attribute of a container."""

import re
from dataclasses import replace
from typing import Any

from extractors.document import Document
from extractors.encoding import utf8_of
from extractors.page import Page

CONTAINERS = ("#vue-container", "vue-container")
"""Both spellings: a `<div id="vue-container">` today, a `<vue-container>` tag as well."""

# Nothing that a user of the site writes can look like this: their quotes and brackets are escaped.
_OPENING = re.compile(
    rb'<(?:div\b[^<>"]{0,200}\bid="vue-container"|vue-container\b)[^<>]{0,300}?\bdata="([^"]*)"[^<>]{0,300}>'
)


def island(document: Document) -> tuple[Any, str]:
    """The data, and what its paths begin with as sources; None as data where there is none, or it is broken."""
    for container in CONTAINERS:
        if (value := document.data(container)) is not None:
            return value, f"{container}[data] ."
    return None, ""


def island_alone(page: Page) -> tuple[Any, str]:
    """The same from the container's tag alone, without a look at the rest of the page, which is most of it.

    It knows today's spelling only; where it finds nothing, the whole page may still hold the data.
    """
    body = utf8_of(page)
    match = _OPENING.search(body)
    # Brackets are sought here: within the pattern they take six times as long.
    if match is None or b"<" in match[1] or b">" in match[1]:
        return None, ""
    return island(Document(replace(page, body=match[0], content_type="text/html; charset=utf-8")))
