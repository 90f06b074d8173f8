"""Labels that stand together: where one is missing and another is there that nobody knows, it was renamed.

A row that is not there may say that there is nothing to say. A row beside it with a new label says that the site has
changed: then the field is unread rather than not shown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from extractors.document import Document, Element, names_of, words_of

type Row = tuple[tuple[str, ...], str]
"""The names of a label (`names_of`), and its value."""


def _is_no_other(_: str) -> bool:
    return False


@dataclass(frozen=True)
class LabelRows:
    """The rows of one table or list of a page kind.

    region: a selector of it alone; also a table or list anywhere that has one of the labels is taken for it. None for
    rows that are neither (`unread_in`).
    fields: the labels of each field that such a page always shows. others: labels of further rows that it may have;
    is_other: tells more of them. is_exact: whether labels are read as they are, and not by how they begin.
    values: for fields of rows among which others stand that are not listed: whether a value reads as the field's. Then
    a row with an unknown label counts for those alone whose value it could be.
    """

    region: str | None
    fields: Mapping[str, tuple[str, ...]]
    others: frozenset[str] = frozenset()
    is_other: Callable[[str], bool] = _is_no_other
    is_exact: bool = True
    values: Mapping[str, Callable[[str], object]] = field(default_factory=dict[str, Callable[[str], object]])

    def unread(
        self, document: Document, known_fields: Iterable[str], needed_fields: Iterable[str] | None = None
    ) -> tuple[str, ...]:
        """The fields whose label is missing where a row has a label that is none of this kind's.

        known_fields: fields with a value, from wherever. needed_fields: those that this very page should show; None for
        all.
        """
        return self.unread_in(self._regions(document), known_fields, needed_fields)

    def unread_in(
        self, regions: Iterable[Sequence[Row]], known_fields: Iterable[str], needed_fields: Iterable[str] | None = None
    ) -> tuple[str, ...]:
        """The same for the rows of regions that a page has in other markup than tables and lists."""
        missing = [
            name
            for name in (self.fields if needed_fields is None else needed_fields)
            if name not in frozenset(known_fields)
        ]
        if not missing:
            return ()
        unread_fields = dict[str, None]()
        for rows in regions:
            strange = [value for names, value in rows if not self._is_known(names)]
            absent = (name for name in missing if not any(self._names(name, names) for names, _ in rows))
            unread_fields |= dict.fromkeys(
                name for name in absent if any(self._may_be(name, value) for value in strange)
            )
        return tuple(unread_fields)

    def _may_be(self, name: str, value: str) -> bool:
        """Whether a value under a label that nobody knows may be that of a field."""
        return name not in self.values or self.values[name](value) is not None

    def _regions(self, document: Document) -> Iterator[Sequence[Row]]:
        regions: dict[Element, list[Row]] = {}
        for label, value in document.beside("table, dl"):
            region = next(label.iterancestors("table", "dl"))
            regions.setdefault(region, []).append((names_of(label), words_of(value)))
        own = frozenset[Element]() if self.region is None else frozenset(document.select(self.region))
        for region, rows in regions.items():
            if region in own or any(self._names(name, names) for name in self.fields for names, _ in rows):
                yield rows

    def _names(self, name_of_field: str, names: tuple[str, ...]) -> bool:
        labels = self.fields[name_of_field]
        return any(name in labels if self.is_exact else name.startswith(labels) for name in names)

    def _is_known(self, names: tuple[str, ...]) -> bool:
        return (
            any(self._names(name, names) for name in self.fields)
            or any(name.startswith(tuple(self.others)) for name in names)
            or any(map(self.is_other, names))
        )
