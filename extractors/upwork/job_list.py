"""Lists of jobs: search results and feeds as pages, and the API's answer to a search.

A page of search results carries its rows as data, and draws a tile for each. A feed fetches its rows; only its tiles
are known. The answer to a visitor's search is known from one scraper, and taken to be like a user's.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Any
from urllib.parse import SplitResult

from extractors.descriptor import Certainty
from extractors.document import Document, Element, is_json, json_of, text_of
from extractors.encoding import utf8_of
from extractors.links import links_in
from extractors.page import Feed, Page, PageChanged, Unreadable
from extractors.page_kinds import PageKind
from extractors.parsing import stars
from extractors.parts import Part, distinct_jobs
from extractors.reading import Reader, Row, certainties, ident, members, moment, placed, read_fields, rows, whole
from extractors.records import Client, Job, Pay
from extractors.upwork.addresses import alias_of, card_anchor, job_key, job_number, job_url
from extractors.upwork.amounts import dollars, usd
from extractors.upwork.clients import ANSWER_ROW_FIELDS, STATE_ROW_FIELDS, payment_words
from extractors.upwork.countries import country
from extractors.upwork.offers import (
    SCRIPT,
    answer_data,
    client_of,
    fixed,
    hourly,
    merged,
    page_state,
    pay_kind,
    unmarked,
)
from extractors.upwork.shown import shown_words

CARDS = 'article[data-ev-job-uid], article[data-test~="JobTile"], section[data-ev-opening_uid]'
"""A tile of a search, since 2024 and in 2026, and one of a feed."""
TITLES = (".job-tile-title a", 'a[data-test~="job-tile-title-link"]', 'h2 a[href*="/jobs/"], h3 a[href*="/jobs/"]')
BODIES = ('[data-test~="job-description-text"]', '[data-test~="JobDescription"] p', ".air3-line-clamp p")
SEARCHES = ("userJobSearch", "visitorJobSearch")
PLACEHOLDER = '[data-test~="job-tile-placeholder"]'
NONE_FOUND = re.compile(r"There are no (?:results|jobs)\b")
"""Assumed: no empty list has been seen."""
MOST_TILES = 500
"""Of a page whose tiles have to be taken apart. The site shows 50."""
MOST_WORDS = 4
"""Times the length of a page. Its rows cannot say more, unless they say one text over and over."""

# Nothing that a user of the site writes can look like this: their quotes and brackets are escaped.
_TILE = re.compile(rb'<(?:article|section)\b[^<>]{0,2000}?\bdata-ev-(?:job-uid|opening_uid)="')
_TILE_END = re.compile(rb"</(?:article|section)\b[^<>]{0,200}>")
_FEED = re.compile(r"/nx/find-work\b")
_PATH = re.compile(r"/nx/(?:search/jobs|find-work(?:/(?:best-matches|most-recent))?)/?")
_HOURLY = re.compile(r"Hourly(?:: (\$[\d,.]{1,15})(?: ?- ?(\$[\d,.]{1,15}))?)?")
_FIXED = re.compile(r"Fixed[ -]price")
_BUDGET = re.compile(r"(?:Est\. budget: )?(\$[\d,.]{1,15})", re.IGNORECASE)
_SPENT = re.compile(r"(\$[\d,.]{1,15}[KMB]?\+?)(?: spent)?")
_STARS = re.compile(r"(\d(?:\.\d{1,2})?)")


def _state(path: str, read: Callable[[Row], object], certainty: Certainty = "real-page") -> Reader[Row]:
    return Reader(path, read, certainty)


def _body_links(row: Row) -> object:
    return links_in(unmarked(row.get("description")))


def _key_of(row: Row) -> str | None:
    key = row.get("ciphertext")
    return job_key(f"/jobs/{key}") if isinstance(key, str) else None


def _url(row: Row) -> str | None:
    key = _key_of(row)
    return None if key is None else job_url(key)


def _state_pay(row: Row) -> Pay | None:
    match pay_kind(row.get("type")):
        case "fixed":
            return fixed(dollars(members(row, "amount").get("amount")))
        case "hourly":
            budget = members(row, "hourlyBudget")
            return hourly(dollars(budget.get("min")), dollars(budget.get("max")))
    return None


STATE_FIELDS = {
    "id": (_state("uid", lambda row: ident(row.get("uid"))),),
    "url": (_state("ciphertext", _url),),
    "title": (_state("title", lambda row: unmarked(row.get("title"))),),
    "body": (_state("description", lambda row: unmarked(row.get("description"))),),
    "links": (_state("description", _body_links),),
    "pay": (_state("type", _state_pay),),
    "openings": (_state("freelancersToHire", lambda row: whole(row.get("freelancersToHire"))),),
    "posted_at": (_state("publishedOn", lambda row: moment(row.get("publishedOn"))),),
}
"""A row of `jobsSearch.jobs` in the state of a page."""


def _in_tile(key: str) -> Callable[[Row], object]:
    return lambda row: members(row, "jobTile", "job").get(key)


def _answer_pay(row: Row) -> Pay | None:
    job = members(row, "jobTile", "job")
    match pay_kind(job.get("jobType")):
        case "fixed":
            budget = members(job, "fixedPriceAmount")
            return fixed(dollars(budget.get("amount"), budget.get("isoCurrencyCode")))
        case "hourly":
            return hourly(dollars(job.get("hourlyBudgetMin")), dollars(job.get("hourlyBudgetMax")))
    return None


ANSWER_FIELDS = {
    "id": (
        _state("jobTile.job.id", lambda row: ident(_in_tile("id")(row))),
        _state("id", lambda row: ident(row.get("id"))),
    ),
    "url": (_state("jobTile.job.ciphertext", lambda row: _url(members(row, "jobTile", "job"))),),
    "title": (_state("title", lambda row: unmarked(row.get("title"))),),
    "body": (_state("description", lambda row: unmarked(row.get("description"))),),
    "links": (_state("description", _body_links),),
    "pay": (_state("jobTile.job.jobType", _answer_pay),),
    "applicants": (_state("jobTile.job.totalApplicants", lambda row: whole(_in_tile("totalApplicants")(row))),),
    "openings": (_state("jobTile.job.personsToHire", lambda row: whole(_in_tile("personsToHire")(row))),),
    "posted_at": (_state("jobTile.job.publishTime", lambda row: moment(_in_tile("publishTime")(row))),),
}
"""A row of the API's answer to a search."""


