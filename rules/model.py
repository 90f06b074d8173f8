"""Values of rules, findings and verdicts."""

from collections.abc import Iterable
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from extractors.page_kinds import PageKind
from extractors.records import Crop

Severity = Literal["notice", "caution", "danger"]
Confidence = Literal["low", "medium", "high"]
Status = Literal["experimental", "stable"]
Subject = Literal["job", "client", "message", "thread", "contract"]
Stage = Literal["browsing", "applying", "agreed-unfunded", "funded", "delivered", "done", "unknown"]
State = Literal["clear", "caution", "danger", "not-checked"]
Topic = Literal["payment", "contact", "client", "contract", "work", "law", "safety"]
Reason = Literal[
    "unknown-page",
    "page-changed",
    "unreadable",
    "nothing-to-check",
    "too-large",
    "too-slow",
    "pending",
    "failed",
    "off",
    "paused",
    "muted",
    "bot-check",
    "refused",
    "upstream-certificate",
    "upstream-tls",
    "not-a-marketplace",
    "no-address",
]
"""Why a page, or a part of it, was not checked. The words for each are in rules/lexicon.py."""

GRAVITY: dict[Severity, int] = {severity: number for number, severity in enumerate(get_args(Severity))}
"""The order of severities, the lightest 0."""


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Text(Value):
    """A text in the two languages that Koban speaks."""

    ja: str
    en: str


class Source(Value):
    """Where a rule comes from: a term or a law by name, its address and the day it was checked (ISO 8601)."""

    name: Text
    url: str
    checked: str
    site: str | None = None
    """The id of the marketplace whose term it is; None for a law, or for advice that is nobody's term."""


class Evidence(Value):
    """Evidence of a finding: the field, the words as the page has them, and their place."""

    field: str
    quote: str
    selector: str | None = None
    marked: tuple[tuple[int, int], ...] = ()
    """The words of the quote that weigh most: start, and before which character they end (Unicode code points). Only
    where meaning alone speaks."""
    file: str | None = None
    """The address of the picture or file that it was read in; None for the page's own words."""
    box: tuple[int, int, int, int] | None = None
    """Its place in that picture: left, top, right and bottom in pixels."""
    crop: Crop | None = None
    """The picture around that place, a small PNG in base64, as a browser may show it."""


class Finding(Value):
    """One rule that holds for one subject of the page."""

    rule: str
    risk: str
    status: Status = "stable"
    """`experimental` findings are shown only where the user switched the rule on."""
    severity: Severity
    confidence: Confidence
    subject: Subject
    subject_id: str | None = None
    anchor: str | None = None
    """Selector or link of the subject's place in the page (the card of a list)."""
    title: Text
    seen: Text
    """One sentence of what was seen, quoting the evidence."""
    reason: Text
    advice: Text
    report: bool
    sources: tuple[Source, ...]
    evidence: tuple[Evidence, ...]


def distinct(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return each quote of a field once, preferably with its marks."""
    by_quote: dict[object, Evidence] = {}
    for quote in evidence:
        key = (quote.field, quote.quote, quote.selector)
        if key not in by_quote or (quote.marked and not by_quote[key].marked):
            by_quote[key] = quote
    return tuple(by_quote.values())


class ClientRef(Value):
    """The one client that a page is about: the site's own id of them, and the name where it is shown."""

    id: str
    name: str | None = None


class Detail(Value):
    """A detail of what a page is about, in words. Handed on unopened by all that hands verdicts on."""

    label: Text
    value: Text


class Verdict(Value):
    """The judgement of a page. `not-checked` always carries a `reason`; it never looks like `clear`."""

    state: State
    findings: tuple[Finding, ...] = ()
    checked: tuple[str, ...] = ()
    """Fields that rules looked at and found in the page."""
    missing: tuple[str, ...] = ()
    """Fields that rules wanted and the page did not show."""
    reason: Reason | None = None
    """Why it was not checked; beside a warning, why a part of it was not."""
    site: str | None = None
    kind: PageKind | None = None
    client: ClientRef | None = None
    """Set where all records of the page are of one client whose id is known."""
    stage: Stage | None = None
    """The stage of the one deal that the page is about, where it shows it."""
    enclosures: tuple[str, ...] = ()
    """Addresses of the pictures and files in the client's words that were not looked at."""
    details: tuple[Detail, ...] = ()
    """What the page shows of its one job, contract and client; made by addon/judging/details.py."""
