"""Lists of jobs: all, by category, by skill, by words that were searched for.

The page holds two lists: one as the server drew it, and a template that a script fills later, which is no job.
"""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.dates import calendar_day
from extractors.document import Document, Element, words_of
from extractors.guru.words import job_number, job_url, money, pay, posted, quotes
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import percent
from extractors.parts import Part, distinct_jobs, misses_most, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Money, Pay

CARDS = ".jobRecord, .record[data-gid]"
LINKS = (".jobRecord__title a", 'a[href^="/jobs/"]')
META = ".jobRecord__meta"
BUDGET = ".jobRecord__budget"
BODY = ".jobRecord__desc"
NAME = ".identityName"
COUNTRY = ".freelancerAvatar__subText strong"
SPENT = ".earnings__amount"
FEEDBACK = ".feedback-score"
PAYMENT = 'i[title="Payment Method Verified"]'
IDENTITY = 'i[title="ID Verified"]'
OWNER = "job-record"

_OWNER = re.compile(r"\bEmployerId\s{0,4}:\s{0,4}(\d{1,12})\b")
_NUMBER = re.compile(r"\d{1,12}")
_SEND_BEFORE = re.compile(r"Send before:?\s{1,4}(.{1,30})")
_POSTED = re.compile(r"Posted\s{1,4}(.{1,30}?)(?:\s{1,4}[·|].{0,80})?")
_SPENT = re.compile(r"(.{1,20}?)\s{0,4}Spent", re.IGNORECASE)
_NONE_FOUND = re.compile(r"\b(?:no|0) (?:freelance )?jobs\b|\bno results\b", re.IGNORECASE)


def budget_parts(element: Element | None) -> list[str]:
    """The parts of a budget: bars stand between them."""
    return [] if element is None else [part.strip() for part in words_of(element).split("|")]


def _gid(card: Part) -> str | None:
    number = "" if card.element is None else card.element.get("data-gid") or ""
    return number if _NUMBER.fullmatch(number) and number.isascii() else None


def _link(selector: str) -> Reader[Part]:
    def read(card: Part) -> str | None:
        urls = (job_url(link.get("href") or "") for link in card.select(selector))
        return next((url for url in urls if url is not None), None)

    return Reader(selector, read, "real-page")


def _linked_number(selector: str) -> Reader[Part]:
    def read(card: Part) -> str | None:
        numbers = (job_number(link.get("href")) for link in card.select(selector))
        return next((number for number in numbers if number is not None), None)

    return Reader(selector, read, "real-page")


def _pay(card: Part) -> Pay | None:
    return pay(budget_parts(card.first(BUDGET)))


def _quotes(card: Part) -> int | None:
    return quotes(card.words(META) or "")


def _posted(card: Part) -> object:
    match = _POSTED.fullmatch(card.words(META) or "")
    return posted(match[1], card.received_at) if match else None


def _closes(card: Part) -> object:
    lines = (_SEND_BEFORE.fullmatch(words_of(line)) for line in card.select("p"))
    return next((calendar_day(match[1]) for match in lines if match), None)


def _client_id(card: Part) -> str | None:
    """The number of the client, which the server writes for the page's script."""
    above = () if card.element is None else card.element.iterancestors(OWNER)
    for element in above:
        if match := _OWNER.search(element.get(":data") or ""):
            return match[1]
    return None


def _spent(card: Part) -> Money | None:
    match = _SPENT.fullmatch(card.words(SPENT) or "")
    return money(match[1]) if match else None


def _mark(selector: str) -> Reader[Part]:
    """A mark that is there. Clients of long standing are without it, too: its absence says nothing."""
    return Reader(selector, lambda card: True if card.first(selector) is not None else None, "real-page")


JOB_FIELDS = {
    "id": (Reader[Part]("[data-gid]", _gid, "real-page"), *map(_linked_number, LINKS)),
    "url": tuple(map(_link, LINKS)),
    "title": tuple(map(words, LINKS)),
    "body": (Reader[Part](BODY, lambda card: card.text(BODY), "real-page"),),
    "links": (Reader[Part](BODY, lambda card: links_in(card.text(BODY)), "real-page"),),
    "pay": (Reader[Part](BUDGET, _pay, "real-page"),),
    "applicants": (Reader[Part](META, _quotes, "real-page"),),
    "posted_at": (Reader[Part](META, _posted, "real-page"),),
    "closes_at": (Reader[Part]("p", _closes, "real-page"),),
}
CLIENT_FIELDS = {
    "id": (Reader[Part](f"{OWNER}[:data]", _client_id, "real-page"),),
    "name": (words(NAME),),
    "identity_verified": (_mark(IDENTITY),),
    "payment_verified": (_mark(PAYMENT),),
    "total_spent": (Reader[Part](SPENT, _spent, "real-page"),),
    "feedback": (words(FEEDBACK, percent),),
    "country": (words(COUNTRY),),
}


def _job_of(card: Part) -> Job | None:
    values = read_fields(card, JOB_FIELDS)
    if not {"id", "title"} <= values.keys():
        return None
    values["sources"]["job"] = f'[data-gid="{values["id"]}"], .jobRecord a[href^="/jobs/"][href*="/{values["id"]}"]'
    client = read_fields(card, CLIENT_FIELDS)
    return Job(**values, client=Client(**client) if len(client) > 1 else None)


def _is_drawn(card: Element) -> bool:
    """Whether a card is one that is shown, and none of a template."""
    return not any(
        above.get("v-for") is not None or "display:none" in (above.get("style") or "").replace(" ", "").lower()
        for above in card.iterancestors()
    )


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://www.guru.com/d/jobs/",
        "https://www.guru.com/d/jobs/c/programming-development/pg/2/",
        "https://www.guru.com/d/jobs/q/translation/",
    )
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    _path = re.compile(r"/d/jobs(?:/[^/?#\s]{1,120}){0,10}/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a card, each once.

        Raises PageChanged where no card is a job, unless the page says that there are none; or where most of the jobs
        that the list links to are on no card: a second count, so that a redesign is not read as a short list.
        """
        document = Document(page)
        cards = [card for card in document.cards(CARDS) if _is_drawn(card)]
        jobs = distinct_jobs(_job_of(Part(document, card)) for card in cards)
        linked_jobs = {job_number(link.get("href")) for link in document.select(LINKS[1]) if _is_drawn(link)} - {None}
        if misses_most(linked_jobs, jobs.keys()):
            raise PageChanged(self.kind, [CARDS])
        if not jobs and not any(_NONE_FOUND.search(line) for line in document.lines):
            raise PageChanged(self.kind, [CARDS])
        return tuple(jobs.values())
