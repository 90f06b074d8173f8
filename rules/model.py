"""Values of rules, findings and verdicts."""

from collections.abc import Iterable
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from extractors.page_kinds import PageKind
from extractors.records import Crop

WarningLevel = Literal["caution", "danger"]
"""How grave a warning is, the lightest first: a severity, and the state of a page with such a finding."""
Severity = Literal["notice", WarningLevel]
Confidence = Literal["low", "medium", "high"]
Status = Literal["experimental", "test", "stable"]
"""From the lowest (rules/status.py)."""
Subject = Literal["job", "client", "message", "thread", "contract"]
Stage = Literal["browsing", "applying", "agreed-unfunded", "funded", "delivered", "done", "unknown"]
"""What each comes to is in rules/lexicon.py."""
UNKNOWN = "unknown"
"""The value of `site` and of `stage` where the page shows neither."""
State = Literal["clear", WarningLevel, "not-checked"]
Language = Literal["ja", "en", "es", "pt-BR", "fr"]
"""The languages that Koban speaks, each by its tag (BCP 47). All it says is there in Japanese and English; the others
are asked for (rules/translations.py)."""
Topic = Literal["payment", "contact", "client", "contract", "work", "law", "safety"]
LeftAlone = Literal["bot-check", "refused", "upstream-certificate", "upstream-tls"]
"""Why the traffic of a site is left alone."""
Reason = Literal[
    "unknown-page",
    "page-changed",
    "unreadable",
    "nothing-to-check",
    "too-large",
    "too-slow",
    "pending",
    "failed",
    "off",
    "paused",
    "muted",
    "no-answer",
    LeftAlone,
    "not-a-marketplace",
    "no-address",
]
"""Why a page, or a part of it, was not checked. The words for each are in rules/lexicon.py."""

LANGUAGES: tuple[Language, ...] = get_args(Language)
FURTHER_LANGUAGES: tuple[Language, ...] = LANGUAGES[2:]
"""Languages in which a text may be missing; English stands for it."""

WARNING_LEVELS: tuple[WarningLevel, ...] = get_args(WarningLevel)
GRAVITY: dict[Severity, int] = {severity: number for number, severity in enumerate(get_args(Severity))}
"""The order of severities, the lightest 0."""


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Text(Value):
    """A text in Japanese and English, and in those of the `FURTHER_LANGUAGES` that were asked for, by their tags."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str] = Field(init=False)

    ja: str
    en: str

    @model_validator(mode="after")
    def _known_languages(self) -> Self:
        if unknown := [tag for tag in self.__pydantic_extra__ if tag not in FURTHER_LANGUAGES]:
            raise ValueError(f"no language {unknown[0]}")
        return self

    def spoken(self, language: Language) -> str:
        """Return the text in a language; in English where it is not there in that one."""
        return str(getattr(self, language, self.en))

    def further(self, language: Language) -> str | None:
        """Return the version in a further language; None where there is none."""
        return self.__pydantic_extra__.get(language)

    def also(self, language: Language, text: str | None) -> Self:
        """Return the text with its version in a further language; itself where there is none."""
        return self if text is None else self.model_copy(update={language: text})


class Source(Value):
    """Where a rule comes from: a term or a law by name, its address and the day it was checked (ISO 8601)."""

    name: Text
    url: str
    checked: str
    site: str | None = None
    """The id of the marketplace whose term it is; None for a law, or for advice that is nobody's term."""


class Evidence(Value):
    """Evidence of a finding: the field, the words as the page has them, and their place."""

    field: str
    quote: str
    selector: str | None = None
    marked: tuple[tuple[int, int], ...] = ()
    """The words of the quote that weigh most: start, and before which character they end (Unicode code points). Only
    where meaning alone speaks."""
    file: str | None = None
    """The address of the picture or file that it was read in; None for the page's own words."""
    box: tuple[int, int, int, int] | None = None
    """Its place in that picture: left, top, right and bottom in pixels."""
    crop: Crop | None = None
    """The picture around that place, a small PNG in base64, as a browser may show it."""
    chosen: Literal[True] | None = None
    """True where it was read in a file that its user chose by hand: it is shown to them, and not in the page, whose
    scripts could not read that file."""


class Finding(Value):
    """One rule that holds for one subject of the page."""

    rule: str
    risk: str
    status: Status = "stable"
    """`experimental` findings are shown only where the user switched the rule on, those of `test` as cautions."""
    severity: Severity
    confidence: Confidence
    subject: Subject
    subject_id: str | None = None
    anchor: str | None = None
    """Selector or link of the subject's place in the page (the card of a list)."""
    title: Text
    seen: Text
    """One sentence of what was seen, quoting the evidence."""
    reason: Text
    advice: Text
    report: bool
    sources: tuple[Source, ...]
    evidence: tuple[Evidence, ...]
    more: int = 0
    """Places in pictures and files beyond those of the evidence, which is bounded."""

    @property
    def warns(self) -> bool:
        """Whether it is a warning, and not a notice."""
        return self.severity in WARNING_LEVELS


def distinct(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return each quote of a field once, preferably with its marks."""
    by_quote: dict[object, Evidence] = {}
    for quote in evidence:
        key = (quote.field, quote.quote, quote.selector)
        if key not in by_quote or (quote.marked and not by_quote[key].marked):
            by_quote[key] = quote
    return tuple(by_quote.values())


class ClientRef(Value):
    """The one client that a page is about: the site's own id of them, and the name where it is shown."""

    id: str
    name: str | None = None


class Detail(Value):
    """A detail of what a page is about, in words. Handed on unopened by all that hands verdicts on."""

    label: Text
    value: Text


class ChosenFile(Value):
    """A file that its user chose by hand for an address of the page, and that was looked into."""

    url: str
    whole: bool
    """Whether all of it was looked at."""


class Verdict(Value):
    """The judgement of a page. `not-checked` always carries a `reason`; it never looks like `clear`."""

    state: State
    findings: tuple[Finding, ...] = ()
    checked: tuple[str, ...] = ()
    """Fields that rules looked at and found in the page."""
    missing: tuple[str, ...] = ()
    """Fields that rules wanted and the page did not show."""
    reason: Reason | None = None
    """Why it was not checked; beside a warning, why a part of it was not."""
    site: str | None = None
    kind: PageKind | None = None
    client: ClientRef | None = None
    """Set where all records of the page are of one client whose id is known."""
    stage: Stage | None = None
    """The stage of the one deal that the page is about, where it shows it."""
    enclosures: tuple[str, ...] = ()
    """Addresses of the pictures and files in the client's words that were not looked at."""
    chosen: tuple[ChosenFile, ...] = ()
    details: tuple[Detail, ...] = ()
    """What the page shows of its one job, contract and client; made by addon/judging/details.py."""

    @property
    def warns(self) -> bool:
        """Whether it carries a warning, and not only notices."""
        return self.state in WARNING_LEVELS
