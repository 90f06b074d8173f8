"""From a page to a verdict: the one function that both feeds call (the proxy and the extension).

`Checker.check` is total: whatever a page holds, it answers with a `Verdict` and raises nothing. A
page that could not be judged is `not-checked` with its reason, which never looks like `clear`.
"""

import logging
import traceback
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from addon.settings import Settings
from extractors import Extraction, UnknownPage, Unreadable, extract, site_for
from extractors.page import Page, PageChanged, Site
from extractors.records import AnyRecord, Client, Job
from rules.engine import Engine, Judgement
from rules.facts import SiteNames, derive
from rules.market import Market
from rules.model import GRAVITY, ClientRef, Finding, Stage, State, Verdict
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


def state_of(findings: Iterable[Finding]) -> State:
    """The gravest finding decides; notices alone leave a page clear, since they are no warnings."""
    gravest = max((GRAVITY[f.severity] for f in findings), default=0)
    return ("clear", "caution", "danger")[gravest]


def not_checked(reason: str, *, site: str | None = None, kind: str | None = None) -> Verdict:
    """A verdict that says that there is none, and why (a code of `Verdict.reason`)."""
    return Verdict(state="not-checked", reason=reason, site=site, kind=kind)


def settled(verdict: Verdict, settings: Settings, *, now: datetime) -> Verdict:
    """A full verdict as the user's settings let it be shown.

    A switched-off rule takes its findings with it and the state is counted anew; a site switched off,
    a client muted, or everything paused, is `not-checked` and says so.
    """
    if settings.is_paused(now):
        return not_checked("paused", site=verdict.site, kind=verdict.kind)
    if not settings.is_on(verdict.site):
        return not_checked("off", site=verdict.site, kind=verdict.kind)
    if verdict.client is not None and settings.is_muted(verdict.site, verdict.client.id):
        muted = not_checked("muted", site=verdict.site, kind=verdict.kind)
        return muted.model_copy(update={"client": verdict.client})
    return switched(verdict, settings)


def switched(verdict: Verdict, settings: Settings) -> Verdict:
    """A full verdict without the findings of rules that are off, whatever is muted or paused."""
    if verdict.state == "not-checked":
        return verdict
    site = settings.sites.get(verdict.site or "")
    on_site = site.rules if site is not None else {}
    findings = folded(
        f
        for f in verdict.findings
        # The narrower word counts: this site's, else the user's, else experimental rules are off.
        if on_site.get(f.rule, settings.rules.get(f.rule, f.status == "stable"))
    )
    return verdict.model_copy(update={"findings": findings, "state": state_of(findings)})


def folded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One warning for each risk of each subject: the gravest finding, with the evidence of the others.

    Two rules that stand for the same risk in the same message would say the same thing twice.
    """
    kept: dict[object, Finding] = {}
    for finding in sorted(findings, key=lambda finding: -GRAVITY[finding.severity]):
        quotes = tuple(evidence.quote for evidence in finding.evidence)
        key = (finding.risk, finding.subject, finding.subject_id, finding.anchor or finding.subject_id or quotes)
        graver = kept.setdefault(key, finding)
        if graver is not finding:
            evidence = tuple(dict.fromkeys((*graver.evidence, *finding.evidence)))
            kept[key] = graver.model_copy(update={"evidence": evidence})
    return tuple(kept.values())


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
        return _verdict(judgement, site=site.id or None, stage=stages.pop() if len(stages) == 1 else None)


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


def told(error: Exception) -> str:
    """The kind of an error and where it arose, for a log: its message may quote the page."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"


def _failed(error: Exception, *, site: str | None = None) -> Verdict:
    log.error("not checked: %s", told(error))
    return not_checked("failed", site=site)
