"""Lists of jobs: newest, search, category, group.

The page carries all its cards as JSON. A job can stand in it twice, paid for and in its turn: it is one
record, and its anchor finds both cards.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult

from extractors.crowdworks import job_export
from extractors.crowdworks.addresses import card_anchor, client_url, job_url
from extractors.crowdworks.cards import read_card
from extractors.crowdworks.island import island, island_alone
from extractors.crowdworks.pay import pay_of_json
from extractors.descriptor import Certainty
from extractors.document import Document, is_json, json_of
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import fuller
from extractors.reading import (
    Reader,
    certainties,
    ident,
    members,
    moment,
    part,
    placed,
    read_fields,
    rows,
    text,
    whole,
)
from extractors.records import Job

CARDS = "ul.jobs_lists li[data-job_offer_id], #jobOfferSearchContainer li"


@dataclass(slots=True)
class Row:
    """A row of the search result, its parts taken out once."""

    offer: dict[str, Any]
    digest: str | None
    payment: dict[str, Any]
    project: dict[str, Any]
    task: dict[str, Any]
    contest: dict[str, Any]
    client: dict[str, Any]


def _row(row: dict[str, Any]) -> Row:
    offer, entry = part(row, "job_offer"), part(row, "entry")
    return Row(
        offer=offer,
        digest=text(offer.get("description_digest")),
        payment=part(row, "payment"),
        project=part(entry, "project_entry"),
        task=part(entry, "task_entry"),
        contest=part(entry, "competition_entry"),
        client=part(row, "client"),
    )


def _field(path: str, read: Callable[[Row], object], certainty: Certainty = "real-page") -> Reader[Row]:
    return Reader(path, read, certainty)


def _job_address(row: Row) -> str | None:
    job_id = ident(row.offer.get("id"))
    return None if job_id is None else job_url(job_id)


def _client_address(row: Row) -> str | None:
    client_id = ident(row.client.get("user_id"))
    return None if client_id is None else client_url(client_id)


JOB_FIELDS = {
    "id": (_field("job_offer.id", lambda row: ident(row.offer.get("id"))),),
    "url": (_field("job_offer.id", _job_address),),
    "title": (_field("job_offer.title", lambda row: text(row.offer.get("title"))),),
    "body": (_field("job_offer.description_digest", lambda row: row.digest),),
    "links": (_field("job_offer.description_digest", lambda row: links_in(row.digest)),),
    "pay": (_field("payment", lambda row: pay_of_json(row.payment)),),
    "category_id": (_field("job_offer.category_id", lambda row: ident(row.offer.get("category_id"))),),
    "quantity": (_field("entry.task_entry.num_tasks", lambda row: whole(row.task.get("num_tasks"))),),
    "applicants": (
        _field(
            "entry.project_entry.num_application_conditions",
            lambda row: whole(row.project.get("num_application_conditions")),
        ),
        _field(
            "entry.competition_entry.num_proposal_products",
            lambda row: whole(row.contest.get("num_proposal_products")),
        ),
    ),
    "hires": (_field("entry.project_entry.num_contracts", lambda row: whole(row.project.get("num_contracts"))),),
    "openings": (
        _field(
            "entry.project_entry.project_contract_hope_number",
            lambda row: whole(row.project.get("project_contract_hope_number")),
        ),
    ),
    "posted_at": (_field("job_offer.last_released_at", lambda row: moment(row.offer.get("last_released_at"))),),
    "closes_at": (_field("job_offer.expired_on", lambda row: moment(row.offer.get("expired_on"))),),
    "open": (_field("job_offer.status", lambda row: True if row.offer.get("status") == "released" else None),),
}
CLIENT_FIELDS = {
    "id": (_field("client.user_id", lambda row: ident(row.client.get("user_id"))),),
    "url": (_field("client.user_id", _client_address),),
    "name": (_field("client.username", lambda row: text(row.client.get("username"))),),
}


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://crowdworks.jp/public/jobs?order=new",
        "https://crowdworks.jp/public/jobs/search?category_id=230&order=new&hide_expired=true&page=2",
        "https://crowdworks.jp/public/jobs/category/16",
        "https://crowdworks.jp/public/jobs/group/development",
    )
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    _path = re.compile(r"/public/jobs(?:/(?:search|category/\d{1,9}|group/[\w-]{1,80}|skill/[\w-]{1,80}))?/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a card, each job once. Raises PageChanged where there is no list, or no card has a job's id."""
        if is_json(page):
            value = json_of(page)
            if "searchResult" in members(value):
                return _once(_rows_of(value, ""))
            if (jobs := job_export.jobs_of(value, page.received_at)) is not None:
                return _once(jobs)
            raise PageChanged(self.kind, ["searchResult"])
        value, place = island_alone(page)
        if not _has_jobs(value):
            document = Document(page)
            value, place = island(document)
        if _has_jobs(value):
            return _once(_rows_of(value, place))
        cards = [read_card(document, card, page.received_at) for card in document.cards(CARDS)]
        jobs = [job for job in cards if job is not None]
        if not jobs:
            raise PageChanged(self.kind, ["#vue-container[data]", CARDS])
        return _once(jobs)


def _has_jobs(value: object) -> bool:
    return isinstance(members(value, "searchResult").get("job_offers"), list)


def _rows_of(value: object, place: str) -> Iterator[Job]:
    """The jobs of every list in the search result: the rows, then the paid slots and recommendations.

    Raises PageChanged where there are rows and none of them holds a job.
    """
    lists = members(value, "searchResult")
    for name in sorted(lists, key=lambda name: name != "job_offers"):
        entries = rows(lists.pop(name))
        job_rows = [row for row in entries if part(row, "job_offer")]
        if not job_rows:
            if entries and name == "job_offers":
                raise PageChanged(JobList.kind, ["job_offer"])
            continue
        del entries
        job_fields = placed(JOB_FIELDS, f"{place}searchResult.{name}[].")
        client_fields = placed(CLIENT_FIELDS, f"{place}searchResult.{name}[].")
        job_rows.reverse()
        while job_rows:
            row = _row(job_rows.pop())  # frees the row before its record is built
            values = read_fields(row, job_fields)
            client = read_fields(row, client_fields)
            if len(client) > 1:
                values["client"] = client
            if "id" in values:
                values["sources"]["job"] = card_anchor(values["id"])
            # Nested values are checked in one go: building each record by itself takes longer.
            yield Job.model_validate(values)


def _once(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Each job once, in order. Raises PageChanged where jobs are shown and none has an id."""
    jobs_by_key: dict[object, Job] = {}
    for job in jobs:
        key = job.id or object()
        jobs_by_key[key] = fuller(jobs_by_key[key], job) if key in jobs_by_key else job
    if jobs_by_key and all(job.id is None for job in jobs_by_key.values()):
        raise PageChanged(JobList.kind, ["job.id"])
    return tuple(jobs_by_key.values())
