"""A client's profile: what became of the jobs offered so far."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from urllib.parse import SplitResult

from extractors.crowdworks.addresses import CLIENT, card_anchor, client_url, id_in, job_url
from extractors.crowdworks.client_facts import rate_and_rating, rating_of
from extractors.crowdworks.island import island
from extractors.crowdworks.pay import KIND_WORDS, kind_in, pay_of_text
from extractors.document import Document, is_json, json_of, line_of
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count, percent
from extractors.reading import (
    NONE_YET,
    Reader,
    Row,
    certainties,
    flag,
    ident,
    members,
    moment,
    placed,
    read_fields,
    rows,
    text,
    whole,
)
from extractors.records import AnyRecord, Client, Job

USER = "employer_profile_json.employer_user"
SHORT_USER = "public_employer_page_json.employer_user"
SUMMARY = "employer_profile_summary_json"
RATE_DETAIL = 'div[class^="_projectFinishedRateDetail_"]'
HEADING = "h1"


class View:
    """A profile's data: the value of its container, or a JSON body of the same shape."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.document = None if is_json(page) else Document(page)
        value, self.place = (json_of(page), "") if self.document is None else island(self.document)
        self.value = members(value)

    @cached_property
    def labels(self) -> dict[str, str]:
        return {} if self.document is None else self.document.labelled("table, dl")

    def words(self, selector: str) -> str | None:
        element = None if self.document is None else self.document.first(selector)
        return None if element is None else line_of(element) or None


def _at(path: str, convert: Callable[[object], object]) -> Reader[View]:
    *way, key = path.split(".")
    return Reader(path, lambda view: convert(members(view.value, *way).get(key)))


def _user(key: str, convert: Callable[[object], object]) -> tuple[Reader[View], ...]:
    return tuple(_at(f"{place}.{key}", convert) for place in (USER, SHORT_USER))


def _label(label: str, convert: Callable[[str], object]) -> Reader[View]:
    def read(view: View) -> object:
        return convert(view.labels[label]) if label in view.labels else None

    return Reader(f"th={label}", read, "one-scraper")


def _flag(words: str, yes: str, no: str) -> bool | None:
    return True if words.startswith(yes) else False if words.startswith(no) else None


def _id(view: View) -> str | None:
    return id_in(CLIENT, view.page.location.path)


def _rate(view: View) -> object:
    user = members(view.value, *USER.split("."))
    rate = members(user, "project_finished_data").get("rate")
    share = rate_and_rating(rate, members(user, "feedback").get("average_score"))[0]
    return NONE_YET if share is None and rate == 0 else share


def _contracts(view: View) -> int | None:
    """契約数. Which of the two keys holds it and which 完了数 is told both ways; the larger one is 契約."""
    data = members(view.value, *USER.split("."), "project_finished_data")
    counts = [whole(data.get(key)) for key in ("total_acceptance_count", "total_finished_count")]
    numbers = [number for number in counts if number is not None]
    return max(numbers) if len(numbers) == 2 else None


def _contracts_shown(view: View) -> int | None:
    """「完了数 3 / 契約数 4」."""
    _, label, rest = (view.words(RATE_DETAIL) or "").partition("契約数")
    return count(rest) if label else None


def _score(value: object) -> object:
    return NONE_YET if value == 0 else rating_of(value)


CLIENT_FIELDS = {
    "id": (*_user("id", ident), Reader[View]("url", _id)),
    "url": (Reader[View]("url", lambda view: client_url(number) if (number := _id(view)) else None),),
    "name": (
        *_user("display_name", text),
        Reader[View](HEADING, lambda view: view.words(HEADING), "one-scraper"),
    ),
    "job_offers_posted": (*_user("job_offer_achievement_count", whole), _label("募集実績", count)),
    "contracts_made": (
        Reader[View](f"{USER}.project_finished_data", _contracts),
        Reader[View](RATE_DETAIL, _contracts_shown, "one-scraper"),
    ),
    "completion_rate": (
        Reader[View](f"{USER}.project_finished_data.rate", _rate),
        _label("プロジェクト完了率", percent),
    ),
    "rating": (
        *_user("feedback.average_score", _score),
        _at(f"{SUMMARY}.feedback.total_rating.average_score", _score),
    ),
    "reviews": (
        *_user("feedback.total_count", whole),
        _at(f"{SUMMARY}.feedback.total_rating.evaluation_count", whole),
    ),
    "identity_verified": (
        *_user("identity_verified", flag),
        _label("本人確認", lambda words: _flag(words, "済", "未")),
    ),
    "rules_acknowledged": (
        *_user("is_employer_rule_check_succeeded", flag),
        _label("発注ルールチェック", lambda words: _flag(words, "済", "未")),
    ),
    "member_since": _user("created_at", moment),
    "profile": (_at(f"{SUMMARY}.company_profile.description", text),),
}


def _offer(key: str, convert: Callable[[object], object]) -> Reader[Row]:
    return Reader(key, lambda row: convert(row.get(key)))


def _pay(row: Row) -> object:
    """Returns the pay of 「固定報酬制 10,000円 〜 50,000円」; the kind alone may be in the field before it."""
    condition = text(row.get("condition_text")) or ""
    label = condition if kind_in(condition) else text(row.get("payment_type")) or ""
    for word in KIND_WORDS:
        condition = condition.removeprefix(word)
    return pay_of_text(label, condition.removeprefix("制").removeprefix("形式").lstrip(" :：　"))


JOB_FIELDS = {
    "id": (_offer("job_offer_id", ident),),
    "url": (_offer("job_offer_id", lambda value: job_url(number) if (number := ident(value)) else None),),
    "title": (_offer("job_offer_title", text),),
    "category": (_offer("job_offer_category_name", text),),
    "pay": (Reader[Row]("condition_text", _pay, "one-scraper"),),
    "open": (_offer("is_active", flag),),
}


class ClientPage:
    kind: PageKind = "client"
    examples: Sequence[str] = ("https://crowdworks.jp/public/employers/3108232",)
    fields = certainties(client=CLIENT_FIELDS, job=JOB_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return id_in(CLIENT, location.path) is not None

    def extract(self, page: Page) -> tuple[AnyRecord, ...]:
        """The client, and the jobs that the profile lists. Raises PageChanged where name or 募集実績 has no reader."""
        view = View(page)
        values = read_fields(view, CLIENT_FIELDS)
        missing = [f"client.{name}" for name in ("name", "job_offers_posted") if name not in values]
        if missing:
            raise PageChanged(self.kind, missing)
        values["sources"] = {
            # Paths within the data name their container too; selectors stand for themselves.
            name: view.place + source if source.startswith(("employer_", "public_")) else source
            for name, source in values["sources"].items()
        }
        return (Client(**values), *_jobs(view))


def _jobs(view: View) -> Iterator[Job]:
    fields = placed(JOB_FIELDS, f"{view.place}{SUMMARY}.job_offers[].")
    for row in rows(members(view.value, SUMMARY).get("job_offers")):
        if row.get("private") is True:
            continue
        values = read_fields(row, fields)
        if "id" not in values:
            continue
        values["sources"]["job"] = card_anchor(values["id"])
        yield Job(**values)
