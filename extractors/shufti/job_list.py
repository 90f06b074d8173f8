"""Lists of jobs, as the API answers them."""

from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import json_of
from extractors.page import Page, PageChanged
from extractors.parts import each_once
from extractors.reading import certainties, members, rows
from extractors.records import Job
from extractors.shufti.jobs import CLIENT_FIELDS, JOB_FIELDS, job_of


class JobList:
    kind = "job-list"
    examples: Sequence[str] = (
        "https://internal.shufti.jp/api/v1/guest/jobs?sort=start_date|desc&recruiting=all&continuous_order=all&page=1",
    )
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return location.path.rstrip("/") == "/api/v1/guest/jobs"

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a resource, each once. Raises PageChanged where `data` is no list, or none of its rows is a job."""
        answer = members(json_of(page))
        if not isinstance(answer.get("data"), list):
            raise PageChanged(self.kind, ["data"])
        found = rows(answer["data"])
        jobs = each_once(job_of(row, page.received_at) for row in found)
        if found and not jobs:
            raise PageChanged(self.kind, ["data[].id", "data[].attributes.name"])
        return tuple(jobs.values())
