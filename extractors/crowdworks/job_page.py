"""A job's own page: what is to be done, for how much, and who asks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult

from extractors.crowdworks import job_export
from extractors.crowdworks.addresses import ATTACHMENT, CATEGORY, CLIENT, JOB, client_url, id_in, job_url
from extractors.crowdworks.client_facts import rate_and_rating, rating_of
from extractors.crowdworks.pay import kind_in, pay_of_text
from extractors.descriptor import Certainty
from extractors.document import Document, Element, is_json, json_of, text_lines, text_of, words_of
from extractors.enclosures import enclosures_of
from extractors.label_rows import LabelRows
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count, japanese_date, percent, plain, stars
from extractors.reading import (
    NONE_YET,
    Reader,
    certainties,
    flag,
    ident,
    members,
    moment,
    read_fields,
    text,
    whole,
)
from extractors.records import Client, Enclosure, Job, Link, Pay

# Selectors below an id are the fastest; those by class alone come next.
SUMMARIES = ("#job_offer_detail table.summary", "table.summary")
STATUSES = ("#job_offer_detail table.application_status_table", "table.application_status_table")
BODY = "#job_offer_detail td.confirm_outside_link"
OTHER_BODIES = (
    ".job_offer_detail_table td.confirm_outside_link",
    "section.detail_information td.confirm_outside_link",
    "#job_offer_detail .detail_information td",
    "td.confirm_outside_link",
)
DETAILS = "section.detail_information"
ANYWHERE = "table, dl"
CLIENT_JSON = ("#client_detail_information_container", "#employer-information")
CLIENT_TABLE = ".client_detail_table"
CLIENT_LINKS = (
    'section.client_detail_information a[href^="/public/employers/"]',
    '.client_name a[href*="/public/employers/"]',
)
CLIENT_HEADING = "クライアント情報"
POSTING = 'script[type="application/ld+json"]'
SUBTITLE_END = "の仕事の依頼"
CLOSED_NOTICE = "募集は終了しています"


class View:
    """The regions of a job's page, each looked up once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._rows: dict[str, dict[str, str]] = {}
        self._client_links: dict[str, tuple[str, str] | None] = {}

    @cached_property
    def posting(self) -> dict[str, Any]:
        """The JSON-LD JobPosting."""
        postings = (members(value) for value in self.document.scripts("application/ld+json"))
        return next((value for value in postings if value.get("@type") == "JobPosting"), {})

    @cached_property
    def heading(self) -> tuple[str, str | None] | None:
        """The title, and the category that follows it in the same heading without any space between."""
        element = self.document.first("#job_offer_detail h1")
        if element is None:
            element = self.document.first("h1")
        if element is None:
            return None
        subtitle = self.document.first(".subtitle", element)
        if subtitle is None:
            # Whatever it is called, it is the part of the heading that holds the link to the category.
            link = self.document.first('a[href*="/public/jobs/"]', element)
            around = () if link is None else (link, *link.iterancestors())
            subtitle = next((part for part in around if part.getparent() is element), None)
        category = None if subtitle is None else words_of(subtitle).removesuffix(SUBTITLE_END) or None
        title = next(text_lines(element, skip=lambda part: part is subtitle), "")
        return None if title.endswith(SUBTITLE_END) else (title, category)

    def labelled(self, selector: str) -> dict[str, str]:
        if selector not in self._rows:
            self._rows[selector] = self.document.labelled(selector)
        return self._rows[selector]

    @cached_property
    def body(self) -> tuple[str, Element, str] | None:
        """Where the description stands, its element and its text."""
        for selector in (BODY, *OTHER_BODIES):
            element = self.document.first(selector)
            if element is not None and (words := text_of(element)):
                return selector, element, words
        return None

    @cached_property
    def own_lines(self) -> tuple[str, ...]:
        """The lines of the site's own text: neither the title nor the description, which may say anything."""
        description = None if self.body is None else self.body[1]

        def is_theirs(element: Element) -> bool:
            return element is description or element.tag == "h1"

        return tuple(line for body in self.document.select("body") for line in text_lines(body, skip=is_theirs))

    @cached_property
    def client_lines(self) -> tuple[str, ...]:
        """The lines of text below the heading 「クライアント情報」."""
        if not self.document.mentions(CLIENT_HEADING):
            return ()
        lines = self.own_lines
        return lines[lines.index(CLIENT_HEADING) + 1 :][:40] if CLIENT_HEADING in lines else ()

    def client_line(self, label: str) -> str | None:
        """The line after a label among the client's lines."""
        lines = self.client_lines
        return lines[lines.index(label) + 1] if label in lines[:-1] else None

    def client_link(self, selector: str) -> tuple[str, str] | None:
        """Id and name of the client, from a link to the profile."""
        if selector not in self._client_links:
            self._client_links[selector] = self._client_link(selector)
        return self._client_links[selector]

    def _client_link(self, selector: str) -> tuple[str, str] | None:
        element = self.document.first(selector)
        client_id = None if element is None else id_in(CLIENT, element.get("href"))
        return None if element is None or client_id is None else (client_id, words_of(element))


