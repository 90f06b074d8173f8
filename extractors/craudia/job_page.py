"""A job's own page, read by its labels: no page of this kind has been seen, only its address."""

import re
from collections.abc import Sequence
from functools import cached_property
from urllib.parse import SplitResult

from extractors.craudia.work_items import CLIENT_PATH, KIND, ORIGIN, slug_of
from extractors.document import Document, text_of, words_of
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.parsing import yen_range
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Money, Pay, PayKind

BODY_LABELS = ("仕事内容", "依頼内容", "仕事の内容", "業務内容", "詳細")
REWARD_LABELS = ("予算", "報酬", "報酬額", "単価")
CLIENT_LINK = 'a[href*="/app/user_detail/"]'
_KIND_WORDS: tuple[tuple[str, PayKind], ...] = (
    ("時間", "hourly"),
    ("タスク", "per-task"),
    ("件", "per-task"),
    ("プロジェクト", "fixed"),
)


class View:
    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def labels(self) -> dict[str, str]:
        return self.document.labelled("table, dl")


def _title(view: View) -> str | None:
    heading = view.document.first("h1")
    return None if heading is None else words_of(heading) or None


def _body(view: View) -> str | None:
    for region in view.document.select("table, dl"):
        for label in region.iter("th", "dt"):
            value = label.getnext()
            if words_of(label) in BODY_LABELS and value is not None:
                return text_of(value) or None
    return None


def _pay(view: View) -> Pay | None:
    words = next((view.labels[label] for label in REWARD_LABELS if label in view.labels), None)
    element = view.document.first(KIND)
    kind_words = f"{words_of(element) if element is not None else ''} {words or ''}"
    kind = next((kind for word, kind in _KIND_WORDS if word in kind_words), None)
    if words is None or kind is None:
        return None
    if "相談" in words:
        return Pay(kind=kind)
    bounds = yen_range(words.replace(" ", ""))
    if bounds is None:
        return None
    low = None if bounds.min is None else Money(amount=bounds.min)
    high = None if bounds.max is None else Money(amount=bounds.max)
    return Pay(kind=kind, min=low, max=high)


def _client_id(view: View) -> str | None:
    link = view.document.first(CLIENT_LINK)
    return None if link is None else slug_of(CLIENT_PATH, link.get("href"))


def _client_name(view: View) -> str | None:
    link = view.document.first(CLIENT_LINK)
    return None if link is None else words_of(link) or None


JOB_FIELDS = {
    "title": (Reader[View]("h1", _title, "one-scraper"),),
    "body": (Reader[View]("th=仕事内容", _body, "one-scraper"),),
    "links": (Reader[View]("th=仕事内容", lambda view: links_in(_body(view)), "one-scraper"),),
    "pay": (Reader[View]("th=予算", _pay, "one-scraper"),),
}
CLIENT_FIELDS = {
    "id": (Reader[View](CLIENT_LINK, _client_id, "one-scraper"),),
    "name": (Reader[View](CLIENT_LINK, _client_name, "one-scraper"),),
}


class JobPage:
    kind = "job"
    examples: Sequence[str] = ("https://www.craudia.com/work_detail/fpp5936",)
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    _path = re.compile(r"/work_detail/([A-Za-z0-9]{1,40})/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job. Raises PageChanged where title or description has no reader."""
        path = self._path.fullmatch(page.location.path)
        view = View(Document(page))
        values = read_fields(view, JOB_FIELDS)
        missing = [f"job.{name}" for name in ("title", "body") if name not in values]
        if missing or path is None:
            raise PageChanged(self.kind, missing or ["job.id"])
        values |= {"id": path[1], "url": f"{ORIGIN}/work_detail/{path[1]}"}
        values["sources"] |= {"id": "url", "url": "url"}
        return (Job(**values, client=Client(**read_fields(view, CLIENT_FIELDS))),)
