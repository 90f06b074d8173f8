"""The fields that a rule may ask about, and the values of the field `site`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from extractors.records import Demand
from rules.model import Subject

Kind = Literal["text", "number", "share", "flag", "word", "list"]
"""A `share` is a number from 0 to 1 that is shown in per cent."""


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """The kind of a field's values, and the field of a record that it was derived from."""

    kind: Kind
    origin: str


WORDS: Mapping[Subject, tuple[str, ...]] = MappingProxyType(
    {
        "job": ("job.title", "job.body", "job.attachment.text"),
        "client": ("client.profile", "client.attachment.text"),
        "message": ("message.body", "message.attachment.text"),
        "thread": (),
        "contract": ("contract.title",),
    }
)
"""The text fields of each subject; `words` in a rule means these, where the client wrote them."""

ENCLOSING: tuple[Subject, ...] = ("job", "client", "message")
"""Subjects that pictures and files belong to. Each that was looked at is judged as a text of its subject."""

STORED_FIELDS: dict[str, Kind] = {
    "client.job_offers_posted": "number",
    "client.contracts_made": "number",
    "client.completion_rate": "share",
    "client.rating": "number",
    "client.reviews": "number",
    "client.identity_verified": "flag",
    "client.rules_acknowledged": "flag",
    "client.payment_verified": "flag",
    "client.payment_terms": "word",
    "client.jobs_paid": "number",
    "client.deposit_made": "flag",
    "client.hire_rate": "share",
    "client.feedback": "share",
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
    "contract.payment_terms": "word",
    "contract.demand": "word",
    "contract.demand_by": "word",
    "contract.revisions_used": "number",
    "contract.revisions_agreed": "number",
}
"""Fields of records that are facts as they stand."""
_KINDS_ENCLOSED: Mapping[str, Kind] = {"text": "text", "codes": "list", "macros": "flag", "locked": "flag"}
ENCLOSED_FIELDS = frozenset(f"{subject}.attachment.{name}" for subject in ENCLOSING for name in _KINDS_ENCLOSED)
"""Fields of pictures and files. Where nothing was looked into they are not missing: a page need not have any."""
_DERIVED: dict[str, tuple[Kind, str]] = {
    "site": ("word", "site"),
    "outside_contact": ("word", "site"),
    "contact_now": ("word", "site"),
    "outside_payment": ("word", "site"),
    "in_japan": ("flag", "site"),
    **{
        f"{name}.{event.replace('-', '_')}": ("word", "site")
        for name in ("limit", "otherwise")
        for event in get_args(Demand)
    },
    "stage": ("word", "contract.state"),
    "funded": ("flag", "contract.state"),
    "words": ("text", "words"),
    "listed": ("flag", "listed"),
    "enclosed": ("flag", "enclosed"),
    **{name: (_KINDS_ENCLOSED[name.rpartition(".")[2]], name) for name in sorted(ENCLOSED_FIELDS)},
    "client.attachments": ("list", "client.attachments"),
    "client.links": ("list", "client.links"),
    "client.earlier_offers": ("number", "client.job_offers_posted"),
    "client.unrated": ("flag", "client.rating"),
    "client.job_offers_hired": ("number", "client.hire_rate"),
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
    "job.pay.compared": ("number", "job.pay"),
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
    "contract.funded_amount": ("number", "contract.funded_amount"),
    "contract.funded_currency": ("word", "contract.funded_amount"),
    "contract.unfunded_amount": ("number", "contract.funded_amount"),
    "contract.currency": ("word", "contract.amount"),
    "contract.pay.kind": ("word", "contract.pay"),
    "contract.days_to_answer": ("number", "contract.demanded_at"),
    "contract.limit": ("word", "contract.demand"),
    "contract.otherwise": ("word", "contract.demand"),
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
# Fields of `thread.` are derived when the engine has the meanings of the messages: rules/thread_facts.py.
FIELDS: Mapping[str, FieldInfo] = MappingProxyType(
    {
        **{name: FieldInfo(kind, name) for name, kind in STORED_FIELDS.items()},
        **{name: FieldInfo(kind, origin) for name, (kind, origin) in _DERIVED.items()},
    }
)
"""Every field that a rule may ask about."""
