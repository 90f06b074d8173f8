"""Pages, the interface of their extractors, the sites that these belong to, and the errors of reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol, Self
from urllib.parse import SplitResult, urlsplit

from extractors.descriptor import Certainty, SiteDescriptor
from extractors.page_kinds import PageKind
from extractors.records import AnyRecord

Feed = Literal["proxy", "extension"]
"""The way a page came: as the site sent it, or as the browser shows it after the page's scripts ran."""


@dataclass(frozen=True, slots=True)
class MarkupChanges:
    """Changes of a site's markup since its readers were written, as packs bring them.

    moved_selectors: those that readers look for, and those that are looked for before them. renamed_labels: by the
    selector of the elements that hold labels, the label that readers look for, and the one that stands there now.
    """

    moved_selectors: Mapping[str, str] = field(default_factory=dict)
    renamed_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


AS_WRITTEN = MarkupChanges()
"""Markup as the readers know it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a marketplace, as it passed.

    url: absolute, as requested. body: the decoded bytes (no content encoding). content_type: the
    header's value, "" where there was none. received_at: with its zone; relative dates count from it.
    feed: how it came; None for a file. markup: what packs say of the site's markup.
    """

    url: str
    body: bytes
    content_type: str
    received_at: datetime
    feed: Feed | None = None
    markup: MarkupChanges = field(default=AS_WRITTEN, repr=False, compare=False)

    def with_markup(self, markup: MarkupChanges) -> "Page":
        """Returns the same page, to be read as packs say."""
        return replace(self, markup=markup)

    @property
    def location(self) -> SplitResult:
        return urlsplit(self.url)


class PageChanged(Exception):
    """A page of a known kind lacks what makes it one: the site was redesigned, or this is another page.

    `missing` names the fields or regions that no reader found; never text of the page.
    """

    def __init__(self, kind: PageKind, missing: Sequence[str]) -> None:
        super().__init__(f"{kind}: no reader found {', '.join(missing)}")
        self.kind = kind
        self.missing = tuple(missing)


class Unreadable(Exception):
    """A page that cannot be read at all: too large, nested too deep, or not text. The text never quotes the page."""


class PageExtractor(Protocol):
    """Reads one kind of page of one site."""

    kind: PageKind
    examples: Sequence[str]
    """Addresses of this kind, as documentation and as a test of `matches`."""

    @property
    def fields(self) -> Mapping[str, Certainty]:
        """Fields that it reads (`client.job_offers_posted`) and how surely their place is known."""
        ...

    def matches(self, location: SplitResult) -> bool:
        """Whether an address is of this kind (host already matched)."""
        ...

    def extract(self, page: Page) -> tuple[AnyRecord, ...]:
        """Read a page's records. Raises PageChanged where a required field has no reader."""
        ...


class Site(SiteDescriptor):
    """A marketplace: what its descriptor says, and one extractor for each kind of page."""

    pages: tuple[PageExtractor, ...]

    @classmethod
    def of(cls, descriptor: SiteDescriptor, pages: tuple[PageExtractor, ...]) -> Self:
        """A site of a descriptor that has been read, and its extractors."""
        return cls.model_construct(**dict(descriptor), pages=pages)

    def extractor_for(self, location: SplitResult) -> PageExtractor | None:
        """Returns the first extractor that matches an address; None for a page that Koban does not read."""
        return next((p for p in self.pages if p.matches(location)), None)
