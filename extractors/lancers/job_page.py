"""A job's own page."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult

from extractors.document import Document, Element, names_of, text_lines, text_of, words_of
from extractors.enclosures import enclosures_of
from extractors.lancers.addresses import JOB, PROPOSE, job_url
from extractors.lancers.client_links import ANYWHERE, client_readers
from extractors.lancers.job_labels import RATE_LABEL, unread_of_client, unread_of_job
from extractors.lancers.job_list import CARDS, KIND, kind_of, pay_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count, japanese_date, percent
from extractors.parts import Part
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Link, Pay

BODY_LABELS = ("依頼概要", "募集内容", "依頼内容")
TERM = "p-work-detail-lancer__postscript-term"
LABELS = f"dt, .definitionList__term, .{TERM}"
SECTION = "p-work-detail-lancer__postscript-description"
"""The class of the sections of what the client wrote, whatever they are called; what was added later is one of them."""
PRICES = (".price-block", ".p-search-job-media__price", ".work-proposal-budget")
PER_CHARACTER = '[data-url*="icn_words"]'
SCHEDULES = (".p-work-detail-schedule__item", ".workdetail-schedule__item")
STATUS = ".work_detail__proposal-status-number"
SUMMARY_COLUMN = '[class*="tableSummary__col"]'
STATUS_SECTION = ".work_detail__proposal-status"
APPLY = 'a[href*="/work/propose_start/"]'
CLIENT_LINKS = (
    '.p-work-detail-client-box__inner .client_name a[href*="/client/"]',
    '[class*="p-work-detail-sub-heading__"] a[href*="/client/"], a[class*="p-work-detail-sub-heading__"]',
)
CLIENT_BOX = ".p-work-detail-client-box__inner"
ORDER_RATE = ".p-work-detail-client-box-feedback-info__percent"
GOOD = ".p-work-detail-client-box-feedback-info__number-good"
BAD = ".p-work-detail-client-box-feedback-info__number-bad"
VERIFIED = "認証済みのクライアントからの依頼"

_DATE = r"(\d{4}年\d{1,2}月\d{1,2}日(?:\s{1,3}\d{1,2}:\d{2})?)"
_NICK = re.compile(r"(.{1,80}?)\s{0,3}[(（][\w.-]{1,60}[)）]")
_PROPOSALS = re.compile(r"提案数?\s{0,3}[:：]?\s{0,3}([\d,]{1,9})\s{0,3}件")
_RATE = re.compile(rf"{RATE_LABEL}\s{{0,3}}[:：]?\s{{0,3}}(\d{{1,3}}\s{{0,2}}[%％])")
_TITLE_END = re.compile(r"の副業・在宅・フリーランスの仕事.*", re.DOTALL)


class Detail(Part):
    """The page, with what is looked up more than once. The cards of other jobs on it are no part of this one."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._own: dict[str, list[Element]] = {}

    def own(self, selector: str) -> list[Element]:
        """Returns the elements of a selector outside the client's text and the cards of other jobs."""
        if selector not in self._own:
            elements = self.select(selector)
            self._own[selector] = [one for one in elements if self._apart.isdisjoint(one.iterancestors())]
        return self._own[selector]

    @cached_property
    def _apart(self) -> frozenset[Element]:
        return frozenset([*self.sections, *self.select(CARDS)])

    @cached_property
    def sections(self) -> dict[Element, None]:
        """Returns the client's own texts, in order: beside their label in any of the site's lists, and in sections."""
        sections: dict[Element, None] = {}
        for element in self.cards(f"{LABELS}, .{SECTION}"):
            is_label = TERM in _classes(element) or any(name in BODY_LABELS for name in names_of(element))
            section = element.getnext() if is_label else element if SECTION in _classes(element) else None
            if section is not None and sections.keys().isdisjoint(section.iterancestors()):
                sections[section] = None
        return sections

    @cached_property
    def running(self) -> str:
        """The site's own words in one line: labels and dates of older pages are in running text.

        Neither titles nor links: a client chooses their words.
        """

        def is_others(element: Element) -> bool:
            return element.tag in ("h1", "a") or element in self._apart

        return " ".join(line for body in self.select("body") for line in text_lines(body, skip=is_others))


def _classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def _title(detail: Detail) -> str | None:
    heading = next(iter(detail.own("h1")), None)
    return None if heading is None else words_of(heading) or None


def _window_title(detail: Detail) -> str | None:
    """「…の副業・在宅・フリーランスの仕事」 in the title of the window."""
    text = detail.words("title") or ""
    shorter = _TITLE_END.sub("", text)
    return shorter or None if shorter != text else None


def _body(detail: Detail) -> str | None:
    return "\n\n".join(text for section in detail.sections if (text := text_of(section))) or None


def _links(detail: Detail) -> tuple[Link, ...] | None:
    base = detail.document.page.url
    anchors = (link for section in detail.sections for link in anchors_in(section, base))
    return links_in(_body(detail), anchors)


def _pay(selector: str) -> Reader[Detail]:
    def read(detail: Detail) -> Pay | None:
        price = next((text for element in detail.own(selector) if (text := words_of(element))), None)
        if price is None:
            return None
        if detail.first(PER_CHARACTER) is not None:
            return pay_of("per-character", price)
        badge = next((words_of(element) for element in detail.own(KIND)), None)
        # A project's price carries no word for its kind.
        return pay_of(kind_of(badge, price) or ("hourly" if "時間" in price else "fixed"), price)

    return Reader(selector, read)


