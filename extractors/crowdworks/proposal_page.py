"""A proposal (応募) with its thread: what is asked and offered before there is a contract."""

from collections.abc import Callable, Sequence
from urllib.parse import SplitResult

from extractors.crowdworks.addresses import PROPOSAL, id_in
from extractors.crowdworks.contract_page import CLIENT_FIELDS, CURRENT_STEP, TERMS_FIELDS, View, deal, money
from extractors.document import Document
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Reader, certainties, read_fields, text
from extractors.records import AnyRecord, Contract, ContractState

AGREE_FORM = 'form[action^="/proposal_conditions/"][action$="/agree"]'
NOT_YET_AGREED = "まだクライアントが契約に同意していません"
FIRST_STEP = "応募・スカウト"


def _state(view: View) -> ContractState | None:
    """A proposal that both have not agreed to yet; the page of one that has become a contract says nothing."""
    step = view.document.region(CURRENT_STEP)
    if step is not None and step.get_text(strip=True) == FIRST_STEP:
        return "proposed"
    if view.document.first(AGREE_FORM) is not None or view.says(NOT_YET_AGREED):
        return "proposed"
    return None


def _offered(label: str, convert: Callable[[str], object]) -> Reader[View]:
    """Reader of a label in the form of agreement: 「タイトル（仕事名）」, 「金額」."""

    def read(view: View) -> object:
        text = view.document.labelled(f"{AGREE_FORM} table, {AGREE_FORM} dl").get(label)
        return None if text is None else convert(text)

    return Reader(f"{AGREE_FORM} th={label}", read)


PROPOSAL_FIELDS = {
    "state": (Reader[View](CURRENT_STEP, _state),),
    **TERMS_FIELDS,
    "title": (_offered("タイトル（仕事名）", text), *TERMS_FIELDS["title"]),
    "amount": (_offered("金額", money), *TERMS_FIELDS["amount"]),
}


class ProposalPage:
    kind: PageKind = "proposal"
    examples: Sequence[str] = ("https://crowdworks.jp/proposals/371240103",)
    fields = certainties(contract=PROPOSAL_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return id_in(PROPOSAL, location.path) is not None

    def extract(self, page: Page) -> tuple[AnyRecord, ...]:
        """The deal as proposed (it has no contract's id yet), and its thread.

        Raises PageChanged where the page shows neither a state, nor terms, nor a thread.
        """
        view = View(Document(page))
        records = deal(view, read_fields(view, PROPOSAL_FIELDS))
        contract = records[0]
        assert isinstance(contract, Contract)
        if contract.state is None and contract.amount is None and len(records) == 1:
            raise PageChanged(self.kind, ["contract.state", "contract.amount", "thread"])
        return records