def _labelled(convert: Callable[[str], object], tables: Sequence[str], label: str) -> tuple[Reader[View], ...]:
    """Readers of a label: in its table, then in any table or list of the page."""

    def read(view: View, selector: str) -> object:
        value = view.labelled(selector).get(label)
        return None if value is None else convert(value)

    return tuple(
        Reader[View](f"{selector} th={label}", lambda view, selector=selector: read(view, selector))  # type: ignore[misc]
        for selector in (*tables, ANYWHERE)
    )


def _posting(key: str, convert: Callable[[object], object]) -> Reader[View]:
    return Reader(f"{POSTING} .{key}", lambda view: convert(view.posting.get(key)), "one-scraper")


def _client_json(
    key: str, convert: Callable[[object], object], certainty: Certainty = "several-scrapers"
) -> tuple[Reader[View], ...]:
    return tuple(
        Reader[View](
            f"{place}[data] .{key}",
            lambda view, place=place: convert(members(view.document.data(place)).get(key)),  # type: ignore[misc]
            certainty,
        )
        for place in CLIENT_JSON
    )


def _client_rate() -> tuple[Reader[View], ...]:
    def read(view: View, place: str) -> object:
        facts = members(view.document.data(place))
        rate = rate_and_rating(facts.get("projectFinishedRate"), facts.get("averageScore"))[0]
        return NONE_YET if rate is None and facts.get("projectFinishedRate") == 0 else rate

    return tuple(
        Reader[View](f"{place}[data] .projectFinishedRate", lambda view, place=place: read(view, place))  # type: ignore[misc]
        for place in CLIENT_JSON
    )


def _client_links(convert: Callable[[tuple[str, str]], str | None]) -> tuple[Reader[View], ...]:
    def read(view: View, selector: str) -> str | None:
        link = view.client_link(selector)
        return None if link is None else convert(link)

    return tuple(
        Reader[View](selector, lambda view, selector=selector: read(view, selector))  # type: ignore[misc]
        for selector in CLIENT_LINKS
    )


def _client_label(label: str, convert: Callable[[str], object]) -> tuple[Reader[View], ...]:
    def table(view: View) -> object:
        value = view.labelled(CLIENT_TABLE).get(label)
        return None if value is None else convert(value)

    def line(view: View) -> object:
        value = view.client_line(label)
        return None if value is None else convert(value)

    return (
        Reader(f"{CLIENT_TABLE} th={label}", table),
        Reader(f"{CLIENT_HEADING} {label}", line, "one-scraper"),
    )


def _client_mark(name: str, yes: str, no: str) -> tuple[Reader[View], ...]:
    """A mark that is shown either way: a class in the client's section, or words among the client's lines."""
    section = ".client_detail_information"

    def by_class(view: View) -> bool | None:
        if view.document.first(f"{section} .not-{name}") is not None:
            return False
        return True if view.document.first(f"{section} .{name}") is not None else None

    def by_words(view: View) -> bool | None:
        if any(line.startswith(no) for line in view.client_lines):
            return False
        return True if any(line.startswith(yes) for line in view.client_lines) else None

    return (
        Reader(f"{section} .{name}", by_class),
        Reader(f"{CLIENT_HEADING} {yes}", by_words, "one-scraper"),
    )


def _stars(selector: str) -> Reader[View]:
    def read(view: View) -> float | None:
        region = view.document.region(selector)
        return None if region is None else stars(region.get_text(strip=True))

    return Reader(selector, read)


