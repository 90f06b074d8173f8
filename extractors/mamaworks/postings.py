"""A job as Mamaworks marks it up: schema.org JobPosting in microdata, then its classes and labels."""

import re
from typing import Any

from extractors.document import Document, Element, words_of
from extractors.links import links_in
from extractors.parsing import japanese_date, normal, yen_range
from extractors.parts import Part, linked, pay, words
from extractors.reading import Reader, read_fields
from extractors.records import Client, Job, Moment, Pay, PayKind

POSTING = '[itemtype="https://schema.org/JobPosting"], [itemtype="http://schema.org/JobPosting"]'
BOX = ".p-recruit-index__result-box"
"""A card in a list, by its class."""
ORIGIN = "https://mamaworks.jp"
BODIES = ('[itemprop="description"]', ".p-recruit-index__result-description")
DETAIL = ".p-recruit-index__result-detail-box p"
PERIOD = ".p-recruit-index__result-job-application-period"
LINK = 'a[href*="/job/"]'

_JOB = re.compile(r"(?:https://mamaworks\.jp)?/job/(\d{1,9})/?")
_TAX = re.compile(r"\((税込み?|税抜き?|税別)\)")
# 「時給 1,500円〜2,500円 時間単価1,500円～2,500円」, 「時間単価：1,500円～2,000円 ※…」: the first word, and its amount.
_PAY = re.compile(
    r"(時給|時間単価|月給|月額|日給|固定報酬|固定|文字単価|件単価):?((?:[\d,.~〜–—ー−\-億万千円]|以上|以下|未満|まで){1,60})"
)
_KINDS: dict[str, PayKind] = {
    "時給": "hourly",
    "時間単価": "hourly",
    "固定報酬": "fixed",
    "固定": "fixed",
    "件単価": "per-task",
}
_ENDS = re.compile(r"[〜~～]\s{0,3}(\d{4}/\d{1,2}/\d{1,2})")


def pay_in(text: str) -> Pay | None:
    """Pay of a line about the reward; a monthly or daily wage is none of our kinds and is left out."""
    plain = "".join(normal(text).split())
    match = _PAY.search(_TAX.sub("", plain))
    kind = _KINDS.get(match[1]) if match else None
    if match is None or kind is None:
        return None
    taxes = {tax.startswith("税込") for tax in _TAX.findall(plain)}
    return pay(kind, yen_range(match[2]), tax_included=taxes.pop() if len(taxes) == 1 else None)


def _meta(name: str) -> Reader[Part]:
    selector = f'meta[itemprop="{name}"]'
    return Reader(selector, lambda part: japanese_date(part.attribute(selector, "content") or ""), "real-page")


def _hidden(name: str) -> Reader[Part]:
    selector = f'input[name="{name}"]'

    def read(part: Part) -> str | None:
        value = part.attribute(selector, "value")
        return value if value is not None and value.isascii() and value.isdecimal() and len(value) < 10 else None

    return Reader(selector, read, "real-page")


def _pay(part: Part) -> Pay | None:
    lines = (words_of(line) for line in part.select(DETAIL))
    return next((pay_in(line) for line in lines if line.startswith("報酬")), None)


def _ends(part: Part) -> Moment | None:
    """The end of 「掲載期間：2026/06/19 〜 2026/09/30」."""
    match = _ENDS.search(part.words(PERIOD) or "")
    return japanese_date(match[1]) if match else None


def _body(selector: str) -> Reader[Part]:
    return Reader(selector, lambda part: part.text(selector), "real-page")


JOB_FIELDS = {
    "id": (_hidden("recruit_id"), linked(LINK, _JOB)),
    "url": (linked(LINK, _JOB, lambda number: f"{ORIGIN}/job/{number}"),),
    "title": (words('[itemprop="title"]'), words(".p-recruit-index__result-ttl"), words("h2"), words("h1")),
    "body": tuple(map(_body, BODIES)),
    "links": (
        Reader[Part](BODIES[0], lambda part: links_in(part.text(BODIES[0]) or part.text(BODIES[1])), "real-page"),
    ),
    "category": (words('[itemprop="occupationalCategory"]'),),
    "pay": (Reader[Part](DETAIL, _pay, "real-page"),),
    "posted_at": (_meta("datePosted"),),
    "closes_at": (_meta("validThrough"), Reader[Part](PERIOD, _ends, "real-page")),
}
CLIENT_FIELDS = {
    "id": (_hidden("client_id"),),
    "name": (
        words('[itemprop="hiringOrganization"] [itemprop="name"]'),
        words('[itemprop="hiringOrganization"]'),
        words(".p-recruit-index__result-name"),
    ),
}


def cards(document: Document) -> list[Element]:
    """The postings of a page, as they are marked up; where none is, its cards by their class."""
    return document.cards(POSTING) or document.cards(BOX)


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
