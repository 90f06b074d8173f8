"""The data that CrowdWorks gives its Vue islands: JSON in the `data` attribute of a container."""

from typing import Any

from extractors.document import Document

CONTAINERS = ("#vue-container", "vue-container")
"""Both spellings: a `<div id="vue-container">` today, a `<vue-container>` tag as well."""


def island(document: Document) -> tuple[Any, str]:
    """The data, and what its paths begin with as sources; None as data where there is none, or it is broken."""
    for container in CONTAINERS:
        if (value := document.data(container)) is not None:
            return value, f"{container}[data] ."
    return None, ""
