"""Lists of projects: as the page brings them (JSON in an attribute), and as cards once its script has drawn them.

What a visitor is not shown stands there all the same: `hasVerifiedPaymentMethod` is false for everybody who has not
logged in, whoever the client is, and the text about the client only asks to log in.
"""

import html
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import SplitResult

from extractors.dates import time_ago
from extractors.descriptor import Certainty
from extractors.document import Document, Element, is_json, json_of, text_lines, words_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count, plain
from extractors.parts import Part, distinct_jobs, linked, misses_most, words
from extractors.reading import Fields, Reader, certainties, flag, ident, members, read_fields, rows, text
from extractors.records import Client, Job, Link
from extractors.workana.addresses import JOB, JOBS, SLUG, job_url
from extractors.workana.facts import (
    COUNTRY,
    PUBLISHED,
    History,
    after_label,
    category_in,
    history_about,
    pay_in,
    published,
    rating_of,
    stars,
)

SEARCH = "search[:results-initials]"
STATE = ":results-initials"
CARDS = ".js-project, .project-item"
LINK = 'a[href*="/job/"]'
TITLES = (".project-title", LINK)
BODIES = (".html-desc", ".text-expander-content")
BUDGET = ".budget .values"
BIDS = ".bids"
NAME = ".author-info"
ABOUT = ".author-info [data-content]"
VERIFIED = ".payment-verified"
NONE_FOUND = re.compile(
    r"(?:não foram encontrados|no se (?:han encontrado|encontraron)|no) (?:projetos|proyectos|projects)", re.IGNORECASE
)

_TITLE = re.compile(r"""<span\b[^<>]{0,100}\btitle="([^"<>]{1,500})\"""")
_HREF = re.compile(r"""<a\b[^<>]{0,300}?\bhref="(https?://[^"<>\s]{1,2000})\"[^<>]{0,300}>([^<>]{0,300})""")
_CUT = re.compile(r"\s*(?:\.\.\.|…)\s*\Z")


class Row:
    """A result of the state, and when it came: 「há 2 horas」 counts from there."""

    def __init__(self, values: dict[str, Any], page: Page) -> None:
        self.values = values
        self.page = page

    def text(self, key: str) -> str | None:
        return text(self.values.get(key))

    def plain(self, key: str) -> str | None:
        """The text of a piece of HTML."""
        markup = self.text(key)
        return None if markup is None else plain(markup) or None


def _field(key: str, read: Callable[[Row], object], certainty: Certainty = "real-page") -> Reader[Row]:
    return Reader(f"{SEARCH} .results[].{key}", read, certainty)


def _slug(row: Row) -> str | None:
    slug = ident(row.values.get("slug"))
    return slug if slug is not None and SLUG.fullmatch(slug) else None


def _whole_title(row: Row) -> str | None:
    """The title in full, since what the link shows is cut; else the words of the link."""
    match = _TITLE.search(row.text("title") or "")
    return (html.unescape(match[1]).strip() if match else "") or row.plain("title")


def _marked_links(row: Row) -> tuple[Link, ...] | None:
    """The links of the description: those that its HTML marks, and the bare addresses in it."""
    matches = _HREF.finditer(row.text("description") or "")
    links = (Link(url=html.unescape(match[1]), text=plain(match[2]) or None) for match in matches)
    return links_in(row.plain("description"), links)


def _category(row: Row) -> str | None:
    return category_in((row.plain("description") or "").splitlines())


def _verified(row: Row) -> bool | None:
    """Whether the client has shown how they pay. False says so only to who has logged in: every visitor is given it."""
    is_verified = flag(row.values.get("hasVerifiedPaymentMethod"))
    return is_verified if is_verified or row.values.get("isLogged") is True else None


def _about(read: Callable[[History], object]) -> tuple[Reader[Row], ...]:
    """A count of the text about the client, which only those who have logged in are shown."""

    def find(row: Row) -> object:
        history = history_about(row.text("popoverContent"))
        return None if history is None else read(history)

    return (_field("popoverContent", find, "one-scraper"),)


STATE_FIELDS = {
    "id": (_field("slug", _slug),),
    "url": (_field("slug", lambda row: job_url(_slug(row) or "") if _slug(row) else None),),
    "title": (_field("title", _whole_title),),
    "body": (_field("description", lambda row: row.plain("description")),),
    "links": (_field("description", _marked_links),),
    "category": (_field("description", _category),),
    "pay": (_field("budget", lambda row: pay_in(row.plain("budget"), is_hourly=row.values.get("isHourly") is True)),),
    "applicants": (_field("totalBids", lambda row: count(after_label(row.text("totalBids")) or "")),),
    "posted_at": (_field("postedDate", lambda row: time_ago(row.text("postedDate") or "", row.page.received_at)),),
}
STATE_CLIENT_FIELDS = {
    "name": (_field("authorName", lambda row: row.text("authorName")),),
    "rating": (_field("rating.value", lambda row: rating_of(row.values.get("rating"))),),
    "country": (_field("country", lambda row: row.plain("country")),),
    "payment_verified": (_field("hasVerifiedPaymentMethod", _verified, "assumed"),),
    "job_offers_posted": _about(lambda history: history.projects_posted),
    "jobs_paid": _about(lambda history: history.projects_paid),
}


