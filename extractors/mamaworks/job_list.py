"""Lists of jobs: `/jobs`, and by kind of work `/jobs/{slug}`."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document
from extractors.mamaworks.postings import CLIENT_FIELDS, JOB_FIELDS, cards, job_of
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import distinct_jobs, misses_most
from extractors.reading import certainties, members, rows
from extractors.records import Job


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = ("https://mamaworks.jp/jobs", "https://mamaworks.jp/jobs/data-entry?page=2")
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    _path = re.compile(r"/jobs(?:/[\w-]{1,80}){0,3}/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a card, each once.

        Raises PageChanged where no card is a job, or where most of the addresses that the page lists itself
        (JSON-LD ItemList) stand on no card: a second count, so that a redesign is not read as a short list.
        """
        document = Document(page)
        jobs = distinct_jobs(job_of(document, card) for card in cards(document))
        listed_ids = {url.rstrip("/").rsplit("/", 1)[-1] for url in _listed(document)}
        if not jobs or misses_most(listed_ids, jobs.keys()):
            raise PageChanged(self.kind, ["JobPosting"])
        return tuple(jobs.values())


def _listed(document: Document) -> list[str]:
    """The addresses of the page's ItemList."""
    return [
        entry["url"]
        for script in document.scripts("application/ld+json")
        if members(script).get("@type") == "ItemList"
        for entry in rows(members(script).get("itemListElement"))
        if isinstance(entry.get("url"), str) and "/job/" in entry["url"]
    ]
