"""Saved pages of a pack, `tests/pages/<site>/<kind>/<case>/`: they prove what it says of a site's markup and controls.

A pack that says more than its pages show is not taken. This guards against guesses: a page is its maker's word, for
whoever reviews and signs the pack to look at.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors import PageChanged, UnknownPage, Unreadable, extract_from, site_at
from extractors.page import MarkupChanges, Page, Site
from extractors.records import AnyRecord

PAGES = "tests/pages"


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A saved page. place: its folder within the pack. expected: the records that are to be read in it."""

    place: str
    site: Site
    page: Page
    expected: object

    @property
    def is_of_a_known_kind(self) -> bool:
        """Whether Koban reads pages of its address; on others, it knows controls alone."""
        return self.site.extractor_for(self.page.location) is not None

    def read(self, markup: MarkupChanges) -> Sequence[Mapping[str, Any]]:
        """Returns its records as `koban extract` writes them, without where their fields were read.

        Raises UnknownPage, PageChanged, Unreadable, ValueError.
        """
        return [_shown(record) for record in extract_from(self.site, self.page.with_markup(markup)).records]

    def read_if_readable(self, markup: MarkupChanges) -> Sequence[Mapping[str, Any]]:
        """The same; no record where the page cannot be read."""
        try:
            return self.read(markup)
        except (UnknownPage, PageChanged, Unreadable, ValueError):
            return []


def saved_pages(folder: Path) -> tuple[list[SavedPage], list[str]]:
    """Returns the saved pages in a pack's folder, and what is wrong with others, as `place: reason`."""
    pages: list[SavedPage] = []
    problems: list[str] = []
    for place in sorted(path.parent for path in (folder / PAGES).glob("*/*/*/url.txt")):
        try:
            pages.append(_saved_page(place, place.relative_to(folder).as_posix()))
        except _Unusable as unusable:
            problems.append(str(unusable))
    return pages, problems


class _Unusable(Exception):
    """A saved page that cannot be tried. Its text is `place: reason`."""


def _saved_page(place: Path, name: str) -> SavedPage:
    """Returns the saved page of a folder. Raises _Unusable."""
    try:
        url = (place / "url.txt").read_text("utf-8").strip()
        (page_file,) = place.glob("page.*")
        expected = json.loads((place / "expected.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        raise _Unusable(f"{name}: url.txt, expected.json and one page.html or page.json") from None
    # Late: with it comes the engine, which nobody needs who only uses a pack.
    from rules.testing import NOW

    page = Page(url, page_file.read_bytes(), "text/html; charset=utf-8", NOW)
    site = site_at(url)
    if site is None or site.id != place.parent.parent.name:
        raise _Unusable(f"{name}: not read (UnknownPage)")
    return SavedPage(name, site, page, expected)


def _shown(record: AnyRecord) -> dict[str, Any]:
    """Returns a record as `koban extract` writes it, without where its fields were read."""
    fields = record.model_dump(mode="json", exclude_none=True)
    return {"type": type(record).__name__.lower(), **_without_sources(fields)}


def _without_sources(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_sources(inner) for key, inner in value.items() if key != "sources"}
    return [_without_sources(inner) for inner in value] if isinstance(value, list) else value
