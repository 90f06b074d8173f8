"""Facts of sites in a pack that replace their descriptors', `sites/<site>.json`.

A site moves the controls of its reports as it does its markup, and changes its terms from one day to the next; it
renames a button, and Koban no longer asks before it. Ways to report, terms, the controls of steps and the labels of
fields are all of a descriptor that a pack may change: hosts and domains come with a release.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from addon.packs.manifest import PackRefused, first_problem, is_plain
from extractors.descriptor import (
    Controls,
    Deadline,
    OutsideContact,
    OutsidePayment,
    ReportWay,
    SiteDescriptor,
    StepName,
    Words,
    descriptors,
)
from extractors.selectors import Selector
from rules.fields import FIELDS

FOLDER = "sites"
MOST_WAYS, MOST_DEADLINES = 20, 20
LONGEST = 120
"""Characters of a way, or of the deals that a time holds for, in one language: it is read in a warning."""
MOST_DAYS = 366
"""Of a time to answer."""
MOST_CONTROLS, MOST_FIELDS = 30, 100
"""Labels of a step or field, selectors of a step; fields with labels."""
SHORTEST_LABEL, LONGEST_LABEL = 2, 30
"""Characters. A step is told by the end of its label: one letter would end half of them. The extension looks at no
longer one (`extension/src/page/steps/steps.ts`)."""
LONGEST_SELECTOR = 200
_FORM_WITH = re.compile(r"(form(?:[#.\[][^(),]*)?):has\(([^(),]*)\)")
"""One form with one thing in it, which the few selectors that readers need do not tell. A comma would begin another
selector, which nothing narrows: `form.x, a, form:has(.y)`."""
_ATTRIBUTE = re.compile(r'\[[\w:-]+(?:[*^$~]?="([^"]*)")?\]')
SHORTEST_VALUE = 3
"""Characters of an attribute's value that is asked for: every link of a page has an address, and a / in it."""


