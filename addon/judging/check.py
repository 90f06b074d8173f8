"""From a page to records, and from records to a verdict. Pure: values in, values out; no file, network or global.

Both steps are total: whatever a page holds, they return and raise nothing. A page that could not be judged is
`not-checked` with its reason, which never looks like `clear`.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from addon.judging.details import details_of
from addon.redact import error_location
from addon.verdicts.settle import not_checked, state_of
from extractors import Extraction, UnknownPage, Unreadable, extract_from, site_at
from extractors.page import MarkupChanges, Page, PageChanged, Site
from extractors.records import AnyRecord, Client, Job, contents_in, enclosures_in, of_kind, unread_in
from rules.derive import derive, facts_of_text
from rules.engine import Engine, Judgement
from rules.facts import Facts, SiteNames, TextKind, record_of
from rules.market import Market
from rules.meaning.taught import NO_LESSONS, Lessons
from rules.model import ChosenFile, ClientRef, Stage, Verdict
from rules.past import Past
from rules.sites import Terms
from rules.translations import Translations

log = logging.getLogger("koban.check")

NOTHING_CHANGED: Mapping[str, MarkupChanges] = MappingProxyType({})
MOST_ENCLOSURES = 40
"""Pictures and files of one page that are looked at."""
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


class TextByItself(NamedTuple):
    """A text that is of no page, and what is known of where it was said."""

    kind: TextKind
    text: str
    site: SiteNames = ELSEWHERE
    stage: Stage | None = None


_FAILURE_PAGE = re.compile(rb'<!doctype html>\n<html lang="[A-Za-z-]{2,10}" data-koban="no-answer">', re.IGNORECASE)
"""As a page of `addon/proxy/failure_page.py` begins, also as a browser shows it. No text of a page comes before it."""


def read(page: Page, markup: Mapping[str, MarkupChanges] = NOTHING_CHANGED) -> Extraction | Verdict:
    """Returns the records of a page, or the `not-checked` verdict that says why there are none. Raises nothing.

    markup: by site, what packs say of its markup.
    """
    site = None
    try:
        known_site = site_at(page.url)
        if known_site is None:
            return not_checked("not-a-marketplace")
        site = known_site.id
        if _FAILURE_PAGE.match(page.body):
            return not_checked("no-answer", site=site)
        return extract_from(known_site, page.with_markup(markup[site]) if site in markup else page)
    except UnknownPage:
        return not_checked("unknown-page", site=site)
    except PageChanged as page_change:
        log.warning("not checked: page changed: %s", page_change)
        return not_checked("page-changed", site=site, kind=page_change.kind)
    except Unreadable as unreadable:
        log.warning("not checked: unreadable: %s", unreadable)
        return not_checked("unreadable", site=site)
    except Exception as error:
        return _failed(error, site=site)


class Checker:
    """Judges pages and records with one engine and by the terms of sites. Holds no state of its own, and has no
    effects."""

    def __init__(self, engine: Engine, terms: Terms) -> None:
        self._engine = engine
        self._terms = terms

    def check(
        self, page: Page, *, stage: Stage | None = None, markup: Mapping[str, MarkupChanges] = NOTHING_CHANGED
    ) -> Verdict:
        """Returns the verdict of a page by itself: without a past, a market or lessons. Raises nothing.

        stage: as for `judge`. markup: as for `read`.
        """
        extraction = read(page, markup)
        if isinstance(extraction, Verdict):
            return extraction
        return self.judge(extraction, stage=stage, now=page.received_at)

    def judge(
        self,
        extraction: Extraction,
        *,
        past: Past | None = None,
        market: Market | None = None,
        lessons: Lessons = NO_LESSONS,
        texts: Translations | None = None,
        stage: Stage | None = None,
        now: datetime,
    ) -> Verdict:
        """Returns the verdict of what was read from a page. Raises nothing.

        past: what was seen earlier of its subject. market: returns the going rate of a trade, where it is known; raises
        nothing. lessons: of the user. texts: of the further language in which it is said too. stage: overrides the
        stage of the deal that the page shows. now: with its zone.
        """
        site, kind = extraction.site, extraction.extractor.kind
        try:
            client, names = client_of(extraction.records), names_of(site)
            closed_enclosures, chosen_files = _not_looked_at(extraction.records), _chosen(extraction.records)
        except Exception as error:
            return _failed(error, site=site.id)
        verdict = self.check_records(
            extraction.records, site=names, stage=stage, past=past, market=market, lessons=lessons, texts=texts, now=now
        )
        update: dict[str, object] = {"site": site.id, "kind": kind, "client": client}
        update |= {"enclosures": closed_enclosures, "chosen": chosen_files}
        try:
            update["details"] = details_of(extraction.records, texts)
        except Exception as error:
            # A warning weighs more than they do.
            log.error("judged without the page's details: %s", error_location(error))
        return verdict.model_copy(update=update)

    def check_records(
        self,
        records: Sequence[AnyRecord],
        *,
        site: SiteNames = ELSEWHERE,
        stage: Stage | None = None,
        past: Past | None = None,
        market: Market | None = None,
        lessons: Lessons = NO_LESSONS,
        texts: Translations | None = None,
        now: datetime | None = None,
    ) -> Verdict:
        """Returns the verdict of records, which may come from no page (a text, a line of JSON). Raises nothing."""
        try:
            now = now or datetime.now(UTC)
            facts = derive(records, site=site, terms=self._terms, stage=stage, market=market, past=past, now=now)
            judgement = self._engine.judge(facts, lessons, texts)
            verdict = _verdict_of(judgement, facts, site)
            return _without_unread_files(_without_unread_fields(verdict, records), records)
        except Exception as error:
            return _failed(error, site=site.id or None)

    def check_text(
        self,
        text: TextByItself,
        *,
        lessons: Lessons = NO_LESSONS,
        texts: Translations | None = None,
        now: datetime | None = None,
    ) -> Verdict:
        """Returns the verdict of a text by itself. lessons, texts, now: as for `judge`. Raises nothing."""
        try:
            records = [record_of(text.kind, text.text)]
        except Exception as error:
            return _failed(error, site=text.site.id or None)
        return self.check_records(records, site=text.site, stage=text.stage, lessons=lessons, texts=texts, now=now)

    def check_texts(self, texts: Sequence[TextByItself], *, now: datetime | None = None) -> list[Verdict]:
        """Returns the verdict of each text, as `check_text` gives it, many in one pass. Raises nothing."""
        try:
            facts = [
                facts_of_text(each.kind, each.text, site=each.site, terms=self._terms, stage=each.stage)
                for each in texts
            ]
            pairs = zip(facts, self._engine.judge_each(facts), strict=True)
            return [_verdict_of(judgement, [one], one.site) for one, judgement in pairs]
        except Exception as error:
            log.error("texts are checked one by one: %s", error_location(error))
        return [self.check_text(each, now=now) for each in texts]


def client_of(records: Sequence[AnyRecord]) -> ClientRef | None:
    """The client that all records of a page are of; None where there are several, or none whose id is shown."""
    clients = [record if type(record) is Client else getattr(record, "client", None) for record in records]
    names_by_id = {client.id: client.name for client in clients if client is not None and client.id}
    if len(of_kind(records, Job)) > 1 or len(names_by_id) != 1:
        return None
    ((ident, name),) = names_by_id.items()
    return ClientRef(id=ident, name=name)


def _not_looked_at(records: Sequence[AnyRecord]) -> tuple[str, ...]:
    """The addresses of the pictures and files in the client's words that nobody has looked at."""
    own = [enclosure.url for enclosure in enclosures_in(records) if enclosure.contents is None]
    return tuple(dict.fromkeys(own))[:MOST_ENCLOSURES]


