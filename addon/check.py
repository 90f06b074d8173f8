"""From a page to a verdict: the one function that both feeds call (the proxy and the extension).

`Checker.check` is total: whatever a page holds, it answers with a `Verdict` and raises nothing. A
page that could not be judged is `not-checked` with its reason, which never looks like `clear`.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from addon.failure import told
from addon.shown import not_checked, state_of
from extractors import Extraction, UnknownPage, Unreadable, extract, site_for
from extractors.page import Page, PageChanged, Site
from extractors.records import AnyRecord, Client, Job, unread_in
from rules.engine import Engine, Judgement
from rules.facts import SiteNames, derive
from rules.market import Market
from rules.model import ClientRef, Stage, Verdict
from rules.past import Past

log = logging.getLogger("koban.check")

ELSEWHERE = SiteNames(id="", ja="このサイト", en="this site", operator_ja="事務局", operator_en="the operator")
"""For a text that comes from no marketplace that Koban knows."""


def names_of(site: Site) -> SiteNames:
    """The words that a warning uses for a site."""
    return SiteNames(
        id=site.id,
        ja=site.name_ja,
        en=site.name_en,
        operator_ja=site.operator_ja,
        operator_en=site.operator_en,
    )


class Checker:
    """Judges pages and records with one engine. Holds no state of its own.

    noted: each is told of every page that was read, to count which readers answered or what offers pay.
    market: what offers ordinarily pay, where that has been seen. past: what was seen earlier of what a
    page is about. recorded: told of every page that was judged, and which page it is a part of.
    """

    def __init__(
        self,
        engine: Engine,
        noted: Sequence[Callable[[Extraction], None]] = (),
        market: Market | None = None,
        past: Callable[[Extraction], Past | None] = lambda _: None,
        recorded: Callable[[Extraction, Verdict, Page, str | None], None] = lambda *_: None,
    ) -> None:
        self._engine = engine
        self._noted = noted
        self._market = market
        self._past = past
        self._recorded = recorded

    def check(
        self, page: Page, *, stage: Stage | None = None, keep: bool = True, part_of: str | None = None
    ) -> Verdict:
        """Judge a page; `stage` overrides the stage of the deal that the page itself shows.

        keep: tell those who remember pages of this one. part_of: the address of the page whose script fetched it.
        """
        site = None
        try:
            known = site_for(page.location.hostname or "")
            if known is None:
                return not_checked("not-a-marketplace")
            site = known.id
            extraction = extract(page)
            if keep:
                for note in self._noted:
                    note(extraction)
        except UnknownPage:
            return not_checked("unknown-page", site=site)
        except PageChanged as changed:
            log.warning("not checked: page changed: %s", changed)
            return not_checked("page-changed", site=site, kind=changed.kind)
        except Unreadable as unreadable:
            log.warning("not checked: unreadable: %s", unreadable)
            return not_checked("unreadable", site=site)
        except Exception as error:
            return _failed(error, site=site)
        verdict = self.judge(extraction, stage=stage, now=page.received_at)
        if keep:
            self._recorded(extraction, verdict, page, part_of)
        return verdict

    def judge(self, extraction: Extraction, *, stage: Stage | None = None, now: datetime) -> Verdict:
        """Judge what was read from a page."""
        site, kind = extraction.site, extraction.extractor.kind
        past = self._remembered(extraction)
        verdict = self.check_records(extraction.records, site=names_of(site), stage=stage, past=past, now=now)
        return verdict.model_copy(update={"site": site.id, "kind": kind, "client": _client_of(extraction.records)})

    def _remembered(self, extraction: Extraction) -> Past | None:
        try:
            return self._past(extraction)
        except Exception as error:
            # The page is judged by itself all the same.
            log.error("judged without what was seen before: %s", told(error))
            return None

    def check_records(
        self,
        records: Sequence[AnyRecord],
        *,
        site: SiteNames = ELSEWHERE,
        stage: Stage | None = None,
        past: Past | None = None,
        now: datetime | None = None,
    ) -> Verdict:
        """Judge records that come from no page (a text, a line of JSON)."""
        try:
            now = now or datetime.now(UTC)
            facts = derive(records, site=site, stage=stage, market=self._market, past=past, now=now)
            judgement = self._engine.judge(facts)
        except Exception as error:
            return _failed(error, site=site.id or None)
        stages = {fact.stage for fact in facts} - {"unknown"}
        verdict = _verdict(judgement, site=site.id or None, stage=stages.pop() if len(stages) == 1 else None)
        return _without_what_is_unread(verdict, records)


def _client_of(records: Sequence[AnyRecord]) -> ClientRef | None:
    """The client that all records of a page are of; None where there are several, or none whose id is shown."""
    clients = [record if isinstance(record, Client) else getattr(record, "client", None) for record in records]
    known = {client.id: client.name for client in clients if client is not None and client.id}
    jobs = sum(isinstance(record, Job) for record in records)
    if len(known) != 1 or jobs > 1:
        return None
    ((ident, name),) = known.items()
    return ClientRef(id=ident, name=name)


def _verdict(judgement: Judgement, *, site: str | None, stage: Stage | None) -> Verdict:
    if not judgement.checked:
        # Nothing that a rule asks about was in the page: an empty list, a thread without messages.
        return not_checked("nothing-to-check", site=site).model_copy(update={"stage": stage})
    return Verdict(
        stage=stage,
        state=state_of(judgement.findings),
        findings=judgement.findings,
        checked=judgement.checked,
        missing=judgement.missing,
        site=site,
    )


def _without_what_is_unread(verdict: Verdict, records: Sequence[AnyRecord]) -> Verdict:
    """A verdict on records of which some fields could not be read: it may warn, and is never clear."""
    fields = sorted(set(unread_in(records)))
    if not fields or verdict.state == "not-checked":
        return verdict
    log.warning("partly read: %s", ", ".join(fields))
    reason = "page-changed"
    return verdict.model_copy(update={"reason": reason, "state": state_of(verdict.findings, reason)})


def _failed(error: Exception, *, site: str | None = None) -> Verdict:
    log.error("not checked: %s", told(error))
    return not_checked("failed", site=site)
