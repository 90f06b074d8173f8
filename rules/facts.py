"""From records to facts: what rules may ask about, with what only follows from several records.

Everything here is derived and pure; `now` is given. A fact that the records do not tell is absent,
never zero. Derived facts say in `FIELDS` what they follow from, so that a warning can stand beside
the field on the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from extractors.records import AnyRecord, Client, Contract, Job, Message, Moment, Record, Thread
from rules import past as earlier
from rules import stated_work
from rules.lexicon import stage_of
from rules.market import Market, offer_of
from rules.model import Stage, Subject
from rules.past import Past
from rules.rule import UNKNOWN
from rules.sites import acceptance_days, counts_present_offer, outside_contact
from rules.turns import word_of
from rules.wages import prefectures_above

Kind = Literal["text", "number", "share", "flag", "word", "list"]
"""A `share` is a number from 0 to 1 that people read in per cent."""

TextKind = Literal["job", "message", "profile"]
"""What a bare text was: an offer, a client's message, a client's words about themselves."""


def record_of(kind: TextKind, text: str) -> AnyRecord:
    """The record that a bare text stands for."""
    match kind:
        case "job":
            return Job(body=text)
        case "message":
            return Message(author_role="client", body=text)
        case "profile":
            return Client(profile=text)


@dataclass(frozen=True, slots=True)
class SiteNames:
    """A marketplace by its id and by the words a warning uses for it and for its operator."""

    id: str
    ja: str
    en: str
    operator_ja: str
    operator_en: str


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """What a field holds, and which field of a record it was derived from."""

    kind: Kind
    origin: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one subject of a page."""

    subject: Subject
    site: SiteNames
    stage: Stage
    values: Mapping[str, Any]
    """Known fields (`client.earlier_offers`); what is unknown is absent."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Selector by field."""
    subject_id: str | None = None
    anchor: str | None = None
    speaks: bool = True
    """Whether the texts of this subject are the client's own words, or may be."""
    thread: int | None = None
    """Which thread of the page it is, or is a message of; None where it is of none."""


WORDS: Mapping[Subject, tuple[str, ...]] = MappingProxyType(
    {
        "job": ("job.title", "job.body"),
        "client": ("client.profile",),
        "message": ("message.body",),
        "thread": (),
        "contract": ("contract.title",),
    }
)
"""The texts that each subject brings; `words` in a rule means these, where the client wrote them."""

