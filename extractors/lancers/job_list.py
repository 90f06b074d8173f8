"""Search results: one card a job.

Job advertisements of an agency (求人) stand between the cards. They lead to another host, are paid by the
month and are no job of this site. A job whose details are hidden (限定公開) shows no client and no state.
"""

import re
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult

from extractors.document import Document, Element, text_lines, text_of, words_of
from extractors.lancers.addresses import CLIENT, JOB, client_url, job_url
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count, relative_date, stars, yen_range
from extractors.parts import Part, distinct_jobs, linked, misses_most, pay, words
from extractors.reading import Fields, Reader, certainties, read_fields
from extractors.records import Client, Job, Pay, PayKind

CARDS = ".p-search-job-media, .p-search-job__latest-carousel-item"
"""A card of the list, and of the newest jobs that pass by above it."""
JOB_LINK = 'a[href*="/work/detail/"]'
TITLES = ("a.p-search-job-media__title", "a.p-search-job__latest-media-title", "a.c-media__title", JOB_LINK)
BODY = ".js-job-show-description"
TEXTS = ".c-media__description"
TAG_LISTS = ".p-search-job-media__tag-lists"
KIND = ".c-badge__text"
KIND_CLASS = '[class*="c-badge--worktype-"]'
PRICE = ".p-search-job-media__price"
STATE = ".p-search-job-media__time-text"
OPEN = ".p-search-job-media__time--open"
REMAINING = ".p-search-job-media__time-remaining"
COUNTS = ".p-search-job-media__propose"
DIVISION = ".p-search-job__division-link"
CLIENT_NAMES = (".p-search-job-media__avatar-note", ".c-avatar__note")
CLIENT_LINKS = ('.p-search-job-media__avatar-note a[href*="/client/"]', 'a[href*="/client/"]')
VERIFIED = ".p-search-job-media__avatar-badge.is-verified"
SUBNOTES = (".p-search-job-media__avatar-subnote", ".c-avatar__subnote")
NONE_FOUND = re.compile(r"(?:仕事|案件|条件に一致).{0,20}(?:見つかりません|ありません)")

_KINDS: dict[str, PayKind] = {"プロジェクト": "fixed", "コンペ": "contest", "タスク": "per-task"}
_KIND_CLASSES: dict[str, PayKind] = {"project": "fixed", "competition": "contest", "task": "per-task"}
_OPENED = re.compile(r"goToLjpWorkDetail\((\d{1,9})\)")


class Card(Part):
    """A card, and whether any card of the page shows the badge of a verified client."""

    def __init__(self, document: Document, element: Element, *, has_badges: bool) -> None:
        super().__init__(document, element)
        self.has_badges = has_badges


def _title(selector: str) -> Reader[Part]:
    """The link's words without those of the tags (NEW, 急募, PR) that stand inside it."""

    def read(part: Part) -> str | None:
        link = part.first(selector)
        if link is None:
            return None
        return next(text_lines(link, skip=lambda element: element.tag == "ul"), None)

    return Reader(selector, read, "one-scraper" if selector == TITLES[1] else "real-page")


def _opened(convert: Callable[[str], str]) -> Reader[Part]:
    """The number that the card's own script opens."""

    def read(part: Part) -> str | None:
        script = "" if part.element is None else part.element.get("onclick") or ""
        match = _OPENED.fullmatch(script.strip().rstrip(";"))
        return convert(match[1]) if match else None

    return Reader("[onclick]", read, "real-page")


def _text_beside_tags(part: Part) -> str | None:
    """The last text of the card that is no list of tags."""
    texts = (element for element in reversed(part.select(TEXTS)) if part.document.first(TAG_LISTS, element) is None)
    return next((text for element in texts if (text := text_of(element))), None)


def kind_of(text: str | None, price: str) -> PayKind | None:
    """The kind of pay from a badge and the unit of the price: 「円 / 固定」, 「円 / 時間」."""
    if "/ 時間" in price or "/時間" in price:
        return "hourly"
    return _KINDS.get(text or "")


def _kind_by_class(part: Part) -> PayKind | None:
    classes = (part.attribute(KIND_CLASS, "class") or "").split()
    names = (name.removeprefix("c-badge--worktype-") for name in classes)
    return next((_KIND_CLASSES[name] for name in names if name in _KIND_CLASSES), None)


def pay_of(kind: PayKind, price: str) -> Pay | None:
    """「20,000 円 ~ 50,000 円 / 固定」; 「~ 5,000 円 / 固定」 is a maximum, not an exact price."""
    text = price.partition("/")[0].replace(" ", "")
    return pay(kind, yen_range(text), characters=1 if kind == "per-character" else None)


def _pay(part: Part) -> Pay | None:
    price = part.words(PRICE)
    kind = kind_of(part.words(KIND), price or "") or _kind_by_class(part)
    return None if price is None or kind is None else pay_of(kind, price)


