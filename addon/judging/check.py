"""From a page to a verdict: the one function that both feeds call (the proxy and the extension).

`Checker.check` is total: whatever a page holds, it answers with a `Verdict` and raises nothing. A
page that could not be judged is `not-checked` with its reason, which never looks like `clear`.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from addon.redact import told
from addon.verdicts.settle import not_checked, state_of
from extractors import Extraction, UnknownPage, Unreadable, extract, site_for
from extractors.page import Page, PageChanged, Site
from extractors.records import AnyRecord, Client, Job, unread_in
from rules.engine import Engine, Judgement
from rules.facts import SiteNames, derive
from rules.market import GoingRate, Market, Trade
from rules.meaning.taught import NO_LESSONS, Lessons
from rules.model import ClientRef, Stage, Verdict
from rules.past import Past

log = logging.getLogger("koban.check")

ELSEWHERE = SiteNames(id="", ja="このサイト", en="this site", operator_ja="事務局", operator_en="the operator")
"""For a text that comes from no marketplace that Koban knows."""


def names_of(site: Site) -> SiteNames:
    """The words that a warning uses for a site."""
    return SiteNames(
        id=site.id,
        ja=site.name.ja,
        en=site.name.en,
        operator_ja=site.operator.ja,
        operator_en=site.operator.en,
    )


class Checker:
    """Judges pages and records with one engine. Holds no state of its own.

    noted: each is called with every page that was read, to count which readers answered or what offers pay.
    market: what offers ordinarily pay, where that has been seen. past: what was seen earlier of what a
    page is about. recorded: called with every page that was judged, and which page it is a part of. lessons: what the
    user has taught by now.

    Any of them may raise. A page is then judged without what it would have given, or not remembered;
    its verdict is the same as without that callable.
    """

    def __init__(
        self,
        engine: Engine,
        noted: Sequence[Callable[[Extraction], None]] = (),
        market: Market | None = None,
        past: Callable[[Extraction], Past | None] = lambda _: None,
        recorded: Callable[[Extraction, Verdict, Page, str | None], None] = lambda *_: None,
        lessons: Callable[[], Lessons] = lambda: NO_LESSONS,
    ) -> None:
        self._engine = engine
        self._noted = noted
        self._market = market
        self._past = past
        self._recorded = recorded
        self._lessons = lessons

    def check(
        self, page: Page, *, stage: Stage | None = None, keep: bool = True, part_of: str | None = None
    ) -> Verdict:
        """Judge a page: read it, recall the past, judge, and remember, each step guarded by itself. Raises nothing.

        stage: overrides the stage of the deal that the page itself shows. keep: whether the page is noted and
        recorded. part_of: the address of the page whose script fetched it.
        """
        extraction = _read(page)
        if isinstance(extraction, Verdict):
            return extraction
        if keep:
            # Before the judging, since the first list that is seen of a trade already tells its going rate.
            for note in self._noted:
                _guarded("a page was not noted", note, extraction)
        verdict = self.judge(extraction, stage=stage, now=page.received_at)
        if keep:
            _guarded("a verdict was not recorded", self._recorded, extraction, verdict, page, part_of)
        return verdict

    def judge(self, extraction: Extraction, *, stage: Stage | None = None, now: datetime) -> Verdict:
        """Judge what was read from a page. Raises nothing."""
        site, kind = extraction.site, extraction.extractor.kind
        past = _guarded("judged without what was seen before", self._past, extraction)
        try:
            client = _client_of(extraction.records)
            verdict = self.check_records(extraction.records, site=names_of(site), stage=stage, past=past, now=now)
        except Exception as error:
            return _failed(error, site=site.id)
        return verdict.model_copy(update={"site": site.id, "kind": kind, "client": client})

    def _rate(self, trade: Trade) -> GoingRate | None:
        return _guarded("judged without a going rate", self._market, trade) if self._market is not None else None

    def check_records(
        self,
        records: Sequence[AnyRecord],
        *,
        site: SiteNames = ELSEWHERE,
        stage: Stage | None = None,
        past: Past | None = None,
        now: datetime | None = None,
    ) -> Verdict:
        """Judge records that come from no page (a text, a line of JSON). Raises nothing."""
        try:
            now = now or datetime.now(UTC)
            facts = derive(records, site=site, stage=stage, market=self._rate, past=past, now=now)
            lessons = _guarded("judged without what was taught", self._lessons) or NO_LESSONS
            judgement = self._engine.judge(facts, lessons)
        except Exception as error:
            return _failed(error, site=site.id or None)
        stages = {fact.stage for fact in facts} - {"unknown"}
        verdict = _verdict(judgement, site=site.id or None, stage=stages.pop() if len(stages) == 1 else None)
        return _without_what_is_unread(verdict, records)


def _read(page: Page) -> Extraction | Verdict:
    """The records of a page, or the `not-checked` verdict that says why there are none."""
    site = None
    try:
        known = site_for(page.location.hostname or "")
        if known is None:
            return not_checked("not-a-marketplace")
        site = known.id
        return extract(page)
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


def _guarded[**Given, Answer](
    without: str, call: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs
) -> Answer | None:
    """What `call` returns; None where it raises, which is logged with `without`, the consequence of that."""
    try:
        return call(*args, **kwargs)
    except Exception as error:
        log.error("%s: %s", without, told(error))
        return None


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
    state = state_of(judgement.findings)
    if judgement.unread and state == "clear":
        return not_checked("too-large", site=site).model_copy(update={"stage": stage})
    if not judgement.checked and not judgement.unread:
        # Nothing that a rule asks about was in the page: an empty list, a thread without messages.
        return not_checked("nothing-to-check", site=site).model_copy(update={"stage": stage})
    return Verdict(
        stage=stage,
        state=state,
        findings=judgement.findings,
        checked=judgement.checked,
        missing=judgement.missing,
        # What was not looked through stays said, for when the user has no eye for what was found in the rest.
        reason="too-large" if judgement.unread else None,
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
