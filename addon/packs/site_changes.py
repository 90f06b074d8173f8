"""A pack's word on sites in place of their descriptors', `sites/<site>.json`: ways to report, and terms.

A site moves the controls of its reports as it does its markup, and changes its terms from one day to the next. That is
all of a descriptor that a pack may change: hosts and domains come with a release.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from addon.packs.manifest import PackRefused, first_problem, is_plain
from extractors.descriptor import (
    Deadline,
    OutsideContact,
    OutsidePayment,
    ReportWay,
    SiteDescriptor,
    Words,
    descriptors,
)

FOLDER = "sites"
MOST_WAYS, MOST_DEADLINES = 20, 20
LONGEST = 120
"""Characters of a way, or of the deals that a time holds for, in one language: it is read in a warning."""
MOST_DAYS = 366
"""Of a time to answer."""


class SiteChanges(BaseModel):
    """The content of `sites/<site>.json`. What is missing stays as the descriptor has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report_ways: Annotated[tuple[ReportWay, ...], Field(min_length=1, max_length=MOST_WAYS)] | None = None
    deadlines: Annotated[tuple[Deadline, ...], Field(max_length=MOST_DEADLINES)] | None = None
    outside_contact: OutsideContact | None = None
    outside_payment: OutsidePayment | None = None

    @field_validator("report_ways")
    @classmethod
    def _are_plain(cls, ways: tuple[ReportWay, ...] | None) -> tuple[ReportWay, ...] | None:
        if not all(map(_is_said_plainly, ways or ())):
            raise ValueError(f"a way is plain text of up to {LONGEST} characters")
        return ways

    @field_validator("deadlines")
    @classmethod
    def _are_times(cls, deadlines: tuple[Deadline, ...] | None) -> tuple[Deadline, ...] | None:
        for deadline in deadlines or ():
            if deadline.of is not None and not _is_said_plainly(deadline.of):
                raise ValueError(f"deals are named in plain text of up to {LONGEST} characters")
            if max(deadline.days or 0, deadline.business_days or 0, (deadline.hours or 0) // 24) > MOST_DAYS:
                raise ValueError(f"a time is of up to {MOST_DAYS} days")
        return deadlines

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set or None in self._said.values():
            raise ValueError("says nothing of a site")
        return self

    def applied(self, site: SiteDescriptor) -> SiteDescriptor:
        """Returns a site's descriptor with what is said here in its place."""
        return site.model_copy(update=self._said)

    @property
    def sources(self) -> Iterator[str]:
        """Where the site says so, of each way and time."""
        yield from (way.source for way in self.report_ways or ())
        yield from (deadline.source for deadline in self.deadlines or ())

    @property
    def _said(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.model_fields_set}


def _is_said_plainly(words: ReportWay | Words) -> bool:
    return all(text.strip() and len(text) <= LONGEST and is_plain(text) for text in (words.ja, words.en))


def read_site_changes(folder: Path) -> Mapping[str, SiteChanges]:
    """Returns what a pack's folder says of sites, by their ids. Raises PackRefused, which names the file."""
    changes: dict[str, SiteChanges] = {}
    for path in sorted((folder / FOLDER).glob("*.json")):
        site = descriptors().get(path.stem)
        try:
            changes[path.stem] = SiteChanges.model_validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise _refusal(path, first_problem(error)) from None
        if site is None:
            raise _refusal(path, "no such site")
        if not all(_is_of(source, site) for source in changes[path.stem].sources):
            raise _refusal(path, "a source is an https address of the site's own")
    return changes


def changed_descriptors(changes: Mapping[str, SiteChanges]) -> Mapping[str, SiteDescriptor]:
    """Returns the descriptors of the sites that a pack says something of, with that in them."""
    return {site: own.applied(descriptors()[site]) for site, own in changes.items()}


def _is_of(address: str, site: SiteDescriptor) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    own = any(host == domain or host.endswith(f".{domain}") for domain in site.own_domains)
    return parts.scheme == "https" and own and is_plain(address)


def _refusal(path: Path, problem: str) -> PackRefused:
    return PackRefused(
        "サイトへの通報のしかたか規約が、正しく書かれていません",
        "its ways to report on a site, or its terms, are not as they have to be",
        [f"{FOLDER}/{path.name}: {problem}"],
    )
