"""Words that a part of Upwork's pages shows, without those that only a pointer brings up.

Tooltips, menus and popovers stand in the page all the time. They hold sentences about clients in general ("This client
does not have a verified payment method", "Poor reviews about the client"), true of this one or not.
"""

import re

from extractors.document import Element, text_lines

_CLASSES = re.compile(r"(?:^|\s)(?:air3-popper\S*|air3-menu\S*|air3-dropdown\S*|sr-only)(?:\s|$)")
_HIDDEN = re.compile(r"(?:^|;)\s{0,9}(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)", re.IGNORECASE)
_NAMES = re.compile(r"(?:^|\s)(?:popper|menu|tooltip|popover)\S*", re.IGNORECASE)
_TRIGGER = "air3-popper-trigger"


def is_overlay(element: Element) -> bool:
    """Whether an element is brought up by a pointer, hidden, or for screen readers alone."""
    classes = " ".join(name for name in (element.get("class") or "").split() if name != _TRIGGER)
    return (
        element.get("hidden") is not None
        or _CLASSES.search(classes) is not None
        or _NAMES.match(element.get("data-test") or "") is not None
        or _HIDDEN.search(element.get("style") or "") is not None
    )


def shown_lines(element: Element) -> list[str]:
    """The lines of an element that are shown without a pointer."""
    return list(text_lines(element, skip=lambda inner: inner is not element and is_overlay(inner)))


def shown_words(element: Element | None) -> str | None:
    """Those lines as one; None without an element, or where it shows nothing."""
    return None if element is None else " ".join(shown_lines(element)) or None
