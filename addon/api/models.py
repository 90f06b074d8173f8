"""Models of the loopback API, the source of its OpenAPI document and of the extension's types."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from addon.credentials.proof import HEX, NONCE
from addon.history.health import Health
from addon.koban import AutostartState
from addon.pictures.bounds import BOUNDS
from addon.state.settings import TrustAnswer
from addon.state.storage import StorageTrouble
from extractors.descriptor import StepName
from rules.model import Confidence, Language, Severity, Source, Status, Subject, Text

MAX_PAGE_CHARACTERS = 8_000_000
MAX_TEXT_CHARACTERS = 10_000
MAX_ADDRESS_CHARACTERS = 4_000
MAX_LESSON_CHARACTERS, MAX_LESSON_TEXTS = 6_000, 20
MAX_FILE_CHARACTERS = -(-BOUNDS.file // 3) * 4
"""Of base64."""


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


class Recording(BaseModel):
    """State of the history's recording. `lost` counts the pages that could not be kept since the start."""

    usable: bool = False
    lost: int = 0
    trouble: str | None = None
    set_aside: str | None = Field(default=None, description="name under which a broken history file was kept")
    silent: bool = Field(
        default=False, description="a shared history does not answer: pages are judged without what was seen before"
    )

    @classmethod
    def of(cls, health: Health) -> Self:
        """Returns the part of a recorder's health that the API shows."""
        return cls(
            usable=health.remembers,
            lost=health.lost_pages,
            trouble=health.trouble,
            set_aside=health.set_aside,
            silent=health.silent,
        )


class SiteStatus(BaseModel):
    """A marketplace that Koban reads, and whether the user has it switched on."""

    id: str
    name: Text
    operator: Text
    hosts: list[str]
    enabled: bool
    optional: bool = Field(description="off until the user switches it on")


class CertificateStatus(BaseModel):
    """The last certificate of the local authority that took an older one's place in this run of Koban."""

    renewed: datetime
    stores: list[str] = Field(description="titles of the trust stores in which it took the older one's place")
    refused: list[str] = Field(description="titles of the trust stores that keep the older one")


PicturesStatus = Literal["absent", "off", "on"]
"""absent: the extra `koban[pictures]` is not installed. off: the user has not switched it on."""


class AutostartChange(Body):
    """Whether the system is to start Koban when its user logs in."""

    on: bool


class AutostartStatus(BaseModel):
    """Whether the system starts Koban when its user logs in, as the system's own entry has it."""

    state: AutostartState = Field(description="gone: it would, but the program is no longer there")


class ReplyInfo(BaseModel):
    """A reply of a pack. It takes the place of the extension's own with its id, or is one more."""

    id: str
    title: Text
    text: Text
    answers: list[str] = Field(description="risks of warnings beside which it is offered first")
    carries_out: list[str] = Field(description="rules whose advice is to write it, and no other reply")


class StepControls(BaseModel):
    """The controls that take one step of a deal: by the end of their visible label, else by a CSS selector."""

    labels: list[str]
    selectors: list[str]


class SiteControls(BaseModel):
    """The controls and labels of a site that a pack changes. Those it does not name are as the extension has them."""

    hosts: list[str]
    steps: dict[StepName, StepControls]
    field_labels: dict[str, list[str]] = Field(description="by field, looked for before the extension's own")


class ServiceStatus(BaseModel):
    """State of Koban itself."""

    version: str
    newest: str | None = Field(
        default=None,
        description="a newer version of Koban that the project's pack names; nothing is asked for it, and null "
        "where no such pack is in use",
    )
    replies: list[ReplyInfo] = Field(default=[], description="those of the project's pack")
    controls: list[SiteControls] = Field(default=[], description="those of sites that the project's pack changes")
    paused: bool
    tracker: str | None = Field(
        default=None, description="where the project takes bug reports; null where it has said none"
    )
    storage: StorageTrouble | None = Field(
        default=None, description="why settings and history may not be kept; null where nothing is in their way"
    )
    proxy: ProxyStatus
    pictures: PicturesStatus = Field(description="whether pictures and files of clients are looked at")
    autostart: AutostartState | None = Field(
        default=None, description="whether the system starts Koban with the computer; null where it is no choice"
    )
    sites: list[SiteStatus]
    certificate: CertificateStatus | None = Field(
        default=None, description="null unless sites were switched so that it had to be issued again"
    )


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
    example: str | None = Field(default=None, description="words that it warns of, from its own examples")
    enabled: bool = Field(description="as the user, or else the catalog, has it for all sites")
    sites: dict[str, bool] = Field(description="site id → on or off, where the user has set it apart")


ViewName = Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{1,64}$", description="any name that is this page's alone")]


class CheckRequest(Body):
    """A page as the browser shows it."""

    url: Annotated[str, Field(max_length=MAX_ADDRESS_CHARACTERS)]
    body: Annotated[str, Field(max_length=MAX_PAGE_CHARACTERS)]
    content_type: Annotated[str, Field(max_length=200)] = "text/html; charset=utf-8"
    keep: bool = Field(default=True, description="false: judged and told, and forgotten, as a demonstration is")
    view: ViewName | None = Field(
        default=None, description="the open page that shows this: kept apart for it from what other tabs show there"
    )
    rewritten: bool = Field(default=False, description="with `view`: what it shows is not what passes at its address")


