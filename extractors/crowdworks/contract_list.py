"""The freelancer's contracts: which of them still wait for escrow."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.crowdworks.addresses import CONTRACT
from extractors.crowdworks.rows import CLIENT_FIELDS, deal_fields, deals
from extractors.document import Document
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import certainties
from extractors.records import Contract

LINK = 'a[href*="/contracts/"]'
FIELDS = deal_fields(LINK)

_NONE = re.compile(r"契約(?:は|が)?(?:まだ)?(?:ありません|ございません)")


class ContractList:
    kind: PageKind = "contract-list"
    examples: Sequence[str] = ("https://crowdworks.jp/e/contracts?status=active",)
    fields = certainties(contract=FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return location.path.rstrip("/") == "/e/contracts"

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """One contract a row. Raises PageChanged where no row links to one, unless the page says there are none."""
        document = Document(page)
        contracts = tuple(deals(document, "tr", LINK, CONTRACT, FIELDS))
        if not contracts and not any(_NONE.search(line) for line in document.lines):
            raise PageChanged(self.kind, [f"tr {LINK}"])
        if contracts and all(contract.state is None for contract in contracts):
            # Every list has had a state in each row; without any, their cells have changed.
            raise PageChanged(self.kind, ["contract.state"])
        # And a row without one beside those says something that nobody has seen yet.
        update = {"unread": ("state",)}
        return tuple(one if one.state is not None else one.model_copy(update=update) for one in contracts)
