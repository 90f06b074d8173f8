"""Lists of jobs: newest, search, category, group.

The page carries all its cards as JSON. A job can stand in it twice, paid for and in its turn: it is one
record, and its anchor finds both cards.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import SplitResult

from extractors.crowdworks import job_export
from extractors.crowdworks.addresses import card_anchor, client_url, job_url
from extractors.crowdworks.cards import read_card
from extractors.crowdworks.island import island
from extractors.crowdworks.pay import pay_of_json
from extractors.document import Document, is_json, json_of
from extractors.links import links_in
from extractors.page import Certainty, Page, PageChanged
from extractors.reading import (
    Reader,
    certainties,
    ident,
    members,
    moment,
    read_fields,
    rows,
    text,
    whole,
)
from extractors.records import Client, Job

CARDS = "ul.jobs_lists li[data-job_offer_id], #jobOfferSearchContainer li"

type Row = dict[str, Any]


def _at(path: str, convert: Any, certainty: Certainty = "real-page") -> Reader[Row]:
    *way, key = path.split(".")
    return Reader(path, lambda row: convert(members(row, *way).get(key)), certainty)


def _job_address(value: object) -> str | None:
    job_id = ident(value)
    return None if job_id is None else job_url(job_id)


def _client_address(value: object) -> str | None:
    client_id = ident(value)
    return None if client_id is None else client_url(client_id)


JOB_FIELDS = {
    "id": (_at("job_offer.id", ident),),
    "url": (_at("job_offer.id", _job_address),),
    "title": (_at("job_offer.title", text),),
    "body": (_at("job_offer.description_digest", text),),
    "links": (_at("job_offer.description_digest", lambda value: links_in(text(value))),),
    "pay": (Reader[Row]("payment", lambda row: pay_of_json(members(row, "payment")), "real-page"),),
    "quantity": (_at("entry.task_entry.num_tasks", whole),),
    "applicants": (
        _at("entry.project_entry.num_application_conditions", whole),
        _at("entry.competition_entry.num_proposal_products", whole),
    ),
    "hires": (_at("entry.project_entry.num_contracts", whole),),
    "openings": (_at("entry.project_entry.project_contract_hope_number", whole),),
    "posted_at": (_at("job_offer.last_released_at", moment),),
    "closes_at": (_at("job_offer.expired_on", moment),),
    "open": (_at("job_offer.status", lambda value: True if value == "released" else None),),
}
CLIENT_FIELDS = {
    "id": (_at("client.user_id", ident),),
    "url": (_at("client.user_id", _client_address),),
    "name": (_at("client.username", text),),
}


class JobList:
    kind = "job-list"
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
        document = Document(page)
        value, place = island(document)
        if isinstance(members(value, "searchResult").get("job_offers"), list):
            return _once(_rows_of(value, place))
        cards = [read_card(document, card, page.received_at) for card in document.select(CARDS)]
        jobs = [job for job in cards if job is not None]
        if not jobs:
            raise PageChanged(self.kind, ["#vue-container[data]", CARDS])
        return _once(jobs)


def _rows_of(value: object, place: str) -> Iterator[Job]:
    """The jobs of every list in the search result: the rows, then the paid slots and recommendations."""
    lists = members(value, "searchResult")
    for name in sorted(lists, key=lambda name: name != "job_offers"):
        for position, row in enumerate(rows(lists[name])):
            if members(row, "job_offer"):
                yield _job(row, f"{place}searchResult.{name}[{position}].")


def _job(row: Row, place: str) -> Job:
    values = read_fields(row, JOB_FIELDS, place)
    client = read_fields(row, CLIENT_FIELDS, place)
    if len(client) > 1:
        values["client"] = Client(**client)
    if "id" in values:
        values["sources"]["job"] = card_anchor(values["id"])
    return Job(**values)


def _once(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Each job once, in order. Raises PageChanged where jobs are shown and none has an id."""
    found: dict[object, Job] = {}
    for job in jobs:
        found.setdefault(job.id or object(), job)
    if found and all(job.id is None for job in found.values()):
        raise PageChanged(JobList.kind, ["job.id"])
    return tuple(found.values())
