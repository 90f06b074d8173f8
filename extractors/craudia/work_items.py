"""A job's card: `.work-list__item`."""

import re
from collections.abc import Callable

from extractors.document import Document, Element, names_of, words_of
from extractors.parsing import count, relative_date, yen_range
from extractors.parts import Part, linked, pay, words
from extractors.reading import Reader, read_fields
from extractors.records import Client, Job, Pay, PayKind

ITEM_CLASS = "work-list__item"
ITEMS = f".{ITEM_CLASS}"
ORIGIN = "https://www.craudia.com"
TITLE = "a.work-list__title"
KIND = ".work-list__work-type"
REWARD = ".work-list__reward"
STATUS = ".work-list__status"
CLIENT = ".work-list__client a"
CATEGORY = ".work-list__category-list a"
ENDED_STATUS = "募集終了"

_JOB = re.compile(r"(?:https://www\.craudia\.com)?/work_detail/([A-Za-z0-9]{1,40})/?")
CLIENT_PATH = re.compile(r"(?:https://www\.craudia\.com)?/app/user_detail/([A-Za-z0-9]{1,40})/?")
# The unit of an hourly job stands beside its amount, which reads 「1,100 円」: in a class, and in a word.
_KINDS: dict[str, PayKind] = {"project": "fixed", "task": "per-task", "time-work": "hourly", "contest": "contest"}
_KIND_WORDS: dict[str, PayKind] = {
    "プロジェクト": "fixed",
    "タスク": "per-task",
    "時間制": "hourly",
    "コンテスト": "contest",
    "コンペ": "contest",
}


def _status(label: str, read: Callable[[str, Part], object]) -> Reader[Part]:
    def of(part: Part) -> object:
        for terms in part.select(f"{STATUS} dt"):
            value = terms.getnext()
            if label in names_of(terms) and value is not None:
                return read(words_of(value), part)
        return None

    return Reader(f"{STATUS} dt={label}", of, "real-page")


def _category(part: Part) -> str | None:
    elements = part.select(CATEGORY)
    return words_of(elements[-1]) or None if elements else None


def kind_of(label: Element | None) -> PayKind | None:
    """The kind of a job by its label: its class, else its word."""
    if label is None:
        return None
    classes = (label.get("class") or "").split()
    return next((_KINDS[name] for name in classes if name in _KINDS), _KIND_WORDS.get(words_of(label)))


def pay_of(kind: PayKind | None, text: str | None) -> Pay | None:
    """「10,000～50,000 円」, 「～10,000 円」, 「予算 別途相談」, 「30 円 / 件」."""
    if kind is None or text is None:
        return None
    return Pay(kind=kind) if "相談" in text else pay(kind, yen_range(text.replace(" ", "").removeprefix("予算")))


def _pay(part: Part) -> Pay | None:
    return pay_of(kind_of(part.first(KIND)), part.words(REWARD))


def _wanted(text: str, _: Part) -> int | None:
    """Returns the second number of 「0 / 10 件」: the quantity wanted."""
    return count(text.partition("/")[2].strip())


def _closes(text: str, part: Part) -> object:
    return None if ENDED_STATUS in text else relative_date(text.replace(" ", ""), part.received_at)


JOB_FIELDS = {
    "id": (linked(TITLE, _JOB),),
    "url": (linked(TITLE, _JOB, lambda slug: f"{ORIGIN}/work_detail/{slug}"),),
    "title": (words(TITLE),),
    "category": (Reader[Part](CATEGORY, _category, "real-page"),),
    "pay": (Reader[Part](REWARD, _pay, "real-page"),),
    "quantity": (_status("作業数", _wanted),),
    "applicants": (_status("参加申請数", lambda text, _: count(text)),),
    "closes_at": (_status("募集期間", _closes),),
    "open": (_status("募集期間", lambda text, _: ENDED_STATUS not in text),),
}
CLIENT_FIELDS = {
    "id": (linked(CLIENT, CLIENT_PATH),),
    "url": (linked(CLIENT, CLIENT_PATH, lambda slug: f"{ORIGIN}/app/user_detail/{slug}"),),
    "name": (words(f"{CLIENT} span"), words(CLIENT)),
}


def job_of(document: Document, item: Element) -> Job | None:
    """The job of a card; None for the empty card that the page keeps as a template."""
    part = Part(document, item)
    values = read_fields(part, JOB_FIELDS)
    if not {"id", "title"} <= values.keys():
        return None
    values["sources"]["job"] = f'a[href$="/work_detail/{values["id"]}"]'
    return Job(**values, client=Client(**read_fields(part, CLIENT_FIELDS)))
