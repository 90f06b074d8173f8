"""Selectors of a pack that stand for others where a site's markup has changed, `markup/<site>.json`, and their tests.

Readers look for elements by selectors (`extractors.document`). Where a site renames a class, a pack says which selector
is to be looked for in its place; what is read there, and how, stays with the reader. Saved pages in the pack prove it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from addon.packs.manifest import PackRefused
from extractors import PageChanged, UnknownPage, Unreadable, extract_from, site_for
from extractors.descriptor import descriptors
from extractors.page import Page
from extractors.records import AnyRecord
from extractors.selectors import Selector
from rules.testing import NOW

FOLDER, PAGES = "markup", "tests/pages"
MOST_MOVED = 200
SelectorText = Annotated[str, Field(min_length=1, max_length=300)]
Moved = Mapping[str, Mapping[str, str]]
"""By site, the selectors that stand for others."""


class MarkupChanges(BaseModel):
    """The content of `markup/<site>.json`. moved: what a reader looks for → what stands in the page now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    moved: Annotated[Mapping[SelectorText, SelectorText], Field(min_length=1, max_length=MOST_MOVED)]

    @field_validator("moved")
    @classmethod
    def _are_selectors(cls, moved: Mapping[str, str]) -> Mapping[str, str]:
        for selector in moved.values():
            Selector(selector)
        return moved


def read_markup(folder: Path) -> Moved:
    """Returns the changes of markup in a pack's folder. Raises PackRefused, which names the file."""
    moved: dict[str, Mapping[str, str]] = {}
    for path in sorted((folder / FOLDER).glob("*.json")):
        place = f"{FOLDER}/{path.name}"
        if path.stem not in descriptors():
            raise _refusal([f"{place}: no such site"])
        try:
            moved[path.stem] = MarkupChanges.model_validate_json(path.read_bytes()).moved
        except (ValidationError, OSError):
            raise _refusal([f"{place}: not selectors for selectors"]) from None
    return moved


def try_markup(folder: Path) -> None:
    """See that a pack's saved pages are read as it says. Raises PackRefused.

    A change of markup without a saved page of that site is refused, too.
    """
    moved = read_markup(folder)
    cases = sorted(path.parent for path in (folder / PAGES).glob("*/*/*/url.txt"))
    tried = {case.parent.parent.name for case in cases}
    problems = [f"{FOLDER}/{site}.json: no saved page under {PAGES}/{site}" for site in moved.keys() - tried]
    problems += [problem for case in cases for problem in _problems(case, folder, moved)]
    if problems:
        raise _refusal(problems)


def _problems(case: Path, folder: Path, moved: Moved) -> Iterator[str]:
    place = case.relative_to(folder).as_posix()
    try:
        url = (case / "url.txt").read_text("utf-8").strip()
        (page_file,) = case.glob("page.*")
        expected = json.loads((case / "expected.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        yield f"{place}: url.txt, expected.json and one page.html or page.json"
        return
    page = Page(url, page_file.read_bytes(), "text/html; charset=utf-8", NOW)
    try:
        site = site_for(page.location.hostname or "")
        if site is None or site.id != case.parent.parent.name:
            raise UnknownPage
        records = extract_from(site, page.with_moved(moved.get(site.id, {}))).records
    except (UnknownPage, PageChanged, Unreadable, ValueError) as error:
        yield f"{place}: not read ({type(error).__name__})"
        return
    if [_shown(record) for record in records] != expected:
        yield f"{place}: read into something else"


def _shown(record: AnyRecord) -> dict[str, Any]:
    """Returns a record as `koban extract` writes it, without where its fields were read."""
    fields = record.model_dump(mode="json", exclude_none=True)
    return {"type": type(record).__name__.lower(), **_without_sources(fields)}


def _without_sources(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_sources(inner) for key, inner in value.items() if key != "sources"}
    return [_without_sources(inner) for inner in value] if isinstance(value, list) else value


def _refusal(problems: list[str]) -> PackRefused:
    return PackRefused(
        "保存したページを、書いてあるとおりに読めません", "it does not read saved pages as it says", problems
    )
