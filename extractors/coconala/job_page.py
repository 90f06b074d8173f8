"""A request's own page."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import SplitResult

from extractors.coconala.addresses import REQUEST, USER, request_url, user_url
from extractors.coconala.job_list import pay_of
from extractors.document import Document, Element, names_of, text_lines, text_of, words_of
from extractors.enclosures import enclosures_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count, japanese_date
from extractors.parts import Part, linked, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Link, Moment, Pay

ROW = ".c-requestOutlineRow"
SUMMARY = ".c-requestContentsSummary"
BODIES = (".c-requestContentsDetail", ".c-detailRowContentText")
OFFER = "a.c-requestButtonPrimary_offer"
REQUESTER = ".c-requestDetailRequester"
USER_LINK = f'{REQUESTER} a[href*="/users/"]'
APPLICANTS = (".c-requestOutlineRowContent_emphasis-proposalsLink", ".c-requestOutlineRowContent_emphasis-proposals")
DATES = ".c-requestOutlineRowContent_additional"
HEADING = ".c-infoRequesterTableColumn_heading"
CLOSED_NOTICES = ("募集を終了しました", "募集は終了しています", "この依頼の募集は終了")

_DATE = r"(\d{4}年\d{1,2}月\d{1,2}日)"


def _row(part: Part, label: str) -> Element | None:
    return next((row for row in part.cards(ROW) if words_of(row).startswith(label)), None)


def _value(part: Part, label: str) -> str | None:
    row = _row(part, label)
    return None if row is None else words_of(row).removeprefix(label).strip() or None


def _pay(part: Part) -> Pay | None:
    return pay_of(_value(part, "予算"))


def _texts(part: Part) -> list[Element]:
    """The summary, where there is one, and the description: today's place, else the older one."""
    summary = part.first(SUMMARY)
    detail = next((element for selector in BODIES if (element := part.first(selector)) is not None), None)
    return (
        [element for element in (summary, detail) if element is not None and words_of(element)]
        if detail is not None
        else []
    )


def _body(selector: str) -> Reader[Part]:
    def read(part: Part) -> str | None:
        if not part.words(selector):
            return None
        return "\n".join(text_of(element) for element in _texts(part)) or None

    return Reader(selector, read)


def _links(part: Part) -> tuple[Link, ...] | None:
    elements = _texts(part)
    if not elements:
        return None
    anchors = [a for e in elements for a in anchors_in(e, part.document.page.url)]
    return links_in("\n".join(map(text_of, elements)), anchors)


def _dated(label: str) -> Reader[Part]:
    """「締切日 2026年5月21日」 and 「掲載日 2026年5月14日」 are in one place, each after its label."""
    pattern = re.compile(rf"{label}\s{{0,3}}{_DATE}")

    def read(part: Part) -> Moment | None:
        text = " ".join(words_of(element) for element in part.select(DATES))
        match = pattern.search(text)
        return japanese_date(match[1]) if match else None

    return Reader(f"{DATES} th={label}", read)


def _column(label: str, convert: Callable[[str], object]) -> Reader[Part]:
    """The value stands before its heading."""

    def read(part: Part) -> object:
        for heading in part.select(HEADING):
            value = heading.getprevious()
            if label in names_of(heading) and value is not None:
                return convert(words_of(value))
        return None

    return Reader(f"{HEADING} th={label}", read)


def _verified(part: Part) -> bool | None:
    """「本人確認 済」; what stands there otherwise is not known but for 「未」."""
    requester = part.first(REQUESTER)
    # Without the links: their words are the client's name, which may be anything.
    lines = () if requester is None else text_lines(requester, skip=lambda element: element.tag == "a")
    text = " ".join(lines).partition("本人確認")[2].lstrip(" ：:")
    return True if text.startswith("済") else False if text.startswith("未") else None


def _requester(part: Part) -> str | None:
    # The first link may hold the picture alone.
    return next((text for link in part.select(USER_LINK) if (text := words_of(link))), None)


def _open(part: Part) -> bool | None:
    """Ended where the page says so, outside the client's own words; open where it takes offers."""
    own = {line for element in _texts(part) for line in text_lines(element)}
    others = (line for line in part.document.lines if line not in own)
    if any(phrase in line for line in others for phrase in CLOSED_NOTICES):
        return False
    return True if part.first(OFFER) is not None else None


def _number(page: Page) -> str | None:
    match = REQUEST.fullmatch(page.location.path)
    return match[1] if match else None


JOB_FIELDS = {
    "id": (Reader[Part]("url", lambda part: _number(part.document.page), "real-page"),),
    "url": (Reader[Part]("url", lambda part: request_url(_number(part.document.page) or ""), "real-page"),),
    "title": (words("h1.c-requestTitle_heading", certainty="several-scrapers"), words("h1")),
    "body": tuple(map(_body, BODIES)),
    "links": (Reader[Part](f"{BODIES[0]} a", _links),),
    "enclosures": (
        Reader[Part](f"{BODIES[0]} img", lambda part: enclosures_of(_texts(part), part.document.page.url), "assumed"),
    ),
    "category": (words(".c-requestTitle_category", certainty="several-scrapers"),),
    "pay": (Reader[Part](f"{ROW} th=予算", _pay),),
    "applicants": tuple(words(selector, count, "several-scrapers") for selector in APPLICANTS),
    "posted_at": (_dated("掲載日"),),
    "closes_at": (_dated("締切日"),),
    "open": (Reader[Part](OFFER, _open),),
}
CLIENT_FIELDS = {
    "id": (linked(USER_LINK, USER, certainty="several-scrapers"),),
    "url": (linked(USER_LINK, USER, user_url, certainty="several-scrapers"),),
    "name": (Reader[Part](USER_LINK, _requester),),
    # 発注件数: what the client has ordered so far.
    "job_offers_posted": (_column("発注件数", count),),
    "identity_verified": (Reader[Part](f"{REQUESTER} th=本人確認", _verified),),
}


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = ("https://coconala.com/requests/5030575",)
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return REQUEST.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The request. Raises PageChanged where title or description has no reader, or the outline is gone."""
        part = Part(Document(page))
        values: dict[str, Any] = read_fields(part, JOB_FIELDS)
        missing = [f"job.{name}" for name in ("title", "body") if name not in values]
        if part.first(ROW) is None:
            missing.append("job.pay")
        if missing:
            raise PageChanged(self.kind, missing)
        return (Job(**values, client=Client(**read_fields(part, CLIENT_FIELDS))),)
