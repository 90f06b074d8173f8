"""A contract's own page, with its thread: above all whether the money lies in escrow (仮払い)."""

from collections.abc import Callable, Sequence
from functools import cached_property
from urllib.parse import SplitResult

from extractors.crowdworks.addresses import CLIENT, CLIENT_LINK, CONTRACT, ORIGIN, client_url, id_in
from extractors.crowdworks.message_thread import CONTAINER, SENDER, thread_of
from extractors.crowdworks.pay import kind_in, pay_of_text
from extractors.document import Document, Element, line_of, text_lines, words_of
from extractors.label_rows import LabelRows
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import japanese_date, yen
from extractors.reading import Reader, certainties, read_fields, text
from extractors.records import AnyRecord, Client, Contract, ContractState, Money, Pay

COMPLETE_FORM = 'form[action^="/milestones/"][action$="/complete"]'
PRICE = "span.quotation_price"
DEADLINE = "div.deadline"
STATUS = ".progress_detail"
CURRENT_STEP = ".progress ul.progress > li.current"
LABELS = ("契約名", "クライアント", "契約金額（税込）", "契約金額")
# Where the other side's words stand, or may: what is said there is no status.
_OTHERS_WORDS = frozenset({"h1", "h2", "h3", "a"})
_THREAD_CLASSES = ("_messageItem_", "_messageBody_", "intro-employer_talking", "cw-message-thread")


class View:
    """The regions of a contract's or a proposal's page, each looked up once."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def labels(self) -> dict[str, str]:
        return self.document.labelled("table, dl")

    @cached_property
    def status_lines(self) -> tuple[str, ...]:
        """The site's own words, line by line: no messages, no titles, no links."""
        return tuple(line for body in self.document.select("body") for line in text_lines(body, skip=_is_others))

    def line(self, selector: str) -> str | None:
        """The text of the first such element, on one line; None where it is not there, or empty."""
        element = self.document.first(selector)
        return None if element is None else line_of(element) or None

    def says(self, *phrases: str) -> bool:
        """Whether the site says all these phrases."""
        return all(any(phrase in line for line in self.status_lines) for phrase in phrases)

    def label_in_text(self, label: str) -> str | None:
        """Returns the words after a label in the site's own text, up to the next label or the end of the line."""
        for line in self.status_lines:
            _, separator, rest = line.partition(f"{label} ")
            if separator:
                ends = [at for other in LABELS if (at := rest.find(other)) >= 0]
                return rest[: min(ends, default=len(rest))].strip() or None
        return None


def _is_others(element: Element) -> bool:
    terms = "conditions" in (element.get("class") or "").split()
    return terms or element.tag in _OTHERS_WORDS or _is_thread(element)


def _is_thread(element: Element) -> bool:
    classes = element.get("class") or ""
    return element.get("id") == CONTAINER[1:] or any(name in classes for name in _THREAD_CLASSES)


def _state(view: View) -> ContractState | None:
    """The state that the page proves; None where it proves none, or two that exclude each other.

    「仮払いを行っています」 alone stands in help texts too, so it takes a second phrase; 検収 alone proves
    nothing, since pages of work in progress speak of it.
    """
    if view.says("クライアント（発注者）が検収を行っています", "検収完了まで"):
        return "delivered"
    is_unfunded = view.says("仮払いを行っています", "業務を開始しない")
    can_deliver = view.document.first(COMPLETE_FORM) is not None
    is_funded = can_deliver or view.says("業務を開始しています")
    if is_unfunded or is_funded:
        return None if is_unfunded and is_funded else "escrow-requested" if is_unfunded else "escrow-funded"
    # A badge, not a word in a sentence.
    if any(line in ("納品済み", "納品完了") for line in view.status_lines):
        return "delivered"
    return None


def _label(convert: Callable[[str], object], *labels: str) -> tuple[Reader[View], ...]:
    """Readers of a label: in a table, then in running text."""

    def table(view: View) -> object:
        return next((convert(view.labels[label]) for label in labels if label in view.labels), None)

    def running(view: View) -> object:
        values = (view.label_in_text(label) for label in labels)
        return next((convert(value) for value in values if value is not None), None)

    return (Reader(f"th={labels[0]}", table, "one-scraper"), Reader(labels[0], running, "one-scraper"))


