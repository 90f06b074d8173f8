"""Rows of the freelancer's own lists, contracts and proposals: a link, a client, an amount, a state."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from extractors.crowdworks.addresses import CLIENT, ORIGIN, client_url, id_in
from extractors.document import Document, Element, words_of
from extractors.parsing import japanese_date, yen
from extractors.reading import Fields, Reader, placed, read_fields, text
from extractors.records import Client, Contract, ContractState, Money

if TYPE_CHECKING:
    from bs4 import Tag

CLIENT_LINK = 'a[href*="/public/employers/"]'

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

    def __init__(self, row: "Tag", pattern: re.Pattern[str], heads: Sequence[str]) -> None:
        self.cells = row.find_all(["td", "th"], recursive=False)
        self.words = [cell.get_text(" ", strip=True) for cell in self.cells]
        self.heads = heads
        self.link = _link(row, pattern)
        self.client = _link(row, CLIENT)

    def under(self, head: str) -> str | None:
        """The words of the cell in the column of that heading."""
        at = self.heads.index(head) if head in self.heads else len(self.words)
        return self.words[at] or None if at < len(self.words) else None


def _link(row: "Tag", pattern: re.Pattern[str]) -> tuple[str, str, str | None] | None:
    """The first link of that kind: its path, the id in it and its words."""
    for anchor in row.find_all("a", href=True):
        href = str(anchor["href"])
        if (found := id_in(pattern, href)) is not None:
            path = href.removeprefix(ORIGIN).partition("#")[0].partition("?")[0]
            return path, found, text(anchor.get_text())
    return None


def _state(row: Row) -> ContractState | None:
    title = row.link[2] if row.link else None
    found = {STATES[words] for words in row.words if words in STATES and words != title}
    return found.pop() if len(found) == 1 else None


def _amount(row: Row) -> Money | None:
    amounts = [value for words in row.words if "円" in words and (value := yen(words)) is not None]
    return Money(amount=amounts[0]) if len(amounts) == 1 else None


def _first_cell(row: Row) -> str | None:
    """The first cell of a table without headings: the client, unless it says something else."""
    words = row.words[0] if row.words else ""
    if row.heads or not row.cells or row.cells[0].select_one("a") is not None or words in STATES:
        return None
    return None if yen(words) is not None or japanese_date(words) is not None else words or None


def deal_fields(link: str) -> Fields[Row]:
    """The fields of a deal in a row, whose link a selector finds."""

    def of_link(read: Callable[[tuple[str, str, str | None]], str | None]) -> tuple[Reader[Row], ...]:
        return (Reader[Row](link, lambda row: None if row.link is None else read(row.link)),)

    return {
        "id": of_link(lambda found: found[1]),
        "url": of_link(lambda found: ORIGIN + found[0]),
        "title": of_link(lambda found: found[2]),
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
    """The deals of the rows that a selector finds, each once; rows without a link are headings, or notes."""
    seen: set[str] = set()
    fields, client_fields = placed(fields, "tr "), placed(CLIENT_FIELDS, "tr ")
    for element in document.cards(rows):
        if document.first(link, element) is None:
            continue
        row = Row(document.soup(element), pattern, _heads(document, element))
        if row.link is None or row.link[0] in seen:
            continue
        seen.add(row.link[0])
        values = read_fields(row, fields)
        values["sources"]["contract"] = f'a[href$="{row.link[0]}"], a[href*="{row.link[0]}#"]'
        client = read_fields(row, client_fields)
        yield Contract(**values, client=Client(**client) if len(client) > 1 else None)


def _heads(document: Document, row: Element) -> list[str]:
    """The column headings of a row's table."""
    table = next(row.iterancestors("table"), None)
    head = None if table is None else document.first("thead tr", table)
    return [] if head is None else [words_of(cell) for cell in head]
