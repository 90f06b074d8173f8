"""From records to facts: the fields of the records, and what follows only from several of them.

Everything here is derived and pure; `now` is given. A fact that the records do not show is absent, never zero. `FIELDS`
names the field that each derived fact follows from, so that a warning can stand beside that field on the page.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from extractors.addresses import is_web
from extractors.records import (
    AnyRecord,
    Client,
    Contents,
    Contract,
    Enclosure,
    Job,
    Link,
    Message,
    Moment,
    Pay,
    Record,
    Thread,
    of_kind,
    speaks_for_client,
)
from rules import past as earlier
from rules import stated_work
from rules.facts import Facts, Places, SiteNames, TextKind, record_of
from rules.fields import STORED_FIELDS, WORDS
from rules.lexicon import CONTRACT_STATES, OUTCOMES, limit_words, stage_of
from rules.market import Market, offer_of
from rules.model import Stage, Subject
from rules.past import Past
from rules.reading import Reading, Readings
from rules.sites import SHIPPED_TERMS, Terms, counts_present_offer, in_japan, shows_rating_with_offers
from rules.text import JAPANESE_LETTER
from rules.turns import asks_revision, revisions_stated, word_of
from rules.wages import prefectures_above

REVISIONS_COMMON = 2
"""Revisions that are customary where nothing was agreed."""


def derive(
    records: Sequence[AnyRecord],
    *,
    site: SiteNames,
    terms: Terms = SHIPPED_TERMS,
    stage: Stage | None = None,
    market: Market | None = None,
    past: Past | None = None,
    now: datetime,
) -> tuple[Facts, ...]:
    """Return the facts of all subjects among the records of one page.

    terms: of all sites. stage: the stage of the deal where the caller knows it; else it follows from the contract's
    state and from the kinds of records. market: the usual pay of such offers. past: earlier observations of the one
    deal and the one client of the page. now: when the page was received.
    """
    contract, client = _only(records, Contract), _only(records, Client)
    loose = of_kind(records, Message)
    messages = [message for thread in of_kind(records, Thread) for message in thread.messages] + loose
    readings = Readings()
    words = [word_of(message, now, readings.of(message.body or "")) for message in messages]
    kinds = [type(record) for record in records]
    several = kinds.count(Contract) > 1 or kinds.count(Job) > 1
    course = None if several else earlier.with_page(past, contract, words, now)
    rounds = earlier.revision_rounds(course.words if course is not None else words)
    begin = course.words_before if course is not None else 0
    page = _PageFacts(
        site=site,
        terms=terms,
        stage=stage if stage is not None else _stage(kinds, contract),
        now=now,
        market=market,
        past=course,
        rounds={id(message): round_ for message, round_ in zip(messages, rounds[begin:], strict=False)},
        readings=readings,
    )
    facts = [fact for number, record in enumerate(records) for fact in page.of_record(record, number, contract, client)]
    return (*facts, *page.of_messages(loose, contract, client))


def facts_of_text(
    kind: TextKind, text: str, *, site: SiteNames, terms: Terms = SHIPPED_TERMS, stage: Stage | None = None
) -> Facts:
    """Return the facts of a text by itself: those that `derive` makes of `record_of(kind, text)`, at any time.

    Without a record, which takes as long to make and to look through as all the facts of a short text.
    """
    shape = _shape(kind)
    reading = Reading(text)
    stage = stage or shape.stage
    values: dict[str, Any] = {**terms.facts(site.id, stage), "listed": False, **shape.values}
    values[shape.field] = text
    if shape.subject == "job":
        values.update(_pay(None, [reading] if text else []))
    elif shape.subject == "message" and asks_revision(reading.beginning.text):
        values.update(_revision(1, revisions_stated(reading)))
    texts = {shape.field: reading} if text else {}
    _add_country(values, texts)
    return Facts(shape.subject, site, stage, values, texts=texts)


def _add_country(values: dict[str, Any], texts: Mapping[str, Reading]) -> None:
    """Add whether the deal is one of Japan where the site does not tell: by the letters of the subject's texts."""
    if texts and "in_japan" not in values:
        values["in_japan"] = any(JAPANESE_LETTER.search(text.visible) for text in texts.values())


@dataclass(frozen=True, slots=True)
class _TextShape:
    """The part of the facts that all texts of a kind share. values: those that do not follow from the text."""

    subject: Subject
    field: str
    stage: Stage
    values: Mapping[str, Any]


