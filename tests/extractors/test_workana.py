"""The real pages of Workana at ../shared, the traps in them, and what a redesign does."""

import html
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors import PageChanged, UnknownPage, extract
from extractors.records import Client, Contract, Job, Money, Pay
from extractors.workana.facts import History, history_in, rating_of
from tests.extractors.saved_pages import PAGES, Case, page

LIST = "https://www.workana.com/jobs?query=python&page=2"
BID = "https://www.workana.com/messages/bid/urgente-especialista"
VISITOR = Case(PAGES / "workana/job-list/state-visitor-pt")
MEMBER = Case(PAGES / "workana/job-list/state-member-es")
DRAWN = Case(PAGES / "workana/job-list/drawn-en")
BID_PAGE = Case(PAGES / "workana/job/bid-page-pt")
ANSWER = Case(PAGES / "workana/job-list/answer-pt")
REVIEWED = Case(PAGES / "workana/job/project-pt-with-reviews")
PROJECT = Case(PAGES / "workana/job/project-es")


def jobs_in(body: bytes | str, url: str) -> list[Job]:
    records = extract(page(body, url, "")).records
    assert all(isinstance(record, Job) for record in records)
    return [record for record in records if isinstance(record, Job)]


def real(shared: Path, name: str, url: str) -> list[Job]:
    return jobs_in((shared / "sites" / "fixtures" / name).read_bytes(), url)


def client_of(job: Job) -> Client:
    assert job.client is not None
    return job.client


def money(amount: int, currency: str = "USD") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def listed(**changes: Any) -> str:
    """A list of one result, changed."""
    result: dict[str, Any] = {
        "slug": "mapa-de-senderos",
        "title": '<a href="/job/mapa-de-senderos"><span title="Mapa de senderos">Mapa de sen...</span></a>',
        "authorName": "Club S.",
        "description": "Doce senderos.",
        "isHourly": False,
        "isLogged": False,
        "hasVerifiedPaymentMethod": False,
        "budget": "USD 100 - 250",
        "rating": {"value": "0.00", "label": "0.00 de 5.00"},
    }
    return state([result | changes])


def state(results: object) -> str:
    return f"<search :results-initials='{html.escape(json.dumps({'results': results}))}'></search>"


# ---- what a person counts in the real pages


def test_the_real_list_of_a_visitor(shared: Path) -> None:
    jobs = real(shared, "workana/jobs-visitor-pt-1.html", LIST)
    assert len(jobs) == 5
    assert [client_of(job).payment_verified for job in jobs] == [None] * 5
    assert [client_of(job).rating for job in jobs] == [None, None, 4.5, 5.0, None]
    assert [client_of(job).country for job in jobs] == ["Costa Rica", "Brasil", "Brasil", "Brasil", "Brasil"]
    assert [job.applicants for job in jobs] == [4, 5, 31, 45, 6]
    bounds = [(3000, None), (50, 100), (500, 1000), (1000, 3000), (50, 100)]
    assert [job.pay for job in jobs] == [
        Pay(kind="fixed", min=money(low), max=None if high is None else money(high)) for low, high in bounds
    ]
    assert all(job.title and "..." not in job.title for job in jobs)
    assert all(job.category == "TI e Programação" for job in jobs)


def test_the_real_list_as_it_is_drawn(shared: Path) -> None:
    jobs = real(shared, "workana/jobs-visitor-en-drawn-1.html", "https://www.workana.com/jobs?category=it-programming")
    assert len(jobs) == 3
    assert [job.applicants for job in jobs] == [2, 26, 5]
    assert [client_of(job).country for job in jobs] == ["Japan", "Serbia", "Argentina"]
    assert [client_of(job).rating for job in jobs] == [5.0, None, None]
    assert [job.pay for job in jobs] == [
        Pay(kind="fixed", min=money(100), max=money(250)),
        Pay(kind="fixed", min=money(500), max=money(1000)),
        Pay(kind="hourly", min=money(45)),
    ]
    assert all(job.body and "View more" not in job.body for job in jobs)


def test_the_real_bid_page(shared: Path) -> None:
    (job,) = real(shared, "workana/bid-page-user-pt-1.html", BID)
    client = client_of(job)
    assert (client.job_offers_posted, client.jobs_paid, client.rating) == (1, 0, None)
    assert (client.member_since, client.country) == (date(2026, 6, 13), "Brasil")
    assert job.pay == Pay(kind="fixed", max=money(250, "BRL"))
    assert (job.applicants, job.open) == (14, True)


