"""A job as PeoplePerHour's data has it (`entities.projects[id].attributes`), and the addresses of jobs."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from extractors.descriptor import Certainty
from extractors.reading import Fields, Reader, Row, amount, ident, members, money, text, whole
from extractors.records import Pay, PayKind

ORIGIN = "https://www.peopleperhour.com"

_JOB = re.compile(
    rf"(?:{re.escape(ORIGIN)})?/(?:freelance-jobs(?:/[\w-]{{1,80}}){{2}}|job)/[^/?#\s]{{0,300}}?-?(\d{{1,12}})/?(?:[?#].*)?"
)
_POSTED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_KINDS: Mapping[str, PayKind] = {"fixed_price": "fixed", "hourly": "hourly"}


def job_number(address: str | None) -> str | None:
    """The number at the end of a job's address, or of its path."""
    match = _JOB.fullmatch(address or "")
    return match[1] if match else None


def job_url(address: str) -> str:
    """A job's address without what follows its path."""
    path = re.split("[?#]", address, maxsplit=1)[0].removeprefix(ORIGIN).rstrip("/")
    return f"{ORIGIN}{path}"


def card_anchor(number: str) -> str:
    """The link of a job's card, as a selector."""
    return f'a[class*="item__url"][href$="-{number}"]'


def _field(path: str, read: Callable[[Row], object], certainty: Certainty = "real-page") -> tuple[Reader[Row], ...]:
    return (Reader(path, read, certainty),)


def _pay(job: Row) -> Pay | None:
    """The budget in the client's currency: one amount, the whole or by the hour. 0 stands for none."""
    kind = _KINDS.get(text(job.get("project_type")) or "")
    if kind is None or "budget" not in job:
        return None
    if not amount(job.get("budget")):
        return Pay(kind=kind)
    budget = money(job.get("budget"), job.get("currency"))
    return None if budget is None else Pay(kind=kind, min=budget, max=budget)


def _posted(job: Row) -> datetime | None:
    """A moment in UTC, which the data does not say: the ages of the cards beside it do."""
    timestamp = text(job.get("posted_dt")) or ""
    try:
        return datetime.fromisoformat(timestamp).replace(tzinfo=UTC) if _POSTED.fullmatch(timestamp) else None
    except ValueError:
        return None


def _url(job: Row) -> str | None:
    address = text(job.get("url"))
    return job_url(address) if address is not None and job_number(address) is not None else None


def _is_open(job: Row) -> bool | None:
    """Only the word of a job that takes proposals has been seen."""
    return True if job.get("item_state") == "open" else None


def _category(job: Row) -> str | None:
    return text(members(job, "sub_category").get("subcate_name"))


CLIENT_FIELDS: Fields[Row] = {
    "country": _field("client.country", lambda job: text(members(job, "client").get("country")), "one-scraper"),
}
DATA_FIELDS: Fields[Row] = {
    "id": _field("proj_id", lambda job: ident(job.get("proj_id"))),
    "url": _field("url", _url),
    "title": _field("title", lambda job: text(job.get("title"))),
    "body": _field("proj_desc", lambda job: text(job.get("proj_desc")), "several-scrapers"),
    "category": _field("sub_category.subcate_name", _category),
    "pay": _field("budget", _pay),
    "applicants": _field("proposalCount", lambda job: whole(job.get("proposalCount"))),
    "posted_at": _field("posted_dt", _posted),
    "open": _field("item_state", _is_open),
}
