"""A job's own page, its slider beside a list, the visitors' page, and the API's answers that fill them.

The box "About the client" is known from real pages of all three, the visitors' answer from one scraper. The slider's
and the visitors' words of the job are taken to be marked like the full page's: where they are not found, they are
unread and the client is still judged.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult

from extractors.descriptor import Certainty
from extractors.document import Document, Element, is_json, json_of, text_of, words_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part
from extractors.reading import Reader, Row, certainties, ident, members, moment, placed, read_fields, rows, text, whole
from extractors.records import Client, Job, Link, Pay
from extractors.upwork.addresses import alias_of, job_key, job_number, job_url
from extractors.upwork.amounts import dollars, usd
from extractors.upwork.clients import ABOUT, ABOUT_FIELDS, BUYER_FIELDS, Box, about_box
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
from extractors.upwork.shown import shown_lines, shown_words

DETAILS = (
    "gql-query-get-auth-job-details",
    "gql-query-get-auth-job-details-v2",
    "gql-query-get-visitor-job-details",
)
TITLES = (".job-details h4 .flex-1", '[data-test*="JobDetails"] h4 .flex-1', '[data-test*="JobDetails"] h4', "h1")
BODY = '[data-test~="Description"]'
QUESTIONS = '[data-test~="Questions"] li'
ATTACHMENT = '[data-test~="Attachments"] a'
BUDGET = '[data-test~="BudgetAmount"]'
IMPRESSION = '[data-ev-label="jobdetails_impression"]'

_SIZE = re.compile(r" ?\([\d.,]{1,9} ?[KMG]?B\)\Z")
_MOST_QUESTIONS = 50
_ASKED = "You will be asked to answer the following questions"
"""The site's own line above the questions; in late 2025 one user found them without `QUESTIONS`, and by this."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A job as data: what the state of a page has in one object, an answer has in three."""

    job: Row
    info: Row
    questions: object

    @property
    def key(self) -> str | None:
        key = self.info.get("ciphertext")
        return job_key(f"/jobs/{key}") if isinstance(key, str) else None


def _field(path: str, read: Callable[[Opening], object], certainty: Certainty = "real-page") -> Reader[Opening]:
    return Reader(path, read, certainty)


def _with_questions(body: str | None, questions: Sequence[str]) -> str | None:
    """A description, and below it what the client asks of everybody who applies."""
    return "\n\n".join((body, *questions)) if body is not None else None


def _asked(questions: object) -> list[str]:
    texts = (unmarked(row.get("question")) for row in rows(questions)[:_MOST_QUESTIONS])
    return [question for question in texts if question]


def _body(opening: Opening) -> str | None:
    return _with_questions(unmarked(opening.job.get("description")), _asked(opening.questions))


def _pay(opening: Opening) -> Pay | None:
    shows = opening.info.get("hideBudget") is not True
    match pay_kind(opening.info.get("type")):
        case "fixed":
            budget = members(opening.job, "budget")
            return fixed(dollars(budget.get("amount"), budget.get("currencyCode")) if shows else None)
        case "hourly":
            rates = members(opening.job, "extendedBudgetInfo")
            low, high = dollars(rates.get("hourlyBudgetMin")), dollars(rates.get("hourlyBudgetMax"))
            return hourly(low, high) if shows else hourly(None, None)
    return None


def _attached(opening: Opening) -> tuple[str, ...] | None:
    names = (text(row.get("fileName")) for row in rows(opening.job.get("attachments")))
    return tuple(name for name in names if name) or None


def _activity(key: str) -> Reader[Opening]:
    return _field(f"clientActivity.{key}", lambda opening: whole(members(opening.job, "clientActivity").get(key)))


