"""A job's own page."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document
from extractors.mamaworks.postings import CLIENT_FIELDS, JOB_FIELDS, ORIGIN, POSTING, values_of
from extractors.page import Page, PageChanged
from extractors.reading import certainties
from extractors.records import Job


class JobPage:
    kind = "job"
    examples: Sequence[str] = ("https://mamaworks.jp/job/37742",)
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    _path = re.compile(r"/job/(\d{1,9})/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job. Raises PageChanged where there is no posting with a title, or its client has no name."""
        path = self._path.fullmatch(page.location.path)
        document = Document(page)
        posting = document.first(POSTING)
        if posting is None or path is None:
            raise PageChanged(self.kind, ["JobPosting"])
        values, client = values_of(document, posting)
        missing = [name for name in ("title", "body") if name not in values]
        if missing or client.name is None:
            raise PageChanged(self.kind, [f"job.{name}" for name in missing] or ["job.client.name"])
        # The address says which job this is; a card of another one may stand in the page.
        values |= {"id": path[1], "url": f"{ORIGIN}/job/{path[1]}"}
        values["sources"] |= {"id": "url", "url": "url"}
        return (Job(**values, client=client),)
