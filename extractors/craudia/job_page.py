"""A job's own page, read by its labels: no page of this kind has been seen, only its address."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.craudia.work_items import CLIENT_PATH, ITEM_CLASS, KIND, ORIGIN, kind_of, pay_of
from extractors.document import Document, Element, text_of, words_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Link, Pay

BODY_LABELS = ("仕事内容", "依頼内容", "仕事の内容", "業務内容", "詳細")
REWARD_LABELS = ("予算", "報酬", "報酬額", "単価")
CLIENT_LINK = 'a[href*="/app/user_detail/"]'


def _own(part: Part, selector: str) -> list[Element]:
    """Returns the elements of a selector outside the cards of other jobs."""

    def on_card(element: Element) -> bool:
        return any(ITEM_CLASS in (above.get("class") or "").split() for above in element.iterancestors())

    return [element for element in part.select(selector) if not on_card(element)]


def _body(part: Part) -> str | None:
    value = part.beside(*BODY_LABELS)
    return None if value is None else text_of(value) or None


def _links(part: Part) -> tuple[Link, ...] | None:
    value = part.beside(*BODY_LABELS)
    if value is None:
        return None
    return links_in(_body(part), anchors_in(value, part.document.page.url))


def _pay(part: Part) -> Pay | None:
    value = part.beside(*REWARD_LABELS)
    kinds = {kind_of(label) for label in _own(part, KIND)}
    return None if value is None or len(kinds) != 1 else pay_of(kinds.pop(), words_of(value))


def _client(part: Part) -> Element | None:
    """The link to the client's page; None where the page links to several, and it is not known whose it is."""
    links = [link for link in _own(part, CLIENT_LINK) if CLIENT_PATH.fullmatch(link.get("href") or "")]
    return links[0] if len({link.get("href") for link in links}) == 1 else None


def _client_id(part: Part) -> str | None:
    link = _client(part)
    match = None if link is None else CLIENT_PATH.fullmatch(link.get("href") or "")
    return match[1] if match else None


def _client_url(part: Part) -> str | None:
    slug = _client_id(part)
    return None if slug is None else f"{ORIGIN}/app/user_detail/{slug}"


def _client_name(part: Part) -> str | None:
    link = _client(part)
    return None if link is None else words_of(link) or None


JOB_FIELDS = {
    "title": (words("h1", certainty="assumed"),),
    "body": (Reader[Part]("th=仕事内容", _body, "assumed"),),
    "links": (Reader[Part]("th=仕事内容 a", _links, "assumed"),),
    "pay": (Reader[Part]("th=予算", _pay, "assumed"),),
}
CLIENT_FIELDS = {
    "id": (Reader[Part](CLIENT_LINK, _client_id, "assumed"),),
    "url": (Reader[Part](CLIENT_LINK, _client_url, "assumed"),),
    "name": (Reader[Part](CLIENT_LINK, _client_name, "assumed"),),
}


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = ("https://www.craudia.com/work_detail/fpp5936",)
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    _path = re.compile(r"/work_detail/([A-Za-z0-9]{1,40})/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job. Raises PageChanged where title or description has no reader."""
        path = self._path.fullmatch(page.location.path)
        part = Part(Document(page))
        values = read_fields(part, JOB_FIELDS)
        missing = [f"job.{name}" for name in ("title", "body") if name not in values]
        if missing or path is None:
            raise PageChanged(self.kind, missing or ["job.id"])
        values |= {"id": path[1], "url": f"{ORIGIN}/work_detail/{path[1]}"}
        values["sources"] |= {"id": "url", "url": "url"}
        return (Job(**values, client=Client(**read_fields(part, CLIENT_FIELDS))),)
