"""A project as Freelancer.com's data has it: in an answer of the API, and in the data of a project's page."""

from collections.abc import Callable, Mapping

from extractors.freelancer.addresses import project_url
from extractors.links import links_in
from extractors.reading import Fields, Reader, Row, epoch, ident, members, money, text, whole
from extractors.records import Pay, PayKind

_KINDS: Mapping[object, PayKind] = {"fixed": "fixed", "hourly": "hourly"}
_OPEN: Mapping[str, bool] = {"open": True, "work_in_progress": False, "complete": False}
_ENDED = frozenset({"closed", "frozen", "rejected"})
"""Of the coarser `status`. One that is `active` may be under way already."""


def _field(path: str, read: Callable[[Row], object]) -> Reader[Row]:
    return Reader(path, read, "real-page")


def pay_of(kind: object, budget: Row, names: tuple[str, str], currency: Row) -> Pay | None:
    """Returns the budget of a project; None where its kind or its currency is not told.

    names: the keys of the least and the most. An amount that is missing or 0 is not stated: an hourly project may
    have a least alone.
    """
    if not isinstance(kind, str) or kind not in _KINDS:
        return None
    bounds = (money(budget.get(name), currency.get("code")) for name in names)
    low, high = (bound if bound is not None and bound.amount else None for bound in bounds)
    if low is None and high is None:
        return None
    if low is not None and high is not None and low.amount > high.amount:
        return None
    return Pay(kind=_KINDS[kind], min=low, max=high)


def seo_path(value: object) -> str | None:
    """Category and name of a project, as its address has them."""
    path = text(value)
    return None if path is None else path.removeprefix("/projects/").strip("/") or None


def _url(key: str) -> Callable[[Row], str | None]:
    def read(row: Row) -> str | None:
        path = seo_path(row.get(key))
        return None if path is None else project_url(path)

    return read


def _body(row: Row) -> str | None:
    return text(row.get("description")) or text(row.get("preview_description"))


def _is_open(row: Row) -> bool | None:
    is_open = _OPEN.get(text(row.get("frontend_project_status")) or "")
    return False if text(row.get("status")) in _ENDED else is_open


def _is_open_on_page(row: Row) -> bool | None:
    status = text(row.get("status"))
    return False if status in _ENDED else True if status == "active" else None


ANSWER_FIELDS: Fields[Row] = {
    "id": (_field("id", lambda row: ident(row.get("id"))),),
    "url": (_field("seo_url", _url("seo_url")),),
    "title": (_field("title", lambda row: text(row.get("title"))),),
    "body": (_field("description", _body),),
    "links": (_field("description", lambda row: links_in(_body(row))),),
    "pay": (
        _field(
            "budget",
            lambda row: pay_of(
                row.get("type"), members(row, "budget"), ("minimum", "maximum"), members(row, "currency")
            ),
        ),
    ),
    "applicants": (_field("bid_stats.bid_count", lambda row: whole(members(row, "bid_stats").get("bid_count"))),),
    "posted_at": (_field("submitdate", lambda row: epoch(row.get("submitdate"), 1)),),
    "open": (_field("frontend_project_status", _is_open),),
}
"""A project in an answer of the API."""

PAGE_FIELDS: Fields[Row] = {
    "url": (_field("seoUrl", _url("seoUrl")),),
    "title": (_field("title", lambda row: text(row.get("title"))),),
    "body": (_field("description", lambda row: text(row.get("description"))),),
    "links": (_field("description", lambda row: links_in(text(row.get("description")))),),
    "pay": (
        _field(
            "budget",
            lambda row: pay_of(
                row.get("type"), members(row, "budget"), ("min", "max"), members(row, "currencyDetails")
            ),
        ),
    ),
    "applicants": (_field("bidStats.bidCount", lambda row: whole(members(row, "bidStats").get("bidCount"))),),
    "posted_at": (_field("startTime", lambda row: epoch(row.get("startTime"), 1000)),),
    "closes_at": (_field("endTime", lambda row: epoch(row.get("endTime"), 1000)),),
    "open": (_field("status", _is_open_on_page),),
}
"""A project in the data of its page (`rawDocument`)."""
