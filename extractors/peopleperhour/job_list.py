"""The list of jobs: the data that the page carries, and its cards.

A card's price is in the currency of whoever looks at it, and rounded: 40 GBP may be drawn as $54. Only the data has
the budget. A job that is "pre-funded" has some deposit by the site's word; how much stands nowhere, so nothing is made
of it.
"""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.dates import time_ago
from extractors.document import Document, words_of
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count
from extractors.parts import Part, fuller, misses_most, words
from extractors.peopleperhour.jobs import CLIENT_FIELDS, DATA_FIELDS, card_anchor, job_number, job_url
from extractors.peopleperhour.state import SCRIPT, projects_in
from extractors.reading import Reader, Row, certainties, placed, read_fields
from extractors.records import Client, Job

# Of a class as `item__url⤍ListItem⤚20ULx` the first part is the site's own name for it; the rest changes.
CARDS = '[class*="item--container"]'
LINK = 'a[class*="item__url"]'
ANY_LINK = 'a[href*="/freelance-jobs/"]'
BODY = '[class*="item__desc"]'
NAME = '[class*="card__username"]'
FOOTER = '[class*="card__footer"]'

_PROPOSALS = re.compile(r"([\d,]{1,9}) proposals?")


def _in_footer(card: Part) -> list[str]:
    return [words_of(element) for element in card.select(f"{FOOTER} span")]


def _address(card: Part, selector: str) -> str | None:
    links = (link.get("href") for link in card.select(selector))
    return next((link for link in links if job_number(link) is not None), None)


def _linked(selector: str) -> Reader[Part]:
    return Reader(selector, lambda card: job_number(_address(card, selector)), "real-page")


def _url(selector: str) -> Reader[Part]:
    def read(card: Part) -> str | None:
        address = _address(card, selector)
        return None if address is None else job_url(address)

    return Reader(selector, read, "real-page")


def _proposals(card: Part) -> int | None:
    matches = (_PROPOSALS.fullmatch(line) for line in _in_footer(card))
    return next((count(match[1]) for match in matches if match), None)


def _posted(card: Part) -> object:
    times = (time_ago(line, card.received_at) for line in _in_footer(card))
    return next((time for time in times if time is not None), None)


CARD_FIELDS = {
    "id": (_linked(LINK), _linked(ANY_LINK)),
    "url": (_url(LINK), _url(ANY_LINK)),
    "title": (words(LINK), words(ANY_LINK)),
    "body": (Reader[Part](BODY, lambda card: card.text(BODY), "real-page"),),
    "applicants": (Reader[Part](FOOTER, _proposals, "real-page"),),
    "posted_at": (Reader[Part](FOOTER, _posted, "real-page"),),
}


def _name(card: Part) -> str | None:
    """The name in the innermost of the elements that are called so; "by" stands around it."""
    names = card.select(NAME)
    return words_of(names[-1]).removeprefix("by").strip() or None if names else None


CARD_CLIENT_FIELDS = {"name": (Reader[Part](NAME, _name, "real-page"),)}
_PLACE = f"{SCRIPT}.entities.projects[].attributes."
_JOB = placed(DATA_FIELDS, _PLACE)
_CLIENT = placed(CLIENT_FIELDS, _PLACE)


def _of_card(card: Part) -> Job | None:
    values = read_fields(card, CARD_FIELDS)
    if not {"id", "title"} <= values.keys():
        return None
    client = read_fields(card, CARD_CLIENT_FIELDS)
    return Job(**values, client=Client(**client) if "name" in client else None)


def _of_data(number: str, attributes: Row) -> Job | None:
    values = read_fields(attributes, _JOB)
    if values.get("id") != number or "title" not in values:
        return None
    client = read_fields(attributes, _CLIENT)
    return Job(**values, client=Client(**client) if "country" in client else None)


def _joined(data: Job | None, card: Job | None) -> Job:
    """The data's fields, then the card's: but for its age, which is rounded."""
    one, other = (data, card) if data is not None else (card, None)
    assert one is not None
    values = {name: value for name, value in one if value is not None}
    for name, value in other or ():
        if value is not None and name != "posted_at":
            values.setdefault(name, value)
    if data is not None and card is not None and data.client is not None and card.client is not None:
        values["client"] = fuller(data.client, card.client)
    sources = {**(other.sources if other is not None else {}), **one.sources, "job": card_anchor(one.id or "")}
    return Job(**{**values, "links": links_in(values.get("body")), "sources": sources})


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://www.peopleperhour.com/freelance-jobs",
        "https://www.peopleperhour.com/freelance-jobs?page=2",
        "https://www.peopleperhour.com/freelance-jobs/technology-programming",
        "https://www.peopleperhour.com/freelance-translation-jobs?sort=latest",
    )
    fields = certainties(
        job={**_JOB, "body": (*CARD_FIELDS["body"], *_JOB["body"])}, client={**CARD_CLIENT_FIELDS, **_CLIENT}
    )

    # Those of a category and of words are known from one program each, which read the same data there.
    _path = re.compile(r"/freelance-(?:jobs(?:/[\w-]{1,80})?|[\w-]{1,80}-jobs)/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a row of the main list, and one a card; the same in both is one.

        The data is of the page that was loaded. Where none of its jobs is on a card, a script has drawn another page of
        the list since then, and the cards alone count.

        Raises PageChanged where neither holds a job, or where most of the jobs that the page links to are in neither.
        """
        document = Document(page)
        numbers, projects = projects_in(document)
        rows = {number: _of_data(number, projects.get(number, {})) for number in numbers}
        of_data = {number: job for number, job in rows.items() if job is not None}
        cards = (_of_card(Part(document, card)) for card in document.cards(CARDS))
        of_cards = {card.id: card for card in cards if card is not None and card.id is not None}
        if of_cards and of_data.keys().isdisjoint(of_cards):
            of_data = {}
        jobs = [_joined(of_data.get(number), of_cards.get(number)) for number in dict.fromkeys([*of_data, *of_cards])]
        linked_numbers = {job_number(link.get("href")) for link in document.select(ANY_LINK)} - {None}
        if not jobs or misses_most(linked_numbers, {job.id for job in jobs}):
            raise PageChanged(self.kind, [f"{SCRIPT}.freelanceJobs.main.data", CARDS])
        return tuple(jobs)
