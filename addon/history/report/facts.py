"""The facts of a report: the client, the deals and the warnings that it is about, out of the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urldefrag

from addon.history.clients import Known, client_record
from addon.history.copies import PageCopy, copies
from addon.history.deals import Deal, deals
from addon.history.places import Place, Ways, place_on
from addon.history.store import History
from addon.history.warnings import Warned, subjects_of_page, times_sent, warnings_given
from addon.verdicts.log import PageVerdict
from extractors.page import Feed, Site
from extractors.records import Moment
from rules.model import ClientRef, Finding, Source, Text
from rules.past import moment_of
from rules.sites import Terms


class NothingKnown(Exception):
    """The history holds nothing of that deal or client."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a report: a deal, a client, one warning by its key, or a page.

    page: the address of a page; the report is on its deal, or, with a rule, on that rule's warning there.
    """

    site: str
    client: str | None = None
    deal: str | None = None
    finding: str | None = None
    page: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A warning with its time and page.

    rule: the one whose title it has. at: when the message was sent, if a page showed it (`is_sent`), else when the page
    was opened. feed: None if unknown, or if the page is open.
    """

    rule: str
    title: Text
    at: Moment
    is_sent: bool
    page: str
    quotes: tuple[str, ...]
    sources: Sequence[Source]
    feed: Feed | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a report states. sightings: the oldest first. open_findings: those of a page that is open now."""

    now: datetime
    place: Place
    client: ClientRef | None
    record: Known | None
    deals: Sequence[Deal]
    warnings: Sequence[Warned]
    open_findings: Sequence[Finding]
    sightings: Sequence[Sighting]
    copies: Sequence[PageCopy]


def collect(
    history: History,
    now: datetime,
    subject: Subject,
    page_verdict: PageVerdict | None,
    *,
    terms: Terms,
    ways: Ways = Site.report_way,
) -> Facts:
    """Returns the facts about a subject.

    page_verdict: the verdict on its page while that is open. terms: of sites, from which due dates follow. ways: to
    report. Only warnings worth a report are included, unless one was named by its key. Raises NothingKnown,
    SQLAlchemyError.
    """
    site, place = subject.site, place_on(subject.site, subject.page, ways)
    open_findings = _open_findings(page_verdict, subject.rule)
    key, deal = _key_and_deal(history, subject)
    named_warnings = warnings_given(history, finding=(site, key)) if key is not None else []
    client, deal = (named_warnings[0].client, named_warnings[0].deal) if named_warnings else (subject.client, deal)
    theirs = _deals(history, site, client if key is None else None, deal, terms)
    client = theirs[0].client if theirs else client
    record = client_record(history, site, client) if client is not None else None
    if place is None or not (record or theirs or named_warnings or open_findings):
        raise NothingKnown
    warnings = named_warnings if key is not None else _warnings(history, site, client, deal)
    if subject.finding is None:
        warnings = [warning for warning in warnings if warning.report]
    return Facts(
        now=now,
        place=place,
        client=_client(record, page_verdict),
        record=record,
        deals=theirs,
        warnings=warnings,
        open_findings=open_findings,
        sightings=_sightings(history, site, warnings, open_findings, page_verdict),
        copies=_copies(history, site, client, deal, key, named_warnings),
    )


def _key_and_deal(history: History, subject: Subject) -> tuple[str | None, str | None]:
    """Returns the key of the warning and the id of the deal that a report is on, as far as it is on one."""
    if subject.page is None:
        return subject.finding, subject.deal
    key, deal = subjects_of_page(history, subject.site, subject.page, subject.rule)
    return key, deal if subject.rule is None else None


def _deals(history: History, site: str, client: str | None, deal: str | None, terms: Terms) -> list[Deal]:
    """Returns one deal where it is named, else those with a client."""
    if deal is not None:
        return deals(history, deal=(site, deal), terms=terms)
    return deals(history, (site, client), terms=terms) if client is not None else []


def _open_findings(page: PageVerdict | None, rule: str | None) -> list[Finding]:
    findings = page.verdict.findings if page is not None else ()
    return [finding for finding in findings if finding.report and rule in (None, finding.rule)]


def _warnings(history: History, site: str, client: str | None, deal: str | None) -> list[Warned]:
    if client is None:
        return warnings_given(history, deal=(site, deal or ""))
    warnings = warnings_given(history, client=(site, client))
    # A message may have been read on a page that does not name its deal; other deals' messages are left out.
    return warnings if deal is None else [warning for warning in warnings if warning.deal in (None, deal)]


def _client(record: Known | None, page: PageVerdict | None) -> ClientRef | None:
    if record is not None:
        return ClientRef(id=record.id, name=record.name)
    return page.verdict.client if page is not None else None


def _copies(
    history: History, site: str, client: str | None, deal: str | None, key: str | None, named_warnings: Sequence[Warned]
) -> list[PageCopy]:
    if client is None and deal is None and key is None:
        # Copies of nobody in particular are of everybody's pages.
        return []
    stored_copies = copies(history.engine, site, client=client, deal=deal)
    if key is None:
        return stored_copies
    pages = {urldefrag(warning.page).url for warning in named_warnings[:1]}
    return [copy for copy in stored_copies if copy.address in pages]


def _sightings(
    history: History,
    site: str,
    warnings: Sequence[Warned],
    open_findings: Sequence[Finding],
    page: PageVerdict | None,
) -> list[Sighting]:
    """Returns the sightings, the oldest first; an open page's quotes replace the stored ones of the same warning."""
    messages = {warning.subject_id for warning in warnings if warning.subject_id is not None}
    messages |= {
        finding.subject_id
        for finding in open_findings
        if finding.subject == "message" and finding.subject_id is not None
    }
    times = times_sent(history, site, messages) if messages else {}
    sightings: list[Sighting] = []
    if page is not None:
        sightings += [
            Sighting(
                finding.rule,
                finding.title,
                times.get(finding.subject_id or "", page.judged_at),
                finding.subject_id in times,
                page.url,
                tuple(dict.fromkeys(evidence.quote for evidence in finding.evidence if evidence.quote)),
                finding.sources,
            )
            for finding in open_findings
        ]
    of_open_page = {(sighting.title.ja, sighting.at) for sighting in sightings}
    titles = {sighting.title.ja for sighting in sightings}
    for warning in warnings:
        at = times.get(warning.subject_id or "", warning.first_seen)
        is_same = not warning.quotes and page is not None and warning.page == page.url and warning.title.ja in titles
        if not is_same and (warning.title.ja, at) not in of_open_page:
            is_sent, quotes = warning.subject_id in times, tuple(dict.fromkeys(warning.quotes))
            sightings.append(
                Sighting(warning.rule, warning.title, at, is_sent, warning.page, quotes, warning.sources, warning.feed)
            )
    return sorted(sightings, key=lambda sighting: moment_of(sighting.at))
