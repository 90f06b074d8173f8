"""One job: its drawn page, which one scraper has read, and the API's answer, which nobody has seen.

The answer is taken to be the same resource as in a list, alone.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import SplitResult

from extractors.document import Document, is_json, json_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part, words
from extractors.reading import Fields, Reader, certainties, members, read_fields
from extractors.records import Job, Link
from extractors.shufti.jobs import CLIENT_FIELDS, JOB_FIELDS, JOB_PATH, PAGES, Resource, job_of

TEXTS = ("div.job-description", "div.job-requirements")


def _assumed(fields: Fields[Resource]) -> Fields[Resource]:
    """The fields of a list, which is known from real answers, in an answer that is not."""
    return {name: tuple(replace(reader, certainty="assumed") for reader in of) for name, of in fields.items()}


def _body(part: Part) -> str | None:
    """Returns the task and its requirements; None without the first."""
    if part.first(TEXTS[0]) is None:
        return None
    return "\n\n".join(text for selector in TEXTS if (text := part.text(selector))) or None


def _links(part: Part) -> tuple[Link, ...] | None:
    document = part.document
    regions = (element for selector in TEXTS if (element := part.first(selector)) is not None)
    return links_in(_body(part), (link for region in regions for link in anchors_in(region, document.page.url)))


def _number(part: Part) -> str | None:
    match = JOB_PATH.fullmatch(part.document.page.location.path)
    return match[1] if match else None


DRAWN_FIELDS = {
    "id": (Reader[Part]("url", _number, "one-scraper"),),
    "url": (Reader[Part]("url", lambda part: f"{PAGES}/{_number(part)}", "one-scraper"),),
    "title": (words("h1", certainty="one-scraper"),),
    "body": (Reader[Part](", ".join(TEXTS), _body, "one-scraper"),),
    "links": (Reader[Part](", ".join(TEXTS), _links, "one-scraper"),),
}


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = (
        "https://app.shufti.jp/jobs/view/386479",
        "https://internal.shufti.jp/api/v1/guest/jobs/386479",
    )
    fields = certainties(job={**_assumed(JOB_FIELDS), **DRAWN_FIELDS}, client=_assumed(CLIENT_FIELDS))

    _api = re.compile(r"/api/v1/guest/jobs/\d{1,12}/?")

    def matches(self, location: SplitResult) -> bool:
        return any(pattern.fullmatch(location.path) for pattern in (self._api, JOB_PATH))

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job; none where the page is still to be drawn.

        Raises PageChanged where `data` is no job with id and name, or the drawn page has no title or no text.
        """
        if is_json(page):
            job = job_of(members(json_of(page), "data"), page.received_at)
            if job is None:
                raise PageChanged(self.kind, ["data.id", "data.attributes.name"])
            return (job,)
        part = Part(Document(page))
        if not part.document.lines:
            return ()
        values = read_fields(part, DRAWN_FIELDS)
        if missing := [f"job.{name}" for name in ("title", "body") if name not in values]:
            raise PageChanged(self.kind, missing)
        return (Job(**values),)
