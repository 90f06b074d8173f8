"""A job's own page."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult

from extractors.document import Document, Element, text_of, words_of
from extractors.lancers.addresses import CLIENT, JOB, client_url, job_url
from extractors.lancers.job_list import pay_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.parsing import count, japanese_date, percent
from extractors.parts import Part, linked
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Link, Pay

BODY_LABELS = ("依頼概要", "募集内容", "依頼内容")
PRICES = (".price-block", ".p-search-job-media__price", ".work-proposal-budget")
SCHEDULE = ".p-work-detail-schedule__item"
CLIENT_BOX = ".p-work-detail-client-box"
CLIENT_LINKS = (
    '.p-work-detail-client-box__inner .client_name a[href*="/client/"]',
    '.p-work-detail-sub-heading__client a[href*="/client/"]',
    'a[href*="/client/"]',
)
STATUS = ".work_detail__proposal-status-number"
ORDER_RATE = ".p-work-detail-client-box-feedback-info__percent"
VERIFIED = "認証済みのクライアントからの依頼"

_DATE = r"(\d{4}年\d{1,2}月\d{1,2}日(?:\s{1,3}\d{1,2}:\d{2})?)"
_NICK = re.compile(r"(.{1,80}?)\s{0,3}[(（][\w.-]{1,60}[)）]")


class Detail(Part):
    """The page, with what is looked up more than once."""

    @cached_property
    def body(self) -> Element | None:
        """The description: beside its label, in whichever of the site's definition lists."""
        for label in self.document.select("dt, .p-work-detail-lancer__postscript-term"):
            value = label.getnext()
            if words_of(label) in BODY_LABELS and value is not None:
                return value
        return None

    @cached_property
    def price(self) -> str | None:
        return next((found for selector in PRICES if (found := self.words(selector)) is not None), None)

    @cached_property
    def running(self) -> str:
        """The page's own words in one line: labels and dates of older pages stand in running text."""
        return " ".join(self.document.lines)


def _title(detail: Detail) -> str | None:
    heading = detail.first("h1")
    return None if heading is None else words_of(heading) or None


def _body(detail: Detail) -> str | None:
    return None if detail.body is None else text_of(detail.body) or None


def _links(detail: Detail) -> tuple[Link, ...] | None:
    if detail.body is None:
        return None
    marked = anchors_in(detail.document.soup(detail.body), detail.document.page.url)
    return links_in(_body(detail), marked)


def _pay(detail: Detail) -> Pay | None:
    if detail.price is None:
        return None
    return pay_of("hourly" if "時間" in detail.price else "fixed", detail.price)


def _scheduled(label: str) -> tuple[Reader[Detail], ...]:
    """「締切： 2026年06月13日 22:10」: in the schedule, or in running text."""

    def item(detail: Detail) -> date | datetime | None:
        for found in detail.select(SCHEDULE):
            said = words_of(found)
            if said.startswith(label):
                return japanese_date(said.removeprefix(label).lstrip("：: "))
        return None

    pattern = re.compile(rf"{label}\s{{0,2}}[：:]\s{{0,3}}{_DATE}")

    def running(detail: Detail) -> date | datetime | None:
        found = pattern.search(detail.running)
        return japanese_date(found[1]) if found else None

    return (
        Reader[Detail](f"{SCHEDULE} {label}", item),
        Reader[Detail](label, running),
    )


def _proposals(detail: Detail) -> int | None:
    for element in detail.select(STATUS):
        said = words_of(element)
        if said.startswith("提案"):
            return count(said.removeprefix("提案").removeprefix("数").strip())
    return None


def _proposals_beside(detail: Detail) -> int | None:
    """「提案数」, and in the next paragraph 「49件」."""
    for label in detail.document.select("p"):
        if words_of(label) == "提案数" and (value := label.getnext()) is not None:
            return count(words_of(value))
    return None


def _client(convert: Callable[[str], str]) -> tuple[Reader[Detail], ...]:
    return tuple(
        Reader[Detail](selector, linked(selector, CLIENT, convert).read, "several-scrapers")
        for selector in CLIENT_LINKS
    )


def _client_name(detail: Detail) -> str | None:
    """「会社名 (nick)」 without the nickname, which is the address's slug."""
    said = next((name for selector in CLIENT_LINKS if (name := detail.words(selector)) is not None), None)
    found = _NICK.fullmatch(said) if said is not None else None
    return found[1] if found else said


def _verified(detail: Detail) -> bool | None:
    # Shown where it is so; a page without the words may be an older one.
    return True if VERIFIED in detail.running else None


JOB_FIELDS = {
    "id": (Reader[Detail]("url", lambda detail: _number(detail.document.page), "real-page"),),
    "url": (Reader[Detail]("url", lambda detail: job_url(_number(detail.document.page) or ""), "real-page"),),
    "title": (Reader[Detail]("h1", _title),),
    "body": (Reader[Detail]("dt=依頼概要", _body),),
    "links": (Reader[Detail]("dt=依頼概要", _links),),
    "pay": (Reader[Detail](PRICES[0], _pay),),
    "applicants": (Reader[Detail](STATUS, _proposals, "one-scraper"), Reader[Detail]("提案数", _proposals_beside)),
    "posted_at": _scheduled("開始"),
    "closes_at": _scheduled("締切"),
}
CLIENT_FIELDS = {
    "id": _client(str),
    "url": _client(client_url),
    "name": (Reader[Detail](CLIENT_LINKS[0], _client_name),),
    "hire_rate": (
        Reader[Detail](ORDER_RATE, lambda detail: percent(detail.words(ORDER_RATE) or ""), "several-scrapers"),
    ),
    "identity_verified": (Reader[Detail](VERIFIED, _verified),),
}


def _number(page: Page) -> str | None:
    found = JOB.fullmatch(page.location.path)
    return found[1] if found else None


class JobPage:
    kind = "job"
    examples: Sequence[str] = ("https://www.lancers.jp/work/detail/5534856",)
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return JOB.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job. Raises PageChanged where title, description or client has no reader."""
        detail = Detail(Document(page))
        values: dict[str, Any] = read_fields(detail, JOB_FIELDS)
        client = read_fields(detail, CLIENT_FIELDS)
        missing = [f"job.{name}" for name in ("title", "body") if name not in values]
        if "id" not in client:
            missing.append("job.client")
        if missing:
            raise PageChanged(self.kind, missing)
        return (Job(**values, client=Client(**client)),)
