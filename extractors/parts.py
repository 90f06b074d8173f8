"""A part of a page (a card, a row, a posting) and the readers that most sites need of one."""

import re
from collections.abc import Callable, Iterable, Set
from datetime import datetime
from functools import cached_property

from extractors.descriptor import Certainty
from extractors.document import Document, Element, names_of, text_of, words_of
from extractors.parsing import AmountRange
from extractors.reading import Reader
from extractors.records import Job, Money, Pay, PayKind, Record


class Part:
    """An element of a page, looked into by selectors; without one, the whole page."""

    def __init__(self, document: Document, element: Element | None = None) -> None:
        self.document = document
        self.element = element

    @property
    def received_at(self) -> datetime:
        """When the page came: 「あと3日」 counts from there."""
        return self.document.page.received_at

    def first(self, selector: str) -> Element | None:
        return self.document.first(selector, self.element)

    def select(self, selector: str) -> list[Element]:
        return self.document.select(selector, self.element)

    def cards(self, selector: str) -> list[Element]:
        """Returns the elements of a selector within this part. Raises Unreadable where they nest too deep."""
        return self.document.cards(selector, self.element)

    def words(self, selector: str) -> str | None:
        """The words of the first such element, on one line; None where it is not there, or empty."""
        element = self.first(selector)
        return None if element is None else words_of(element) or None

    def text(self, selector: str) -> str | None:
        """The text of the first such element, with its line breaks."""
        element = self.first(selector)
        return None if element is None else text_of(element) or None

    def attribute(self, selector: str, name: str) -> str | None:
        element = self.first(selector)
        return None if element is None else element.get(name) or None

    def beside(self, *labels: str) -> Element | None:
        """Returns the element beside the first such label: the `td` after a `th`, the `dd` after a `dt`."""
        pairs = self.document.beside("table, dl", self.element)
        return next((value for label, value in pairs if not set(labels).isdisjoint(names_of(label))), None)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The page's labels and their values, wherever a table or a list has any."""
        return self.document.labelled("table, dl")


def words(selector: str, convert: Callable[[str], object] = str, certainty: Certainty = "real-page") -> Reader[Part]:
    """A reader of an element's words."""

    def read(part: Part) -> object:
        text = part.words(selector)
        return None if text is None else convert(text)

    return Reader(selector, read, certainty)


def linked(
    selector: str, pattern: re.Pattern[str], convert: Callable[[str], str] = str, certainty: Certainty = "real-page"
) -> Reader[Part]:
    """A reader of the id in the first link whose address is of a pattern; its first group is the id."""

    def read(part: Part) -> str | None:
        for link in part.select(selector):
            if match := pattern.fullmatch(link.get("href") or ""):
                return convert(match[1])
        return None

    return Reader(selector, read, certainty)


def pay(
    kind: PayKind, bounds: AmountRange | None, *, tax_included: bool | None = None, characters: int | None = None
) -> Pay | None:
    """Pay of a kind between bounds; None without bounds. characters: the length of the text that it pays for."""
    if bounds is None:
        return None
    low = None if bounds.min is None else Money(amount=bounds.min)
    high = None if bounds.max is None else Money(amount=bounds.max)
    includes_tax = bounds.tax_included if tax_included is None else tax_included
    return Pay(
        kind=kind,
        min=low,
        max=high,
        tax_included=includes_tax,
        characters_min=characters,
        characters_max=characters,
    )


def distinct_jobs(records: Iterable[Job | None]) -> dict[str, Job]:
    """Returns the jobs of a list by id. A job with two cards has the fields of both."""
    jobs: dict[str, Job] = {}
    for job in records:
        if job is not None and job.id is not None:
            jobs[job.id] = fuller(jobs[job.id], job) if job.id in jobs else job
    return jobs


def misses_most(linked_ids: Set[str | None], read_ids: Set[str | None]) -> bool:
    """Whether most of the jobs that a page links to were not read.

    A second count, so that a redesign is not read as a short list.
    """
    return 2 * len(linked_ids & read_ids) < len(linked_ids)


def fuller[R: Record](one: R, other: R) -> R:
    """Returns the union of two records of the same thing. Where they differ, the one with more fields counts."""
    more, less = (one, other) if len(_stated(one)) >= len(_stated(other)) else (other, one)
    rest = {name: value for name, value in _stated(less).items() if name not in _stated(more)}
    sources = {name: place for name, place in less.sources.items() if name in rest} | dict(more.sources)
    both = {
        name: fuller(value, theirs)
        for name, value in _stated(more).items()
        if isinstance(value, Record)
        and isinstance(theirs := getattr(less, name), Record)
        and _may_be_one(value, theirs)
    }
    return more.model_copy(update={**rest, **both, "sources": sources})


def _may_be_one(one: Record, other: Record) -> bool:
    """Whether two records can be of the same client: no two different numbers."""
    return len({getattr(record, "id", None) for record in (one, other)} - {None}) < 2


def _stated(record: Record) -> dict[str, object]:
    """The fields that a record has; an empty list of links is one that was read, so it counts."""
    return {name: value for name, value in record if value is not None and name != "sources"}
