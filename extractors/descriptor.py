"""The descriptor of a marketplace, `extractors/<site>/site.toml`: typed facts of it, apart from its pages.

Whatever Koban knows of one site alone and not by its pages has its one place there. Rules and addon may import this
module as they import the records: it knows no page and reads no HTML. `make generate` writes what the extension and the
documents take from it.
"""

import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from extractors.page_kinds import PageKind
from extractors.records import Demand

Certainty = Literal["real-page", "several-scrapers", "one-scraper", "assumed"]
"""The ways a place or a label is known: seen in a real page, read by several scrapers, by one, or by none.

What is assumed follows from the site's other pages. Where the assumption fails, the page is PageChanged.
"""

UNFINISHED = "TODO:"
"""Begins each place of a draft that is still to be filled in. `koban sites new` writes it; a test refuses it."""

OutsideContact = Literal[
    "forbidden",
    "on-request",
    "free-once-funded",
    "free-once-agreed",
    "discouraged",
    "allowed",
    "unstated-before-hire",
    "unstated",
]
"""The terms of a site on contact outside of it: never; with its permission on request, which is not taken for
granted until escrow is funded; forbidden until it is funded, or until a contract has begun, and free from then on;
advised against at every stage; allowed at every stage; free after the hire, with no term known on the time before; or
no term is known at all."""

OutsidePayment = Literal["forbidden", "unstated"]
"""The terms of a site on contracts and payment outside of it: forbidden, or no term is known."""
Side = Literal["freelancer", "client", "either"]
"""Who has to answer; either: the side that did not begin it."""
DeadlineEvent = Literal["delivered"] | Demand
"""Delivery of the work, or a demand of one side."""
Outcome = Literal["accepted", "refunded", "released", "cancelled", "judged-without", "split", "support", "terms"]
"""What comes of silence: the work is accepted and paid; the money goes back to the client, or on to the freelancer; the
deal is cancelled; the dispute is decided for the other side; the other side's division of the money counts; the site's
support decides; or the site ends its help, and its terms apply. The words: `rules/lexicon.py`."""
_SATURDAY = 5

FOLDER = Path(__file__).parent
FILE = "site.toml"


class DescriptorError(ValueError):
    """A descriptor that cannot be used. The text names the file and every field that is wrong, one a line."""


def _label(text: str) -> str:
    if text != unicodedata.normalize("NFKC", text) or any(letter.isspace() for letter in text):
        raise ValueError("labels are compared in NFKC and without white space: write them so")
    return text


def _host(name: str) -> str:
    if name != name.strip().lower() or "/" in name or "." not in name:
        raise ValueError(f"{name!r} is no host name in small letters")
    return name


