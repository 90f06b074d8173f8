"""Proof of the controls and labels that a pack names in `sites/<site>.json`: each is found on a saved page of the pack.

A label that is on no page is a guess: Koban would be silent before a step, or ask where there is none. What the site's
descriptor names too, for the same step or field, needs no page, so that a pack can keep it beside its own.
They are looked for as the extension does it (`extension/src/page/steps/steps.ts`, `extension/src/page/targets.ts`),
blanks aside.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from addon.packs.manifest import PackRefused
from addon.packs.saved_pages import SavedPage, saved_pages
from addon.packs.site_changes import FOLDER, LONGEST_LABEL, SiteChanges, form_and_content
from extractors import Unreadable
from extractors.descriptor import SiteDescriptor, descriptors
from extractors.document import Document, Element, is_json
from extractors.selectors import compiled

_CONTROLS = (
    'a[href], button, input[type="submit"], input[type="button"], input[type="image"], [role="button"], [role="link"]'
)
_NOT_ON_PAGE = ("template", "noscript")
"""Elements whose content a browser that runs scripts does not take into the page."""
_OF_LABELS = "dt, th, span, div, p, li, td"
_LABEL_SLACK = 8
"""Characters that may follow a field's label in its element: the value."""
_MOST_SHOWN = 4 * LONGEST_LABEL
"""Characters of a text that are looked at: a longer one is no label."""
_AROUND_LABELS = re.compile(r"[\s>›»→▶]+")


def try_controls(folder: Path, changes: Mapping[str, SiteChanges]) -> None:
    """See that each control and label that a pack names is on a saved page of its site. Raises PackRefused.

    changes: what the pack's `sites/` says. The pages are those of which `try_markup` has seen that they can be read.
    """
    pages, _ = saved_pages(folder)
    problems: list[str] = []
    for site, own in changes.items():
        if own.steps is not None or own.field_labels is not None:
            shown_pages = [_Shown.of(page) for page in pages if page.site.id == site]
            problems += [
                f"{FOLDER}/{site}.json: {name}: on no saved page"
                for name in _unproved(own, descriptors()[site], shown_pages)
            ]
    if problems:
        raise PackRefused(
            "ボタンや項目の名前か、セレクターが、保存したどのページにも見つかりません",
            "labels or selectors are found on none of its saved pages",
            problems,
        )


@dataclass(frozen=True)
class _Shown:
    """A saved page as its reader sees it. document: None where that is no HTML."""

    document: Document | None

    @classmethod
    def of(cls, page: SavedPage) -> "_Shown":
        try:
            return cls(None if is_json(page.page) else Document(page.page))
        except Unreadable:
            return cls(None)

    @cached_property
    def control_labels(self) -> Collection[str]:
        """Labels of its controls, as the extension compares them."""
        labels = (_label_of(element, self._texts) for element in self._select(_CONTROLS))
        return {label for label in labels if 0 < len(label) <= LONGEST_LABEL}

    @cached_property
    def field_texts(self) -> Collection[tuple[str, bool]]:
        """Texts beside or in which a field's value stands; and whether an element has others in it."""
        candidates = ((self._texts.get(element), len(element) > 0) for element in self._select(_OF_LABELS))
        return {(text.strip(), is_parted) for text, is_parted in candidates if text is not None}

    def has_control(self, label: str) -> bool:
        return any(own.endswith(label) for own in self.control_labels)

    def has_place(self, selector: str) -> bool:
        """Whether a selector finds a control, or a form, which a control sends."""
        form, content = form_and_content(selector)
        places = {*self._select(_CONTROLS), *self._select("form")}
        return any(
            element in places and (content is None or any(map(_is_on_page, compiled(content).find(element))))
            for element in self._select(form)
        )

    def has_field(self, label: str) -> bool:
        return any(
            text == label or (not is_parted and text.startswith(label) and len(text) <= len(label) + _LABEL_SLACK)
            for text, is_parted in self.field_texts
        )

    def _select(self, selector: str) -> Sequence[Element]:
        return [] if self.document is None else [*filter(_is_on_page, self.document.select(selector))]

    @cached_property
    def _texts(self) -> Mapping[Element, str | None]:
        """The text of each element, its blanks as one each; None for one too long for a label. From the innermost out,
        so that none is put together more than once."""
        body = None if self.document is None else self.document.first("body")
        texts: dict[Element, str | None] = {}
        for element in reversed([] if body is None else list(body.iter("*"))):
            if element.tag in _NOT_ON_PAGE:
                texts[element] = ""
                continue
            pieces = [element.text, *(piece for inner in element for piece in (texts[inner] or "", inner.tail))]
            text = re.sub(r"\s+", " ", "".join(filter(None, pieces)))
            is_long = len(text) > _MOST_SHOWN or any(texts[inner] is None for inner in element)
            texts[element] = None if is_long else text
        return texts


def _is_on_page(element: Element) -> bool:
    return next(element.iterancestors(*_NOT_ON_PAGE), None) is None


def _label_of(control: Element, texts: Mapping[Element, str | None]) -> str:
    """Returns the label of a control without white space and the arrows around labels; "" where it has none."""
    if control.tag == "input":
        words = control.get("value") or control.get("alt")
    else:
        text = texts.get(control)
        picture = next(control.iter("img"), None)
        others = (control.get("aria-label"), None if picture is None else picture.get("alt"))
        words = None if text is None else text.strip() or next(filter(None, others), None)
    return "" if words is None else _AROUND_LABELS.sub("", unicodedata.normalize("NFKC", words[:_MOST_SHOWN]))


def _unproved(changes: SiteChanges, site: SiteDescriptor, pages: Sequence[_Shown]) -> Iterator[str]:
    """Yield the controls and labels that are on none of the pages, and new: `steps: apply: 応募を確定する`."""
    for step, own in {} if changes.steps is None else changes.steps.named.items():
        current_step = getattr(site.steps, step)
        for label in own.labels:
            if label not in current_step.labels and not any(page.has_control(label) for page in pages):
                yield f"steps: {step}: {label}"
        for selector in own.selectors:
            # Of a list, each: one that finds something would prove any other.
            is_proved = all(any(page.has_place(place.strip()) for page in pages) for place in selector.split(","))
            if selector not in current_step.selectors and not is_proved:
                yield f"steps: {step}: {selector}"
    for field, labels in (changes.field_labels or {}).items():
        for label in labels:
            if label not in site.field_labels.get(field, ()) and not any(page.has_field(label) for page in pages):
                yield f"field_labels: {field}: {label}"
