"""The freelancer's proposals and projects: which of them still wait for escrow."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult

from extractors.document import Document, Element, words_of
from extractors.lancers.addresses import JOB, ORIGIN, PROJECT, PROPOSAL, link_anchor
from extractors.lancers.states import state_of, with_state_unread
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Contract, ContractState

ITEMS = ".p-mypage-work__media, li.c-media-job"
LINK = 'a[href*="/work/"], a[href*="/project/"]'
STATUS = ".c-media-job__status"

_NONE = re.compile(r"(?:提案|仕事|案件)(?:は|が)?(?:まだ)?(?:ありません|ございません)")


def _links(part: Part) -> Iterator[tuple[Element, str]]:
    """The links that lead to a deal, and its number: a card links to its kind of work too."""
    for pattern in (PROJECT, PROPOSAL, JOB):
        for link in part.select(LINK):
            if match := pattern.fullmatch(link.get("href") or ""):
                yield link, match[1]


def _id(part: Part) -> str | None:
    return next((number for _, number in _links(part)), None)


def _url(part: Part) -> str | None:
    return next((ORIGIN + (link.get("href") or "").removeprefix(ORIGIN) for link, _ in _links(part)), None)


def _title(part: Part) -> str | None:
    return next((text for link, _ in _links(part) if (text := words_of(link))), None)


def _state(part: Part) -> ContractState | None:
    """The last badge that names a state: the first says which kind of work it is."""
    states = [state for badge in part.select(STATUS) if (state := state_of(words_of(badge))) is not None]
    return states[-1] if states else None


FIELDS = {
    "id": (Reader[Part](LINK, _id),),
    "url": (Reader[Part](LINK, _url),),
    "title": (Reader[Part](LINK, _title),),
    "state": (Reader[Part](STATUS, _state),),
}


def _contract_of(item: Part) -> Contract | None:
    """The contract of an item; None where nothing leads to one."""
    values = read_fields(item, FIELDS)
    if "id" not in values:
        return None
    link = min((link for link, _ in _links(item)), key=lambda link: not words_of(link))
    # Within an item: a page's menu may lead there, too.
    values["sources"]["contract"] = f":is({ITEMS}) :is({link_anchor(link.get('href') or '')})"
    return with_state_unread(Contract(**values), (words_of(badge) for badge in item.select(STATUS)))


class ProposalList:
    kind: PageKind = "contract-list"
    examples: Sequence[str] = (
        "https://www.lancers.jp/mypage/proposals/all/working",
        "https://www.lancers.jp/mypage/proposals/limit:100/sort:Proposal.id/direction:DESC",
    )
    fields = certainties(contract=FIELDS)

    _path = re.compile(r"/mypage/proposals(?:/[\w:.-]{1,60}){0,6}/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """One contract an item. Raises PageChanged where no item links to a job, or none has a badge."""
        document = Document(page)
        items = document.cards(ITEMS)
        contracts = tuple(contract for item in items if (contract := _contract_of(Part(document, item))) is not None)
        if not contracts and not any(_NONE.search(line) for line in document.lines):
            raise PageChanged(self.kind, [ITEMS])
        if contracts and not any(document.first(STATUS, item) is not None for item in items):
            raise PageChanged(self.kind, [STATUS])
        return contracts