DATA_FIELDS = {
    "id": (
        _field("uid", lambda opening: ident(opening.info.get("uid"))),
        _field("info.id", lambda opening: ident(opening.info.get("id"))),
    ),
    "url": (_field("ciphertext", lambda opening: None if opening.key is None else job_url(opening.key)),),
    "title": (_field("title", lambda opening: unmarked(opening.info.get("title"))),),
    "body": (_field("description", _body),),
    "links": (_field("description", lambda opening: links_in(_body(opening))),),
    "category": (_field("category.name", lambda opening: text(members(opening.job, "category").get("name"))),),
    "pay": (_field("type", _pay),),
    "applicants": (_activity("totalApplicants"),),
    "hires": (_activity("totalHired"),),
    "openings": (
        _field("numberOfPositionsToHire", lambda opening: whole(opening.job.get("numberOfPositionsToHire"))),
        _activity("numberOfPositionsToHire"),
    ),
    "posted_at": (_field("publishTime", lambda opening: moment(opening.job.get("publishTime"))),),
    # 1 on both real pages, whose jobs were open; "ACTIVE" in answers. Other values are not known.
    "open": (_field("status", lambda opening: True if opening.job.get("status") in ("ACTIVE", 1) else None),),
    "attachments": (_field("attachments[].fileName", _attached),),
}


def _path_key(part: Part) -> str | None:
    return job_key(part.document.page.location.path)


def _numbered(part: Part) -> str | None:
    number = part.attribute(IMPRESSION, "data-ev-opening_uid")
    return ident(number) if number is not None and number.isdecimal() else None


def _title(selector: str) -> Reader[Part]:
    def read(part: Part) -> str | None:
        # The list beside a slider may have a heading of its own.
        if selector == "h1" and "/details/" in part.document.page.location.path:
            return None
        return shown_words(part.first(selector))

    return Reader(selector, read, "real-page")


def _description(part: Part) -> Element | None:
    return part.first(f"{BODY} p") if part.first(f"{BODY} p") is not None else part.first(BODY)


def _questions(part: Part) -> list[Element]:
    """The questions to everybody who applies: by their place, else beside the line that announces them."""
    if items := part.cards(QUESTIONS):
        return items
    lines = (line for line in part.select("section p") if words_of(line).startswith(_ASKED))
    section = next((above for line in lines for above in line.iterancestors("section")), None)
    return [] if section is None else list(section.iter("li"))


def _drawn_body(part: Part) -> str | None:
    element = _description(part)
    questions = [words for item in _questions(part)[:_MOST_QUESTIONS] if (words := shown_words(item))]
    return _with_questions(None if element is None else text_of(element) or None, questions)


def _drawn_links(part: Part) -> tuple[Link, ...] | None:
    element = _description(part)
    return links_in(_drawn_body(part), () if element is None else anchors_in(element, part.document.page.url))


def _drawn_pay(part: Part) -> Pay | None:
    """The amounts of a row, and below them the kind of pay: "$10.00 - $50.00", "Hourly"."""
    amounts = part.cards(BUDGET)[:2]
    row = next((above for element in amounts for above in element.iterancestors("li")), None)
    if row is None:
        return None
    prices = [usd(shown_words(element) or "") for element in amounts if row in element.iterancestors()]
    kinds = set(shown_lines(row))
    if "Hourly" in kinds:
        return hourly(prices[0], prices[-1])
    return fixed(prices[0]) if kinds & {"Fixed-price", "Fixed price"} else None


def _drawn_files(part: Part) -> tuple[str, ...] | None:
    names = (_SIZE.sub("", words) for link in part.cards(ATTACHMENT) if (words := shown_words(link)))
    return tuple(dict.fromkeys(names)) or None


