"""The known values of one subject of a page, on which rules are judged. Values only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from extractors.records import AnyRecord, Client, Enclosure, Job, Message, Record
from rules.model import Stage, Subject
from rules.reading import Reading

TextKind = Literal["job", "message", "profile"]
"""Kind of a bare text: an offer, a client's message, a client's words about themselves."""


def record_of(kind: TextKind, text: str) -> AnyRecord:
    """Return the record of a page that would show nothing but a text."""
    match kind:
        case "job":
            return Job(body=text)
        case "message":
            return Message(author_role="client", body=text)
        case "profile":
            return Client(profile=text)


@dataclass(frozen=True, slots=True)
class SiteNames:
    """A marketplace by its id and by the words that a warning uses for it and for its operator."""

    id: str
    ja: str
    en: str
    operator_ja: str
    operator_en: str


class Places(Mapping[str, str]):
    """The selectors of a subject's fields (`job.title`), looked up in its records: few subjects are asked for any.

    records: by the name that a field begins with.
    """

    __slots__ = ("_records",)

    def __init__(self, records: Mapping[str, Record]) -> None:
        self._records = records

    def __getitem__(self, field: str) -> str:
        record, _, name = field.partition(".")
        return self._records[record].sources[name]

    def __iter__(self) -> Iterator[str]:
        return (f"{prefix}.{name}" for prefix, record in self._records.items() for name in record.sources)

    def __len__(self) -> int:
        return sum(len(record.sources) for record in self._records.values())


@dataclass(frozen=True, slots=True)
class Facts:
    """The known values of one subject of a page, with its texts and its circumstances."""

    subject: Subject
    site: SiteNames
    stage: Stage
    values: Mapping[str, Any]
    """Known fields (`client.earlier_offers`); unknown ones are absent."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Selector by field."""
    subject_id: str | None = None
    anchor: str | None = None
    speaks: bool = True
    """Whether the texts of this subject are the client's own words, or may be."""
    thread: int | None = None
    """The number of the thread that it is, or is a message of; None where it is of none."""
    enclosure: Enclosure | None = None
    """The picture or file that its texts and links are in; None where they are the page's own."""
    texts: Mapping[str, Reading] = field(default_factory=dict)
    """The subject's own texts (see `WORDS`), by field, as everything reads them."""