class TextRequest(Body):
    """A text by itself, as its reader pastes it."""

    kind: Literal["job", "message"] = Field(description="an offer; a message of a client")
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARACTERS)]


class EnclosureRequest(Body):
    """A picture or a file as the browser has it, and the page that shows it."""

    page: Annotated[str, Field(max_length=MAX_ADDRESS_CHARACTERS)]
    url: Annotated[
        str, Field(max_length=MAX_ADDRESS_CHARACTERS, description="as the page's verdict names it in `enclosures`")
    ]
    data: Annotated[str, Field(max_length=MAX_FILE_CHARACTERS, description="its bytes in base64")]
    chosen: bool = Field(default=False, description="whether its user chose a file by hand for that address")


class ArrivalRequest(Body):
    """The ticket in the element at a page's end, which shows whose browser the page came to."""

    ticket: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class EnclosureStatus(BaseModel):
    """Whether a picture or a file was looked into; else it stays among the `enclosures` of its page."""

    looked: bool


class LessonInfo(BaseModel):
    """A lesson of the user's. `quote` is the beginning of its text, without personal details."""

    id: str
    warns: bool = Field(description="true: should have been warned of; false: was wrongly warned of")
    rule: str
    risk: str
    day: date
    quote: str


class LessonRequest(Body):
    """A text to learn from: one that should have been warned of, or what a rule's warning quoted, which was wrong."""

    warns: bool
    rule: Annotated[str, Field(max_length=80)] = Field(default="", description="the rule that was wrong")
    risk: Annotated[str, Field(max_length=80)] = Field(default="", description="the risk that was not seen, if known")
    texts: Annotated[
        list[Annotated[str, Field(max_length=MAX_LESSON_CHARACTERS)]], Field(min_length=1, max_length=MAX_LESSON_TEXTS)
    ]


class Contribution(BaseModel):
    """All lessons as they may be passed on, to be shown before they are written anywhere: JSON Lines."""

    text: str


Nonce = Annotated[str, Field(pattern=NONCE)]
Proof = Annotated[str, Field(pattern=HEX)]


class PairRequest(Body):
    """That the extension knows the code of a pairing link, or a number that the user was shown; never the code itself.

    `proof` is HMAC-SHA256 over the lines `koban pair request`, the port, the extension's origin and `nonce`. Its secret
    is the link's code, or PBKDF2 of the number (SHA-256, 600,000 rounds, salted with `nonce`) in hexadecimal.
    """

    by: Literal["link", "number"]
    nonce: Nonce
    proof: Proof


class PairAnswer(BaseModel):
    """That Koban knows it too, over the lines `koban pair answer`, port, origin, the extension's nonce and this one.

    The key that both keep is the same over `koban pair key`; it is not sent.
    """

    nonce: Nonce
    proof: Proof


class GreetingRequest(Body):
    """Who asks, by the name of the key: the first 32 digits of the proof over the line `koban key`."""

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    nonce: Nonce


class Greeting(BaseModel):
    """Koban's nonce since its start, proven over the lines `koban greeting`, the port, the asked nonce and this one."""

    start: Nonce
    proof: Proof


class SessionToken(BaseModel):
    """Token of a session of the history page that Koban serves."""

    token: str


class Problem(BaseModel):
    """Why a request was refused, as a code that a program can tell apart and a sentence for a log."""

    error: Literal["forbidden", "unauthorized", "not-found", "too-large", "too-slow", "busy", "invalid", "failed"]
    detail: str


class HistoryChange(Body):
    """Changes of the history's settings; fields left out stay."""

    enabled: bool | None = None
    texts: bool | None = None
    pages: bool | None = None
    days: Annotated[int, Field(ge=1, le=36_500)] | None = None


class SitePatch(Body):
    """A change of what is switched for one site."""

    enabled: bool | None = None
    rules: dict[str, bool | None] | None = None


class ClientPatch(Body):
    """A change of what is switched for one client."""

    muted: bool | None = None
    ask: bool | None = None


class TextPatch(BaseModel):
    """A change of a text in some of its languages."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str | None] = Field(init=False)

    ja: str | None = None
    en: str | None = None


class SettingsPatch(Body):
    """A JSON merge patch of the settings: what is left out stays, and `null` sets the default again."""

    schema_version: int | None = None
    rules: dict[str, bool | None] | None = None
    sites: dict[str, SitePatch | None] | None = None
    clients: dict[str, ClientPatch | None] | None = None
    active_step: bool | None = None
    guard: bool | None = None
    templates: dict[str, TextPatch | None] | None = None
    wrong: dict[str, date | None] | None = None
    language: Language | None = None
    paused_until: AwareDatetime | None = None
    trust_refused: bool | None = None
    trust: TrustAnswer | None = None
    pictures: bool | None = None
    history: HistoryChange | None = None
    welcomed: bool | None = None
