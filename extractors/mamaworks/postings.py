"""A job as Mamaworks marks it up: schema.org JobPosting in microdata, the rest by its labels."""

import re
from typing import Any

from extractors.document import Document, Element, words_of
from extractors.links import links_in
from extractors.parsing import japanese_date, yen_range
from extractors.parts import Part, linked, pay, words
from extractors.reading import Reader, read_fields
from extractors.records import Client, Job, Pay, PayKind

POSTING = '[itemtype="https://schema.org/JobPosting"], [itemtype="http://schema.org/JobPosting"]'
ORIGIN = "https://mamaworks.jp"
DESCRIPTION = '[itemprop="description"]'
DETAIL = ".p-recruit-index__result-detail-box p"
LINK = 'a[href*="/job/"]'

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


def _meta(name: str) -> Reader[Part]:
    selector = f'meta[itemprop="{name}"]'
    return Reader(selector, lambda part: japanese_date(part.attribute(selector, "content") or ""), "real-page")


def _hidden(name: str) -> Reader[Part]:
    selector = f'input[name="{name}"]'

    def read(part: Part) -> str | None:
        value = part.attribute(selector, "value")
        return value if value is not None and value.isdecimal() and len(value) < 10 else None

    return Reader(selector, read, "real-page")


def _pay(part: Part) -> Pay | None:
    """Pay of the line that is labelled 報酬; a monthly or daily wage is none of our kinds and is left out."""
    for line in part.select(DETAIL):
        said = words_of(line)
        if said.startswith("報酬"):
            found = _PAY.search(said.removeprefix("報酬").lstrip("：: "))
            kind = _KINDS.get(found[1]) if found else None
            included = True if "（税込）" in said else False if "（税抜）" in said else None
            return pay(kind, yen_range(found[2]), tax_included=included) if found and kind else None
    return None


JOB_FIELDS = {
    "id": (_hidden("recruit_id"), linked(LINK, _JOB)),
    "url": (linked(LINK, _JOB, lambda number: f"{ORIGIN}/job/{number}"),),
    "title": (words('[itemprop="title"]'), words("h2"), words("h1")),
    "body": (Reader[Part](DESCRIPTION, lambda part: part.text(DESCRIPTION), "real-page"),),
    "links": (Reader[Part](DESCRIPTION, lambda part: links_in(part.text(DESCRIPTION)), "real-page"),),
    "category": (words('[itemprop="occupationalCategory"]'),),
    "pay": (Reader[Part](DETAIL, _pay, "real-page"),),
    "posted_at": (_meta("datePosted"),),
    "closes_at": (_meta("validThrough"),),
}
CLIENT_FIELDS = {
    "id": (_hidden("client_id"),),
    "name": (words('[itemprop="hiringOrganization"] [itemprop="name"]'), words('[itemprop="hiringOrganization"]')),
}


def values_of(document: Document, posting: Element) -> tuple[dict[str, Any], Client]:
    """The fields of a posting's job, and its client."""
    part = Part(document, posting)
    return read_fields(part, JOB_FIELDS), Client(**read_fields(part, CLIENT_FIELDS))


def job_of(document: Document, posting: Element) -> Job | None:
    """The job of a posting in a list; None where it has no id or no title."""
    values, client = values_of(document, posting)
    if not {"id", "title"} <= values.keys():
        return None
    values["sources"]["job"] = f'a[href$="/job/{values["id"]}"]'
    return Job(**values, client=client)