def _tile_key(tile: Part) -> str | None:
    return next(
        (key for selector in TITLES for link in tile.select(selector) if (key := job_key(link.get("href")))), None
    )


def _tile_number(tile: Part) -> str | None:
    element = tile.element
    number = None if element is None else element.get("data-ev-job-uid") or element.get("data-ev-opening_uid")
    return ident(number) if number and number.isdecimal() else job_number(_tile_key(tile))


def _tile_url(tile: Part) -> str | None:
    key = _tile_key(tile)
    return None if key is None else job_url(key)


def _shown(selector: str, convert: Callable[[str], object] = str) -> Reader[Part]:
    """A reader of the words that an element shows without a pointer."""

    def read(tile: Part) -> object:
        words = shown_words(tile.first(selector))
        return None if words is None else convert(words)

    return Reader(selector, read, "real-page")


def _matched(pattern: re.Pattern[str], convert: Callable[[str], object]) -> Callable[[str], object]:
    def read(words: str) -> object:
        match = pattern.fullmatch(words)
        return None if match is None else convert(match[1])

    return read


def _body_element(tile: Part) -> Element | None:
    return next((element for selector in BODIES if (element := tile.first(selector)) is not None), None)


def _tile_body(tile: Part) -> str | None:
    element = _body_element(tile)
    return None if element is None else text_of(element) or None


def _tile_pay(kind: str, budget: str) -> Reader[Part]:
    """A reader of "Hourly: $15.00 - $30.00", or of "Fixed price" and the budget beside it."""

    def read(tile: Part) -> Pay | None:
        words = shown_words(tile.first(kind)) or ""
        if match := _HOURLY.fullmatch(words):
            return hourly(usd(match[1] or ""), usd(match[2] or match[1] or ""))
        if _FIXED.fullmatch(words) is None:
            return None
        price = _BUDGET.fullmatch(shown_words(tile.first(budget)) or "")
        return fixed(None if price is None else usd(price[1]))

    return Reader(kind, read, "real-page")


