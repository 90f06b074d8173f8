"""The shape of a conversation of Malt at ../shared; terms before state; what nobody knows."""

from pathlib import Path

import pytest

from extractors import PageChanged, UnknownPage, extract
from extractors.malt.panel import terms_in
from extractors.records import Client, Contract, Thread
from tests.extractors.saved_pages import page

TALK = "https://www.malt.fr/messages/client-project-offer/1"
PENDING = "Devis accepté, en attente de provision"
PREPAID = "<aside><p>Délai de paiement : prépaiement</p></aside>"


def read(main: str, aside: str = "") -> tuple[Contract, Thread]:
    contract, thread = extract(page(f"<main><p>Bonjour</p>{main}</main>{aside}", TALK)).records
    assert isinstance(contract, Contract)
    assert isinstance(thread, Thread)
    return contract, thread


def client_of(contract: Contract) -> Client:
    assert contract.client is not None
    return contract.client


def test_the_shape(shared: Path) -> None:
    body = (shared / "sites/fixtures/shapes/malt-thread-shape.html").read_bytes()
    assert [thread.title for thread in threads(body, "https://www.malt.fr/messages")] == ["Client U.", "Client D."]
    contract, thread = extract(page(body, TALK, "")).records
    assert isinstance(contract, Contract)
    assert isinstance(thread, Thread)
    assert (contract.state, contract.payment_terms) == ("agreed", "escrow")
    assert client_of(contract).contracts_made == 0
    (said,) = thread.messages
    assert "acompte de 2000 euros" in (said.body or "")
    assert said.author_role is None


def threads(body: bytes, url: str) -> list[Thread]:
    return [record for record in extract(page(body, url, "")).records if isinstance(record, Thread)]


# ---- escrow


@pytest.mark.parametrize(
    "words",
    [
        PENDING,
        "devis accepté, en attente de provision.",
        "Estimate accepted, pending provision",
        "Project accepted, waiting for pre-payment",
    ],
)
def test_malt_escrow_an_accepted_quote_is_agreed_and_not_funded(words: str) -> None:
    contract, _ = read(f"<div>{words}</div>", PREPAID)
    assert (contract.state, contract.funded_amount) == ("agreed", None)


def test_malt_escrow_without_the_payment_term_the_state_is_unknown() -> None:
    contract, _ = read(f"<div>{PENDING}</div>", "<aside><p>Aucune mission</p></aside>")
    assert (contract.state, contract.payment_terms) == (None, None)


@pytest.mark.parametrize(
    "row",
    [
        "Délai de paiement : 30 jours",
        "Mode de paiement : facture",
        "Payment term: 45 days",
        "Payment method: SEPA",
        "Conditions de paiement : 30 jours fin de mois",
        "Mode de paiement : financement",
    ],
)
def test_malt_escrow_a_client_who_is_billed_rightly_pays_later(row: str) -> None:
    contract, _ = read(f"<div>{PENDING}</div>", f"<aside><p>{row}</p></aside>")
    assert (contract.state, contract.payment_terms) == (None, "invoice")
    assert client_of(contract).payment_terms == "invoice"


@pytest.mark.parametrize("said", ["Délai de paiement : 30 jours", "Mode de paiement : facture"])
def test_malt_escrow_what_a_client_writes_is_not_their_payment_term(said: str) -> None:
    contract, thread = read(f"<p>{said}</p><div>{PENDING}</div>", PREPAID)
    assert (contract.state, contract.payment_terms) == ("agreed", "escrow")
    assert said in (thread.messages[0].body or "")


@pytest.mark.parametrize("said", ["Provision effectuée", "Mission terminée", "Devis accepté", "Le devis est payé"])
def test_malt_escrow_no_word_says_that_money_is_held(said: str) -> None:
    contract, _ = read(f"<div>{said}</div>", PREPAID)
    assert contract.state is None


def test_malt_escrow_where_rows_differ_it_is_paid_before() -> None:
    assert terms_in(["Mode de paiement : facture", "Délai de paiement", "prépaiement"]) == "escrow"
    assert terms_in(["Délai de paiement"]) is None
    assert terms_in([]) is None
    assert terms_in(["Nous payons sur facture"]) is None


# ---- the client


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Aucune mission", 0),
        ("No mission", 0),
        ("1 mission", 1),
        ("14 missions", 14),
        ("Mission en cours", None),
        ("", None),
    ],
)
def test_malt_a_new_client_has_no_mission(row: str, expected: int | None) -> None:
    contract, _ = read("", f"<aside><p>{row}</p></aside>")
    assert client_of(contract).contracts_made == expected


def test_malt_missions_that_a_client_claims_are_not_counted() -> None:
    contract, _ = read("<p>14 missions</p>", "<aside></aside>")
    assert client_of(contract).contracts_made is None


def test_malt_the_client_stands_in_one_record() -> None:
    """Else each finding on the client would be said twice."""
    contract, thread = read("", "<aside><p>Aucune mission</p></aside>")
    assert (client_of(contract).contracts_made, thread.client) == (0, None)


# ---- what is said, and by whom


def test_malt_nobody_is_known_to_have_said_it() -> None:
    _, thread = read(
        "<p>Je vous envoie un acompte.</p><button>Signaler ce client</button><textarea>brouillon</textarea>"
    )
    (said,) = thread.messages
    assert (said.author_role, said.body) == (None, "Bonjour\nJe vous envoie un acompte.")


def test_malt_the_panel_and_the_list_are_not_said() -> None:
    inside = '<aside>Aucune mission</aside><div class="scrollable"><li>Camille R.</li></div><nav>Menu</nav>'
    _, thread = read(inside)
    assert thread.messages[0].body == "Bonjour"


@pytest.mark.parametrize("address", ["/messages/client-project-offer/77", "https://www.malt.fr/messages/77?from=x"])
def test_malt_a_row_has_the_number_that_it_links_to(address: str) -> None:
    row = f'<li class="x-summary__wrapper"><a href="{address}">Atelier Verre</a> <i>Candidature envoyée</i></li>'
    (thread,) = threads(row.encode(), "https://www.malt.fr/messages")
    assert (thread.id, thread.title) == ("77", "Atelier Verre")


@pytest.mark.parametrize("host", ["www.malt.fr", "www.malt.com", "en.malt.fr", "en.malt.de", "en.malt.es"])
def test_malt_is_read_in_each_country(host: str) -> None:
    assert (
        len(extract(page("<main><p>Hello</p></main>", f"https://{host}/messages/client-project-offer/1")).records) == 2
    )


@pytest.mark.parametrize(
    "path", ["/project/64f0", "/dashboard/freelancer", "/client/sourcing-projects/application-funnel/1/apply", "/"]
)
def test_malt_pages_that_nobody_knows_are_not_read(path: str) -> None:
    with pytest.raises(UnknownPage):
        extract(page(f"<main>{PENDING}</main>", f"https://www.malt.fr{path}"))


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (TALK, "<div><p>Bonjour</p></div>"),
        (TALK, "<main></main>"),
        ("https://www.malt.fr/messages", "<ul><li>Camille R.</li></ul>"),
        ("https://www.malt.fr/messages", '<li class="summary__wrapper"><span>Nouvelle opportunité</span></li>'),
    ],
)
def test_malt_a_page_without_what_makes_it_one_has_changed(url: str, body: str) -> None:
    with pytest.raises(PageChanged):
        extract(page(body, url))
