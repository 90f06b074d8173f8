"""A job's card: `.work-list__item`."""

import re
from collections.abc import Callable
from datetime import datetime

from extractors.document import Document, Element, words_of
from extractors.parsing import count, relative_date, yen_range
from extractors.reading import Reader, read_fields
from extractors.records import Client, Job, Money, Pay, PayKind

ITEMS = ".work-list__item"
ORIGIN = "https://www.craudia.com"
TITLE = "a.work-list__title"
KIND = ".work-list__work-type"
REWARD = ".work-list__reward"
STATUS = ".work-list__status"
CLIENT = ".work-list__client a"
CATEGORY = ".work-list__category-list a"
ENDED = "募集終了"

_JOB = re.compile(r"(?:https://www\.craudia\.com)?/work_detail/([A-Za-z0-9]{1,40})/?")
CLIENT_PATH = re.compile(r"(?:https://www\.craudia\.com)?/app/user_detail/([A-Za-z0-9]{1,40})/?")
# The unit of an hourly job stands in its class alone: its amount reads 「1,100 円」.
_KINDS: dict[str, PayKind] = {"project": "fixed", "task": "per-task", "time-work": "hourly", "contest": "contest"}


class View:
    """One card, and when its page came: 「あと 26 日」 counts from there."""

    def __init__(self, document: Document, item: Element, received_at: datetime) -> None:
        self.document = document
        self.item = item
        self.received_at = received_at
        self.status = {
            words_of(label): words_of(value)
            for label in document.select(f"{STATUS} dt", item)
            if (value := label.getnext()) is not None
        }

    def first(self, selector: str) -> Element | None:
        return self.document.first(selector, self.item)

    def words(self, selector: str) -> str | None:
        element = self.first(selector)
        return None if element is None else words_of(element) or None


def slug_of(pattern: re.Pattern[str], href: str | None) -> str | None:
    """The slug in an address; None for another address, and for the `#` of the hidden template card."""
    found = pattern.fullmatch(href or "")
    return found[1] if found else None


def _slug(selector: str, pattern: re.Pattern[str], convert: Callable[[str], str]) -> Reader[View]:
    def read(view: View) -> str | None:
        element = view.first(selector)
        slug = None if element is None else slug_of(pattern, element.get("href"))
        return None if slug is None else convert(slug)

    return Reader(selector, read, "real-page")


def _words(selector: str) -> Reader[View]:
    return Reader(selector, lambda view: view.words(selector), "real-page")


def _category(view: View) -> str | None:
    found = view.document.select(CATEGORY, view.item)
    return words_of(found[-1]) or None if found else None


def _pay(view: View) -> Pay | None:
    """「10,000～50,000 円」, 「～10,000 円」, 「予算 別途相談」, 「30 円 / 件」."""
    kind_element = view.first(KIND)
    classes = (kind_element.get("class") or "").split() if kind_element is not None else []
    kind = next((_KINDS[name] for name in classes if name in _KINDS), None)
    words = view.words(REWARD)
    if kind is None or words is None:
        return None
    if "相談" in words:
        return Pay(kind=kind)
    bounds = yen_range(words.replace(" ", "").removeprefix("予算"))
    if bounds is None:
        return None
    low = None if bounds.min is None else Money(amount=bounds.min)
    high = None if bounds.max is None else Money(amount=bounds.max)
    return Pay(kind=kind, min=low, max=high)


def _status(label: str, read: Callable[[str, View], object]) -> Reader[View]:
    def of(view: View) -> object:
        value = view.status.get(label)
        return None if value is None else read(value, view)

    return Reader(f"{STATUS} dt={label}", of, "real-page")


def _wanted(words: str, _: View) -> int | None:
    """Of 「0 / 10 件」 the second: how many are wanted."""
    return count(words.partition("/")[2].strip())


def _closes(words: str, view: View) -> object:
    return None if ENDED in words else relative_date(words.replace(" ", ""), view.received_at)


JOB_FIELDS = {
    "id": (_slug(TITLE, _JOB, str),),
    "url": (_slug(TITLE, _JOB, lambda slug: f"{ORIGIN}/work_detail/{slug}"),),
    "title": (_words(TITLE),),
    "category": (Reader[View](CATEGORY, _category, "real-page"),),
    "pay": (Reader[View](REWARD, _pay, "real-page"),),
    "quantity": (_status("作業数", _wanted),),
    "applicants": (_status("参加申請数", lambda words, _: count(words)),),
    "closes_at": (_status("募集期間", _closes),),
    "open": (_status("募集期間", lambda words, _: ENDED not in words),),
}
CLIENT_FIELDS = {
    "id": (_slug(CLIENT, CLIENT_PATH, str),),
    "url": (_slug(CLIENT, CLIENT_PATH, lambda slug: f"{ORIGIN}/app/user_detail/{slug}"),),
    "name": (_words(f"{CLIENT} span"), _words(CLIENT)),
}


def job_of(document: Document, item: Element, received_at: datetime) -> Job | None:
    """The job of a card; None for the empty card that the page keeps as a template."""
    view = View(document, item, received_at)
    values = read_fields(view, JOB_FIELDS)
    if not {"id", "title"} <= values.keys():
        return None
    values["sources"]["job"] = f'a[href$="/work_detail/{values["id"]}"]'
    return Job(**values, client=Client(**read_fields(view, CLIENT_FIELDS)))
