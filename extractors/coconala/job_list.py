"""Lists of requests (仕事・相談). Ended ones stand among the open ones, each with its own state."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.coconala.addresses import REQUEST, USER, request_url, user_url
from extractors.document import Document, Element
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count, japanese_date, relative_date, yen_range
from extractors.parts import Part, distinct_jobs, linked, pay, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Moment, Pay

CARDS = ".c-searchItemWrapper"
TITLE = ".c-itemInfo_title a"
LINK = "a.c-searchItem_detailLink"
BODY = ".c-itemInfo_description"
CATEGORY = ".c-itemInfo_category"
BUDGETS = (".d-requestBudget", ".c-itemTileLine_budget", ".d-requestPrice_emphasis", ".c-itemTileLine_emphasis-budget")
APPLICANTS = ".c-itemTileLine_emphasis-proposalCount"
REMAINING = ".c-itemTileLine_remainingDays"
UNTIL = ".c-itemTileLine_remainingDate"
FINISHED = ".c-itemTileLine_remainingFinished"
NAME = ".c-itemInfoUser_name"
POSTED = ".c-itemInfoUser_created span[title]"
USER_LINK = 'a[href*="/users/"]'
NONE_FOUND = re.compile(r"(?:仕事|募集|依頼|条件に一致).{0,20}(?:見つかりません|ありません)")

_UNTIL = re.compile(r"[（(]?\s{0,3}(\d{1,2}月\d{1,2}日)\s{0,3}まで")


def pay_of(text: str | None) -> Pay | None:
    """「5千 円 〜 1万 円」, 「5千 円未満」 (an upper bound alone), 「見積り希望」 (no bounds yet)."""
    if text is None:
        return None
    if "見積" in text:
        return Pay(kind="fixed")
    return pay("fixed", yen_range(text.replace(" ", "")))


def budget() -> tuple[Reader[Part], ...]:
    """Readers of a budget: today's place, then the older ones."""
    return tuple(
        Reader[Part](
            selector,
            lambda part, selector=selector: pay_of(part.words(selector)),  # type: ignore[misc]
            "real-page" if selector == BUDGETS[0] else "several-scrapers",
        )
        for selector in BUDGETS
    )


def _closes(part: Part) -> Moment | None:
    match = _UNTIL.search(part.words(UNTIL) or "")
    if match:
        return japanese_date(match[1], part.received_at)
    return relative_date((part.words(REMAINING) or "").replace(" ", ""), part.received_at)


def _open(part: Part) -> bool | None:
    if part.first(FINISHED) is not None:
        return False
    return True if part.first(REMAINING) is not None else None


JOB_FIELDS = {
    "id": (linked(LINK, REQUEST), linked(TITLE, REQUEST)),
    "url": (linked(LINK, REQUEST, request_url), linked(TITLE, REQUEST, request_url)),
    "title": (words(TITLE),),
    "body": (Reader[Part](BODY, lambda part: part.text(BODY), "real-page"),),
    "links": (Reader[Part](BODY, lambda part: links_in(part.text(BODY)), "real-page"),),
    "category": (words(CATEGORY),),
    "pay": budget(),
    "applicants": (words(APPLICANTS, count),),
    "posted_at": (
        Reader[Part](POSTED, lambda part: japanese_date(part.attribute(POSTED, "title") or ""), "real-page"),
    ),
    "closes_at": (Reader[Part](UNTIL, _closes, "real-page"),),
    "open": (Reader[Part](FINISHED, _open, "real-page"),),
}
CLIENT_FIELDS = {
    "id": (linked(USER_LINK, USER),),
    "url": (linked(USER_LINK, USER, user_url),),
    "name": (words(f"{NAME} span"), words(NAME)),
}


def job_of(document: Document, card: Element) -> Job | None:
    """The request of a card; None where the card leads to none."""
    part = Part(document, card)
    values = read_fields(part, JOB_FIELDS)
    if not {"id", "title"} <= values.keys():
        return None
    values["sources"]["job"] = f'{CARDS}:has(a[href$="/requests/{values["id"]}"])'
    return Job(**values, client=Client(**read_fields(part, CLIENT_FIELDS)))


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://coconala.com/requests?sort=new",
        "https://coconala.com/requests/categories/668?page=2",
    )
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    _path = re.compile(r"/requests(?:/categories/\d{1,6})?/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a card, each once. Raises PageChanged where no card is a request, unless none was found."""
        document = Document(page)
        jobs = distinct_jobs(job_of(document, card) for card in document.cards(CARDS))
        if not jobs and not any(NONE_FOUND.search(line) for line in document.lines):
            raise PageChanged(self.kind, [CARDS])
        return tuple(jobs.values())