_STORED: dict[str, Kind] = {
    "client.job_offers_posted": "number",
    "client.contracts_made": "number",
    "client.completion_rate": "share",
    "client.rating": "number",
    "client.reviews": "number",
    "client.identity_verified": "flag",
    "client.rules_acknowledged": "flag",
    "client.payment_verified": "flag",
    "client.deposit_made": "flag",
    "client.hire_rate": "share",
    "client.country": "word",
    "client.name": "word",
    "client.profile": "text",
    "job.title": "text",
    "job.body": "text",
    "job.category": "word",
    "job.quantity": "number",
    "job.applicants": "number",
    "job.hires": "number",
    "job.openings": "number",
    "job.open": "flag",
    "job.links": "list",
    "job.attachments": "list",
    "message.body": "text",
    "message.author_role": "word",
    "message.links": "list",
    "message.attachments": "list",
    "contract.title": "text",
    "contract.state": "word",
    "contract.revisions_used": "number",
    "contract.revisions_agreed": "number",
}
_DERIVED: dict[str, tuple[Kind, str]] = {
    "site": ("word", "site"),
    "outside_contact": ("word", "site"),
    "stage": ("word", "contract.state"),
    "words": ("text", "words"),
    "listed": ("flag", "listed"),
    "client.earlier_offers": ("number", "client.job_offers_posted"),
    "client.unrated": ("flag", "client.rating"),
    "client.total_spent": ("number", "client.total_spent"),
    "client.member_days": ("number", "client.member_since"),
    "job.pay.kind": ("word", "job.pay"),
    "job.pay.currency": ("word", "job.pay"),
    "job.pay.min": ("number", "job.pay"),
    "job.pay.max": ("number", "job.pay"),
    "job.pay.per_character": ("number", "job.pay"),
    "job.pay.per_hour": ("number", "job.pay"),
    "job.pay.prefectures_above": ("number", "job.pay"),
    "job.pay.against_market": ("number", "job.pay"),
    "job.pay.far_above_market": ("flag", "job.pay"),
    "job.pay.far_below_market": ("flag", "job.pay"),
    "job.pay.market_median": ("number", "job.pay"),
    "job.pay.market_samples": ("number", "job.pay"),
    "message.revision_round": ("number", "message.body"),
    "message.revisions_beyond": ("number", "message.body"),
    "message.revisions_agreed": ("number", "contract.revisions_agreed"),
    "thread.asked_again": ("word", "message.body"),
    "thread.escrow_put_off": ("number", "message.body"),
    "thread.work_asked_while_put_off": ("flag", "message.body"),
    "contract.amount": ("number", "contract.amount"),
    "contract.revisions_beyond": ("number", "contract.revisions_used"),
    "contract.days_since_delivery": ("number", "contract.delivered_at"),
    "contract.days_to_payment": ("number", "contract.payment_due"),
    "contract.days_to_acceptance": ("number", "contract.state"),
    "contract.days_to_pay": ("number", "contract.state"),
    "contract.delivered_unfunded": ("flag", "contract.state"),
    "contract.revision_requests": ("number", "contract.state"),
    "contract.amount_before": ("number", "contract.amount"),
    "contract.silent_days": ("number", "contract.state"),
    "client.alike": ("word", "client.name"),
    "client.alike_name": ("word", "client.name"),
    "client.alike_share": ("share", "client.name"),
    "client.alike_day": ("word", "client.name"),
    "client.alike_mine": ("word", "client.name"),
    "client.alike_theirs": ("word", "client.name"),
}
# What `thread.` fields follow from is read with the messages: rules/threads.py, when the engine has their meanings.
FIELDS: Mapping[str, FieldInfo] = MappingProxyType(
    {
        **{name: FieldInfo(kind, name) for name, kind in _STORED.items()},
        **{name: FieldInfo(kind, origin) for name, (kind, origin) in _DERIVED.items()},
    }
)
"""Every field that a rule may ask about."""

REVISIONS_COMMON = 2
"""Revisions that are customary where nothing was agreed."""


def derive(
    records: Sequence[AnyRecord],
    *,
    site: SiteNames,
    stage: Stage | None = None,
    market: Market | None = None,
    past: Past | None = None,
    now: datetime,
) -> tuple[Facts, ...]:
    """The facts of all subjects among the records of one page.

    `stage` is the stage of the deal where the caller knows it; else it follows from the contract's state
    and from the kinds of records. `market` tells what such offers ordinarily pay, `past` what was seen
    earlier of the one deal and the one client of the page. `now` is when the page was received.
    """
    contracts = [r for r in records if isinstance(r, Contract)]
    contract = contracts[0] if len(contracts) == 1 else None
    clients = [r for r in records if isinstance(r, Client)]
    client = clients[0] if len(clients) == 1 else None
    if stage is None:
        stage = _stage(records, contract)

    facts: list[Facts] = []
    several = len(contracts) > 1 or sum(isinstance(r, Job) for r in records) > 1
    loose = [r for r in records if isinstance(r, Message)]
    spoken = [message for r in records if isinstance(r, Thread) for message in r.messages] + loose
    words = [word_of(message, now) for message in spoken]
    known = None if several else earlier.with_page(past, contract, words, now)
    rounds = earlier.revision_rounds(known.words if known is not None else words)
    begin = known.words_before if known is not None else 0
    asked = {id(message): round_ for message, round_ in zip(spoken, rounds[begin:], strict=False)}
    shared = _Shared(site, stage, now, market, known, asked)
    for number, record in enumerate(records):
        if isinstance(record, Job):
            facts += shared.of_job(record, client)
        elif isinstance(record, Thread):
            facts += shared.of_thread(record, contract, client, number)
        elif isinstance(record, Contract):
            facts += shared.of_contract(record, client)
        elif isinstance(record, Client):
            facts.append(shared.of_client(record, beside_offer=False))
    if loose:
        facts += shared.of_messages(loose, contract, client)
    return tuple(facts)


