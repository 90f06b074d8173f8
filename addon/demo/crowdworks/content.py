"""The data of content.toml: clients, jobs and deals, all invented."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from addon.demo.site import yen

DIGEST = 120
"""The list cuts a job's text here."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Worker(Part):
    id: int
    name: str


class Client(Part):
    id: int
    name: str
    offers: int
    score: float
    reviews: int
    finished_rate: int
    finished: int
    accepted: int
    identity: bool
    rule_check: bool
    thanks: int
    member_since: str
    prefecture: str
    profile: str
    certified: bool = False


class Pay(Part):
    """One of five kinds; a fixed price without `min` and `max` is to be agreed."""

    min: float | None = None
    max: float | None = None
    hourly_min: int | None = None
    hourly_max: int | None = None
    article: float | None = None
    characters: float | None = None
    task: float | None = None
    minutes: int | None = None
    contest: int | None = None

    @property
    def kind(self) -> Literal["fixed", "hourly", "article", "task", "contest"]:
        if self.hourly_min is not None:
            return "hourly"
        if self.article is not None:
            return "article"
        if self.task is not None:
            return "task"
        return "fixed" if self.contest is None else "contest"

    @property
    def label(self) -> str:
        return {
            "fixed": "固定報酬制",
            "hourly": "時間単価制",
            "article": "固定報酬制",
            "task": "タスク",
            "contest": "コンペ",
        }[self.kind]

    def as_json(self) -> dict[str, object]:
        match self.kind:
            case "hourly":
                wages = {"min_hourly_wage": self.hourly_min, "max_hourly_wage": self.hourly_max}
                return {"hourly_payment": wages}
            case "article":
                return {
                    "fixed_price_writing_payment": {
                        "article_price": self.article,
                        "min_articles_length": self.characters,
                        "max_articles_length": self.characters,
                    }
                }
            case "task":
                return {"task_payment": {"task_price": self.task, "estimated_work_minutes": self.minutes}}
            case "contest":
                return {"competition_payment": {"competition_price": self.contest}}
            case "fixed":
                return {"fixed_price_payment": {"min_budget": self.min, "max_budget": self.max}}

    def __str__(self) -> str:
        low: float | None
        high: float | None
        match self.kind:
            case "article":
                return f"{yen(self.article or 0)} （1記事 {self.characters or 0:,.0f}文字）"
            case "task":
                return f"{yen(self.task or 0)} （1件 {self.minutes}分）"
            case "contest":
                return yen(self.contest or 0)
            case "hourly":
                low, high = self.hourly_min, self.hourly_max
            case "fixed":
                if self.min is None and self.max is not None:
                    return yen(self.max)
                low, high = self.min, self.max
        if not low and not high:
            return "ワーカーと相談する"
        if low == high:
            return yen(low or 0)
        # Two spaces around the sign, as the site sets them.
        return f"{yen(low) if low else ''}  〜  {yen(high) if high else ''}".strip()


class Category(Part):
    id: int
    name: str


class Job(Part):
    id: int
    client: int
    title: str
    category: Category
    body: str
    pay: Pay
    days_ago: int
    days_left: int
    applicants: int = 0
    contracts: int = 0
    openings: int = 1
    proposals: int = 0
    completed: int = 0
    tasks: int = 0
    skills: Sequence[str] = ()
    tags: Sequence[str] = ()
    urgent: bool = False

    @property
    def digest(self) -> str:
        text = self.body.strip()
        return text if len(text) <= DIGEST else text[:DIGEST] + "..."


class Message(Part):
    sender: Literal["client", "worker"] = Field(alias="from")
    days_ago: int
    time: str
    body: str


DealState = Literal["proposed", "unfunded", "funded", "inspection", "done"]


class Deal(Part):
    """A proposal or the contract that came of it, with its thread."""

    id: int
    thread: int
    job: int
    state: DealState
    amount: int
    days_due: int
    milestone: int = 0
    title: str = ""
    messages: Sequence[Message]

    @property
    def path(self) -> str:
        return f"/{'proposals' if self.state == 'proposed' else 'contracts'}/{self.id}"


class Content(Part):
    worker: Worker
    clients: Sequence[Client]
    jobs: Sequence[Job]
    advertised: Sequence[Job]
    deals: Sequence[Deal]


def content() -> Content:
    """Returns the data, read from disk. Raises ValidationError where the file is not of this form."""
    return Content.model_validate(tomllib.loads(Path(__file__).with_name("content.toml").read_text("utf-8")))
