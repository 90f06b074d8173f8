"""Lists of jobs: `/work_list`, its pages, and by category. Ended jobs stay in the list."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.craudia.work_items import CLIENT_FIELDS, ITEMS, JOB_FIELDS, job_of
from extractors.document import Document, words_of
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count, normal
from extractors.parts import distinct_jobs
from extractors.reading import certainties
from extractors.records import Job

COUNT = ".c-pagination"

_SHOWN = re.compile(r"([\d,]{1,9})\s{0,3}[-~〜–]\s{0,3}([\d,]{1,9})\s{0,3}件")
_NONE = re.compile(r"全\s{0,3}0\s{0,3}件")


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://www.craudia.com/work_list",
        "https://www.craudia.com/work_list/2",
        "https://www.craudia.com/work_list/category1/7",
    )
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    _path = re.compile(r"/work_list(?:/category[12]/\d{1,6})?(?:/\d{1,6})?/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a card, each once by its slug (titles repeat).

        Raises PageChanged where no card is a job though the page counts some, or where most of those that it
        counts are on no card: a second count, so that a redesign is not read as a short list.
        """
        document = Document(page)
        jobs = distinct_jobs(job_of(document, item) for item in document.cards(ITEMS))
        stated_count = _stated_count(document)
        if 2 * len(jobs) < stated_count if stated_count is not None else not jobs:
            raise PageChanged(self.kind, [ITEMS])
        return tuple(jobs.values())


def _stated_count(document: Document) -> int | None:
    """Returns the number of jobs that the page says it shows: 「全 7292 件中 1 - 15 件」, 「全 0 件」."""
    element = document.first(COUNT)
    text = "" if element is None else normal(words_of(element))
    if match := _SHOWN.search(text):
        first, last = (count(number) for number in match.groups())
        return last - first + 1 if first is not None and last is not None and last >= first else None
    return 0 if _NONE.search(text) else None