def test_the_shape_of_a_project(shared: Path) -> None:
    (job,) = real(shared, "shapes/workana-job-detail-shape.html", "https://www.workana.com/job/tienda-en-shopify")
    assert (job.title, job.open, job.posted_at) == ("Tienda en Shopify", True, date(2026, 8, 11))
    assert job.pay == Pay(kind="fixed", min=money(100), max=money(250))
    client = client_of(job)
    assert (client.name, client.country, client.rating) == ("Cliente U.", "Chile", None)
    assert (client.job_offers_posted, client.jobs_paid) == (4, 0)


# ---- traps, by their number in the notes


@pytest.mark.parametrize(
    ("is_logged", "is_verified", "expected"),
    [
        (False, False, None),
        (None, False, None),
        ("true", False, None),
        (True, False, False),
        (True, True, True),
        (False, True, True),
        (True, None, None),
        (True, "false", None),
    ],
)
def test_workana_trap_1_a_visitor_is_told_that_nobody_is_verified(
    is_logged: object, is_verified: object, expected: bool | None
) -> None:
    (job,) = jobs_in(listed(isLogged=is_logged, hasVerifiedPaymentMethod=is_verified), LIST)
    assert client_of(job).payment_verified is expected


def test_workana_trap_1_no_mark_on_a_card_is_unknown() -> None:
    first, second, _ = jobs_in(DRAWN.body, DRAWN.page.url)
    assert (client_of(first).payment_verified, client_of(second).payment_verified) == (None, True)


def test_workana_trap_2_what_a_visitor_may_not_read_counts_nothing() -> None:
    for job in jobs_in(VISITOR.body, VISITOR.page.url):
        assert (client_of(job).job_offers_posted, client_of(job).jobs_paid) == (None, None)


def test_workana_trap_2_a_name_that_counts_is_not_the_count() -> None:
    _, job = jobs_in(MEMBER.body, MEMBER.page.url)
    assert client_of(job).name == "Publicados: 99 / Pagos: 99"
    assert (client_of(job).job_offers_posted, client_of(job).jobs_paid) == (4, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Projetos: Publicados: 1 / Pagamentos: 0 (0%)", History(1, 0)),
        ("Published: 15 / Payments: 2", History(15, 2)),
        ("Proyectos: Publicados: 0 / Pagos: 0 (0%)", History(0, 0)),
        ("Proyectos: Publicados: 7 / Pagados: 3 (42%)", History(7, 3)),
        ("Projects: Published: 7 / Paid: 3", History(7, 3)),
        ("15 Projetos publicados 2 Projetos pagos", History(15, 2)),
        ("1 Proyecto publicado 0 Proyectos pagados", History(1, 0)),
        ("15 Projetos publicados", None),
        ("Publicados: 1.234 / Pagamentos: 2", None),
        ("Publicados: 12 / Pagamentos: 1.234", None),
        ("Para saber mais sobre este cliente, faça seu login na Workana.", None),
        ("", None),
    ],
)
def test_workana_zero_published_and_paid_are_counts_and_nothing_is_unknown(text: str, expected: History | None) -> None:
    assert history_in(text) == expected


