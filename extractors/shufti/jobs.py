"""A job as Shufti's API gives it: a JSON:API resource of type `jobs` (https://jsonapi.org/format/)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from extractors.descriptor import Certainty
from extractors.parsing import number, relative_date
from extractors.reading import Reader, ident, members, read_fields, text, whole
from extractors.records import Client, Job, Money, Pay

PAGES = "https://app.shufti.jp/jobs/view"
"""Where a person reads a job, below this address."""
JOB_PATH = re.compile(r"(?:https://app\.shufti\.jp)?/jobs/view/(\d{1,12})/?")
TASK = 2
"""The `type` of a task (タスク); 1 is a project."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource object, and when it came: `period` counts from there."""

    id: object
    attributes: dict[str, Any]
    received_at: datetime


def _field(path: str, read: Callable[[Resource], object], certainty: Certainty = "real-page") -> Reader[Resource]:
    return Reader(path, read, certainty)


def _yen(value: object) -> Decimal | None:
    # The API writes amounts as texts: "1000".
    return number(value) if isinstance(value, str) else None


def _pay(job: Resource) -> Pay | None:
    """`unit_price` is what one piece pays; `price` the most that can be earned."""
    unit, most = _yen(job.attributes.get("unit_price")), _yen(job.attributes.get("price"))
    is_task = job.attributes.get("type") == TASK
    if unit is None or (most is None and not is_task):
        return None
    money = Money(amount=unit)
    return Pay(kind="fixed" if unit == most and not is_task else "per-task", min=money, max=money)


def _most(job: Resource) -> Pay | None:
    """Returns the highest pay of a job, where the API states no price a piece."""
    if "unit_price" not in job.attributes:
        return None
    most = _yen(job.attributes.get("price"))
    return None if most is None else Pay(kind="fixed", max=Money(amount=most))


def _url(job: Resource) -> str | None:
    number = ident(job.id)
    return f"{PAGES}/{number}" if number is not None and number.isascii() and number.isdecimal() else None


def _closes(job: Resource) -> object:
    period = text(job.attributes.get("period"))
    return None if period is None else relative_date(period, job.received_at)


JOB_FIELDS = {
    "id": (_field("data[].id", lambda job: ident(job.id)),),
    "url": (_field("data[].id", _url, "one-scraper"),),
    "title": (_field("attributes.name", lambda job: text(job.attributes.get("name"))),),
    "pay": (_field("attributes.unit_price", _pay), _field("attributes.price", _most)),
    "openings": (_field("attributes.remaining_count", lambda job: whole(job.attributes.get("remaining_count"))),),
    "closes_at": (_field("attributes.period", _closes),),
}
CLIENT_FIELDS = {
    "id": (_field("attributes.client_id", lambda job: ident(job.attributes.get("client_id"))),),
    "name": (_field("attributes.client_name", lambda job: text(job.attributes.get("client_name"))),),
}


def card_anchor(number: str) -> str:
    """The link of a job's card in a drawn list, as a selector."""
    return f'a[href$="/jobs/view/{number}"]'


def job_of(resource: dict[str, Any], received_at: datetime) -> Job | None:
    """The job of a resource object; None where it is none, or has no id or no name."""
    part = Resource(resource.get("id"), members(resource, "attributes"), received_at)
    values = read_fields(part, JOB_FIELDS)
    if resource.get("type") not in (None, "jobs") or not {"id", "title"} <= values.keys():
        return None
    if "url" in values:
        values["sources"]["job"] = card_anchor(values["id"])
    return Job(**values, client=Client(**read_fields(part, CLIENT_FIELDS)))
