"""A job's own page, read by its labels: no page of this kind has been seen, only its address."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.craudia.work_items import CLIENT_PATH, KIND, ORIGIN
from extractors.document import Document, text_of, words_of
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.parsing import yen_range
from extractors.parts import Part, linked, pay, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Pay, PayKind

BODY_LABELS = ("仕事内容", "依頼内容", "仕事の内容", "業務内容", "詳細")
REWARD_LABELS = ("予算", "報酬", "報酬額", "単価")
CLIENT_LINK = 'a[href*="/app/user_detail/"]'
_KIND_WORDS: tuple[tuple[str, PayKind], ...] = (
    ("時間", "hourly"),
    ("タスク", "per-task"),
    ("件", "per-task"),
    ("プロジェクト", "fixed"),
)


def _body(part: Part) -> str | None:
    for region in part.select("table, dl"):
        for label in region.iter("th", "dt"):
            value = label.getnext()
            if words_of(label) in BODY_LABELS and value is not None:
                return text_of(value) or None
    return None


def _pay(part: Part) -> Pay | None:
    said = next((part.labels[label] for label in REWARD_LABELS if label in part.labels), None)
    kind_words = f"{part.words(KIND) or ''} {said or ''}"
    kind = next((kind for word, kind in _KIND_WORDS if word in kind_words), None)
    if said is None or kind is None:
        return None
    return Pay(kind=kind) if "相談" in said else pay(kind, yen_range(said.replace(" ", "")))


JOB_FIELDS = {
    "title": (words("h1", certainty="one-scraper"),),
    "body": (Reader[Part]("th=仕事内容", _body, "one-scraper"),),
    "links": (Reader[Part]("th=仕事内容", lambda part: links_in(_body(part)), "one-scraper"),),
    "pay": (Reader[Part]("th=予算", _pay, "one-scraper"),),
}
CLIENT_FIELDS = {
    "id": (linked(CLIENT_LINK, CLIENT_PATH, certainty="one-scraper"),),
    "name": (words(CLIENT_LINK, certainty="one-scraper"),),
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
        part = Part(Document(page))
        values = read_fields(part, JOB_FIELDS)
        missing = [f"job.{name}" for name in ("title", "body") if name not in values]
        if missing or path is None:
            raise PageChanged(self.kind, missing or ["job.id"])
        values |= {"id": path[1], "url": f"{ORIGIN}/work_detail/{path[1]}"}
        values["sources"] |= {"id": "url", "url": "url"}
        return (Job(**values, client=Client(**read_fields(part, CLIENT_FIELDS))),)
