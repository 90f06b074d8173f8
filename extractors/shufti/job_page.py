"""One job, as the API answers it: the same resource as in a list, alone. No such answer has been seen."""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import SplitResult

from extractors.document import json_of
from extractors.page import Page, PageChanged
from extractors.reading import Fields, certainties, members
from extractors.records import Job
from extractors.shufti.jobs import CLIENT_FIELDS, JOB_FIELDS, Resource, job_of


def _less_sure(fields: Fields[Resource]) -> Fields[Resource]:
    """The fields of a list, which is known from real answers, on a page that is not."""
    return {name: tuple(replace(reader, certainty="one-scraper") for reader in of) for name, of in fields.items()}


class JobPage:
    kind = "job"
    examples: Sequence[str] = ("https://internal.shufti.jp/api/v1/guest/jobs/386479",)
    fields = certainties(job=_less_sure(JOB_FIELDS), client=_less_sure(CLIENT_FIELDS))

    _path = re.compile(r"/api/v1/guest/jobs/\d{1,12}/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job. Raises PageChanged where `data` is no job with id and name."""
        job = job_of(members(json_of(page), "data"), page.received_at)
        if job is None:
            raise PageChanged(self.kind, ["data.id", "data.attributes.name"])
        return (job,)
