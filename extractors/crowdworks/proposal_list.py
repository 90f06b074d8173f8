"""The freelancer's proposals (応募)."""

from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.crowdworks.addresses import PROPOSAL
from extractors.crowdworks.rows import CLIENT_FIELDS, deal_fields, deals
from extractors.document import Document
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import certainties
from extractors.records import Contract

TABLE = "table.proposals"
OLD_TABLE = "body.employee-proposals table"
LINK = 'a[href*="/proposals/"]'

# A proposal's number is no contract's: as an id it would be taken for one.
FIELDS = {name: readers for name, readers in deal_fields(LINK).items() if name != "id"}


class ProposalList:
    kind: PageKind = "proposal-list"
    examples: Sequence[str] = ("https://crowdworks.jp/e/proposals?page=2",)
    fields = certainties(contract=FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return location.path.rstrip("/") == "/e/proposals"

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """One deal a row. Raises PageChanged where the table is missing; an empty one means no proposals."""
        document = Document(page)
        for table in (TABLE, OLD_TABLE):
            if document.first(table) is not None:
                return tuple(deals(document, f"{table} tr", LINK, PROPOSAL, FIELDS))
        raise PageChanged(self.kind, [TABLE, OLD_TABLE])
