"""What an extractor reads, what it promises, and how it says that a page has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import SplitResult, urlsplit

from extractors.page_kinds import PageKind
from extractors.records import AnyRecord

Certainty = Literal["real-page", "several-scrapers", "one-scraper", "assumed"]
"""How a field's place in the page is known: seen in a real page, read by several scrapers, by one, or by none.

What is assumed follows from the site's other pages. Where the assumption fails, the page is PageChanged.
"""


Feed = Literal["proxy", "extension"]
"""How a page came: as the site sent it, or as the browser shows it, which the page's scripts decide."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a marketplace, as it passed.

    url: absolute, as requested. body: the decoded bytes (no content encoding). content_type: the
    header's value, "" where there was none. received_at: with its zone; relative dates count from it.
    feed: how it came; None for a file.
    """

    url: str
    body: bytes
    content_type: str
    received_at: datetime
    feed: Feed | None = None

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


@dataclass(frozen=True, slots=True)
class ReportWay:
    """Which control of a site's own reports what a page shows (通報), as the site's help publishes it.

    kinds: the kinds of page on which it is; empty where the way holds from anywhere. checked: ISO 8601, the day on
    which the published words at `source` were read.
    """

    kinds: Sequence[str]
    ja: str
    en: str
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class Site:
    """A marketplace: its hosts, and one extractor for each kind of page."""

    id: str
    name_ja: str
    name_en: str
    operator_ja: str
    """Whom to turn to, as the site calls it: 「クラウドワークスの事務局」."""
    operator_en: str
    hosts: Sequence[str]
    """Exact host names that Koban decrypts."""
    domains: Sequence[str]
    """Registrable domains that the local authority may sign for."""
    pages: Sequence[PageExtractor]
    report_ways: Sequence[ReportWay] = ()
    """How one reports there. Empty where nobody has verified a way: none is guessed."""
    report_form: str | None = None
    """The address of a form for reports, where one was verified; a front page or a help page is none."""
    help_url: str | None = None
    """The site's own help, where one may look for the way."""

    def report_way(self, kind: PageKind | None) -> ReportWay | None:
        """How to report from a page of a kind, else from anywhere; None where no way was verified."""
        here = (way for way in self.report_ways if kind in way.kinds)
        return next(here, next((way for way in self.report_ways if not way.kinds), None))

    def extractor_for(self, location: SplitResult) -> PageExtractor | None:
        """The extractor of an address, the first that matches; None for a page that Koban does not read."""
        return next((p for p in self.pages if p.matches(location)), None)
