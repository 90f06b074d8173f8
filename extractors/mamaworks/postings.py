"""A job as Mamaworks marks it up: schema.org JobPosting in microdata, the rest by its labels."""

import re
from collections.abc import Callable
from typing import Any

from extractors.document import Document, Element, text_of, words_of
from extractors.links import links_in
from extractors.page import Certainty
from extractors.parsing import japanese_date, yen_range
from extractors.reading import Reader, read_fields
from extractors.records import Client, Job, Money, Pay, PayKind

POSTING = '[itemtype="https://schema.org/JobPosting"], [itemtype="http://schema.org/JobPosting"]'
ORIGIN = "https://mamaworks.jp"
_JOB = re.compile(r"(?:https://mamaworks\.jp)?/job/(\d{1,9})/?")
# 「時給 1,500円〜2,500円 時間単価1,500円～2,500円（税込）」: the word, then the amount up to the next blank.
_PAY = re.compile(r"(時給|時間単価|月給|月額|日給|固定報酬|固定|文字単価|件単価|報酬)[\s:：]{0,3}([^\s（(]{1,60})")
_KINDS: dict[str, PayKind] = {
    "時給": "hourly",
    "時間単価": "hourly",
    "固定報酬": "fixed",
    "固定": "fixed",
    "件単価": "per-task",
}


class View:
    """One posting within a page."""

    def __init__(self, document: Document, posting: Element) -> None:
        self.document = document
        self.posting = posting

    def words(self, selector: str) -> str | None:
        element = self.document.first(selector, self.posting)
        return None if element is None else words_of(element) or None

    def attribute(self, selector: str, name: str) -> str | None:
        element = self.document.first(selector, self.posting)
        return None if element is None else element.get(name) or None


def _words(selector: str, certainty: Certainty = "real-page") -> Reader[View]:
    return Reader(selector, lambda view: view.words(selector), certainty)


def _meta(name: str) -> Reader[View]:
    selector = f'meta[itemprop="{name}"]'
    return Reader(selector, lambda view: japanese_date(view.attribute(selector, "content") or ""), "real-page")


def _linked(convert: Callable[[str], str]) -> Reader[View]:
    def read(view: View) -> str | None:
        for link in view.document.select('a[href*="/job/"]', view.posting):
            if found := _JOB.fullmatch(link.get("href") or ""):
                return convert(found[1])
        return None

    return Reader('a[href*="/job/"]', read, "real-page")


def _hidden(name: str) -> Reader[View]:
    selector = f'input[name="{name}"]'

    def read(view: View) -> str | None:
        value = view.attribute(selector, "value")
        return value if value is not None and value.isdecimal() and len(value) < 10 else None

    return Reader(selector, read, "real-page")


DESCRIPTION = '[itemprop="description"]'
DETAIL = ".p-recruit-index__result-detail-box p"


def _body(view: View) -> str | None:
    element = view.document.first(DESCRIPTION, view.posting)
    return None if element is None else text_of(element) or None


def _pay(view: View) -> Pay | None:
    """Pay of the line that is labelled 報酬; a monthly or daily wage is none of our kinds and is left out."""
    for line in view.document.select(DETAIL, view.posting):
        words = words_of(line)
        if not words.startswith("報酬"):
            continue
        found = _PAY.search(words.removeprefix("報酬").lstrip("：: "))
        bounds = yen_range(found[2]) if found else None
        kind = _KINDS.get(found[1]) if found else None
        if bounds is None or kind is None:
            return None
        low = None if bounds.min is None else Money(amount=bounds.min)
        high = None if bounds.max is None else Money(amount=bounds.max)
        included = True if "（税込）" in words else False if "（税抜）" in words else None
        return Pay(kind=kind, min=low, max=high, tax_included=included)
    return None


JOB_FIELDS = {
    "id": (_hidden("recruit_id"), _linked(str)),
    "url": (_linked(lambda number: f"{ORIGIN}/job/{number}"),),
    "title": (_words('[itemprop="title"]'), _words("h2"), _words("h1")),
    "body": (Reader[View](DESCRIPTION, _body, "real-page"),),
    "links": (Reader[View](DESCRIPTION, lambda view: links_in(_body(view)), "real-page"),),
    "category": (_words('[itemprop="occupationalCategory"]'),),
    "pay": (Reader[View](DETAIL, _pay, "real-page"),),
    "posted_at": (_meta("datePosted"),),
    "closes_at": (_meta("validThrough"),),
}
CLIENT_FIELDS = {
    "id": (_hidden("client_id"),),
    "name": (_words('[itemprop="hiringOrganization"] [itemprop="name"]'), _words('[itemprop="hiringOrganization"]')),
}


def values_of(document: Document, posting: Element) -> tuple[dict[str, Any], Client]:
    """The fields of a posting's job, and its client."""
    view = View(document, posting)
    return read_fields(view, JOB_FIELDS), Client(**read_fields(view, CLIENT_FIELDS))


def job_of(document: Document, posting: Element) -> Job | None:
    """The job of a posting in a list; None where it has no id or no title."""
    values, client = values_of(document, posting)
    if not {"id", "title"} <= values.keys():
        return None
    values["sources"]["job"] = f'a[href$="/job/{values["id"]}"]'
    return Job(**values, client=client)
