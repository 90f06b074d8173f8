"""Labels that stand together: where one is missing and another is there that nobody knows, it was renamed.

A row that is not there may say that there is nothing to say. A row beside it with a new label says that the site has
changed: then the field is unread rather than not shown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.document import Document, Element, names_of


def _is_no_other(_: str) -> bool:
    return False


@dataclass(frozen=True)
class LabelRows:
    """The rows of one table or list of a page kind.

    region: a selector of it alone; also a table or list anywhere that has one of the labels is taken for it.
    fields: the labels of each field that such a page always shows. others: labels of further rows that it may have;
    is_other: tells more of them. is_exact: whether labels are read as they are, and not by how they begin.
    """

    region: str
    fields: Mapping[str, tuple[str, ...]]
    others: frozenset[str] = frozenset()
    is_other: Callable[[str], bool] = _is_no_other
    is_exact: bool = True

    def unread(self, document: Document, known: Iterable[str], needed: Iterable[str] | None = None) -> tuple[str, ...]:
        """The fields whose label is missing where a row has a label that is none of this kind's.

        known: fields with a value, from wherever. needed: those that this very page should show; None for all.
        """
        missing = [name for name in (self.fields if needed is None else needed) if name not in frozenset(known)]
        if not missing:
            return ()
        unread = dict[str, None]()
        for rows in self._regions(document):
            if not all(map(self._is_known, rows)):
                absent = (name for name in missing if not any(self._names(name, names) for names in rows))
                unread |= dict.fromkeys(absent)
        return tuple(unread)

    def _regions(self, document: Document) -> Iterator[Sequence[tuple[str, ...]]]:
        regions: dict[Element, list[tuple[str, ...]]] = {}
        for label, _ in document.beside("table, dl"):
            region = next(label.iterancestors("table", "dl"))
            regions.setdefault(region, []).append(names_of(label))
        own = frozenset(document.select(self.region))
        for region, rows in regions.items():
            if region in own or any(self._names(name, names) for name in self.fields for names in rows):
                yield rows

    def _names(self, field: str, names: tuple[str, ...]) -> bool:
        labels = self.fields[field]
        return any(name in labels if self.is_exact else name.startswith(labels) for name in names)

    def _is_known(self, names: tuple[str, ...]) -> bool:
        return (
            any(self._names(field, names) for field in self.fields)
            or any(name.startswith(tuple(self.others)) for name in names)
            or any(map(self.is_other, names))
        )