Limit = Annotated[int, Field(gt=0)]
Label = Annotated[str, Field(min_length=1), AfterValidator(_label)]
Host = Annotated[str, AfterValidator(_host)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Words(_Part):
    """A text in both languages."""

    ja: str
    en: str


class ReportWay(_Part):
    """Which control of a site's own reports what a page shows (通報), as the site's help publishes it.

    kinds: the kinds of page on which it is; empty where the way holds from anywhere. source: where it is published.
    checked: the day on which that was read.
    """

    kinds: tuple[PageKind, ...] = ()
    ja: str
    en: str
    source: str
    checked: date


class Escrow(_Part):
    """The words for the money that a site holds before work begins; where it holds none, for what to wait for instead.

    name: what it is called. proof: what the site shows once it holds the money, as "until …" goes on.
    """

    name: Words
    proof: Words


class Deadline(_Part):
    """The time within which one side has to answer, what comes of its silence, and where the site says so.

    event: what begins it. answers: who has to answer. One of hours, days and business_days (Monday to Friday, holidays
    not left out, so that no date is too late); of a span ("24 to 72 hours") its shorter end. of: the deals that it
    holds for, where it does not hold for all.
    """

    event: DeadlineEvent
    answers: Side
    hours: Limit | None = None
    days: Limit | None = None
    business_days: Limit | None = None
    otherwise: Outcome
    of: Words | None = None
    source: str
    checked: date

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if sum(limit is not None for limit in (self.hours, self.days, self.business_days)) != 1:
            raise ValueError("one of hours, days, business_days")
        return self

    def ends(self, begin: date) -> date:
        """Returns the day on which it ends. begin: the day of the event."""
        if self.business_days is None:
            return begin + timedelta(days=self.days if self.days is not None else (self.hours or 0) // 24)
        day, remaining = begin, self.business_days
        while remaining:
            day += timedelta(days=1)
            remaining -= day.weekday() < _SATURDAY
        return day


class Controls(_Part):
    """The controls that take one step of a deal: by the end of their visible label, else by a CSS selector."""

    labels: Annotated[tuple[Label, ...], Field(min_length=1)]
    selectors: tuple[str, ...] = ()
    certainty: Certainty


StepName = Literal["apply", "agree", "deliver", "send"]


class Steps(_Part):
    """The steps that Koban asks before: apply for a job, agree to a contract, deliver work, send a message."""

    apply: Controls
    agree: Controls
    deliver: Controls
    send: Controls


class SiteDescriptor(_Part):
    """A marketplace, by its `site.toml`."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,30}$")]
    """The name of its folder. Settings, history and rules name the site by it."""
    name: Words
    operator: Words
    """The party to turn to, as the site calls it: 「クラウドワークスの事務局」."""
    hosts: Annotated[tuple[Host, ...], Field(min_length=1)]
    """Exact host names that Koban decrypts, the one that people open first."""
    own_domains: Annotated[tuple[Host, ...], Field(min_length=1)]
    """Registrable domains (and hosts of its help) that are the site's own: a link there leaves it not."""
    optional: bool = False
    """Whether the site is left alone until its user switches it on: not decrypted, and not entered by the extension."""
    in_japan: bool = True
    """Whether it is a marketplace of Japan: deals are between parties there, and Japan's law on freelancers holds."""
    imitable: bool
    """Whether `id` is a name that an address can imitate (`crowdw0rks`); false where it is an ordinary word."""
    counts_present_offer: bool
    """Whether the client's number of offers (募集実績) includes the offer that one is looking at."""
    shows_rating_with_offers: bool = False
    """Whether whatever shows the client's number of offers shows the client's rating too, where there is one."""
    outside_contact: OutsideContact
    """Why: `rules/sources.yaml` has the term."""
    outside_payment: OutsidePayment = "unstated"
    """The terms on contracts and payment outside of it. Why: `rules/sources.yaml`."""
    escrow: Escrow = Escrow(
        name=Words(ja="仮払い", en="escrow"),
        proof=Words(ja="仮払いが済んだと表示される", en="the site shows that escrow is funded"),
    )
    """Its words for escrow; the general ones where they are the site's own."""
    deadlines: tuple[Deadline, ...] = ()
    """Empty where no term that was read sets one."""
    help_url: str | None = None
    """The site's own help, where one may look for a way to report."""
    report_form: str | None = None
    """The address of a form for reports, where one was verified; a front page or a help page is none."""
    report_ways: tuple[ReportWay, ...] = ()
    """Verified ways to report. Empty where nobody has verified one: none is guessed."""
    steps: Steps
    field_labels: Mapping[str, tuple[str, ...]] = {}
    """The site's label of a field (`client.rating`), so that a warning can be placed beside its value."""

    @model_validator(mode="after")
    def _hosts_are_own(self) -> Self:
        for host in self.hosts:
            if not any(_within(host, domain) for domain in self.own_domains):
                raise ValueError(f"hosts: {host} is in none of own_domains")
        return self

    @property
    def domains(self) -> tuple[str, ...]:
        """The own domains that the local authority may sign for: those of the hosts."""
        return tuple(domain for domain in self.own_domains if any(_within(host, domain) for host in self.hosts))

    @property
    def own_words(self) -> tuple[str, ...]:
        """The English of its own words, which further languages say too. Its name is the same in each."""
        ways = (way.en for way in self.report_ways)
        return (self.operator.en, self.escrow.name.en, self.escrow.proof.en, *ways)

    @property
    def acceptance(self) -> Deadline | None:
        """The time after which the site accepts delivered work by itself; None where that is unknown.

        Where it differs by the kind of deal, the latest: a page shows no kind, and none is to rely on an earlier day.
        """
        own = [each for each in self.deadlines if each.event == "delivered" and each.otherwise == "accepted"]
        return max(own, key=lambda each: each.ends(date.min), default=None)

    def deadline(self, event: DeadlineEvent, by: str | None = None) -> Deadline | None:
        """Returns the time for the answer to an event; None where no term sets one for that side.

        by: the side that made a demand (`client`, `freelancer`); unknown (None) is taken for the client, so that no
        deadline of the user's is passed over. Where it differs by the kind of deal, the shortest.
        """
        sides = ("client", "either") if by == "freelancer" else ("freelancer", "either")
        own = [each for each in self.deadlines if each.event == event and each.answers in sides]
        return min(own, key=lambda each: each.ends(date.min), default=None)

    def report_way(self, kind: PageKind | None) -> ReportWay | None:
        """Returns how to report from a page of a kind, else from anywhere; None where no way was verified."""
        here = (way for way in self.report_ways if kind in way.kinds)
        return next(here, next((way for way in self.report_ways if not way.kinds), None))


def read_descriptor(path: Path) -> SiteDescriptor:
    """Read a `site.toml`. Raises DescriptorError, which names the file and the fields."""
    place = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        with path.open("rb") as file:
            descriptor = SiteDescriptor.model_validate(tomllib.load(file))
    except FileNotFoundError:
        raise DescriptorError(f"{place}: missing") from None
    except tomllib.TOMLDecodeError as error:
        raise DescriptorError(f"{place}: {error}") from None
    except ValidationError as error:
        lines = (f"{place}: {'.'.join(map(str, e['loc'])) or 'site'}: {e['msg']}" for e in error.errors())
        raise DescriptorError("\n".join(lines)) from None
    if descriptor.id != path.parent.name:
        raise DescriptorError(f"{place}: id: {descriptor.id!r} is not the name of its folder")
    return descriptor


@cache
def descriptors() -> Mapping[str, SiteDescriptor]:
    """The descriptors of all marketplaces that Koban reads, by id, in order. Raises DescriptorError."""
    paths = sorted(FOLDER.glob(f"*/{FILE}"))
    return MappingProxyType({path.parent.name: read_descriptor(path) for path in paths})


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
