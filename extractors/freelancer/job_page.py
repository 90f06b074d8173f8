"""A project's own page, as the site draws it for visitors: its data, and the box about the client; and its answer.

The data holds the bids of other freelancers with their words, other projects, and the state of the whole page. Only the
document of this very project is read. The page of who has logged in was never seen: one program reads its title and
its description as they are drawn, and nothing is known of how it shows the client. It asks the API for the project, at
an address that the site's own library has, and in the form of its lists, which are real.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult

from extractors.document import Document, is_json, json_of, words_of
from extractors.freelancer.addresses import project_path, project_url
from extractors.freelancer.clients import BOX, DATA_FIELDS, DRAWN_FIELDS
from extractors.freelancer.job_list import CERTAINTIES, job_of_answer
from extractors.freelancer.projects import PAGE_FIELDS, seo_path
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part, words
from extractors.reading import Fields, Reader, Row, certainties, members, placed, read_fields, rows
from extractors.records import Client, Job, Link

SCRIPT = "application/json"
DOCUMENT = "script#webapp-state .documents[].rawDocument."

JOB_FIELDS = placed(PAGE_FIELDS, DOCUMENT)
CLIENT_FIELDS = placed(DATA_FIELDS, f"{DOCUMENT}client.")
VISITORS = ("app-logged-out-shell", BOX, f'script[type="{SCRIPT}"]')
"""What the page of a visitor has, and that of who has logged in is taken not to have: its data is fetched."""
HEADING: Fields[Part] = {"title": (words("h1"),)}
MEMBER_TITLE = "app-project-title h1"
DESCRIPTION = "app-project-details-description"


def _member_title(part: Part) -> str | None:
    """The title, before which the heading may say the project's state."""
    texts = part.select(f"{MEMBER_TITLE} fl-text")
    return words_of(texts[-1]) or None if texts else part.words(MEMBER_TITLE)


def _links(part: Part) -> tuple[Link, ...] | None:
    element = part.first(DESCRIPTION)
    return None if element is None else links_in(part.text(DESCRIPTION), anchors_in(element, part.document.page.url))


MEMBER_FIELDS: Fields[Part] = {
    "url": (Reader[Part]("url", lambda part: project_url(_path(part)), "real-page"),),
    "title": (Reader[Part](MEMBER_TITLE, _member_title, "one-scraper"),),
    "body": (Reader[Part](DESCRIPTION, lambda part: part.text(DESCRIPTION), "one-scraper"),),
    "links": (Reader[Part](DESCRIPTION, _links, "one-scraper"),),
}
"""The page of who has logged in, as it is drawn."""


def _path(part: Part) -> str:
    return project_path(part.document.page.location.path) or ""


def _documents(state: object) -> Iterator[tuple[str, Row]]:
    """The documents of the page's data that are projects, each with its number.

    The names of the collections that hold them have not been seen, so all are looked into, but no document is: what
    stands inside of one is a part of it.
    """
    waiting: list[object] = [state]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, dict):
            continue
        for name, inner in value.items():
            if name != "documents" or not isinstance(inner, dict):
                waiting.append(inner)
                continue
            for number, entry in inner.items():
                raw = members(entry, "rawDocument")
                if "bidStats" in raw or ("title" in raw and "budget" in raw):
                    yield number, raw


def _own(document: Document, path: str) -> tuple[str, Row]:
    """The number and the data of the project that an address names; empty where the page has none.

    The data is of the page that was loaded: a script may have drawn another project over it since then.
    """
    for state in document.scripts(SCRIPT):
        for number, raw in _documents(state):
            name = (seo_path(raw.get("seoUrl")) or "").casefold()
            if name and path.casefold() in (name, f"{name}-{number}"):
                return number, raw
    return "", {}


def _merged(data: Mapping[str, Any], drawn_fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the data, and those that the drawn page alone has. A warning is placed where a field is drawn."""
    return {**drawn_fields, **data, "sources": {**data["sources"], **drawn_fields["sources"]}}


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = (
        "https://www.freelancer.com/projects/mobile-app-testing/map-app-tester-40711111",
        "https://www.my.freelancer.com/projects/data-entry/typing-of-forms/details",
    )
    fields = certainties(job={**MEMBER_FIELDS, **JOB_FIELDS}, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return project_path(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job; none where the page is still to be drawn, or is one of who has logged in that is not understood.

        Raises PageChanged where the data of this project is missing, or has no title or no description.
        """
        document = Document(page)
        if not document.lines:
            return ()
        part = Part(document)
        if all(document.first(sign) is None for sign in VISITORS):
            drawn_fields = read_fields(part, MEMBER_FIELDS)
            return (Job(**drawn_fields),) if {"title", "body"} <= drawn_fields.keys() else ()
        number, raw = _own(document, project_path(page.location.path) or "")
        values = _merged(read_fields(raw, JOB_FIELDS), read_fields(part, HEADING) if raw else {"sources": {}})
        if missing := [f"job.{name}" for name in ("title", "body") if name not in values]:
            raise PageChanged(self.kind, missing)
        if number.isdecimal():
            values["id"] = number
            values["sources"]["id"] = "script#webapp-state .documents"
        client = _merged(read_fields(members(raw, "client"), CLIENT_FIELDS), read_fields(part, DRAWN_FIELDS))
        return (Job(**values, client=Client(**client) if len(client) > 1 else None),)


class ProjectAnswer:
    kind: PageKind = "job"
    examples: Sequence[str] = (
        "https://www.freelancer.com/api/projects/0.1/projects/40711111/?full_description=true&user_details=true",
        "https://www.freelancer.com/api/projects/0.1/projects/?seo_urls[]=data-entry/typing-of-forms&compact=true",
    )
    fields = CERTAINTIES

    _path = re.compile(r"/api/projects/0\.1/projects(?:/\d{1,12})?/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The one project that was asked for; none where the answer has several, which are no page's own, or has none.

        Raises PageChanged where there is no project, or where it has no id or title.
        """
        result = members(json_of(page) if is_json(page) else None, "result")
        several = result.get("projects")
        projects = [result] if "id" in result else rows(several)
        if not projects and not isinstance(several, list):
            raise PageChanged(self.kind, ["result.projects"])
        if len(projects) != 1:
            return ()
        job = job_of_answer(projects[0], members(result, "users"))
        if job is None:
            raise PageChanged(self.kind, ["result.id", "result.title"])
        return (job,)
