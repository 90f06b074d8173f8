"""Lists of projects: the page of a skill, and the API's answer of open projects.

A card of the page states the average of the bids where one would look for the budget; the budget is on no card. And it
says "Verified" of a client whose way to pay is verified, and nothing of any other.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import SplitResult

from extractors.document import Document, is_json, json_of
from extractors.freelancer.addresses import card_anchor, project_path, project_url
from extractors.freelancer.clients import USER_FIELDS
from extractors.freelancer.projects import ANSWER_FIELDS, seo_path
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count
from extractors.parts import Part, distinct_jobs, misses_most, words
from extractors.reading import Reader, Row, certainties, members, placed, read_fields, rows
from extractors.records import Client, Job

LIST = "#project-list"
CARDS = "[data-project-card], .JobSearchCard-item-inner"
LINKS = ("a.JobSearchCard-primary-heading-link", 'a[href*="/projects/"]')
ANY_LINK = 'a[href*="/projects/"]'
BODY = ".JobSearchCard-primary-description"
DAYS = ".JobSearchCard-primary-heading-days"
BIDS = ".JobSearchCard-secondary-entry"
MARK = ".JobSearchCard-primary-heading-status"

_LEFT = re.compile(r"(\d{1,3}) (day|hour)s? left")
_BIDS = re.compile(r"([\d,]{1,9}) bids?")


def _path(card: Part, selector: str) -> str | None:
    paths = (project_path(link.get("href")) for link in card.select(selector))
    return next((path for path in paths if path is not None), None)


def _located(selector: str, *, absolute: bool) -> Reader[Part]:
    def read(card: Part) -> str | None:
        path = _path(card, selector)
        return None if path is None else project_url(path) if absolute else path

    return Reader(selector, read, "real-page")


def _ends(card: Part) -> object:
    """The end of "5 days left", which a page counts down by whole days."""
    match = _LEFT.fullmatch(card.words(DAYS) or "")
    if match is None:
        return None
    number = int(match[1])
    if match[2] == "hour":
        return card.received_at + timedelta(hours=number)
    return (card.received_at + timedelta(days=number)).date()


def _bids(card: Part) -> int | None:
    match = _BIDS.fullmatch(card.words(BIDS) or "")
    return count(match[1]) if match else None


def _is_verified(card: Part) -> bool | None:
    """The word of the mark. A card without one shows nothing of it; a page in another language has another word."""
    return True if (card.words(MARK) or "").casefold() == "verified" else None


CARD_FIELDS = {
    "id": tuple(_located(selector, absolute=False) for selector in LINKS),
    "url": tuple(_located(selector, absolute=True) for selector in LINKS),
    "title": tuple(map(words, LINKS)),
    "body": (Reader[Part](BODY, lambda card: card.text(BODY), "real-page"),),
    "links": (Reader[Part](BODY, lambda card: links_in(card.text(BODY)), "real-page"),),
    "applicants": (Reader[Part](BIDS, _bids, "real-page"),),
    "closes_at": (Reader[Part](DAYS, _ends, "real-page"),),
}
CARD_CLIENT_FIELDS = {"payment_verified": (Reader[Part](MARK, _is_verified, "real-page"),)}


def _of_card(card: Part) -> Job | None:
    values = read_fields(card, CARD_FIELDS)
    if not {"id", "title"} <= values.keys():
        return None
    if (anchor := card_anchor(values["id"])) is not None:
        values["sources"]["job"] = anchor
    client = read_fields(card, CARD_CLIENT_FIELDS)
    return Job(**values, client=Client(**client) if "payment_verified" in client else None)


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://www.freelancer.com/jobs/",
        "https://www.freelancer.com/jobs/software-testing/2/",
        "https://www.fi.freelancer.com/jobs/php/",
    )
    fields = certainties(job=CARD_FIELDS, client=CARD_CLIENT_FIELDS)

    _path = re.compile(r"/jobs(?:/[\w.-]{1,80}){0,3}/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a card, each once. The site's number of a project is on no card: its address identifies it.

        Raises PageChanged where there is neither a card nor the list that holds them, or where most of the projects
        that the page links to are on no card: a second count, so that a redesign is not read as a short list.
        """
        document = Document(page)
        jobs = distinct_jobs(_of_card(Part(document, card)) for card in document.cards(CARDS))
        linked_paths = {project_path(link.get("href")) for link in document.select(ANY_LINK)} - {None}
        if misses_most(linked_paths, jobs.keys()) or (not jobs and document.first(LIST) is None):
            raise PageChanged(self.kind, [CARDS])
        return tuple(jobs.values())


ANSWER = "result.projects[]."
_JOB = placed(ANSWER_FIELDS, ANSWER)
_USER = placed(USER_FIELDS, "result.users[].")
CERTAINTIES = certainties(job=_JOB, client=_USER)
_OWN_CLIENT = placed(USER_FIELDS, f"{ANSWER}client.")


def job_of_answer(project: Row, users: Row) -> Job | None:
    """The job of a project; its client is that user of the answer who owns it, or stands in the project itself."""
    values = read_fields(project, _JOB)
    if not {"id", "title"} <= values.keys():
        return None
    if (path := seo_path(project.get("seo_url"))) is not None and (anchor := card_anchor(path)) is not None:
        values["sources"]["job"] = anchor
    owner = members(users, str(project.get("owner_id")))
    client = read_fields(owner, _USER) if owner else read_fields(members(project, "client"), _OWN_CLIENT)
    return Job(**values, client=Client(**client) if len(client) > 1 else None)


class ProjectsAnswer:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://www.freelancer.com/api/projects/0.1/projects/active/?user_details=true&user_status=true&compact=true",
    )
    fields = CERTAINTIES

    _path = re.compile(r"/api/projects/0\.1/projects/active/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a project; the list may stand in the API's envelope, or alone as collectors have saved it.

        Raises PageChanged where there is no list, or where no row of it is a project with id and title.
        """
        answer = json_of(page) if is_json(page) else None
        result = members(answer, "result")
        projects = answer if isinstance(answer, list) else result.get("projects")
        if not isinstance(projects, list):
            raise PageChanged(self.kind, ["result.projects"])
        jobs = distinct_jobs(job_of_answer(row, members(result, "users")) for row in rows(projects))
        if projects and not jobs:
            raise PageChanged(self.kind, ["result.projects[].id", "result.projects[].title"])
        return tuple(jobs.values())
