"""Search results: one card a job.

Job advertisements of an agency (求人) stand between the cards. They lead to another host, are paid by the
month and are no job of this site. A job whose details are hidden (限定公開) shows no client and no state.
"""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document, Element, text_lines, words_of
from extractors.lancers.addresses import CLIENT, JOB, client_url, job_url
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.parsing import count, number, relative_date, yen_range
from extractors.parts import Part, linked, pay, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Pay, PayKind

CARDS = ".p-search-job-media"
TITLE = "a.p-search-job-media__title"
TAGS = ".p-search-job-media__tags"
BODY = ".js-job-show-description"
KIND = ".c-badge__text"
PRICE = ".p-search-job-media__price"
STATE = ".p-search-job-media__time-text"
REMAINING = ".p-search-job-media__time-remaining"
COUNTS = ".p-search-job-media__propose"
DIVISION = ".p-search-job__division-link"
CLIENT_LINK = '.p-search-job-media__avatar-note a[href*="/client/"], a[href*="/client/"]'
CLIENT_NAME = ".p-search-job-media__avatar-note"
VERIFIED = ".p-search-job-media__avatar-badge.is-verified"
SUBNOTE = ".p-search-job-media__avatar-subnote"
NONE_FOUND = re.compile(r"(?:仕事|案件|条件に一致).{0,20}(?:見つかりません|ありません)")

_KINDS: dict[str, PayKind] = {"プロジェクト": "fixed", "コンペ": "contest", "タスク": "per-task"}


def _title(part: Part) -> str | None:
    """The link's words without those of the tags (NEW, 急募, PR) that stand inside it."""
    link = part.first(TITLE)
    if link is None:
        return None
    tags = part.document.first(TAGS, link)
    return next(text_lines(link, skip=lambda element: element is tags), None)


def kind_of(said: str | None, price: str) -> PayKind | None:
    """The kind of pay from a badge and the unit of the price: 「円 / 固定」, 「円 / 時間」."""
    if "/ 時間" in price or "/時間" in price:
        return "hourly"
    return _KINDS.get(said or "")


def pay_of(kind: PayKind, price: str) -> Pay | None:
    """「20,000 円 ~ 50,000 円 / 固定」; 「~ 5,000 円 / 固定」 is a maximum, not an exact price."""
    said = price.partition("/")[0].replace(" ", "")
    return pay(kind, yen_range(said))


def _pay(part: Part) -> Pay | None:
    price = part.words(PRICE)
    kind = kind_of(part.words(KIND), price or "")
    return None if price is None or kind is None else pay_of(kind, price)


def _counted(label: str) -> Reader[Part]:
    """「当選者数 0 人」, 「募集人数 5 人」, 「提案 12 件」."""

    def read(part: Part) -> int | None:
        for element in part.select(COUNTS):
            said = words_of(element)
            if said.startswith(label):
                return count(said.removeprefix(label).strip(" :：数").replace(" ", ""))
        return None

    return Reader(f"{COUNTS} {label}", read, "real-page")


def _subnote(label: str, read: str) -> Reader[Part]:
    """「発注 7」, 「評価 3.6」."""

    def of(part: Part) -> object:
        for element in part.select(SUBNOTE):
            said = words_of(element)
            if said.startswith(label):
                value = number(said.removeprefix(label).strip())
                if value is None:
                    return None
                return int(value) if read == "count" else float(value) if 0 < value <= 5 else None
        return None

    return Reader(f"{SUBNOTE} {label}", of, "real-page")


def _open(part: Part) -> bool | None:
    said = part.words(STATE)
    return None if said is None else said == "募集中"


def _verified(part: Part) -> bool | None:
    # The badge is absent where a client is unverified, and so is the client on a hidden job's card.
    if part.first(CLIENT_LINK) is None:
        return None
    return part.first(VERIFIED) is not None


JOB_FIELDS = {
    "id": (linked(TITLE, JOB), linked('a[href*="/work/detail/"]', JOB)),
    "url": (linked(TITLE, JOB, job_url), linked('a[href*="/work/detail/"]', JOB, job_url)),
    "title": (Reader[Part](TITLE, _title, "real-page"),),
    "body": (Reader[Part](BODY, lambda part: part.text(BODY), "real-page"),),
    "links": (Reader[Part](BODY, lambda part: links_in(part.text(BODY)), "real-page"),),
    "category": (words(DIVISION),),
    "pay": (Reader[Part](PRICE, _pay, "real-page"),),
    "applicants": (_counted("提案"),),
    "hires": (_counted("当選者数"),),
    "openings": (_counted("募集人数"),),
    "closes_at": (
        Reader[Part](REMAINING, lambda part: relative_date(part.words(REMAINING) or "", part.received_at), "real-page"),
    ),
    "open": (Reader[Part](STATE, _open, "real-page"),),
}
CLIENT_FIELDS = {
    "id": (linked(CLIENT_LINK, CLIENT),),
    "url": (linked(CLIENT_LINK, CLIENT, client_url),),
    "name": (words(CLIENT_NAME),),
    "job_offers_posted": (_subnote("発注", "count"),),
    "rating": (_subnote("評価", "rating"),),
    "identity_verified": (Reader[Part](VERIFIED, _verified, "real-page"),),
}


def job_of(document: Document, card: Element) -> Job | None:
    """The job of a card; None for an advertisement, which leads elsewhere."""
    part = Part(document, card)
    values = read_fields(part, JOB_FIELDS)
    if not {"id", "title"} <= values.keys() or card.get("data-external-modal-url") is not None:
        return None
    values["sources"]["job"] = f'{CARDS}:has(a[href*="/work/detail/{values["id"]}"])'
    return Job(**values, client=Client(**read_fields(part, CLIENT_FIELDS)))


class JobList:
    kind = "job-list"
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

        Raises PageChanged where no card is a job, unless the page says that nothing was found.
        """
        document = Document(page)
        jobs: dict[str | None, Job] = {}
        for card in document.select(CARDS):
            if (job := job_of(document, card)) is not None:
                jobs.setdefault(job.id, job)
        if not jobs and not any(NONE_FOUND.search(line) for line in document.lines):
            raise PageChanged(self.kind, [CARDS])
        return tuple(jobs.values())