def _job_id(view: View) -> str | None:
    return id_in(JOB, view.document.page.location.path)


def _title(view: View) -> str | None:
    return view.heading[0] or None if view.heading else None


def _category(view: View) -> str | None:
    return view.heading[1] if view.heading else None


def _crumb(view: View) -> str | None:
    region = view.document.region('ol.cw-breadcrumb a[href*="/public/jobs/category/"]')
    return None if region is None else region.get_text(strip=True).removesuffix("の仕事・求人") or None


def _category_id(view: View) -> str | None:
    link = view.document.first('h1 a[href*="/public/jobs/category/"]')
    return None if link is None else id_in(CATEGORY, link.get("href"))


def _body(view: View) -> str | None:
    return None if view.body is None else view.body[2]


def _links(view: View) -> tuple[Link, ...] | None:
    if view.body is None:
        return None
    _, element, words = view.body
    anchors: Iterable[Link] = ()
    if element.find(".//a") is not None:
        anchors = anchors_in(element, view.document.page.url)
    return links_in(words, anchors)


def _attachments(view: View) -> tuple[str, ...] | None:
    section = view.document.first(DETAILS)
    if section is None:
        return None
    files = [
        words_of(link) or (link.get("href") or "").rsplit("/", 1)[-1]
        for link in view.document.select(ATTACHMENT, section)
    ]
    return tuple(dict.fromkeys(files)) or None


def _enclosures(view: View) -> tuple[Enclosure, ...] | None:
    section = view.document.first(DETAILS)
    files = [] if section is None else view.document.select(ATTACHMENT, section)
    # A description may be a picture and nothing else.
    body = view.document.first(BODY) if view.body is None else view.body[1]
    return enclosures_of([] if body is None else [body], view.document.page.url, files)


def _pay(selector: str) -> Reader[View]:
    """Pay of the first row whose label names a kind of it: 固定報酬制, 時間単価制 …"""

    def read(view: View) -> Pay | None:
        pays = (pay_of_text(label, value) for label, value in view.labelled(selector).items())
        return next((pay for pay in pays if pay is not None), None)

    return Reader(f"{selector} th=固定報酬制", read)


def _closed(view: View) -> bool | None:
    """False where the page itself says so."""
    if not view.document.mentions(CLOSED_NOTICE):
        return None
    return False if any(CLOSED_NOTICE in line for line in view.own_lines) else None


JOB_FIELDS = {
    "id": (Reader[View]("url", _job_id, "real-page"),),
    "url": (Reader[View]("url", lambda view: job_url(_job_id(view) or ""), "real-page"),),
    "title": (
        Reader[View]("#job_offer_detail h1", _title),
        _posting("title", lambda value: plain(text(value) or "") or None),
    ),
    "body": (
        Reader[View](BODY, _body),
        _posting("description", lambda value: plain(plain(text(value) or "")) or None),
    ),
    "links": (Reader[View](f"{BODY} a", _links),),
    "attachments": (Reader[View](f"{DETAILS} {ATTACHMENT}", _attachments, "one-scraper"),),
    "enclosures": (Reader[View](f"{BODY} img", _enclosures, "assumed"),),
    "category": (
        Reader[View]("#job_offer_detail h1 .subtitle", _category),
        Reader[View]("ol.cw-breadcrumb a", _crumb),
    ),
    "category_id": (Reader[View]('h1 a[href*="/public/jobs/category/"]', _category_id),),
    "pay": tuple(_pay(selector) for selector in (*SUMMARIES, ANYWHERE)),
    "applicants": _labelled(count, STATUSES, "応募した人"),
    "hires": _labelled(count, STATUSES, "契約した人"),
    "openings": _labelled(count, STATUSES, "募集人数"),
    "posted_at": (_posting("datePosted", moment), *_labelled(japanese_date, SUMMARIES, "掲載日")),
    "closes_at": (_posting("validThrough", moment), *_labelled(japanese_date, SUMMARIES, "応募期限")),
    "open": (Reader[View](CLOSED_NOTICE, _closed, "one-scraper"),),
}
CLIENT_FIELDS = {
    "id": (*_client_json("userId", ident), *_client_links(lambda link: link[0])),
    "url": (
        *_client_json("userId", lambda value: client_url(user) if (user := ident(value)) else None),
        *_client_links(lambda link: client_url(link[0])),
    ),
    "name": (
        *_client_json("userDisplayName", text),
        *_client_links(lambda link: link[1] or None),
        Reader[View](CLIENT_HEADING, lambda view: next(iter(view.client_lines), None), "one-scraper"),
    ),
    "job_offers_posted": (
        *_client_json("jobOfferAchievementCount", whole),
        *_client_label("募集実績", count),
    ),
    "completion_rate": (*_client_rate(), *_client_label("プロジェクト完了率", percent)),
    "rating": (
        *_client_json("averageScore", lambda value: NONE_YET if value == 0 else rating_of(value)),
        _stars("section.client_detail_information .average-score"),
        _stars(".client_rating .star_container"),
        *_client_label("総合評価", stars),
    ),
    "identity_verified": (
        *_client_json("isIdentityVerified", flag),
        *_client_mark("identity_verified", "本人確認済", "本人確認未"),
    ),
    "rules_acknowledged": (
        *_client_json("isEmployerRuleCheckSucceeded", flag),
        *_client_mark("employer_rule_check_succeeded", "発注ルールチェック済", "発注ルールチェック未"),
    ),
    "profile": _client_json("companyProfileDescription", text, "real-page"),
}