def _counted(label: str) -> Reader[Part]:
    """「当選者数 0 人」, 「募集人数 5 人」, 「提案 12 件」."""

    def read(part: Part) -> int | None:
        for element in part.select(COUNTS):
            text = words_of(element)
            if text.startswith(label):
                return count(text.removeprefix(label).strip(" :：数").replace(" ", ""))
        return None

    return Reader(f"{COUNTS} {label}", read, "real-page")


def _subnote(label: str, convert: Callable[[str], object]) -> tuple[Reader[Part], ...]:
    """「発注 7」, 「評価 3.6」."""

    def read(part: Part, selector: str) -> object:
        notes = (words_of(element) for element in part.select(selector))
        return next((convert(note.removeprefix(label).strip()) for note in notes if note.startswith(label)), None)

    return tuple(
        Reader[Part](f"{selector} {label}", lambda part, selector=selector: read(part, selector), "real-page")  # type: ignore[misc]
        for selector in SUBNOTES
    )


def _open(part: Part) -> bool | None:
    text = part.words(STATE) or ""
    return True if text == "募集中" else False if "終了" in text or text == "選定中" else None


def _verified(card: Card) -> bool | None:
    """Whether the client has the badge: without it they are unverified, as long as the page knows the badge at all."""
    if card.first(VERIFIED) is not None:
        return True
    # A hidden job's card shows no client, and no badge.
    return False if card.has_badges and card.first(CLIENT_LINKS[-1]) is not None else None


JOB_FIELDS = {
    "id": (linked(TITLES[0], JOB), _opened(str), linked(JOB_LINK, JOB)),
    "url": (linked(TITLES[0], JOB, job_url), _opened(job_url), linked(JOB_LINK, JOB, job_url)),
    "title": tuple(map(_title, TITLES)),
    "body": (
        Reader[Part](BODY, lambda part: part.text(BODY), "real-page"),
        Reader[Part](TEXTS, _text_beside_tags, "real-page"),
    ),
    "links": (
        Reader[Part](BODY, lambda part: links_in(part.text(BODY)), "real-page"),
        Reader[Part](TEXTS, lambda part: links_in(_text_beside_tags(part)), "real-page"),
    ),
    "category": (words(DIVISION),),
    "pay": (Reader[Part](PRICE, _pay, "real-page"),),
    "applicants": (_counted("提案"),),
    "hires": (_counted("当選者数"),),
    "openings": (_counted("募集人数"),),
    "closes_at": (
        Reader[Part](REMAINING, lambda part: relative_date(part.words(REMAINING) or "", part.received_at), "real-page"),
    ),
    "open": (
        Reader[Part](STATE, _open, "real-page"),
        Reader[Part](OPEN, lambda part: True if part.first(OPEN) is not None else None, "real-page"),
    ),
}
CLIENT_FIELDS: Fields[Card] = {
    "id": tuple(linked(selector, CLIENT) for selector in CLIENT_LINKS),
    "url": tuple(linked(selector, CLIENT, client_url) for selector in CLIENT_LINKS),
    "name": tuple(map(words, CLIENT_NAMES)),
    "job_offers_posted": _subnote("発注", count),
    "rating": _subnote("評価", stars),
    "identity_verified": (Reader[Card](VERIFIED, _verified, "real-page"),),
}


def job_of(card: Card) -> Job | None:
    """The job of a card; None for an advertisement, which leads elsewhere."""
    if _is_advertisement(card):
        return None
    values = read_fields(card, JOB_FIELDS)
    if not {"id", "title"} <= values.keys():
        return None
    link = f'a[href$="/work/detail/{values["id"]}"], a[href*="/work/detail/{values["id"]}?"]'
    values["sources"]["job"] = f':is({CARDS}):is([onclick*="({values["id"]})"], :has({link}))'
    client = read_fields(card, CLIENT_FIELDS)
    return Job(**values, client=Client(**client))


def _is_advertisement(card: Card) -> bool:
    if card.element is not None and card.element.get("data-external-modal-url") is not None:
        return True
    links = (card.attribute(selector, "href") for selector in TITLES[:-1])
    return any(href is not None and JOB.fullmatch(href) is None for href in links)


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://www.lancers.jp/work/search?keyword=excel&open=1&sort=started",
        "https://www.lancers.jp/work/search/task/input",
    )
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    _path = re.compile(r"/work/search(?:/[\w-]{1,40}){0,3}/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a card; one that stands twice, paid for and in its turn, is one.

        Raises PageChanged where no card is a job, unless the page says that nothing was found; or where most of
        the jobs that the page links to are on no card: a second count, so that a redesign is no short list.
        """
        document = Document(page)
        has_badges = document.first(VERIFIED) is not None
        jobs = distinct_jobs(job_of(Card(document, card, has_badges=has_badges)) for card in document.cards(CARDS))
        linked_ids = {
            match[1] for link in document.select(JOB_LINK) if (match := JOB.fullmatch(link.get("href") or ""))
        }
        if misses_most(linked_ids, jobs.keys()):
            raise PageChanged(self.kind, [CARDS])
        if not jobs and not any(NONE_FOUND.search(line) for line in document.lines):
            raise PageChanged(self.kind, [CARDS])
        return tuple(jobs.values())