def _stage(records: Sequence[AnyRecord], contract: Contract | None) -> Stage:
    if contract is not None:
        return stage_of(contract.state)
    if any(isinstance(r, Message | Thread | Contract) for r in records):
        return "unknown"
    return "browsing"


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all facts of a page share."""

    site: SiteNames
    stage: Stage
    now: datetime
    market: Market | None
    past: Past | None
    rounds: Mapping[int, int | None]
    """The round of revision that a message (by its identity) asks for, counted with what is remembered."""

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
        values: dict[str, Any] = {
            "site": self.site.id or UNKNOWN,
            "outside_contact": outside_contact(self.site.id),
            "stage": stage,
            "listed": anchor is not None,
        }
        sources: dict[str, str] = {}
        for prefix, part in parts.items():
            if part is not None:
                values.update(self._values(prefix, part, beside_offer=beside_offer))
                sources.update({f"{prefix}.{name}": selector for name, selector in part.sources.items()})
        values.update(extra or {})
        return Facts(
            subject=subject,
            site=self.site,
            stage=stage,
            values=values,
            sources=sources,
            subject_id=getattr(record, "id", None),
            anchor=anchor,
            speaks=speaks,
            thread=thread,
        )

    def of_job(self, job: Job, client: Client | None) -> Iterable[Facts]:
        client = job.client or client
        anchor = job.sources.get("job")
        yield self.facts("job", job, {"job": job, "client": client}, anchor=anchor)
        if job.client is not None:
            yield self.of_client(job.client, anchor=anchor)

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
        """number: which thread of the page it is."""
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
        agreed = self._agreed(contract)
        for message in messages:
            round_ = self.rounds.get(id(message))
            # Who is neither known as the user nor as the site may be the client, and is judged as the client.
            extra: dict[str, Any] = {"message.author_role": message.author_role or "client"}
            if round_ is not None:
                extra["message.revision_round"] = round_
                extra["message.revisions_beyond"] = round_ - (REVISIONS_COMMON if agreed is None else agreed)
                if agreed is not None:
                    extra["message.revisions_agreed"] = agreed
            yield self.facts(
                "message",
                message,
                {"message": message, "contract": contract, "client": client},
                speaks=message.author_role not in ("freelancer", "system"),
                extra=extra,
                thread=thread,
            )

    def _values(self, prefix: str, record: Record, *, beside_offer: bool) -> Iterable[tuple[str, Any]]:
        values = record.__dict__
        for name, stored in _stored(prefix, type(record)):
            value = values[name]
            if value is not None:
                yield stored, value
        match record:
            case Client():
                yield from self._of_client(record, beside_offer=beside_offer)
            case Job():
                yield from self._of_job(record)
            case Contract():
                yield from self._of_contract(record)

    def _of_client(self, client: Client, *, beside_offer: bool) -> Iterable[tuple[str, Any]]:
        posted = client.job_offers_posted
        if posted is not None:
            counted = 1 if beside_offer and counts_present_offer(self.site.id) else 0
            yield "client.earlier_offers", max(0, posted - counted)
        if client.rating is not None or client.reviews:
            yield "client.unrated", False
        elif client.reviews == 0 or (posted is not None and client.completion_rate is None):
            # A page that counts the offers shows a rating too, where there is one.
            yield "client.unrated", True
        if client.total_spent is not None:
            yield "client.total_spent", client.total_spent.amount
        if client.member_since is not None:
            yield "client.member_days", self._days_since(client.member_since)
        if self.past is not None and self.past.alike:
            likest = self.past.alike[0]
            yield "client.alike", likest.what
            yield "client.alike_name", likest.name or likest.client
            yield "client.alike_share", likest.likeness
            yield "client.alike_day", likest.seen.isoformat()
            if likest.mine is not None:
                yield "client.alike_mine", likest.mine
            yield "client.alike_theirs", likest.theirs or likest.name or likest.client

    def _of_job(self, job: Job) -> Iterable[tuple[str, Any]]:
        pay = dict(_pay(job))
        yield from pay.items()
        per_hour = pay.get("job.pay.per_hour")
        if per_hour is not None and pay["job.pay.currency"] == "JPY":
            yield "job.pay.prefectures_above", prefectures_above(per_hour)
        offer = offer_of(job, self.site.id)
        rate = self.market(offer[0]) if self.market is not None and offer is not None else None
        if offer is not None and rate is not None:
            yield "job.pay.against_market", offer[1] / rate.median
            yield "job.pay.far_above_market", offer[1] > rate.high
            yield "job.pay.far_below_market", offer[1] < rate.low
            yield "job.pay.market_median", rate.median
            yield "job.pay.market_samples", rate.samples

    def _of_contract(self, contract: Contract) -> Iterable[tuple[str, Any]]:
        if contract.amount is not None:
            yield "contract.amount", contract.amount.amount
        past = self.past or Past()
        requests = earlier.revision_requests(past.steps, past.words)
        used = contract.revisions_used if contract.revisions_used is not None else requests or None
        if used is not None:
            agreed = self._agreed(contract)
            yield "contract.revision_requests", used
            yield "contract.revisions_beyond", used - (REVISIONS_COMMON if agreed is None else agreed)
        delivered = contract.delivered_at or earlier.delivered_on(past.steps)
        if delivered is not None:
            since = self._days_since(delivered)
            yield "contract.days_since_delivery", since
            if contract.payment_due is not None:
                yield "contract.days_to_payment", (earlier.day(contract.payment_due) - earlier.day(delivered)).days
            if contract.state == "delivered":
                yield "contract.days_to_pay", earlier.PAYMENT_DAYS - since
                days = acceptance_days(self.site.id)
                if days is not None:
                    yield "contract.days_to_acceptance", days - since
        unfunded = earlier.delivered_unfunded(past.steps, past.words)
        if unfunded is not None:
            yield "contract.delivered_unfunded", unfunded
        before = earlier.amount_before(past.steps)
        if before is not None:
            yield "contract.amount_before", before
        silent = earlier.silent_days(past.steps, past.words, self.now)
        if silent is not None:
            yield "contract.silent_days", silent

    def _agreed(self, contract: Contract | None) -> int | None:
        """Revisions agreed on: as the page shows it, else as the user has set it, else as a message says."""
        if contract is not None and contract.revisions_agreed is not None:
            return contract.revisions_agreed
        if self.past is None:
            return None
        if self.past.revisions_agreed is not None:
            return self.past.revisions_agreed
        return earlier.revisions_stated(self.past.words)

    def _days_since(self, moment: Moment) -> int:
        return earlier.days_between(moment, self.now)


@cache
def _stored(prefix: str, kind: type[Record]) -> tuple[tuple[str, str], ...]:
    """The fields of a kind of record that are facts as they stand, each with the fact's name."""
    return tuple((name, f"{prefix}.{name}") for name in kind.model_fields if f"{prefix}.{name}" in _STORED)


def _pay(job: Job) -> Iterable[tuple[str, Any]]:
    pay = job.pay
    if pay is None:
        price = stated_work.price_of_character(text for text in (job.title, job.body) if text)
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
    if pay.kind == "hourly":
        yield "job.pay.per_hour", amount.amount
    elif pay.kind == "per-task" and pay.minutes:
        yield "job.pay.per_hour", amount.amount * 60 / Decimal(pay.minutes)
    elif pay.kind == "per-character":
        characters = pay.characters_max or pay.characters_min
        yield "job.pay.per_character", amount.amount / Decimal(characters) if characters else amount.amount
    elif pay.kind == "fixed" and pay.max is not None:
        # What the words state the work to be; the highest pay offered, so that nothing seems lower than it is.
        texts = [text for text in (job.title, job.body) if text]
        per_character = stated_work.price_of_character(texts)
        length = stated_work.characters(texts)
        if per_character is None and length:
            per_character = amount.amount / length
        if per_character is not None:
            yield "job.pay.per_character", per_character
        time = stated_work.minutes(texts)
        if time:
            yield "job.pay.per_hour", amount.amount * 60 / time