class StepChanges(BaseModel):
    """The controls that take a step, in place of those of the descriptor; what is missing stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    apply: Controls | None = None
    agree: Controls | None = None
    deliver: Controls | None = None
    send: Controls | None = None

    @model_validator(mode="after")
    def _are_controls(self) -> Self:
        if not self.named:
            raise ValueError("names no controls")
        for step, controls in self.named.items():
            if not _are_labels(controls.labels):
                raise ValueError(f"{step}: {_LABELS}")
            if len(controls.selectors) > MOST_CONTROLS or not all(map(_is_of_controls, controls.selectors)):
                raise ValueError(f"{step}: {_SELECTORS}")
        return self

    @property
    def named(self) -> Mapping[StepName, Controls]:
        """The controls by their step."""
        by_step: dict[StepName, Controls | None] = {
            "apply": self.apply,
            "agree": self.agree,
            "deliver": self.deliver,
            "send": self.send,
        }
        return {step: controls for step, controls in by_step.items() if controls is not None}


_SELECTORS = (
    f"up to {MOST_CONTROLS} selectors of up to {LONGEST_SELECTOR} characters, each of what has a class, an id or an "
    "attribute"
)
_LABELS = f"up to {MOST_CONTROLS} labels, plain text of {SHORTEST_LABEL} to {LONGEST_LABEL} characters"


def _are_labels(labels: tuple[str, ...]) -> bool:
    return 0 < len(labels) <= MOST_CONTROLS and all(
        SHORTEST_LABEL <= len(label) <= LONGEST_LABEL and is_plain(label) and any(map(str.isalpha, label))
        for label in labels
    )


def _is_of_controls(selector: str) -> bool:
    """Whether a selector finds some elements of a page and not all of a kind: each click there is asked about."""
    selector = selector.replace("'", '"')
    form, content = form_and_content(selector)
    is_loose = any(len(value) < SHORTEST_VALUE for value in _ATTRIBUTE.findall(selector))
    if is_loose or len(selector) > LONGEST_SELECTOR or "<" in selector or not selector.isprintable():
        return False
    try:
        form_selector = Selector(form)
        # A form is told from others by what is in it.
        return (form_selector if content is None else Selector(content)).is_narrow(())
    except ValueError:
        return False


def form_and_content(selector: str) -> tuple[str, str | None]:
    """Returns the selector of a control or form, and the one of what has to be in it, where that is asked for.

    Both in the way of `extractors.selectors`, which knows double quotes alone.
    """
    with_something = _FORM_WITH.fullmatch(selector := selector.replace("'", '"'))
    return (selector, None) if with_something is None else (with_something[1], with_something[2])


class SiteChanges(BaseModel):
    """The content of `sites/<site>.json`. What is missing stays as the descriptor has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report_ways: Annotated[tuple[ReportWay, ...], Field(min_length=1, max_length=MOST_WAYS)] | None = None
    deadlines: Annotated[tuple[Deadline, ...], Field(max_length=MOST_DEADLINES)] | None = None
    outside_contact: OutsideContact | None = None
    outside_payment: OutsidePayment | None = None
    steps: StepChanges | None = None
    field_labels: Annotated[Mapping[str, tuple[str, ...]], Field(min_length=1, max_length=MOST_FIELDS)] | None = None

    @field_validator("field_labels")
    @classmethod
    def _are_of_fields(cls, labels: Mapping[str, tuple[str, ...]] | None) -> Mapping[str, tuple[str, ...]] | None:
        for name, own in (labels or {}).items():
            if name not in FIELDS:
                raise ValueError("no such field")
            if not _are_labels(own):
                raise ValueError(f"{name}: {_LABELS}")
        return labels

    @field_validator("report_ways")
    @classmethod
    def _are_plain(cls, ways: tuple[ReportWay, ...] | None) -> tuple[ReportWay, ...] | None:
        if not all(map(_is_said_plainly, ways or ())):
            raise ValueError(f"a way is plain text of up to {LONGEST} characters")
        return ways

    @field_validator("deadlines")
    @classmethod
    def _are_times(cls, deadlines: tuple[Deadline, ...] | None) -> tuple[Deadline, ...] | None:
        for deadline in deadlines or ():
            if deadline.of is not None and not _is_said_plainly(deadline.of):
                raise ValueError(f"deals are named in plain text of up to {LONGEST} characters")
            if max(deadline.days or 0, deadline.business_days or 0, (deadline.hours or 0) // 24) > MOST_DAYS:
                raise ValueError(f"a time is of up to {MOST_DAYS} days")
        return deadlines

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set or None in self._said.values():
            raise ValueError("says nothing of a site")
        return self

    def applied(self, site: SiteDescriptor) -> SiteDescriptor:
        """Returns a site's descriptor with what is said here in its place: of steps and labels, of those that it
        names."""
        changes = self._said
        if self.steps is not None:
            changes["steps"] = site.steps.model_copy(update={str(step): own for step, own in self.steps.named.items()})
        if self.field_labels is not None:
            changes["field_labels"] = {**site.field_labels, **self.field_labels}
        return site.model_copy(update=changes)

    @property
    def sources(self) -> Iterator[str]:
        """Where the site says so, of each way and time."""
        yield from (way.source for way in self.report_ways or ())
        yield from (deadline.source for deadline in self.deadlines or ())

    @property
    def _said(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.model_fields_set}


def _is_said_plainly(words: ReportWay | Words) -> bool:
    return all(text.strip() and len(text) <= LONGEST and is_plain(text) for text in (words.ja, words.en))


def read_site_changes(folder: Path) -> Mapping[str, SiteChanges]:
    """Returns what a pack's folder says of sites, by their ids. Raises PackRefused, which names the file."""
    changes: dict[str, SiteChanges] = {}
    for path in sorted((folder / FOLDER).glob("*.json")):
        site = descriptors().get(path.stem)
        try:
            changes[path.stem] = SiteChanges.model_validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise _refusal(path, first_problem(error)) from None
        if site is None:
            raise _refusal(path, "no such site")
        if not all(_is_of(source, site) for source in changes[path.stem].sources):
            raise _refusal(path, "a source is an https address of the site's own")
    return changes


def changed_descriptors(changes: Mapping[str, SiteChanges]) -> Mapping[str, SiteDescriptor]:
    """Returns the descriptors of the sites that a pack says something of, with that in them."""
    return {site: own.applied(descriptors()[site]) for site, own in changes.items()}


def _is_of(address: str, site: SiteDescriptor) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    own = any(host == domain or host.endswith(f".{domain}") for domain in site.own_domains)
    return parts.scheme == "https" and own and is_plain(address)


def _refusal(path: Path, problem: str) -> PackRefused:
    return PackRefused(
        "サイトへの通報のしかた、規約、ボタンか項目の名前が、正しく書かれていません",
        "its ways to report on a site, its terms, or names of buttons or fields are not as they have to be",
        [f"{FOLDER}/{path.name}: {problem}"],
    )
