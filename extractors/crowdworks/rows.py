"""Rows of the freelancer's own lists, contracts and proposals: a link, a client, an amount, a state."""

import re
from collections.abc import Callable, Iterator, Sequence

from extractors.crowdworks.addresses import CLIENT, CLIENT_LINK, ORIGIN, client_url, id_in
from extractors.document import Document, Element, line_of, names_of, words_of
from extractors.parsing import japanese_date, yen
from extractors.reading import Fields, Reader, placed, read_fields
from extractors.records import Client, Contract, ContractState, Money

STATES: dict[str, ContractState] = {
    "仮払い待ち": "escrow-requested",
    "進行中": "escrow-funded",
    "検収中": "delivered",
    "納品済み": "delivered",
    "検収完了": "accepted",
    "完了": "accepted",
}
"""A row's word for its state, when a cell says nothing else: a title may hold any of these words."""


class Row:
    """A row of a list, and the link to what it is about."""

    def __init__(self, row: Element, pattern: re.Pattern[str], heads: Sequence[Sequence[str]]) -> None:
        self.cells = [cell for cell in row if cell.tag in ("td", "th")]
        self.words = [line_of(cell) for cell in self.cells]
        self.heads = heads
        self.link = _link(row, pattern)
        self.client = _link(row, CLIENT)

    def under(self, head: str) -> str | None:
        """The words of the cell in the column of that heading."""
        at = next((at for at, names in enumerate(self.heads) if head in names), len(self.words))
        return self.words[at] or None if at < len(self.words) else None


def _link(row: Element, pattern: re.Pattern[str]) -> tuple[str, str, str | None] | None:
    """The first link of that kind: its path, the id in it and its words."""
    for anchor in row.iter("a"):
        href = anchor.get("href")
        if href is not None and (ident := id_in(pattern, href)) is not None:
            path = href.removeprefix(ORIGIN).partition("#")[0].partition("?")[0]
            return path, ident, words_of(anchor) or None
    return None


def _state(row: Row) -> ContractState | None:
    title = row.link[2] if row.link else None
    cell_names = (names_of(cell) for cell, words in zip(row.cells, row.words, strict=True) if words != title)
    states = {STATES[name] for names in cell_names for name in names if name in STATES}
    return states.pop() if len(states) == 1 else None


def _amount(row: Row) -> Money | None:
    amounts = [value for words in row.words if "円" in words and (value := yen(words)) is not None]
    return Money(amount=amounts[0]) if len(amounts) == 1 else None


def _first_cell(row: Row) -> str | None:
    """The first cell of a table without headings: the client, unless it says something else."""
    words = row.words[0] if row.words else ""
    if row.heads or not row.cells or row.cells[0].find(".//a") is not None or words in STATES:
        return None
    return None if yen(words) is not None or japanese_date(words) is not None else words or None


def deal_fields(link: str) -> Fields[Row]:
    """The fields of a deal in a row, whose link a selector finds."""

    def of_link(read: Callable[[tuple[str, str, str | None]], str | None]) -> tuple[Reader[Row], ...]:
        return (Reader[Row](link, lambda row: None if row.link is None else read(row.link)),)

    return {
        "id": of_link(lambda place: place[1]),
        "url": of_link(lambda place: ORIGIN + place[0]),
        "title": of_link(lambda place: place[2]),
        "state": (Reader[Row]("td", _state),),
        "amount": (Reader[Row]("td", _amount, "one-scraper"),),
    }


CLIENT_FIELDS: Fields[Row] = {
    "id": (Reader[Row](CLIENT_LINK, lambda row: row.client[1] if row.client else None, "one-scraper"),),
    "url": (Reader[Row](CLIENT_LINK, lambda row: client_url(row.client[1]) if row.client else None, "one-scraper"),),
    "name": (
        Reader[Row](CLIENT_LINK, lambda row: row.client[2] if row.client else None, "one-scraper"),
        Reader[Row]("th=クライアント", lambda row: row.under("クライアント"), "one-scraper"),
        Reader[Row]("td", _first_cell, "one-scraper"),
    ),
}


def deals(
    document: Document, rows: str, link: str, pattern: re.Pattern[str], fields: Fields[Row]
) -> Iterator[Contract]:
    """Yields the distinct deals of the rows of a selector. Rows without a link are headings or notes."""
    paths: set[str] = set()
    fields, client_fields = placed(fields, "tr "), placed(CLIENT_FIELDS, "tr ")
    for element in document.cards(rows):
        if document.first(link, element) is None:
            continue
        row = Row(element, pattern, _heads(document, element))
        if row.link is None or row.link[0] in paths:
            continue
        paths.add(row.link[0])
        values = read_fields(row, fields)
        values["sources"]["contract"] = f'a[href$="{row.link[0]}"], a[href*="{row.link[0]}#"]'
        client = read_fields(row, client_fields)
        yield Contract(**values, client=Client(**client) if len(client) > 1 else None)


def _heads(document: Document, row: Element) -> list[tuple[str, ...]]:
    """The column headings of a row's table, each by all its names."""
    table = next(row.iterancestors("table"), None)
    head = None if table is None else document.first("thead tr", table)
    return [] if head is None else [names_of(cell) for cell in head]
