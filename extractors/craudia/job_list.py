"""Lists of jobs: `/work_list`, its pages, and by category. Ended jobs stay in the list."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.craudia.work_items import CLIENT_FIELDS, ITEMS, JOB_FIELDS, job_of
from extractors.document import Document
from extractors.page import Page, PageChanged
from extractors.reading import certainties
from extractors.records import Job


class JobList:
    kind = "job-list"
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
        """One job a card, each once by its slug (titles repeat). Raises PageChanged where no card is a job."""
        document = Document(page)
        read = (job_of(document, item) for item in document.select(ITEMS))
        jobs = {job.id: job for job in read if job is not None}
        if not jobs:
            raise PageChanged(self.kind, [ITEMS])
        return tuple(jobs.values())
