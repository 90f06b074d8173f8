"""Lists of jobs: as the API answers them, and as the page shows them once its script has drawn them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult

from extractors.document import Document, Element, is_json, json_of, words_of
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import distinct_jobs
from extractors.reading import certainties, members, rows
from extractors.records import Job
from extractors.shufti.jobs import CLIENT_FIELDS, JOB_FIELDS, JOB_PATH, PAGES, card_anchor, job_of

CARD_LINK = "a.job-info-full-link"

_API = "/api/v1/guest/jobs"


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://internal.shufti.jp/api/v1/guest/jobs?sort=start_date|desc&recruiting=all&continuous_order=all&page=1",
        "https://app.shufti.jp/jobs/search?page=1",
    )
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return location.path.rstrip("/") in (_API, "/jobs/search")

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a resource or a card, each once; none where the page is still to be drawn.

        Raises PageChanged where `data` is no list, or where there are rows or words and none of them is a job.
        """
        if not is_json(page):
            document = Document(page)
            jobs = distinct_jobs(_drawn(document))
            if not jobs and document.lines:
                raise PageChanged(self.kind, [CARD_LINK])
            return tuple(jobs.values())
        answer = members(json_of(page))
        if not isinstance(answer.get("data"), list):
            raise PageChanged(self.kind, ["data"])
        job_rows = rows(answer["data"])
        jobs = distinct_jobs(job_of(row, page.received_at) for row in job_rows)
        if job_rows and not jobs:
            raise PageChanged(self.kind, ["data[].id", "data[].attributes.name"])
        return tuple(jobs.values())


def _drawn(document: Document) -> Iterator[Job]:
    """The jobs of the drawn cards: a number each, and the title."""
    links = document.cards(CARD_LINK)
    above = Counter(element for link in links for element in link.iterancestors())
    for link in links:
        match = JOB_PATH.fullmatch(link.get("href") or "")
        if match and (title := _title(link, above)) is not None:
            url = f"{PAGES}/{match[1]}"
            sources = {"id": CARD_LINK, "url": CARD_LINK, "title": CARD_LINK, "job": card_anchor(match[1])}
            yield Job(id=match[1], url=url, title=title, sources=sources)


def _title(link: Element, above: Counter[Element]) -> str | None:
    """The heading of a card, else its first words. The link may be laid over the card, or say 「詳しく」 only."""
    parts = [link, *(element for element in link.iterancestors() if above[element] == 1)]
    for part in parts:
        for heading in part.iter("h2", "h3", "h4", "h5", "h6"):
            if text := words_of(heading):
                return text
    return next((line for part in parts if (line := _first_words(part))), None)


def _first_words(element: Element) -> str | None:
    """The words of the innermost element that holds all of the first text: its pieces may be marked one by one."""
    while True:
        holders = [inner for inner in element if words_of(inner)]
        if not holders or (element.text or "").strip() or any((inner.tail or "").strip() for inner in element):
            return words_of(element) or None
        element = holders[0]
