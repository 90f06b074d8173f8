"""The records that a page is read into: what a freelancer can see, and nothing else.

`None` means "this page does not show it". It never stands for zero, for empty or for "no": a
client whose rating is not shown has `rating=None`, a client without reviews has `reviews=0`.
Each record keeps in `sources` which selector (or JSON path) answered for each field, so that
a warning can stand beside that very field and a redesign is noticed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from extractors.parsing import one_line

Amount = Annotated[
    Decimal,
    Field(ge=0, allow_inf_nan=False),
    # JSON has one kind of number; whole amounts are written without a fraction.
    PlainSerializer(
        lambda d: int(d) if d == d.to_integral_value() else float(d),
        return_type=float | int,
        when_used="json",
    ),
]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
Line = Annotated[str | None, AfterValidator(lambda text: None if text is None else one_line(text) or None)]
"""A name or a title: one line, without signs that nobody sees or that turn the words after it around.

It is put into sentences, files and pages of the user's own, and must not write lines of its own there.
"""
Moment = datetime | date
"""A moment as exactly as the page shows it: a day, or a time with its zone (JST where a Japanese site names none)."""

PayKind = Literal["fixed", "hourly", "per-character", "per-task", "contest"]
AuthorRole = Literal["client", "freelancer", "system"]
ContractState = Literal[
    "proposed",
    "agreed",
    "escrow-requested",
    "escrow-funded",
    "delivered",
    "in-revision",
    "accepted",
    "paid",
    "cancelled",
    "disputed",
]

PaymentTerms = Literal["escrow", "invoice", "direct"]
"""How a deal is paid: from money that the site holds before work begins; on an invoice after the work, which the site
bills; or directly from client to freelancer, which no site protects."""
Demand = Literal["refund", "cancellation", "hours-dispute", "dispute", "mediation"]
"""A demand that one side has made of a deal, and that the other has to answer in time: money back, an end of the deal,
an objection to hours, a dispute, a division of the money."""


class Part(BaseModel):
    """Anything a record is made of: frozen, and refusing a field that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Record(Part):
    """A record read from a page.

    `sources` maps a field's name to the selector or JSON path that answered for it, in the page's
    own terms (`#client_detail_information_container[data] .jobOfferAchievementCount`).
    """

    sources: Mapping[str, str] = Field(default_factory=dict)
    unread: tuple[str, ...] | None = Field(
        default=None, description="fields that the page shows in a way that is not understood, unlike its neighbours'"
    )


class Money(Part):
    """An amount in a currency (ISO 4217)."""

    amount: Amount
    currency: str = "JPY"


class Pay(Part):
    """Pay that a job offers. Without `min` and `max` it is to be agreed (相談).

    `min` alone is "from", `max` alone is "up to", equal ones are an exact price.
    """

    kind: PayKind
    min: Money | None = None
    max: Money | None = None
    characters_min: Count | None = Field(default=None, description="per-character pay: the price pays a text this long")
    characters_max: Count | None = None
    minutes: Count | None = Field(
        default=None, description="per-task pay: the minutes one task takes by the client's word"
    )
    tax_included: bool | None = None


class Link(Part):
    """A link in a text: where it leads and the text it shows."""

    url: str
    text: Line = None
    turned: str | None = Field(
        default=None, description="the text with the signs that turn it around, where there are any; never to be shown"
    )


Box = tuple[int, int, int, int]
"""A place in a picture: left, top, right and bottom in its pixels."""


Crop = Annotated[str, Field(max_length=32_000, pattern=r"^iVBORw0KGgo[A-Za-z0-9+/]*={0,2}$")]
"""A small PNG in base64: it comes from a process that opens strangers' files, and goes into pages."""


class TextLine(Part):
    """A line of text in a picture or a document, or what a code says; in a document, without a place.

    crop: the picture around it, a small PNG in base64; None where it was not asked for.
    """

    text: str
    box: Box | None = None
    crop: Crop | None = None


def _as_lines(values: object) -> object:
    """Takes bare texts for lines without a place, as rules' fixtures have codes."""
    if not isinstance(values, list | tuple):
        return values
    return tuple(TextLine(text=value) if isinstance(value, str) else value for value in values)