@cache
def _shape(kind: TextKind) -> _TextShape:
    """The shape of a kind of text, by the facts of one without words."""
    (facts,) = derive([record_of(kind, "")], site=_NOWHERE, now=datetime(2026, 1, 1, tzinfo=UTC))
    fields = [name for name in WORDS[facts.subject] if name in facts.values]
    own = {name: value for name, value in facts.values.items() if name.startswith(f"{facts.subject}.")}
    return _TextShape(facts.subject, fields[0], facts.stage, MappingProxyType(own))


_NOWHERE = SiteNames(id="", ja="", en="", operator_ja="", operator_en="")


def _only[Kind: Record](records: Sequence[AnyRecord], kind: type[Kind]) -> Kind | None:
    """Return the one record of a kind; None where there is none, or more than one."""
    own = of_kind(records, kind)
    return own[0] if len(own) == 1 else None


def _stage(kinds: Collection[type[Record]], contract: Contract | None) -> Stage:
    if contract is not None:
        return stage_of(contract.state)
    return "unknown" if any(kind in (Message, Thread, Contract) for kind in kinds) else "browsing"


@dataclass(frozen=True, slots=True)
class _PageFacts:
    """Makes the facts of one page's subjects from all that they share."""

    site: SiteNames
    terms: Terms
    stage: Stage
    now: datetime
    market: Market | None
    past: Past | None
    rounds: Mapping[int, int | None]
    """By identity of a message, the revision round that it requests, counted from the beginning of the deal."""
    readings: Readings
    parts: dict[tuple[str, int, bool], dict[str, Any]] = field(default_factory=dict)
    """By what `_part` takes: the client of an offer is a part of the offer's facts, and has facts of its own."""

    def of_record(
        self, record: AnyRecord, number: int, contract: Contract | None, client: Client | None
    ) -> Iterable[Facts]:
        """The facts of one record of the page but for a message without a thread. number: the record's place."""
        match record:
            case Job():
                yield from self.of_job(record, client)
            case Thread():
                yield from self.of_thread(record, contract, client, number)
            case Contract():
                yield from self.of_contract(record, client)
            case Client():
                yield self.of_client(record, beside_offer=False)
                yield from self.of_enclosures("client", record, record.enclosures)

    def facts(
        self,
        subject: Subject,
        record: Record,
        parts: Mapping[str, Record | None],
        *,
        anchor: str | None = None,
        speaks: bool = True,
        extra: Mapping[str, Any] | None = None,
        stage: Stage | None = None,
        beside_offer: bool = True,
        thread: int | None = None,
    ) -> Facts:
        stage = stage or self.stage
        anchor = anchor or record.sources.get(subject)
        values: dict[str, Any] = {**self.terms.facts(self.site.id, stage), "listed": anchor is not None}
        records = {prefix: part for prefix, part in parts.items() if part is not None}
        for prefix, part in records.items():
            values.update(self._part(prefix, part, beside_offer=beside_offer))
        values.update(extra or {})
        contract = records.get("contract")
        if values.get("funded") and isinstance(contract, Contract) and _goes_without_escrow(contract):
            del values["funded"]
        texts = {name: self.readings.of(text) for name in WORDS[subject] if (text := values.get(name))}
        _add_country(values, texts)
        return Facts(
            subject=subject,
            site=self.site,
            stage=stage,
            values=values,
            sources=Places(records),
            subject_id=getattr(record, "id", None),
            anchor=anchor,
            speaks=speaks,
            thread=thread,
            texts=texts,
        )

    def of_job(self, job: Job, client: Client | None) -> Iterable[Facts]:
        client = job.client or client
        anchor = job.sources.get("job")
        yield self.facts("job", job, {"job": job, "client": client}, anchor=anchor)
        yield from self.of_enclosures("job", job, job.enclosures, anchor=anchor)
        if job.client is not None:
            yield self.of_client(job.client, anchor=anchor)
            yield from self.of_enclosures("client", job.client, job.client.enclosures, anchor=anchor)

    def of_client(self, client: Client, *, anchor: str | None = None, beside_offer: bool = True) -> Facts:
        return self.facts("client", client, {"client": client}, anchor=anchor, beside_offer=beside_offer)

    def of_contract(self, contract: Contract, client: Client | None) -> Iterable[Facts]:
        # A list of contracts holds deals at different stages: each has its own.
        stage = stage_of(contract.state) if self.stage == "unknown" else None
        parts = {"contract": contract, "client": contract.client or client}
        yield self.facts("contract", contract, parts, stage=stage)
        if contract.client is not None:
            yield self.of_client(contract.client)

    def of_thread(
        self, thread: Thread, contract: Contract | None, client: Client | None, number: int
    ) -> Iterable[Facts]:
        """number: place of the thread among the records of the page."""
        client = thread.client or client
        yield self.facts("thread", thread, {"contract": contract, "client": client}, thread=number)
        if thread.client is not None:
            yield self.of_client(thread.client)
        yield from self.of_messages(thread.messages, contract, client, thread=number)

    def of_messages(
        self,
        messages: Sequence[Message],
        contract: Contract | None,
        client: Client | None,
        *,
        thread: int | None = None,
    ) -> Iterable[Facts]:
        agreed_count = self._agreed(contract)
        for message in messages:
            round_ = self.rounds.get(id(message))
            # Who is neither known as the user nor as the site may be the client, and is judged as the client.
            extra: dict[str, Any] = {"message.author_role": message.author_role or "client"}
            if round_ is not None:
                extra.update(_revision(round_, agreed_count))
            yield self.facts(
                "message",
                message,
                {"message": message, "contract": contract, "client": client},
                speaks=speaks_for_client(message.author_role),
                extra=extra,
                thread=thread,
            )
            yield from self.of_enclosures("message", message, message.enclosures)

    def of_enclosures(
        self,
        subject: Subject,
        record: Record,
        enclosures: Sequence[Enclosure] | None,
        *,
        anchor: str | None = None,
    ) -> Iterable[Facts]:
        """The facts of each picture or file of a subject that was looked at: its words and links alone."""
        for enclosure in enclosures or ():
            if enclosure.contents is None:
                continue
            role = getattr(record, "author_role", None)
            values: dict[str, Any] = {
                **self.terms.facts(self.site.id, self.stage),
                "listed": anchor is not None,
                "enclosed": True,
                **{f"{subject}.{name}": value for name, value in _enclosed(enclosure, enclosure.contents)},
            }
            if subject == "message":
                values["message.author_role"] = role or "client"
            words = f"{subject}.attachment.text"
            texts = {words: self.readings.of(values[words])} if values[words] else {}
            _add_country(values, texts)
            yield Facts(
                subject=subject,
                site=self.site,
                stage=self.stage,
                values=values,
                subject_id=getattr(record, "id", None),
                anchor=anchor,
                speaks=speaks_for_client(role),
                enclosure=enclosure,
                texts=texts,
            )

    def _part(self, prefix: str, record: Record, *, beside_offer: bool) -> Mapping[str, Any]:
        """The facts of one record."""
        key = (prefix, id(record), beside_offer)
        values = self.parts.get(key)
        if values is None:
            values = self.parts[key] = _stored_values(prefix, record)
            values.update(self._values(record, beside_offer=beside_offer))
        return values

    def _values(self, record: Record, *, beside_offer: bool) -> Iterable[tuple[str, Any]]:
        """The facts that only follow from a record. By its class (see `of_kind`)."""
        if type(record) is Client:
            return self._of_client(record, beside_offer=beside_offer)
        if type(record) is Job:
            return self._of_job(record)
        return self._of_contract(record) if type(record) is Contract else ()

    def _of_client(self, client: Client, *, beside_offer: bool) -> Iterable[tuple[str, Any]]:
        offer_count = client.job_offers_posted
        if offer_count is not None:
            present_offers = 1 if beside_offer and counts_present_offer(self.site.id) else 0
            yield "client.earlier_offers", max(0, offer_count - present_offers)
            if client.hire_rate is not None:
                yield "client.job_offers_hired", round(client.hire_rate * offer_count)
        if client.rating is not None or client.reviews or client.feedback is not None:
            yield "client.unrated", False
        elif client.reviews == 0 or (
            offer_count is not None and client.completion_rate is None and shows_rating_with_offers(self.site.id)
        ):
            yield "client.unrated", True
        if client.total_spent is not None:
            yield "client.total_spent", client.total_spent.amount
        if client.member_since is not None:
            yield "client.member_days", self._days_since(client.member_since)
        if self.past is not None and self.past.alike:
            closest = self.past.alike[0]
            yield "client.alike", closest.what
            yield "client.alike_name", closest.name or closest.client
            yield "client.alike_share", closest.likeness
            yield "client.alike_day", closest.seen.isoformat()
            if closest.mine is not None:
                yield "client.alike_mine", closest.mine
            yield "client.alike_theirs", closest.theirs or closest.name or closest.client

    def _of_job(self, job: Job) -> Iterable[tuple[str, Any]]:
        pay = dict(_pay(job.pay, [self.readings.of(text) for text in (job.title, job.body) if text]))
        yield from pay.items()
        per_hour = pay.get("job.pay.per_hour")
        if per_hour is not None and pay["job.pay.currency"] == "JPY":
            yield "job.pay.prefectures_above", prefectures_above(per_hour)
        offer = offer_of(job, self.site.id)
        rate = self.market(offer[0]) if self.market is not None and offer is not None else None
        if offer is not None and rate is not None:
            yield "job.pay.compared", offer[1]
            yield "job.pay.against_market", offer[1] / rate.median
            yield "job.pay.far_above_market", offer[1] > rate.high
            if job.pay is not None and job.pay.max is not None:
                yield "job.pay.far_below_market", offer[1] < rate.low
            yield "job.pay.market_median", rate.median
            yield "job.pay.market_samples", rate.samples

    def _of_contract(self, contract: Contract) -> Iterable[tuple[str, Any]]:
        if contract.amount is not None:
            yield "contract.amount", contract.amount.amount
            yield "contract.currency", contract.amount.currency
        yield from _funding(contract)
        if contract.pay is not None:
            yield "contract.pay.kind", contract.pay.kind
        today = earlier.day(self.now)
        yield from self._answer(contract, today)
        past = self.past or Past()
        requests = earlier.revision_requests(past.steps, past.words)
        used = contract.revisions_used if contract.revisions_used is not None else requests or None
        if used is not None:
            agreed_count = self._agreed(contract)
            yield "contract.revision_requests", used
            yield "contract.revisions_beyond", used - (REVISIONS_COMMON if agreed_count is None else agreed_count)
        delivered_at = contract.delivered_at or earlier.delivered_on(past.steps)
        if delivered_at is not None:
            since = self._days_since(delivered_at)
            yield "contract.days_since_delivery", since
            lawful = in_japan(self.site.id)
            if contract.payment_due is not None and lawful:
                yield "contract.days_to_payment", (earlier.day(contract.payment_due) - earlier.day(delivered_at)).days
            if contract.state is not None and CONTRACT_STATES[contract.state].awaits_acceptance:
                if lawful:
                    yield "contract.days_to_pay", (earlier.last_payment_day(earlier.day(delivered_at)) - today).days
                automatic = self.terms.acceptance(self.site.id)
                if automatic is not None:
                    yield "contract.days_to_acceptance", (automatic.ends(earlier.day(delivered_at)) - today).days
        was_unfunded = earlier.delivered_unfunded(past.steps, past.words)
        if was_unfunded is not None:
            yield "contract.delivered_unfunded", was_unfunded
        before = earlier.amount_before(past.steps)
        if before is not None:
            yield "contract.amount_before", before
        silent = earlier.silent_days(past.steps, past.words, self.now)
        if silent is not None:
            yield "contract.silent_days", silent

    def _answer(self, contract: Contract, today: date) -> Iterable[tuple[str, Any]]:
        """The time for the answer to a demand, where the site's terms set one."""
        demand = self.terms.open_demand(self.site.id, contract.demand, contract.demand_by, contract.state)
        if demand is None:
            return
        yield "contract.demand", demand.kind
        yield "contract.limit", limit_words(demand.limit)
        yield "contract.otherwise", OUTCOMES[demand.limit.otherwise]
        # The day of another demand is not this one's.
        is_dated = demand.is_named or contract.demand is None
        if is_dated and contract.demanded_at is not None:
            yield "contract.days_to_answer", (demand.limit.ends(earlier.day(contract.demanded_at)) - today).days

    def _agreed(self, contract: Contract | None) -> int | None:
        """Number of revisions agreed on: as the page shows it, else as the user has set it, else as a message says."""
        if contract is not None and contract.revisions_agreed is not None:
            return contract.revisions_agreed
        if self.past is None:
            return None
        if self.past.revisions_agreed is not None:
            return self.past.revisions_agreed
        return earlier.revisions_stated(self.past.words)

    def _days_since(self, moment: Moment) -> int:
        return earlier.days_between(moment, self.now)