def _scheduled(label: str) -> tuple[Reader[Detail], ...]:
    """「締切： 2026年06月13日 22:10」: in the schedule, or in running text."""

    def item(detail: Detail, selector: str) -> date | datetime | None:
        for element in detail.own(selector):
            text = words_of(element)
            if text.startswith(label):
                return japanese_date(text.removeprefix(label).lstrip("：: "))
        return None

    pattern = re.compile(rf"{label}\s{{0,2}}[：:]\s{{0,3}}{_DATE}")

    def running(detail: Detail) -> date | datetime | None:
        match = pattern.search(detail.running)
        return japanese_date(match[1]) if match else None

    return (
        *(
            Reader[Detail](f"{selector} {label}", lambda detail, selector=selector: item(detail, selector))  # type: ignore[misc]
            for selector in SCHEDULES
        ),
        Reader[Detail](label, running),
    )


def _proposals(selector: str) -> Reader[Detail]:
    """「提案 8件」, 「提案: 8件」."""

    def read(detail: Detail) -> int | None:
        matches = (_PROPOSALS.search(words_of(element)) for element in detail.own(selector))
        return next((count(match[1]) for match in matches if match), None)

    return Reader(selector, read, "one-scraper")


def _paragraph_pairs(detail: Detail) -> Iterator[str]:
    """Yields a label and the paragraph below it: 「提案数 49件」."""
    for label in detail.own(f"{SUMMARY_COLUMN} p"):
        if (value := label.getnext()) is not None and value.tag == "p":
            yield f"{words_of(label)} {words_of(value)}"


def _is_link(element: Element) -> bool:
    return element.tag == "a"


def _proposals_beside(detail: Detail) -> int | None:
    """「提案数」, and in the next paragraph 「49件」."""
    for label in detail.own("p"):
        if "提案数" in names_of(label) and (value := label.getnext()) is not None:
            return count(words_of(value))
    return None


def _takes_proposals(detail: Detail) -> bool | None:
    """Whether the page offers to propose; where it does not, the reader may have proposed already."""
    number = _number(detail.document.page)
    links = (PROPOSE.fullmatch(link.get("href") or "") for link in detail.own(APPLY))
    return True if any(match and match[1] == number for match in links) else None


def _without_nick(text: str | None) -> str | None:
    """「会社名 (nick)」 without the nickname, which is the address's slug."""
    match = _NICK.fullmatch(text) if text is not None else None
    return match[1] if match else text


def _ratings(detail: Detail) -> int | None:
    """Returns the number of ratings, good and bad: the page counts both and never adds them."""
    good, bad = (count(detail.words(selector) or "") for selector in (GOOD, BAD))
    return None if good is None or bad is None else good + bad


def _rate_in_words(detail: Detail) -> float | None:
    """「発注率 75%」 in the site's own words."""
    match = _RATE.search(detail.running)
    return percent(match[1]) if match else None


def _verified(detail: Detail) -> bool | None:
    # Shown where it is so; a page without the words may be an older one.
    return True if VERIFIED in detail.running else None


JOB_FIELDS = {
    "id": (Reader[Detail]("url", lambda detail: _number(detail.document.page), "real-page"),),
    "url": (Reader[Detail]("url", lambda detail: job_url(_number(detail.document.page) or ""), "real-page"),),
    "title": (Reader[Detail]("h1", _title), Reader[Detail]("title", _window_title, "one-scraper")),
    "body": (Reader[Detail]("dt=依頼概要", _body),),
    "links": (Reader[Detail]("dt=依頼概要", _links),),
    "enclosures": (
        Reader[Detail](
            "dt=依頼概要", lambda detail: enclosures_of(detail.sections, detail.document.page.url), "assumed"
        ),
    ),
    "pay": tuple(map(_pay, PRICES)),
    "applicants": (
        _proposals(STATUS),
        _proposals(STATUS_SECTION),
        Reader[Detail]("提案数", _proposals_beside),
    ),
    "posted_at": _scheduled("開始"),
    "closes_at": _scheduled("締切"),
    "open": (Reader[Detail](APPLY, _takes_proposals),),
}
_CLIENT = client_readers(
    [
        (CLIENT_LINKS[0], lambda detail: detail.own(CLIENT_LINKS[0]), "several-scrapers"),
        (CLIENT_LINKS[1], lambda detail: detail.own(CLIENT_LINKS[1]), "several-scrapers"),
        (ANYWHERE, lambda detail: detail.own(ANYWHERE), "several-scrapers"),
    ]
)
CLIENT_FIELDS = {
    "id": _CLIENT["id"],
    "url": _CLIENT["url"],
    "name": tuple(
        Reader[Detail](
            reader.source,
            lambda detail, reader=reader: _without_nick(reader.read(detail)),  # type: ignore[misc]
            reader.certainty,
        )
        for reader in _CLIENT["name"]
    ),
    "reviews": (Reader[Detail](f"{GOOD}, {BAD}", _ratings),),
    "hire_rate": (
        Reader[Detail](ORDER_RATE, lambda detail: percent(detail.words(ORDER_RATE) or "")),
        Reader[Detail](RATE_LABEL, _rate_in_words),
    ),
    "identity_verified": (Reader[Detail](VERIFIED, _verified),),
}


def _number(page: Page) -> str | None:
    match = JOB.fullmatch(page.location.path)
    return match[1] if match else None


class JobPage:
    kind: PageKind = "job"
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
        unread_fields = unread_of_job(
            values,
            [words_of(item) for selector in SCHEDULES for item in detail.own(selector)],
            [words_of(line) for line in detail.own(STATUS)] + list(_paragraph_pairs(detail)),
            detail.running,
        )
        box = " ".join(line for part in detail.own(CLIENT_BOX) for line in text_lines(part, skip=_is_link))
        of_client = unread_of_client(client, box, detail.running)
        return (Job(**values, client=Client(**client, unread=of_client or None), unread=unread_fields or None),)