class Contents(Part):
    """The contents of a picture or a file, as they were read.

    whole: whether all of it was looked at, and nothing beyond a bound was left out. chosen: whether its user chose the
    file by hand, so that no script of the page could read it.
    """

    kind: str
    lines: tuple[TextLine, ...] = ()
    codes: Annotated[tuple[TextLine, ...], BeforeValidator(_as_lines)] = Field(default=(), description="QR codes")
    links: tuple[Link, ...] = Field(default=(), description="those that a document has")
    files: tuple[Annotated[str, AfterValidator(one_line)], ...] = Field(default=(), description="names in an archive")
    macros: bool = Field(default=False, description="whether it brings a program that runs in an Office application")
    locked: bool = Field(default=False, description="whether it, or a file in it, opens with a password only")
    whole: bool = True
    chosen: bool = False


class Enclosure(Part):
    """A picture or a file that stands in a text: its address, the name it is shown by, and what it holds.

    contents: None where it was not looked at.
    """

    url: str
    name: Line = None
    contents: Contents | None = None


class Client(Record):
    """The party that offers the work (発注者), as the marketplace shows it."""

    id: str | None = None
    name: Line = None
    url: str | None = None
    job_offers_posted: Count | None = Field(
        default=None,
        description="募集実績 as the site shows it; CrowdWorks counts the present offer, unlike `earlier_offers`",
    )
    contracts_made: Count | None = None
    jobs_paid: Count | None = Field(default=None, description="of the offers posted, those that were paid for")
    completion_rate: Share | None = None
    rating: Annotated[float, Field(ge=0, le=5)] | None = None
    reviews: Count | None = None
    feedback: Share | None = Field(
        default=None, description="of the ratings, those that are good, where a site says so"
    )
    identity_verified: bool | None = None
    rules_acknowledged: bool | None = Field(default=None, description="発注ルールチェック")
    payment_verified: bool | None = None
    deposit_made: bool | None = None
    payment_terms: PaymentTerms | None = Field(default=None, description="how the client pays, where the site says so")
    total_spent: Money | None = None
    hire_rate: Share | None = None
    member_since: Moment | None = None
    country: Line = None
    profile: str | None = Field(default=None, description="the client's own words about themselves")
    enclosures: tuple[Enclosure, ...] | None = Field(default=None, description="pictures and files of the profile")


class Job(Record):
    """An offer of work (仕事)."""

    id: str | None = None
    url: str | None = None
    title: Line = None
    body: str | None = None
    category: Line = None
    category_id: str | None = Field(default=None, description="the site's own id of the category")
    pay: Pay | None = None
    quantity: Count | None = None
    applicants: Count | None = None
    hires: Count | None = None
    openings: Count | None = None
    posted_at: Moment | None = None
    closes_at: Moment | None = None
    open: bool | None = Field(default=None, description="whether it still takes applications")
    client: Client | None = None
    links: tuple[Link, ...] | None = None
    attachments: tuple[Annotated[str, AfterValidator(one_line)], ...] | None = None
    enclosures: tuple[Enclosure, ...] | None = Field(default=None, description="pictures and files within it")


class Message(Record):
    """One message of a thread."""

    id: str | None = None
    thread_id: str | None = None
    sent_at: Moment | None = None
    author_role: AuthorRole | None = None
    author_name: Line = None
    author_id: str | None = Field(default=None, description="the site's id of the author, where sides are told by ids")
    body: str | None = None
    links: tuple[Link, ...] | None = None
    attachments: tuple[Annotated[str, AfterValidator(one_line)], ...] | None = None
    enclosures: tuple[Enclosure, ...] | None = Field(default=None, description="pictures and files within it")


class Thread(Record):
    """A conversation between a client and the freelancer, oldest message first."""

    id: str | None = None
    client: Client | None = None
    freelancer_id: str | None = Field(default=None, description="the site's id of the freelancer in it")
    job_id: str | None = None
    contract_id: str | None = None
    title: Line = Field(default=None, description="what the inbox calls it: mostly the job's title")
    messages: tuple[Message, ...] = ()