def _title(part: Part) -> str | None:
    """The title in full, else the words of the link."""
    for link in part.select(LINK):
        if JOB.fullmatch(link.get("href") or ""):
            element = part.document.first("[title]", link)
            whole = "" if element is None else (element.get("title") or "").strip()
            return whole or words_of(link) or None
    return None


def _is_control(element: Element) -> bool:
    return element.tag == "a" and (element.get("href") or "").startswith("#")


def _text(part: Part) -> Element | None:
    return next((element for selector in BODIES if (element := part.first(selector)) is not None), None)


def _body(part: Part) -> str | None:
    """The description as far as the card shows it, without its 「…」 and 「View more」."""
    element = _text(part)
    return None if element is None else _CUT.sub("", "\n".join(text_lines(element, _is_control))) or None


def _links(part: Part) -> tuple[Link, ...] | None:
    """The links of the description; those of the card itself lead nowhere (`#`)."""
    element = _text(part)
    if element is None:
        return None
    here = part.document.page.url.partition("#")[0]
    anchors = anchors_in(element, here)
    return links_in(_body(part), (link for link in anchors if link.url.partition("#")[0] != here))


def _counts(read: Callable[[History], object]) -> tuple[Reader[Part], ...]:
    """A count of the text about the client; a script shows it, when its button is pressed."""

    def find(part: Part) -> object:
        history = history_about(part.attribute(ABOUT, "data-content"))
        return None if history is None else read(history)

    return (Reader[Part](f"{ABOUT}[data-content]", find, "one-scraper"),)


CARD_FIELDS = {
    "id": (linked(LINK, JOB),),
    "url": (linked(LINK, JOB, job_url),),
    "title": (Reader[Part](f"{LINK} [title]", _title, "real-page"),),
    "body": (Reader[Part](BODIES[0], _body, "real-page"),),
    "links": (Reader[Part](BODIES[0], _links, "real-page"),),
    "pay": (words(BUDGET, pay_in),),
    "applicants": (words(BIDS, lambda shown_words: count(after_label(shown_words) or "")),),
    "posted_at": (Reader[Part](PUBLISHED, published, "real-page"),),
}
CARD_CLIENT_FIELDS = {
    "name": (words(NAME),),
    "rating": (stars(),),
    "country": (words(COUNTRY),),
    "payment_verified": (
        Reader[Part](VERIFIED, lambda part: True if part.first(VERIFIED) is not None else None, "several-scrapers"),
    ),
    "job_offers_posted": _counts(lambda history: history.projects_posted),
    "jobs_paid": _counts(lambda history: history.projects_paid),
}


def _results(state: object) -> list[dict[str, Any]] | None:
    """The results of a state; None where it has none. No result at all is an empty list."""
    results = members(state).get("results")
    return rows(results) if isinstance(results, list) else None


def _job_of[Source](source: Source, fields: Fields[Source], client_fields: Fields[Source]) -> Job | None:
    values = read_fields(source, fields)
    if not {"id", "title"} <= values.keys():
        return None
    values["sources"]["job"] = _anchor(values["id"])
    return Job(**values, client=Client(**read_fields(source, client_fields)))


def _anchor(slug: str) -> str:
    """The drawn card of a job, as a selector."""
    return f':is({CARDS}):has(a[href$="/job/{slug}"], a[href*="/job/{slug}?"])'


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://www.workana.com/jobs?category=it-programming&language=pt&page=2",
        "https://www.workana.com/pt/jobs",
    )
    fields = certainties(job={**CARD_FIELDS, **STATE_FIELDS}, client={**CARD_CLIENT_FIELDS, **STATE_CLIENT_FIELDS})

    def matches(self, location: SplitResult) -> bool:
        return JOBS.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a result, or a card once the page is drawn. The script asks for further results as JSON.

        Raises PageChanged where no result or card is a job, unless there is none at all; or where most of the jobs that
        the cards' page links to are on no card.
        """
        if is_json(page):
            answer = members(json_of(page))
            # One scraper has found them one level further down, too.
            results = _results(answer) if isinstance(answer.get("results"), list) else _results(answer.get("results"))
            if results is None:
                raise PageChanged(self.kind, ["results"])
            return self._of_results(results, page)
        document = Document(page)
        if (results := _results(document.data(SEARCH, STATE))) is not None:
            return self._of_results(results, page)
        jobs = distinct_jobs(
            _job_of(Part(document, card), CARD_FIELDS, CARD_CLIENT_FIELDS) for card in document.cards(CARDS)
        )
        linked_slugs = {match[1] for link in document.select(LINK) if (match := JOB.fullmatch(link.get("href") or ""))}
        if misses_most(linked_slugs, jobs.keys()):
            raise PageChanged(self.kind, [CARDS])
        if not jobs and not any(NONE_FOUND.search(line) for line in document.lines):
            raise PageChanged(self.kind, [SEARCH, CARDS])
        return tuple(jobs.values())

    def _of_results(self, results: list[dict[str, Any]], page: Page) -> tuple[Job, ...]:
        jobs = distinct_jobs(_job_of(Row(values, page), STATE_FIELDS, STATE_CLIENT_FIELDS) for values in results)
        if 2 * len(jobs) < len(results):
            raise PageChanged(self.kind, ["results[].slug", "results[].title"])
        return tuple(jobs.values())