def _enclosed(enclosure: Enclosure, contents: Contents) -> Iterable[tuple[str, Any]]:
    """The facts of a picture or file, without their subject: what its codes say counts among its words and links."""
    codes = tuple(code.text for code in contents.codes)
    yield "attachment.text", "\n".join([*(line.text for line in contents.lines), *codes])
    if codes:
        yield "attachment.codes", codes
    links = (*contents.links, *(Link(url=code) for code in codes if is_web(code)))
    if links:
        yield "links", links
    yield "attachment.macros", contents.macros
    yield "attachment.locked", contents.locked
    # A program under any name is one by its bytes.
    own = [f"{enclosure.name or 'program'}.exe"] if contents.kind == "program" else []
    yield "attachments", (*own, *contents.files)


def _stored_values(prefix: str, record: Record) -> dict[str, Any]:
    """The facts that are fields of a record as they stand."""
    values = record.__dict__
    return {fact: value for name, fact in _stored(prefix, type(record)) if (value := values[name]) is not None}


@cache
def _stored(prefix: str, kind: type[Record]) -> tuple[tuple[str, str], ...]:
    """The fields of a kind of record that are facts as they stand, each with the fact's name."""
    return tuple((name, f"{prefix}.{name}") for name in kind.model_fields if f"{prefix}.{name}" in STORED_FIELDS)