def money(words: str) -> Money | None:
    # In running text more words follow the amount.
    value = yen(words) or yen(words.partition("円")[0] + "円")
    return None if value is None else Money(amount=value)


def _quotation(view: View) -> Pay | None:
    """「固定報酬: 12円」, 「時間単価: 1,500円」."""
    label, _, words = (view.line(PRICE) or "").partition(":")
    return pay_of_text(label, words)


def _quoted_amount(view: View) -> Money | None:
    pay = _quotation(view)
    return pay.min if pay is not None and pay.kind == "fixed" else None


def _due(view: View) -> object:
    words = view.line(DEADLINE) or ""
    return japanese_date(words.partition(":")[2] or words)


def _heading(view: View) -> str | None:
    return view.line("h1")


def _client_link(view: View) -> Element | None:
    """The link to the client's profile: of the terms, else of a message's sender.

    Never one inside a message: anybody's profile can be linked there.
    """
    links = view.document.select(CLIENT_LINK)
    links = [link for link in links if not any(_is_thread(above) for above in link.iterancestors())]
    links += view.document.select(f'{SENDER}[href*="/public/employers/"]')
    return next((link for link in links if id_in(CLIENT, link.get("href"))), None)


def _client_id(view: View) -> str | None:
    link = _client_link(view)
    return None if link is None else id_in(CLIENT, link.get("href"))


def _client_url(view: View) -> str | None:
    client = _client_id(view)
    return None if client is None else client_url(client)


def _client_name(view: View) -> str | None:
    link = _client_link(view)
    return None if link is None else words_of(link) or None


TERMS_FIELDS = {
    "title": (*_label(text, "契約名"), Reader[View]("h1", _heading, "one-scraper")),
    "amount": (*_label(money, "契約金額（税込）", "契約金額"), Reader[View](PRICE, _quoted_amount)),
    "pay": (Reader[View](PRICE, _quotation),),
    "due": (Reader[View](DEADLINE, _due), *_label(japanese_date, "完了予定日")),
}
CONTRACT_FIELDS = {
    "id": (Reader[View]("url", lambda view: id_in(CONTRACT, view.document.page.location.path)),),
    "state": (Reader[View](STATUS, _state),),
    **TERMS_FIELDS,
}
CLIENT_FIELDS = {
    "id": (Reader[View](CLIENT_LINK, _client_id),),
    "url": (Reader[View](CLIENT_LINK, _client_url),),
    "name": (Reader[View](CLIENT_LINK, _client_name), *_label(text, "クライアント", "クライアント（発注者）")),
}


TERM_ROWS = LabelRows(
    "table.conditions",
    {"title": ("契約名",), "amount": ("契約金額（税込）", "契約金額")},
    frozenset({"クライアント", "ワーカー", "完了予定日"}),
    lambda label: kind_in(label) is not None,
)


class ContractPage:
    kind: PageKind = "contract"
    examples: Sequence[str] = ("https://crowdworks.jp/contracts/63568785",)
    fields = certainties(contract=CONTRACT_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return id_in(CONTRACT, location.path) is not None

    def extract(self, page: Page) -> tuple[AnyRecord, ...]:
        """The contract, and its thread where the page has one.

        Raises PageChanged where the page shows neither a state nor any of the terms.
        """
        view = View(Document(page))
        values = read_fields(view, CONTRACT_FIELDS)
        if not values.keys() & {"state", "title", "amount"}:
            raise PageChanged(self.kind, ["contract.state", "contract.title", "contract.amount"])
        pay = values.get("pay")
        # An hourly deal has a rate in the amount's place.
        hourly = pay is not None and pay.kind == "hourly"
        unread_fields = TERM_ROWS.unread(view.document, values, ("title",) if hourly else None)
        return deal(view, values | ({"unread": unread_fields} if unread_fields else {}))


def deal(view: View, values: dict[str, object]) -> tuple[AnyRecord, ...]:
    """A contract of these values, with its client, and the thread below it."""
    facts = read_fields(view, CLIENT_FIELDS)
    client = Client(**facts) if len(facts) > 1 else None
    url = ORIGIN + view.document.page.location.path.rstrip("/")
    contract = Contract.model_validate({**values, "url": url, "client": client})
    thread = thread_of(view.document)
    return (contract,) if thread is None else (contract, thread)
