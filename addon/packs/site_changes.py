"""Ways to report on a site that a pack says in place of those of its descriptor, `sites/<site>.json`.

A site moves the controls of its reports as it does its markup. That is all of a descriptor that a pack may change:
hosts and domains, and the terms that rules rest on, come with a release.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from addon.packs.manifest import PackRefused, first_problem, is_plain
from extractors.descriptor import ReportWay, SiteDescriptor, descriptors

FOLDER = "sites"
MOST_WAYS = 20
LONGEST = 120
"""Characters of a way in one language: it is read in a warning."""


class SiteChanges(BaseModel):
    """The content of `sites/<site>.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report_ways: Annotated[tuple[ReportWay, ...], Field(min_length=1, max_length=MOST_WAYS)]

    @field_validator("report_ways")
    @classmethod
    def _are_plain(cls, ways: tuple[ReportWay, ...]) -> tuple[ReportWay, ...]:
        for text in (text for way in ways for text in (way.ja, way.en)):
            if not text.strip() or len(text) > LONGEST or not is_plain(text):
                raise ValueError(f"a way is plain text of up to {LONGEST} characters")
        return ways


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
        if not all(_is_of(way.source, site) for way in changes[path.stem].report_ways):
            raise _refusal(path, "report_ways: a source is an https address of the site's own")
    return changes


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
        "サイトへの通報のしかたが、正しく書かれていません",
        "its ways to report on a site are not as they have to be",
        [f"{FOLDER}/{path.name}: {problem}"],
    )