class Contract(Record):
    """A deal, from the proposal to the payment."""

    id: str | None = None
    url: str | None = None
    client: Client | None = None
    title: Line = None
    state: ContractState | None = None
    amount: Money | None = None
    pay: Pay | None = Field(default=None, description="how the amount is reckoned; an hourly deal has a rate only")
    funded_amount: Money | None = None
    due: Moment | None = None
    delivered_at: Moment | None = None
    payment_due: Moment | None = None
    revisions_used: Count | None = None
    revisions_agreed: Count | None = None
    payment_terms: PaymentTerms | None = None
    demand: Demand | None = Field(default=None, description="what one side asks for, while it is not answered")
    demand_by: AuthorRole | None = None
    demanded_at: Moment | None = None


def of_kind[Kind: Record](records: "Iterable[AnyRecord]", kind: type[Kind]) -> list[Kind]:
    """The records of one kind, in order.

    No kind is derived from another, so classes are compared: pydantic's own `isinstance` takes ten times as long.
    """
    return [record for record in records if type(record) is kind]


def unread_in(records: Iterable[Record]) -> Iterator[str]:
    """The fields (`contract.state`) that a page shows and nobody understood, in all its records and their parts."""
    for record in records:
        kind = type(record)
        if record.unread:
            yield from (f"{kind.__name__.lower()}.{name}" for name in record.unread)
        for name in _fields_of_records(kind):
            value = getattr(record, name)
            if value:
                yield from unread_in(value if isinstance(value, tuple) else (value,))


@cache
def _fields_of_records(kind: type[Record]) -> tuple[str, ...]:
    """The fields of a kind of record that hold a record or several: a list of fifty cards is asked fifty times."""
    return tuple(name for name, field in kind.model_fields.items() if _holds_records(field.annotation))


def _holds_records(annotation: object) -> bool:
    """Whether values of an annotated type are records, or tuples of them."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return True
    return any(_holds_records(inner) for inner in get_args(annotation))


def speaks_for_client(role: AuthorRole | None) -> bool:
    """Whether an author is the client, or may be: an author who is not known is judged as the client."""
    return role not in ("freelancer", "system")


def enclosures_in(records: "Iterable[AnyRecord]") -> Iterator[Enclosure]:
    """The pictures and files in records that may be the client's: of offers, profiles, and messages of others."""
    for record in records:
        match record:
            case Job() | Contract() | Thread():
                if record.client is not None:
                    yield from record.client.enclosures or ()
        match record:
            case Job() | Client():
                yield from record.enclosures or ()
            case Message() if speaks_for_client(record.author_role):
                yield from record.enclosures or ()
            case Thread():
                yield from enclosures_in(record.messages)


def with_contents(records: "Sequence[AnyRecord]", contents: Mapping[str, Contents]) -> "tuple[AnyRecord, ...]":
    """The same records, with what is known by now of the pictures and files in them. contents: by address."""
    return tuple(_with_contents(record, contents) for record in records) if contents else tuple(records)


def _with_contents[R: Record](record: R, contents: Mapping[str, Contents]) -> R:
    changes: dict[str, object] = {}
    for name in ("enclosures", "client", "messages"):
        value = getattr(record, name, None)
        if name == "enclosures" and value:
            changes[name] = tuple(
                part.model_copy(update={"contents": contents[part.url]}) if part.url in contents else part
                for part in value
            )
        elif name == "client" and isinstance(value, Client) and value.enclosures:
            changes[name] = _with_contents(value, contents)
        elif name == "messages" and value:
            changes[name] = tuple(_with_contents(message, contents) for message in value)
    return record.model_copy(update=changes) if changes else record


def with_crops(contents: Contents, crops: Mapping[Box, str]) -> Contents:
    """The same contents, with the crops of lines and codes by their places. Raises ValueError for one that is none."""

    def cropped(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        return tuple(
            TextLine(text=line.text, box=line.box, crop=crops[line.box])
            if line.box is not None and line.box in crops
            else line
            for line in lines
        )

    return contents.model_copy(update={"lines": cropped(contents.lines), "codes": cropped(contents.codes)})


def contents_in(records: "Iterable[AnyRecord]") -> Iterator[Contents]:
    """The contents of those pictures and files in records that were looked at."""
    return (enclosure.contents for enclosure in enclosures_in(records) if enclosure.contents is not None)


AnyRecord = Job | Client | Message | Thread | Contract
