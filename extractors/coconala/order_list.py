"""The orders that a freelancer has received (受注). The list names no step; each room's own page does."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.coconala.addresses import TALKROOM, talkroom_url
from extractors.document import Document
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import yen
from extractors.parts import Part, linked, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Contract, Money

CARDS = ".d-providerTalkroomCassette"
ROOM = 'a[href*="/talkrooms/"]'
TITLES = (".d-providerTalkroomCassetteSpHeading_title", ROOM)
PRICE = ".d-providerTalkroomCassettePrice_price"
NONE_YET = re.compile(r"(?:受注|取引|該当).{0,20}(?:ありません|なし)")


def _amount(text: str) -> Money | None:
    amount = yen(text)
    return None if amount is None else Money(amount=amount)


FIELDS = {
    "id": (linked(ROOM, TALKROOM, certainty="one-scraper"),),
    "url": (linked(ROOM, TALKROOM, talkroom_url, certainty="one-scraper"),),
    "title": tuple(words(selector, certainty="one-scraper") for selector in TITLES),
    "amount": (Reader[Part](PRICE, lambda part: _amount(part.words(PRICE) or ""), "one-scraper"),),
}


class OrderList:
    kind: PageKind = "contract-list"
    examples: Sequence[str] = ("https://coconala.com/mypage/received_orders/open",)
    fields = certainties(contract=FIELDS)

    _path = re.compile(r"/mypage/received_orders(?:/(?:open|closed))?/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """One deal a card, each once. Raises PageChanged where no card is an order, unless there is none."""
        document = Document(page)
        orders: dict[str, Contract] = {}
        for card in document.cards(CARDS):
            values = read_fields(Part(document, card), FIELDS)
            if "id" in values:
                values["sources"]["contract"] = f'{CARDS}:has(a[href$="/talkrooms/{values["id"]}"])'
                orders.setdefault(values["id"], Contract(**values))
        if not orders and not any(NONE_YET.search(line) for line in document.lines):
            raise PageChanged(self.kind, [CARDS])
        return tuple(orders.values())