TILE_FIELDS = {
    "id": (Reader[Part]("[data-ev-job-uid]", _tile_number, "real-page"),),
    "url": (Reader[Part](TITLES[0], _tile_url, "real-page"),),
    "title": tuple(_shown(selector) for selector in TITLES),
    "body": (Reader[Part](BODIES[0], _tile_body, "real-page"),),
    "links": (Reader[Part](BODIES[0], lambda tile: links_in(_tile_body(tile)), "real-page"),),
    "pay": (
        _tile_pay('[data-test~="job-type-label"]', '[data-test~="is-fixed-price"]'),
        _tile_pay('[data-test~="job-type"]', '[data-test~="budget"]'),
    ),
}
"""A tile of search results, or of a feed."""


def _place(words: str) -> str | None:
    return country(words.removeprefix("Location "))


TILE_CLIENT_FIELDS = {
    "rating": (_shown('[data-test~="feedback-rating"] .air3-rating-value-text', _matched(_STARS, stars)),),
    "payment_verified": (
        _shown('[data-test~="payment-verified"]', payment_words),
        _shown('[data-test~="payment-verification-status"]', payment_words),
    ),
    "total_spent": (
        _shown('[data-test~="total-spent"]', _matched(_SPENT, usd)),
        _shown('[data-test~="client-spendings"]', _matched(_SPENT, usd)),
    ),
    "country": (_shown('[data-test~="location"]', _place), _shown('[data-test~="client-country"]', _place)),
}


class JobList:
    kind: PageKind = "job-list"
    examples: Sequence[str] = (
        "https://www.upwork.com/nx/search/jobs/?q=shopify&sort=recency&page=2",
        "https://www.upwork.com/nx/find-work/most-recent",
        "https://www.upwork.com/nx/find-work/best-matches",
        "https://www.upwork.com/api/graphql/v1?alias=userJobSearch",
        "https://www.upwork.com/api/graphql/v1?alias=visitorJobSearch",
    )
    fields = certainties(
        job={**TILE_FIELDS, **ANSWER_FIELDS, **STATE_FIELDS},
        client={**TILE_CLIENT_FIELDS, **ANSWER_ROW_FIELDS, **STATE_ROW_FIELDS},
    )

    def matches(self, location: SplitResult) -> bool:
        return _PATH.fullmatch(location.path) is not None or alias_of(location) in SEARCHES

    def extract(self, page: Page) -> tuple[Job, ...]:
        """One job a row, each once. Raises PageChanged where rows or tiles are not found, or none of them is a job."""
        if alias_of(page.location) in SEARCHES or is_json(page):
            jobs = distinct_jobs(_answered(json_of(page)))
        else:
            document = Document(page)
            tiles, state = _tiles(document), members(page_state(document), "jobsSearch")
            jobs = distinct_jobs(_drawn(tiles, _rows_of(state, tiles, page.feed)))
            if not jobs and not _is_empty(document, state):
                raise PageChanged(self.kind, [CARDS, f"{SCRIPT}.jobsSearch.jobs"])
        if sum(len(job.body or "") for job in jobs.values()) > MOST_WORDS * len(page.body):
            raise Unreadable("rows that say more than the page")
        return tuple(jobs.values())


def _is_empty(document: Document, state: Row) -> bool:
    """Whether a list says that it is empty, or is still to be drawn: the site sends a feed without its tiles."""
    if state.get("jobs") == [] or not document.lines:
        return True
    if any(job_key(link.get("href")) is not None for link in document.select('a[href*="/jobs/"]')):
        return False
    is_sent_feed = document.page.feed == "proxy" and _FEED.match(document.page.location.path) is not None
    is_to_be_drawn = is_sent_feed or document.first(PLACEHOLDER) is not None
    return is_to_be_drawn or any(NONE_FOUND.match(line) for line in document.lines)