@pytest.mark.parametrize(
    ("budget", "low", "high"),
    [
        ("USD 500 - 1.000", 500, 1000),
        ("USD 500 - 1,000", 500, 1000),
        ("Mais de USD 3.000", 3000, None),
        ("Menos de USD 50", None, 50),
    ],
)
def test_workana_trap_3_a_point_parts_thousands_in_a_list(budget: str, low: int | None, high: int | None) -> None:
    (job,) = jobs_in(listed(budget=budget), LIST)
    ends = (None if low is None else money(low), None if high is None else money(high))
    assert job.pay == Pay(kind="fixed", min=ends[0], max=ends[1])


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        ({"value": "4.50", "label": "4.50 de 5.00"}, 4.5),
        ({"label": "4.50 de 5.00"}, 4.5),
        ({"value": 4.5}, 4.5),
        ("4.50", 4.5),
        ("4,50 de 5,00", 4.5),
        ("5.00 of 5.00", 5.0),
        (4.5, 4.5),
        ({"value": "0.00", "label": "0.00 de 5.00"}, None),
        ("0 de 5.00", None),
        (0, None),
        ({}, None),
        ({"value": {"value": "4.50"}}, None),
        ("45.0", None),
        (True, None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_workana_trap_4_a_rating_is_a_text_or_an_object_and_zero_is_none(
    rating: object, expected: float | None
) -> None:
    assert rating_of(rating) == expected


def test_workana_reviews_and_other_projects_are_not_of_the_client() -> None:
    """A review stands in a box of the client's kind, and another project may be called a count."""
    (job,) = jobs_in(REVIEWED.body, REVIEWED.page.url)
    client = client_of(job)
    assert (client.name, client.rating, client.country, client.jobs_paid) == ("Escola V.", 4.9, "Brasil", 17)
    body = REVIEWED.body.decode()
    without_client = body.replace('<div class="wk-user-info"><a class="user-name">Escola V.</a>', "<div>")
    assert without_client != body
    (job,) = jobs_in(without_client.replace("item-data", "item"), REVIEWED.page.url)
    client = client_of(job)
    assert (client.name, client.rating, client.country, client.jobs_paid) == (None, None, None, None)


@pytest.mark.parametrize("region", ['<h1 class="title">', '<li><a href="/job/x">', "<h1>"])
def test_workana_a_title_is_not_the_line_of_the_site(region: str) -> None:
    line = "Publicado el 1 Enero, 2020 en Otra cosa"
    body = PROJECT.body.decode().replace("<header", f"{region}{line}</{region[1:3].rstrip('>')}><header", 1)
    (job,) = jobs_in(body, PROJECT.page.url)
    assert (job.posted_at, job.category) == (date(2026, 8, 11), "Soporte Administrativo")


def test_workana_the_text_of_a_card_has_had_two_names() -> None:
    body = DRAWN.body.decode().replace("html-desc", "text-expander-content")
    assert [job.body for job in jobs_in(body, DRAWN.page.url)] == [
        job.body for job in jobs_in(DRAWN.body, DRAWN.page.url)
    ]


@pytest.mark.parametrize("levels", [1, 2])
def test_workana_the_script_is_answered_with_results_at_either_level(levels: int) -> None:
    answer = json.loads(ANSWER.body)
    body = json.dumps(answer if levels == 2 else answer["results"])
    (job,) = jobs_in(body, ANSWER.page.url)
    assert (client_of(job).job_offers_posted, client_of(job).jobs_paid) == (15, 2)


@pytest.mark.parametrize("answer", ["{}", "[]", '{"results": {}}', '{"results": {"results": {}}}', '{"results": [{}]}'])
def test_workana_an_answer_without_results_has_changed(answer: str) -> None:
    with pytest.raises(PageChanged):
        jobs_in(answer, LIST)


def test_workana_the_last_messages_in_the_top_bar_are_not_read() -> None:
    body = BID_PAGE.body.decode()
    assert "Obrigado, já recebi o arquivo." in body
    (job,) = jobs_in(body, BID_PAGE.page.url)
    assert "Obrigado" not in job.model_dump_json()


def test_workana_the_texts_of_dialogs_and_tooltips_are_not_read() -> None:
    (job,) = jobs_in(BID_PAGE.body, BID_PAGE.page.url)
    shown = job.model_dump_json()
    assert "Eliminar conversa" not in shown
    assert "serve apenas como guia" not in shown


def test_workana_a_link_that_the_description_marks_is_read_with_its_address() -> None:
    marked = 'Fotos: <a href="https://fotos.example/a?b=1&amp;c=2" rel="nofollow">aqui</a> e https://mapa.example/x'
    (job,) = jobs_in(listed(description=marked), LIST)
    assert job.body == "Fotos: aqui e https://mapa.example/x"
    assert [(link.url, link.text) for link in job.links or ()] == [
        ("https://fotos.example/a?b=1&c=2", "aqui"),
        ("https://mapa.example/x", None),
    ]


# ---- escrow


@pytest.mark.parametrize(
    "words",
    [
        "Proposta escolhida",
        "Propuesta elegida",
        "Em andamento",
        "Pagamento em garantia",
        "Confirmação de pagamento em garantia",
        "Depósito en garantía",
    ],
)
@pytest.mark.parametrize("case", [BID_PAGE, PROJECT], ids=lambda case: case.name)
def test_workana_escrow_a_chosen_bid_is_no_payment_in_guarantee(case: Case, words: str) -> None:
    """No page is known that shows the second notice: none says that money is held, whatever its state is called."""
    body = case.body.decode().replace("Analisando propostas", words).replace("Evaluando propuestas", words)
    assert words in body
    records = extract(page(body, case.page.url)).records
    assert not any(isinstance(record, Contract) for record in records)
    (job,) = jobs_in(body, case.page.url)
    assert job.open is None


@pytest.mark.parametrize(
    "path",
    [
        "/messages/index/mapa-de-senderos/pen-and-page",
        "/inbox/mapa-de-senderos/pen-and-page",
        "/users/messages",
        "/users/notifications",
        "/my_projects?type_company=worker",
        "/job/insight/mapa-de-senderos",
        "/checkout/fund",
        "/dashboard",
    ],
)
def test_workana_pages_that_nobody_knows_are_not_read(path: str) -> None:
    with pytest.raises(UnknownPage):
        extract(page("<p>Pagamento em garantia</p>", f"https://www.workana.com{path}"))


# ---- redesign


@pytest.mark.parametrize("language", ["", "/en", "/es", "/pt"])
def test_each_language_has_its_addresses(language: str) -> None:
    origin = f"https://www.workana.com{language}"
    assert len(jobs_in(VISITOR.body, f"{origin}/jobs?page=2")) == 4
    assert len(jobs_in(PROJECT.body, f"{origin}/job/inventario-de-una-biblioteca")) == 1
    assert len(jobs_in(BID_PAGE.body, f"{origin}/messages/bid/loja-virtual-de-ceramica")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "<section class='error-section'><h2 class='error-title'>Acesso Negado</h2></section>",
        "<search :results-initials='{broken'></search>",
        "<search :results-initials='{}'></search>",
        state({"0": {}}),
        state([{"slug": "a"}]),
        state([{"title": "a"}]),
        '<div class="js-project"><a href="/job/">x</a></div>',
    ],
)
def test_a_list_without_what_makes_it_one_has_changed(body: str) -> None:
    with pytest.raises(PageChanged) as changed:
        extract(page(body, LIST))
    assert changed.value.kind == "job-list"


