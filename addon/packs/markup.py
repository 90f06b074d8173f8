"""Changes of a site's markup in a pack, `markup/<site>.json`, and their tests.

Readers look for elements by selectors (`extractors.document`), and for values by their labels. Where a site renames a
class, a pack says which selector is to be looked for in its place; where it renames a label, which one stands there
now. What is read there, and how, stays with the reader. Saved pages in the pack prove it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from addon.packs.manifest import PackRefused, first_problem, is_plain
from addon.packs.saved_pages import PAGES, SavedPage, saved_pages
from extractors import PageChanged, UnknownPage, Unreadable
from extractors.descriptor import descriptors
from extractors.page import AS_WRITTEN, MarkupChanges
from extractors.selectors import Selector
from extractors.unseen import without_unseen

FOLDER = "markup"
MOST_MOVED = 200
MOST_RENAMED = 20
"""Selectors of labels, and labels of each."""
OF_LABELS = frozenset({"th", "dt", "label"})
"""Tags of elements that hold a label and nothing that a client wrote."""
SelectorText = Annotated[str, Field(min_length=1, max_length=300)]
Label = Annotated[str, Field(min_length=2, max_length=40)]
Labels = Annotated[Mapping[Label, Label], Field(min_length=1, max_length=MOST_RENAMED)]


class MarkupFile(BaseModel):
    """The content of `markup/<site>.json`.

    moved: what a reader looks for → what stands in the page now. renamed: by the selector of the elements that hold
    labels, a reader's label → the label now.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    moved: Annotated[Mapping[SelectorText, SelectorText], Field(max_length=MOST_MOVED)] = {}
    renamed: Annotated[Mapping[SelectorText, Labels], Field(max_length=MOST_RENAMED)] = {}

    @field_validator("moved")
    @classmethod
    def _are_selectors(cls, selectors: Mapping[str, str]) -> Mapping[str, str]:
        for selector in selectors.values():
            Selector(selector)
        return selectors

    @field_validator("renamed")
    @classmethod
    def _are_of_labels(cls, renames: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
        for selector, labels in renames.items():
            if not Selector(selector).is_narrow(OF_LABELS):
                raise ValueError(f"{selector}: labels are in th, dt, label, or what has a class, an id or an attribute")
            now = list(labels.values())
            for label in (*labels, *now):
                if not _is_label(label):
                    raise ValueError("a label is plain words on one line")
            if len({*labels, *now}) < len(labels) + len(now):
                raise ValueError(f"{selector}: each label is named once, as it was or as it is")
        return renames

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.moved and not self.renamed:
            raise ValueError("neither moved nor renamed")
        return self


def _is_label(label: str) -> bool:
    plain_label = " ".join(without_unseen(label).split())
    return label == plain_label and is_plain(label) and any(map(str.isalpha, label))


def read_markup(folder: Path) -> Mapping[str, MarkupChanges]:
    """Returns what a pack's folder says of the markup of sites, by their ids. Raises PackRefused, which names the
    file."""
    changes: dict[str, MarkupChanges] = {}
    for path in sorted((folder / FOLDER).glob("*.json")):
        place = f"{FOLDER}/{path.name}"
        if path.stem not in descriptors():
            raise _refusal([f"{place}: no such site"])
        try:
            file = MarkupFile.model_validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise _refusal([f"{place}: {first_problem(error)}"]) from None
        changes[path.stem] = MarkupChanges(file.moved, file.renamed)
    return changes


def try_markup(folder: Path) -> None:
    """See that a pack's saved pages are read as it says, and none worse than without it. Raises PackRefused.

    A change of markup without a saved page of that site is refused, too, and so is a label without one that needs it.
    """
    changes = read_markup(folder)
    pages, problems = saved_pages(folder)
    tested_sites = {page.site.id for page in pages if page.is_of_a_known_kind}
    problems += [
        f"{FOLDER}/{site}.json: no saved page under {PAGES}/{site}" for site in sorted(changes.keys() - tested_sites)
    ]
    for page in pages:
        problems += _problems(page, changes.get(page.site.id, AS_WRITTEN))
    if not problems:
        problems += [problem for site in changes for problem in _needless(site, changes[site], pages)]
    if problems:
        raise _refusal(problems)


def _problems(page: SavedPage, markup: MarkupChanges) -> Iterator[str]:
    """Yield what is wrong with the reading of a saved page: none, another than expected, or a worse one.

    A page of a kind that Koban does not read says `[]`: it proves controls and labels alone.
    """
    if not page.is_of_a_known_kind and page.expected == []:
        return
    try:
        records = page.read(markup)
    except (UnknownPage, PageChanged, Unreadable, ValueError) as error:
        yield f"{page.place}: not read ({type(error).__name__})"
        return
    if records != page.expected:
        yield f"{page.place}: read into something else"
        return
    before, without_renames = (
        page.read_if_readable(AS_WRITTEN),
        page.read_if_readable(replace(markup, renamed_labels={})),
    )
    lost_names = {name for record, old in _pairs(records, before) for name in old.keys() - record.keys()}
    other = {name for record, old in _pairs(records, without_renames) for name in old if old[name] != record.get(name)}
    for name in sorted(lost_names | other):
        yield f"{page.place}: reads {name} worse than without it"


def _needless(site: str, markup: MarkupChanges, pages: Sequence[SavedPage]) -> Iterator[str]:
    """Yield the labels without which every saved page of the site reads the same: nothing shows that they are right."""
    own = [page for page in pages if page.site.id == site]
    for selector, labels in markup.renamed_labels.items():
        for label in labels:
            rest = {before: now for before, now in labels.items() if before != label}
            others = {other: own for other, own in markup.renamed_labels.items() if other != selector}
            without = replace(markup, renamed_labels={**others, **({selector: rest} if rest else {})})
            if all(page.read_if_readable(without) == page.expected for page in own):
                yield f"{FOLDER}/{site}.json: renamed: {selector}: {label}: on no saved page"


type _Fields = dict[str, Any]


def _pairs(
    records: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[_Fields, _Fields]]:
    """Yield the fields of records beside those of the same record in another reading, or of none."""
    for at, other in enumerate(others):
        yield (_fields(records[at]) if at < len(records) else {}), _fields(other)


def _fields(record: Mapping[str, Any]) -> _Fields:
    """Returns the fields of a record by their names (`client.rating`), without the names of those that are unread."""
    fields: _Fields = {}
    for name, value in record.items():
        if isinstance(value, dict):
            fields |= {f"{name}.{inner}": own for inner, own in _fields(value).items()}
        elif name != "unread":
            fields[name] = value
    return fields


def _refusal(problems: list[str]) -> PackRefused:
    return PackRefused(
        "保存したページを、書いてあるとおりに読めません", "it does not read saved pages as it says", problems
    )