def _verdict_of(judgement: Judgement, facts: Sequence[Facts], site: SiteNames) -> Verdict:
    stages = {fact.stage for fact in facts} - {"unknown"}
    return _verdict(judgement, site=site.id or None, stage=stages.pop() if len(stages) == 1 else None)


def _chosen(records: Sequence[AnyRecord]) -> tuple[ChosenFile, ...]:
    """The files that were looked into since their user chose them."""
    contents_by_url = {each.url: each.contents for each in enclosures_in(records) if each.contents is not None}
    chosen_files = [
        ChosenFile(url=url, whole=contents.whole) for url, contents in contents_by_url.items() if contents.chosen
    ]
    return tuple(chosen_files[:MOST_ENCLOSURES])


def _verdict(judgement: Judgement, *, site: str | None, stage: Stage | None) -> Verdict:
    state = state_of(judgement.findings)
    if judgement.unread_fields and state == "clear":
        return not_checked("too-large", site=site).model_copy(update={"stage": stage})
    if not judgement.checked_fields and not judgement.unread_fields:
        # Nothing that a rule asks about was in the page: an empty list, a thread without messages.
        return not_checked("nothing-to-check", site=site).model_copy(update={"stage": stage})
    return Verdict(
        stage=stage,
        state=state,
        findings=judgement.findings,
        checked=judgement.checked_fields,
        missing=judgement.missing_fields,
        # What was not looked through stays said, for when the user has no eye for what was found in the rest.
        reason="too-large" if judgement.unread_fields else None,
        site=site,
    )


def _without_unread_fields(verdict: Verdict, records: Sequence[AnyRecord]) -> Verdict:
    """A verdict on records of which some fields could not be read: it may warn, and is never clear."""
    fields = sorted(set(unread_in(records)))
    if not fields or verdict.state == "not-checked":
        return verdict
    log.warning("partly read: %s", ", ".join(fields))
    reason = "page-changed"
    return verdict.model_copy(update={"reason": reason, "state": state_of(verdict.findings, reason)})


def _without_unread_files(verdict: Verdict, records: Sequence[AnyRecord]) -> Verdict:
    """A verdict on records with a file of which a part was not looked at: it may warn, and is never clear."""
    if all(contents.whole for contents in contents_in(records)) or verdict.reason is not None:
        return verdict
    return verdict.model_copy(update={"reason": "too-large", "state": state_of(verdict.findings, "too-large")})


def _failed(error: Exception, *, site: str | None = None) -> Verdict:
    log.error("not checked: %s", error_location(error))
    return not_checked("failed", site=site)
