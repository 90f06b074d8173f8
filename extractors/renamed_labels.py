"""Labels of a page that read as those which readers look for, where a site has renamed them."""

import re
from collections.abc import Iterable, Iterator, Mapping

from extractors.selectors import Element, compiled
from extractors.unseen import without_unseen


def rename_labels(root: Element, label_changes: Mapping[str, Mapping[str, str]]) -> None:
    """Write the labels that readers look for in the place of those that stand in a page now.

    label_changes: by the selector of the elements that hold labels, label of a reader → label of the page. A label is
    the beginning of a piece of text, and nothing follows it there but a colon, a bracket or a number: what a client
    wrote outside of these elements stays as it is, and so does a longer label.
    """
    for selector, labels in label_changes.items():
        former = {now: before for before, now in labels.items()}
        pattern = _beginning(former)
        for element in _each_once(compiled(selector).find(root)):
            element.text = _with_former(element.text, pattern, former)
            for inner in element:
                inner.tail = _with_former(inner.tail, pattern, former)


def _beginning(labels: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(labels, key=len, reverse=True)
    return re.compile(rf"(\s*)({'|'.join(map(re.escape, longest_first))})(?=\s*(?:$|[:：(（]|\d))")


def _each_once(elements: Iterable[Element]) -> Iterator[Element]:
    """Yield elements and all that is in them, in the document's order."""
    seen_elements: set[Element] = set()
    for element in elements:
        if element in seen_elements:
            continue
        for inner in element.iter("*"):
            seen_elements.add(inner)
            yield inner


def _with_former(text: str | None, pattern: re.Pattern[str], former: Mapping[str, str]) -> str | None:
    match = pattern.match(shown_text := without_unseen(text)) if text else None
    return text if match is None else f"{match[1]}{former[match[2]]}{shown_text[match.end() :]}"
