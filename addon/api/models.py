"""What goes over the loopback API: the models that its OpenAPI document, and so the extension's types, come from."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rules.model import Confidence, Severity, Source, Status, Subject, Text

MAX_PAGE_CHARACTERS = 8_000_000


class Body(BaseModel):
    """A request's body: an unknown field is an error, so that a typing slip is not silently ignored."""

    model_config = ConfigDict(extra="forbid")


class AsideStatus(BaseModel):
    """A host whose pages pass unread for now, and why (a code of `Verdict.reason`)."""

    host: str
    reason: str
    until: AwareDatetime


class ProxyStatus(BaseModel):
    port: int
    listening: bool
    aside: list[AsideStatus] = []


class HealthLink(BaseModel):
    """One link of the chain, as `koban doctor` says it. `holds` is null where it does not matter yet."""

    holds: bool | None
    what: Text
    repair: Text | None


class Recording(BaseModel):
    """How the remembering goes. `lost` counts the pages that could not be kept since the start."""

    usable: bool = False
    lost: int = 0
    trouble: str | None = None
    set_aside: str | None = Field(default=None, description="name under which a broken history file was kept")
    silent: bool = Field(
        default=False, description="a shared history does not answer: pages are judged without what was seen before"
    )


class SiteStatus(BaseModel):
    """A marketplace that Koban reads, and whether the user has it switched on."""

    id: str
    name: Text
    operator: Text
    report_url: str
    hosts: list[str]
    enabled: bool


class ServiceStatus(BaseModel):
    """How Koban itself is doing."""

    version: str
    paused: bool
    proxy: ProxyStatus
    sites: list[SiteStatus]


class RuleInfo(BaseModel):
    """A rule as the popup lists it."""

    id: str
    topic: str
    risk: str
    severity: Severity
    confidence: Confidence
    status: Status
    subject: Subject
    title: Text
    reason: Text
    advice: Text
    report: bool
    sources: list[Source]
    enabled: bool = Field(description="as the user, or else the catalog, has it for all sites")
    sites: dict[str, bool] = Field(description="site id → on or off, where the user has set it apart")


class CheckRequest(Body):
    """A page as the browser shows it."""

    url: Annotated[str, Field(max_length=4_000)]
    body: Annotated[str, Field(max_length=MAX_PAGE_CHARACTERS)]
    content_type: Annotated[str, Field(max_length=200)] = "text/html; charset=utf-8"
    keep: bool = Field(default=True, description="false: judged and told, and forgotten, as a demonstration is")


class PairRequest(Body):
    code: Annotated[str, Field(min_length=1, max_length=100)] = Field(description="of a pairing link, or a number")


class PairAnswer(BaseModel):
    token: str


class Problem(BaseModel):
    """Why a request was refused, as a code that a program can tell apart and a sentence for a log."""

    error: Literal["forbidden", "unauthorized", "not-found", "too-large", "too-slow", "busy", "invalid"]
    detail: str
