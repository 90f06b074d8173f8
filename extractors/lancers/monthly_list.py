"""The freelancer's monthly contracts (月額契約), and the offers of such: an address each, and what its link says."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document, Element, words_of
from extractors.lancers.addresses import MONTHLY, ORIGIN, link_anchor
from extractors.lancers.project_page import STATUS, state_shown
from extractors.lancers.states import with_state_unread
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Contract, ContractState

LINK = 'a[href*="/monthly_work_contracts/lancer/"]'
ROWS = frozenset({"li", "tr", "article"})
NONE = ("申請された契約はありません", "申請されたオファーはありません")

_PATH = re.compile(r"/monthly_work_contracts/lancer(/offers)?/?")


class Entry(Part):
    """A contract in the list: its link, and the row around it, if it has one of its own."""

    def __init__(self, document: Document, link: Element) -> None:
        super().__init__(document, _row_of(link))
        self.link = link
        match = MONTHLY.fullmatch(link.get("href") or "")
        self.id = match[1] if match else None


def _row_of(link: Element) -> Element:
    row = next((above for above in link.iterancestors() if above.tag in ROWS), None)
    return link if row is None else row


def _state(entry: Entry) -> ContractState | None:
    """An offer is proposed; a contract says its state in a badge, if at all."""
    is_offer = "/offers/" in (entry.link.get("href") or "")
    return "proposed" if is_offer else state_shown(entry)


FIELDS = {
    "id": (Reader[Entry](LINK, lambda entry: entry.id, "one-scraper"),),
    "url": (
        Reader[Entry](LINK, lambda entry: ORIGIN + (entry.link.get("href") or "").removeprefix(ORIGIN), "one-scraper"),
    ),
    "title": (Reader[Entry](LINK, lambda entry: words_of(entry.link) or None, "assumed"),),
    "state": (Reader[Entry](STATUS, _state, "assumed"),),
}


class MonthlyList:
    kind: PageKind = "monthly-contract-list"
    examples: Sequence[str] = (
        "https://www.lancers.jp/monthly_work_contracts/lancer",
        "https://www.lancers.jp/monthly_work_contracts/lancer/offers",
    )
    fields = certainties(contract=FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return _PATH.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """One contract an address. Raises PageChanged where there is none, unless the page says so."""
        document = Document(page)
        contracts: dict[str, Contract] = {}
        for link in document.cards(LINK):
            entry = Entry(document, link)
            if entry.id is not None and entry.id not in contracts:
                values = read_fields(entry, FIELDS)
                values["sources"]["contract"] = link_anchor(link.get("href") or "")
                contract = Contract(**values)
                badges = [words_of(badge) for badge in entry.select(STATUS)]
                contracts[entry.id] = with_state_unread(contract, badges) if badges else contract
        if not contracts and not any(none in line for line in document.lines for none in NONE):
            raise PageChanged(self.kind, [LINK])
        return tuple(contracts.values())