DRAWN_FIELDS = {
    "id": (
        Reader[Part](IMPRESSION, _numbered, "real-page"),
        Reader[Part]("url", lambda part: job_number(_path_key(part)), "real-page"),
    ),
    "url": (Reader[Part]("url", lambda part: job_url(_path_key(part) or ""), "real-page"),),
    "title": tuple(_title(selector) for selector in TITLES),
    "body": (Reader[Part](BODY, _drawn_body, "real-page"),),
    "links": (Reader[Part](BODY, _drawn_links, "real-page"),),
    "pay": (Reader[Part](BUDGET, _drawn_pay, "real-page"),),
    "attachments": (Reader[Part](ATTACHMENT, _drawn_files, "real-page"),),
}


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = (
        "https://www.upwork.com/jobs/Online-shop-theme_~021900000000000000001/",
        "https://www.upwork.com/jobs/~0123456789abcdef01",
        "https://www.upwork.com/nx/search/jobs/details/~021900000000000000001?q=shop",
        "https://www.upwork.com/nx/find-work/best-matches/details/~021900000000000000001",
        "https://www.upwork.com/freelance-jobs/apply/Online-shop-theme_~021900000000000000001/",
        "https://www.upwork.com/api/graphql/v1?alias=gql-query-get-auth-job-details-v2",
        "https://www.upwork.com/api/graphql/v1?alias=gql-query-get-visitor-job-details",
    )
    fields = certainties(job={**DRAWN_FIELDS, **DATA_FIELDS}, client={**ABOUT_FIELDS, **BUYER_FIELDS})

    def matches(self, location: SplitResult) -> bool:
        return job_key(location.path) is not None or alias_of(location) in DETAILS

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job; none where the site refused to answer.

        Raises PageChanged where neither its description nor its client has a reader.

        Where only one of these has, or the title has none, the others are named as unread.
        """
        if alias_of(page.location) is not None or is_json(page):
            answer = answer_data(json_of(page))
            return () if answer is None else (self._job(*_answered(answer)),)
        part = Part(Document(page))
        details = members(page_state(part.document), "jobDetails")
        job = members(details, "job")
        opening = Opening(job, job, job.get("questions"))
        # Of another job, over which a script has drawn this one.
        is_own = opening.key is not None and opening.key == _path_key(part)
        nothing: dict[str, Any] = {"sources": {}}
        place = f"{SCRIPT}.jobDetails."
        data = read_fields(opening, placed(DATA_FIELDS, f"{place}job.")) if is_own else nothing
        buyer = read_fields(members(details, "buyer"), placed(BUYER_FIELDS, f"{place}buyer.")) if is_own else nothing
        box = about_box(part)
        about = nothing if box is None else read_fields(Box(part.document, box), ABOUT_FIELDS)
        values = merged(data, read_fields(part, DRAWN_FIELDS))
        return (self._job(values, client_of(buyer, about), ABOUT[0]),)

    def _job(self, values: dict[str, Any], client: Client | None, place: str) -> Job:
        missing = [name for name in ("title", "body") if name not in values]
        if client is None:
            missing.append("client")
        if {"body", "client"} <= set(missing):
            raise PageChanged(self.kind, [*(f"job.{name}" for name in missing), place])
        return Job(**values, client=client, unread=tuple(missing) or None)


def _answered(answer: Row) -> tuple[dict[str, Any], Client | None, str]:
    """The fields of a job and its client in an answer, and where they stand in it."""
    for name in ("jobAuthDetails", "jobPubDetails"):
        details = members(answer, name)
        if not details:
            continue
        place = f"data.{name}."
        opening = members(details, "opening")
        job = members(opening, "job") or opening
        data = Opening(job, members(job, "info"), opening.get("questions"))
        buyer = members(details, "buyer")
        row = {**buyer, **members(buyer, "info")}
        if "isPaymentMethodVerified" not in row:
            row |= members(details, "buyerExtra")
        values = read_fields(data, placed(DATA_FIELDS, f"{place}opening.job."))
        client = read_fields(row, placed(BUYER_FIELDS, f"{place}buyer."))
        return values, Client(**client) if len(client) > 1 else None, place
    return {"sources": {}}, None, "data.jobAuthDetails"