def _goes_without_escrow(contract: Contract) -> bool:
    """Whether a deal is paid directly or by invoice, so that work handed over is no sign of money paid in."""
    terms = contract.payment_terms or (contract.client and contract.client.payment_terms)
    return terms in ("direct", "invoice") and contract.state not in ("escrow-funded", "paid")


def _funding(contract: Contract) -> Iterable[tuple[str, Any]]:
    """The part of an amount that is paid in, and the part that is not, where both are in one currency."""
    funded_amount, amount = contract.funded_amount, contract.amount
    if funded_amount is None:
        return
    yield "contract.funded_amount", funded_amount.amount
    yield "contract.funded_currency", funded_amount.currency
    if amount is not None and amount.currency == funded_amount.currency:
        yield "contract.unfunded_amount", max(Decimal(0), amount.amount - funded_amount.amount)


def _revision(round_: int, agreed_count: int | None) -> Iterable[tuple[str, Any]]:
    """The facts of a message that requests a revision. agreed_count: number of revisions agreed on, if known."""
    yield "message.revision_round", round_
    yield "message.revisions_beyond", round_ - (REVISIONS_COMMON if agreed_count is None else agreed_count)
    if agreed_count is not None:
        yield "message.revisions_agreed", agreed_count


def _pay(pay: Pay | None, texts: Sequence[Reading]) -> Iterable[tuple[str, Any]]:
    """The facts of a job's pay. texts: its words, which may state how much work it is."""
    if pay is None:
        price = stated_work.price_of_character(texts)
        if price is not None:
            yield "job.pay.currency", "JPY"
            yield "job.pay.per_character", price
        return
    yield "job.pay.kind", pay.kind
    amount = pay.max or pay.min
    if amount is None:
        return
    yield "job.pay.currency", amount.currency
    if pay.min is not None:
        yield "job.pay.min", pay.min.amount
    if pay.max is not None:
        yield "job.pay.max", pay.max.amount
        yield from _pay_for_work(pay, pay.max.amount, texts)


def _pay_for_work(pay: Pay, highest: Decimal, texts: Sequence[Reading]) -> Iterable[tuple[str, Any]]:
    """The pay for an hour and a character: by the least work and the highest pay, so that none seems lower than it is.

    Whoever names the lowest pay alone may pay any more.
    """
    if pay.kind == "hourly":
        yield "job.pay.per_hour", highest
    elif pay.kind == "per-task" and pay.minutes:
        yield "job.pay.per_hour", highest * 60 / Decimal(pay.minutes)
    elif pay.kind == "per-character":
        characters = pay.characters_min or pay.characters_max
        if characters:
            yield "job.pay.per_character", highest / Decimal(characters)
    elif pay.kind == "fixed":
        price = stated_work.price_of_character(texts)
        length = stated_work.characters(texts)
        if price is None and length:
            price = highest / length
        if price is not None:
            yield "job.pay.per_character", price
        time = stated_work.minutes(texts)
        if time:
            yield "job.pay.per_hour", highest * 60 / time