def _answered(answer: object) -> Iterator[Job]:
    """The jobs of an answer. Raises PageChanged where it holds no list, or a list of which nothing is a job."""
    data = answer_data(answer)
    if data is None:
        return
    searches = members(data, "search", "universalSearchNuxt")
    lists = [
        (name, part["results"])
        for name in searches
        if isinstance((part := members(searches, name)).get("results"), list)
    ]
    if len(lists) != 1:
        raise PageChanged(JobList.kind, ["results"])
    name, results = lists[0]
    place = f"data.search.universalSearchNuxt.{name}.results[]."
    fields, of_client = placed(ANSWER_FIELDS, place), placed(ANSWER_ROW_FIELDS, f"{place}upworkHistoryData.client.")
    job_count = 0
    for row in rows(results):
        client = read_fields(members(row, "upworkHistoryData", "client"), of_client)
        if (job := _job(read_fields(row, fields), client)) is not None:
            job_count += 1
            yield job
    if results and not job_count:
        raise PageChanged(JobList.kind, ["job.id"])


def _tiles(document: Document) -> dict[str, Part]:
    """The tiles of a page, by the number of their job."""
    cards = document.select(CARDS)
    within = set(cards)
    is_nested = any(not within.isdisjoint(card.iterancestors()) for card in cards)
    tiles: dict[str, Part] = {}
    for tile in _apart(document.page) if is_nested else (Part(document, card) for card in cards):
        if (number := _tile_number(tile)) is not None and any(tile.first(title) is not None for title in TITLES):
            tiles.setdefault(number, tile)
    return tiles


def _apart(page: Page) -> Iterator[Part]:
    """The tiles of a page, each as a page of its own.

    Where a tile leaves an element open, browsers close it with the tile (HTML, 13.2.6.4.7), and lxml, which knows
    HTML 4, puts all tiles that follow into it. Raises Unreadable where there are too many.
    """
    body = utf8_of(page)
    starts = [match.start() for match in islice(_TILE.finditer(body), MOST_TILES + 1)]
    if len(starts) > MOST_TILES:
        raise Unreadable("too many tiles")
    for start, end in pairwise((*starts, len(body))):
        close = _TILE_END.search(body, start, end)
        tile = body[start : end if close is None else close.end()]
        document = Document(replace(page, body=tile, content_type="text/html; charset=utf-8"))
        yield Part(document, document.first(CARDS))


def _rows_of(state: Row, tiles: Mapping[str, Part], feed: Feed | None) -> dict[str, Row]:
    """The rows of a page's state that the page shows, by number.

    The state is that of the first search: a script may have drawn the tiles of another one over it, or none.
    """
    rows_by_number: dict[str, Row] = {}
    for row in rows(state.get("jobs")):
        number = ident(row.get("uid"))
        if number is not None and (number in tiles or (not tiles and feed != "extension")):
            rows_by_number.setdefault(number, row)
    return rows_by_number


def _drawn(tiles: Mapping[str, Part], state_rows: Mapping[str, Row]) -> Iterator[Job]:
    """The jobs of a page, in the order in which it shows them."""
    place = f"{SCRIPT}.jobsSearch.jobs[]."
    fields, of_client = placed(STATE_FIELDS, place), placed(STATE_ROW_FIELDS, f"{place}client.")
    nothing: dict[str, Any] = {"sources": {}}
    for number in dict.fromkeys((*tiles, *state_rows)):
        row, tile = state_rows.get(number), tiles.get(number)
        data = nothing if row is None else read_fields(row, fields)
        tile_fields = nothing if tile is None else read_fields(tile, TILE_FIELDS)
        client = client_of(
            nothing if row is None else read_fields(members(row, "client"), of_client),
            nothing if tile is None else read_fields(tile, TILE_CLIENT_FIELDS),
        )
        if (job := _job(merged(data, tile_fields), client)) is not None:
            yield job


def _job(values: dict[str, Any], client: Client | dict[str, Any] | None) -> Job | None:
    """A job that has an id and a title; None for any other row."""
    if not {"id", "title"} <= values.keys():
        return None
    sources = {**values["sources"], "job": card_anchor(values["id"])} if values["id"].isdecimal() else values["sources"]
    if isinstance(client, dict):
        client = Client(**client) if len(client) > 1 else None
    return Job(**{**values, "sources": sources, "client": client})
