"""A page that was judged in parts: itself, and the answers that its scripts fetched."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Self

from addon.verdicts.settle import state_of
from addon.verdicts.written import WrittenVerdict
from extractors.page import Feed
from rules.lexicon import REASONS
from rules.model import GRAVITY, Finding, Stage, Verdict

MOST_PARTS = 32
"""Of a page that are kept apart, itself among them; a page that polls for hours has thousands."""
MOST_VIEWS = 16
"""Of a page that are kept apart: open tabs of one address, those that were asked about last."""
MOST_FINDINGS = 200
"""Of all that is no longer kept apart."""
MOST_FILES = 200
"""Of all that is no longer kept apart: files that were not looked at, and files that were chosen; the newest."""

_OLDER = ""
"""In place of an address: the union of those that came before all others."""


@dataclass(frozen=True, slots=True)
class PagePart:
    """A part's verdict, kept as JSON: two objects for Python's collector to look at, and not hundreds."""

    judged_at: datetime
    feed: Feed
    written_verdict: WrittenVerdict

    @classmethod
    def of(cls, verdict: Verdict | WrittenVerdict, feed: Feed, judged_at: datetime) -> Self:
        """Returns a part with a verdict."""
        return cls(judged_at, feed, WrittenVerdict.of(verdict) if isinstance(verdict, Verdict) else verdict)

    @property
    def stage(self) -> Stage | None:
        """The stage of the deal that the part is about."""
        return self.written_verdict.stage

    @property
    def warns(self) -> bool:
        """Whether it carries a warning."""
        return self.written_verdict.warns

    @property
    def verdict_json(self) -> bytes:
        """The verdict as it was judged, in JSON."""
        return self.written_verdict.text

    @property
    def verdict(self) -> Verdict:
        """The verdict as it was judged."""
        return _read(self.verdict_json)


PageParts = dict[str, PagePart]
"""The parts of one page, by their address."""


@dataclass(frozen=True, slots=True)
class Rejudged:
    """The new verdict of a page that was judged before. part_of: the address of the page whose script fetched it.

    judged_at: when what was judged began to arrive: at one address there may be what passed and what is shown. None: it
    is of whatever is kept.
    """

    url: str
    part_of: str | None
    verdict: Verdict
    judged_at: datetime | None = None


class PageViews:
    """The open pages of one address that were judged as they are shown, each with its own parts.

    Later answers at the address (a service worker updates the page that it has just shown) are none of theirs, nor is
    what another tab shows there; answers to their scripts belong to each. A page that is loaded again is another view:
    nobody asks about the one of before any more.
    """

    def __init__(self) -> None:
        self._views: OrderedDict[str, PageParts] = OrderedDict()

    def __iter__(self) -> Iterator[PageParts]:
        """The parts of each view."""
        return iter(self._views.values())

    def parts_of(self, view: str | None) -> PageParts:
        """Returns the parts of a view; none of one that was not judged."""
        if view is None or view not in self._views:
            return {}
        self._views.move_to_end(view)
        return self._views[view].copy()

    def add_view(self, view: str, own: PagePart, page_url: str, parts: PageParts) -> None:
        """Take the page as a view shows it. A new view has what was fetched for its address until now: `parts`."""
        if view not in self._views:
            self._views[view] = {url: part for url, part in parts.items() if url != page_url}
        self._views[view][page_url] = own
        self._views.move_to_end(view)
        if len(self._views) > MOST_VIEWS:
            self._views.popitem(last=False)

    def add_part(self, url: str, part: PagePart, page_url: str) -> None:
        """Add what a script of the page has fetched."""
        for parts in self._views.values():
            add_part(parts, url, part, page_url)


@lru_cache(2 * MOST_PARTS)
def _read(data: bytes) -> Verdict:
    """The parts of an open page are read again with each that comes."""
    return Verdict.model_validate_json(data)


def add_part(parts: PageParts, url: str, part: PagePart, page_url: str) -> None:
    """Add a part behind all others, in place of an equal one, and merge the oldest beyond `MOST_PARTS`."""
    if url == page_url:
        parts[url] = part
        return
    parts.pop(url, None)
    # A page that polls gets the same answer again and again, under addresses that differ in a number.
    path = path_of(url)
    twin = next(
        (
            address
            for address, other in parts.items()
            if other.verdict_json == part.verdict_json and path_of(address) == path
        ),
        None,
    )
    if twin is not None and twin != page_url:
        del parts[twin]
    parts[url] = part
    if len(parts) > MOST_PARTS:
        _merge_oldest(parts, page_url)


def drop_older_parts(parts: PageParts, judged_at: datetime, page_url: str) -> set[str]:
    """Remove the parts of a page before it was loaded again at `judged_at`.

    What its scripts fetched since then may have been judged before the page itself, and stays. Returns the paths of
    what they had fetched before and what was warned of in it: until they fetch it again, nobody knows whether it still
    holds.
    """
    older = {url: part for url, part in parts.items() if part.judged_at <= judged_at}
    for url in older:
        del parts[url]
    known_paths = {path_of(url) for url in parts}
    warned_paths = {path_of(url) for url, part in older.items() if url != page_url and part.warns}
    return warned_paths - known_paths


def _merge_oldest(parts: PageParts, page_url: str) -> None:
    # What was warned of stays warned of until the page is loaded again: only the newest answers can be taken back.
    first, second = [url for url in parts if url != page_url][:2]
    rest = {url: part for url, part in parts.items() if url not in (first, second)}
    older = _merged(parts[first], parts[second])
    parts.clear()
    if page_url in rest:
        parts[page_url] = rest.pop(page_url)
    parts[_OLDER] = older
    parts.update(rest)


def _merged(first: PagePart, second: PagePart) -> PagePart:
    newest = max(first, second, key=lambda part: part.judged_at)
    verdict = united([first.verdict, second.verdict])
    verdict = verdict.model_copy(
        update={
            "findings": verdict.findings[:MOST_FINDINGS],
            "enclosures": verdict.enclosures[-MOST_FILES:],
            "chosen": verdict.chosen[-MOST_FILES:],
        }
    )
    return PagePart.of(verdict, newest.feed, newest.judged_at)


def path_of(url: str) -> str:
    """An address without its query, in which pages that poll count."""
    return url.partition("?")[0]


def united(verdicts: list[Verdict]) -> Verdict:
    """Returns one verdict for a page that was judged in parts."""
    if len(verdicts) == 1:
        return verdicts[0]
    # A union may be unread in part and have findings in the others.
    checked_verdicts = [verdict for verdict in verdicts if verdict.state != "not-checked" or verdict.findings]
    if not checked_verdicts:
        return verdicts[0]
    # A part that should have been read and was not leaves the page unchecked, unless another part warns.
    unread_reason = next(
        (v.reason for v in verdicts if v.reason is not None and not REASONS[v.reason].nothing_there), None
    )
    findings = _without_doubles(finding for verdict in checked_verdicts for finding in verdict.findings)
    fields = list(dict.fromkeys(name for verdict in checked_verdicts for name in verdict.checked))
    missing = dict.fromkeys(name for verdict in checked_verdicts for name in verdict.missing)
    client = next((verdict.client for verdict in checked_verdicts if verdict.client is not None), None)
    return checked_verdicts[0].model_copy(
        update={
            "state": state_of(findings, unread_reason),
            "client": client,
            "enclosures": tuple(dict.fromkeys(url for verdict in verdicts for url in verdict.enclosures)),
            "chosen": tuple(dict.fromkeys(file for verdict in verdicts for file in verdict.chosen)),
            "details": next((verdict.details for verdict in checked_verdicts if verdict.details), ()),
            # Beside a warning, too: where its rule is switched off, the page is unchecked and not clear.
            "reason": unread_reason,
            "findings": findings,
            "checked": tuple(fields),
            "missing": tuple(name for name in missing if name not in fields),
        }
    )


def _without_doubles(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Returns the gravest first; the same rule on the same words once, though a page and its script both have them."""
    distinct: dict[object, Finding] = {}
    for finding in findings:
        quotes = tuple((evidence.field, evidence.quote) for evidence in finding.evidence)
        key = (finding.rule, finding.subject, finding.subject_id if not quotes else None, quotes)
        distinct.setdefault(key, finding)
    return tuple(sorted(distinct.values(), key=lambda finding: -GRAVITY[finding.severity]))
