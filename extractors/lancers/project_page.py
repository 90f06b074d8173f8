"""A project's own page and a proposal's: amount, due date, and the step that the site shows as the present one."""

from collections.abc import Callable, Sequence
from urllib.parse import SplitResult

from extractors.document import Document, words_of
from extractors.label_rows import LabelRows
from extractors.lancers.addresses import MONTHLY, ORIGIN, PROJECT, PROPOSAL
from extractors.lancers.client_links import ANYWHERE, client_readers
from extractors.lancers.states import state_of
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import japanese_date, yen
from extractors.parts import Part, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Contract, ContractState, Money

STATUS = ".c-media-job__status, .c-badge__text"


def _labelled(convert: Callable[[str, Part], object], *labels: str) -> Reader[Part]:
    def read(part: Part) -> object:
        for name, value in part.labels.items():
            # 「契約金額 (税抜) :」
            if name.rstrip(" :：").startswith(labels):
                return convert(value, part)
        return None

    return Reader(f"dt={labels[0]}", read)


def _money(text: str, _: Part) -> Money | None:
    value = yen(text.replace(" ", ""))
    return None if value is None else Money(amount=value)


def _id(part: Part) -> str | None:
    path = part.document.page.location.path
    return next((match[1] for pattern in (PROJECT, PROPOSAL, MONTHLY) if (match := pattern.fullmatch(path))), None)


def state_shown(part: Part) -> ContractState | None:
    """A badge that names a state. Words of running text prove nothing: no funded page has been seen."""
    states = {state for badge in part.select(STATUS) if (state := state_of(words_of(badge))) is not None}
    return states.pop() if len(states) == 1 else None


CONTRACT_FIELDS = {
    "id": (Reader[Part]("url", _id, "real-page"),),
    "url": (Reader[Part]("url", lambda part: ORIGIN + part.document.page.location.path, "real-page"),),
    "title": (words("h1", certainty="one-scraper"),),
    "state": (Reader[Part](STATUS, state_shown, "one-scraper"),),
    "amount": (_labelled(_money, "契約金額", "提案金額", "月額"),),
    "due": (_labelled(lambda text, part: japanese_date(text, part.received_at), "予定納期", "納期", "完了予定日"),),
}
CLIENT_FIELDS = client_readers([(ANYWHERE, lambda part: part.select(ANYWHERE), "one-scraper")])


TERM_ROWS = LabelRows(
    "dl.c-definition-list",
    {"amount": ("契約金額", "提案金額", "月額"), "due": ("予定納期", "納期", "完了予定日")},
    is_exact=False,
)


class ProjectPage:
    kind: PageKind = "project"
    examples: Sequence[str] = (
        "https://www.lancers.jp/project/123456",
        "https://www.lancers.jp/work/proposal/654321",
        "https://www.lancers.jp/monthly_work_contracts/lancer/offers/777",
    )
    fields = certainties(contract=CONTRACT_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return any(pattern.fullmatch(location.path) for pattern in (PROJECT, PROPOSAL, MONTHLY))

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """The contract. Raises PageChanged where neither amount, due date nor state has a reader."""
        part = Part(Document(page))
        values = read_fields(part, CONTRACT_FIELDS)
        if not {"amount", "due", "state"} & values.keys():
            raise PageChanged(self.kind, ["contract.amount", "contract.due", "contract.state"])
        client = read_fields(part, CLIENT_FIELDS)
        # A monthly deal goes on.
        needed_fields = ("amount",) if MONTHLY.fullmatch(page.location.path) else None
        unread_fields = TERM_ROWS.unread(part.document, values, needed_fields) or None
        return (Contract(**values, unread=unread_fields, client=Client(**client) if "id" in client else None),)
