"""The freelancer's contracts: which of them still wait for escrow."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from bs4 import Tag

from extractors.crowdworks.addresses import CLIENT, CONTRACT, ORIGIN, client_url, id_in
from extractors.document import Document, Element, words_of
from extractors.page import Page, PageChanged
from extractors.parsing import japanese_date, yen
from extractors.reading import Reader, certainties, read_fields, text
from extractors.records import Client, Contract, ContractState, Money

LINK = 'a[href*="/contracts/"]'
CLIENT_LINK = 'a[href*="/public/employers/"]'
NO_CONTRACTS = re.compile(r"契約(?:は|が)?(?:まだ)?(?:ありません|ございません)")

STATES: dict[str, ContractState] = {
    "仮払い待ち": "escrow-requested",
    "進行中": "escrow-funded",
    "検収中": "delivered",
    "納品済み": "delivered",
    "検収完了": "accepted",
    "完了": "accepted",
}
"""A row's word for its state, when a cell says nothing else."""


class Row:
    """A row of the list: its cells, and which of them holds the contract's link."""

    def __init__(self, row: Tag, heads: Sequence[str]) -> None:
        self.cells = row.find_all(["td", "th"], recursive=False)
        self.words = [cell.get_text(" ", strip=True) for cell in self.cells]
        self.heads = heads
        self.link = next((a for a in row.select(LINK) if id_in(CONTRACT, str(a.get("href")))), None)
        self.client = next((a for a in row.select(CLIENT_LINK) if id_in(CLIENT, str(a.get("href")))), None)

    def under(self, head: str) -> str | None:
        """The words of the cell in the column of that heading."""
        at = self.heads.index(head) if head in self.heads else len(self.words)
        return self.words[at] or None if at < len(self.words) else None


def _id(row: Row) -> str | None:
    return None if row.link is None else id_in(CONTRACT, str(row.link.get("href")))


def _url(row: Row) -> str | None:
    found = _id(row)
    return None if found is None else f"{ORIGIN}/contracts/{found}"


def _title(row: Row) -> str | None:
    return None if row.link is None else text(row.link.get_text())


def _state(row: Row) -> ContractState | None:
    found = {STATES[words] for words in row.words if words in STATES}
    return found.pop() if len(found) == 1 else None


def _amount(row: Row) -> Money | None:
    amounts = [value for words in row.words if "円" in words and (value := yen(words)) is not None]
    return Money(amount=amounts[0]) if len(amounts) == 1 else None


def _client_id(row: Row) -> str | None:
    return None if row.client is None else id_in(CLIENT, str(row.client.get("href")))


def _client_url(row: Row) -> str | None:
    found = _client_id(row)
    return None if found is None else client_url(found)


def _client_name(row: Row) -> str | None:
    return None if row.client is None else text(row.client.get_text())


def _first_cell(row: Row) -> str | None:
    """The cell before the contract's: the client, unless it says something else."""
    words = row.words[0] if row.words else ""
    if row.heads or not row.cells or row.cells[0].select_one("a") is not None or words in STATES:
        return None
    return None if yen(words) is not None or japanese_date(words) is not None else words or None


CONTRACT_FIELDS = {
    "id": (Reader[Row](LINK, _id),),
    "url": (Reader[Row](LINK, _url),),
    "title": (Reader[Row](LINK, _title),),
    "state": (Reader[Row]("td", _state),),
    "amount": (Reader[Row]("td", _amount, "one-scraper"),),
}
CLIENT_FIELDS = {
    "id": (Reader[Row](CLIENT_LINK, _client_id, "one-scraper"),),
    "url": (Reader[Row](CLIENT_LINK, _client_url, "one-scraper"),),
    "name": (
        Reader[Row](CLIENT_LINK, _client_name, "one-scraper"),
        Reader[Row]("th=クライアント", lambda row: row.under("クライアント"), "one-scraper"),
        Reader[Row]("td", _first_cell, "one-scraper"),
    ),
}


class ContractList:
    kind = "contract-list"
    examples: Sequence[str] = ("https://crowdworks.jp/e/contracts?status=active",)
    fields = certainties(contract=CONTRACT_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return location.path.rstrip("/") == "/e/contracts"

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """One contract a row. Raises PageChanged where no row links to one, unless the page says there are none."""
        document = Document(page)
        found: dict[str, Contract] = {}
        for element in document.select("tr"):
            if document.first(LINK, element) is None:
                continue
            contract = _contract(Row(document.soup(element), _heads(document, element)))
            if contract is not None and contract.id is not None:
                found.setdefault(contract.id, contract)
        if not found and not any(NO_CONTRACTS.search(line) for line in document.lines):
            raise PageChanged(self.kind, [f"tr {LINK}"])
        return tuple(found.values())


def _heads(document: Document, row: Element) -> list[str]:
    """The column headings of a row's table."""
    table = next(row.iterancestors("table"), None)
    head = None if table is None else document.first("thead tr", table)
    return [] if head is None else [words_of(cell) for cell in head]


def _contract(row: Row) -> Contract | None:
    values = read_fields(row, CONTRACT_FIELDS, "tr ")
    if "id" not in values:
        return None
    values["sources"]["contract"] = f'a[href$="/contracts/{values["id"]}"]'
    facts = read_fields(row, CLIENT_FIELDS, "tr ")
    return Contract(**values, client=Client(**facts) if len(facts) > 1 else None)