STATUS_ROWS = LabelRows(
    STATUSES[1],
    {"applicants": ("応募した人",), "hires": ("契約した人",), "openings": ("募集人数",)},
    frozenset({"気になる！リスト"}),
)
SUMMARY_ROWS = LabelRows(
    SUMMARIES[1],
    {"posted_at": ("掲載日",), "closes_at": ("応募期限",)},
    frozenset({"納品希望日"}),
    lambda label: kind_in(label) is not None,
)
OTHER_SUMMARY_ROWS = replace(SUMMARY_ROWS, values=dict.fromkeys(SUMMARY_ROWS.fields, japanese_date))
"""Of tasks, contests and articles, which have rows of their own: one of those is a date's only where it says a date."""
CLIENT_ROWS = LabelRows(
    CLIENT_TABLE,
    {"job_offers_posted": ("募集実績",)},
    frozenset({"プロジェクト完了率", "総合評価", "本人確認", "発注ルールチェック"}),
)


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = ("https://crowdworks.jp/public/jobs/13268480",)
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return id_in(JOB, location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job. Raises PageChanged where title, description, client or pay has no reader.

        A job that is hidden (only for members, withdrawn) shows its title alone: nothing of it can be
        checked, so that is PageChanged too.
        """
        if is_json(page):
            jobs = job_export.jobs_of(json_of(page), page.received_at)
            if jobs is None:
                raise PageChanged(self.kind, ["job"])
            return tuple(jobs)
        view = View(Document(page))
        values = read_fields(view, JOB_FIELDS)
        missing = [f"job.{name}" for name in ("title", "body") if name not in values]
        if missing:
            raise PageChanged(self.kind, missing)
        missing = [f"job.{name}" for name in _unread(view, values)]
        client = read_fields(view, CLIENT_FIELDS)
        if not {"id", "name"} & client.keys():
            missing.append("job.client")
        if missing:
            raise PageChanged(self.kind, missing)
        if view.body is not None:
            values["sources"]["body"] = view.body[0]
        pay = values.get("pay")
        if pay is not None and pay.kind in ("fixed", "hourly"):
            unread_fields = (*STATUS_ROWS.unread(view.document, values), *SUMMARY_ROWS.unread(view.document, values))
        else:
            unread_fields = OTHER_SUMMARY_ROWS.unread(view.document, values)
        of_client = CLIENT_ROWS.unread(view.document, client)
        return (Job(**values, client=Client(**client, unread=of_client or None), unread=unread_fields or None),)


def _unread(view: View, values: dict[str, Any]) -> list[str]:
    """Regions that every such page has: without them the site has changed, not the job."""
    if "pay" not in values and not any(kind_in(label) for label in view.labelled(ANYWHERE)):
        return ["pay"]
    pay = values.get("pay")
    if pay is not None and pay.kind in ("fixed", "hourly") and not {"applicants", "openings"} & values.keys():
        return ["applicants", "openings"]
    return []