def test_cards_that_are_not_found_are_missed() -> None:
    body = DRAWN.body.decode()
    with pytest.raises(PageChanged):
        jobs_in(body.replace("project-item js-project", "offer"), DRAWN.page.url)


@pytest.mark.parametrize(
    "found", ["Não foram encontrados projetos", "No se encontraron proyectos", "No projects found"]
)
def test_a_drawn_list_that_says_so_is_empty(found: str) -> None:
    assert jobs_in(f"<div><p>{found}</p></div>", LIST) == []


@pytest.mark.parametrize(
    ("case", "removed", "missing"),
    [
        (BID_PAGE, ("specification",), "job.body"),
        (BID_PAGE, ("project-name", "productName"), "job.title"),
        (BID_PAGE, ("client-box",), "job.client"),
        (PROJECT, ("expander",), "job.body"),
        (PROJECT, ("<h1",), "job.title"),
    ],
)
def test_a_project_without_what_makes_it_one_has_changed(case: Case, removed: tuple[str, ...], missing: str) -> None:
    body = case.body.decode()
    for words in removed:
        assert words in body
        body = body.replace(words, words[::-1])
    with pytest.raises(PageChanged) as changed:
        jobs_in(body, case.page.url)
    assert missing in changed.value.missing


def test_what_a_client_writes_is_not_the_line_of_the_site() -> None:
    (job,) = jobs_in(PROJECT.body, PROJECT.page.url)
    assert "Publicado el 1 Enero, 2020 en Otra cosa" in (job.body or "")
    assert (job.posted_at, job.category) == (date(2026, 8, 11), "Soporte Administrativo")


def test_a_month_alone_makes_nobody_newer_than_they_are() -> None:
    body = BID_PAGE.body.decode().replace('title="12 de Novembro de 2026 15:40"', "")
    (job,) = jobs_in(body, BID_PAGE.page.url)
    assert client_of(job).member_since is None
    (job,) = jobs_in(body.replace("Novembro 2026</span>", "Outubro 2026</span>"), BID_PAGE.page.url)
    assert client_of(job).member_since == date(2026, 10, 1)


# The site's other languages, whose pages were not seen: the same page in their words.

SPANISH = {
    "Projetos": "Proyectos",
    "Pagamentos": "Pagos",
    "Último acesso": "Último acceso",
    "Analisando propostas": "Evaluando propuestas",
    "Propostas": "Propuestas",
    "há 40": "hace 40",
    "Novembro": "Noviembre",
    "Categoria": "Categoría",
}
ENGLISH = {
    "Projetos": "Projects",
    "Publicados": "Published",
    "Pagamentos": "Payments",
    "Registrado desde": "Member since",
    "Analisando propostas": "Evaluating bids",
    "Propostas": "Bids",
    " de 5.00": " of 5.00",
    "Publicado:": "Published:",
    "há 40 minutos": "40 minutes ago",
    "12 de Novembro de 2026": "November 12, 2026",
    "Menos de": "Less than",
    "Categoria": "Category",
}


@pytest.mark.parametrize("words", [SPANISH, ENGLISH], ids=["es", "en"])
def test_issue_21_the_bid_page_says_the_same_in_the_sites_other_languages(words: dict[str, str]) -> None:
    body = BID_PAGE.body.decode()
    for own, other in words.items():
        assert own in body
        body = body.replace(own, other)
    (before,), (after,) = jobs_in(BID_PAGE.body, BID_PAGE.page.url), jobs_in(body, BID_PAGE.page.url)
    assert after.model_copy(update={"body": before.body}) == before
