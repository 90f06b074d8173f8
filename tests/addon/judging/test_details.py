"""The details of a page's subject: their words, and that a list or a second client has none."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from addon.judging import check as check_module
from addon.judging.check import Checker
from addon.judging.details import LONGEST, ROWS, details_of, in_words, per_cent
from extractors import extract
from extractors.records import AnyRecord, Client, Contract, Job, Money, Record, Thread
from rules.model import Text
from rules.translations import Translations
from tests.extractors.saved_pages import cases

RECORDS: dict[str, type[Record]] = {"client": Client, "contract": Contract, "job": Job}


def english(records: Sequence[AnyRecord]) -> dict[str, str]:
    return {detail.label.en: detail.value.en for detail in details_of(records)}


@pytest.mark.parametrize("name", ROWS)
def test_each_row_is_of_a_field_and_has_a_label_in_both_languages(name: str) -> None:
    kind, _, field = name.partition(".")
    assert field in RECORDS[kind].model_fields
    label, _words = ROWS[name]
    assert label.ja.strip()
    assert label.en.strip()
    assert sum(other == label for other, _ in ROWS.values()) == 1


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (True, "はい", "yes"),
        (False, "いいえ", "no"),
        (0, "0", "0"),
        (12_300, "12,300", "12,300"),
        (4.7, "4.7", "4.7"),
        (Money(amount=Decimal(15_000)), "15,000円", "¥15,000"),
        (Money(amount=Decimal("99.5"), currency="USD"), "99.5 USD", "99.5 USD"),
        (date(2026, 3, 9), "2026年3月9日", "2026-03-09"),
        (datetime(2026, 3, 9, 23, 59, tzinfo=UTC), "2026年3月9日", "2026-03-09"),
        ("カナダ", "カナダ", "カナダ"),
    ],
)
def test_values_in_words(value: object, ja: str, en: str) -> None:
    assert in_words(value) == Text(ja=ja, en=en)


def test_a_share_is_in_per_cent_and_a_long_text_is_shortened() -> None:
    assert per_cent(0.955).en == "96%"
    assert in_words("あ" * LONGEST).ja == "あ" * LONGEST
    assert in_words("あ" * (LONGEST + 1)).ja == "あ" * (LONGEST - 1) + "…"


def test_issue_21_values_are_written_as_in_the_language_that_is_asked_for() -> None:
    french = Translations("fr", {"words": {"yes": "oui", "Applicants": "Candidats"}})
    yen = Money(amount=Decimal(12000), currency="JPY")
    dollars = Money(amount=Decimal("1250.5"), currency="USD")
    values = (True, yen, dollars, date(2026, 11, 2), 12_000, "東京")
    assert [in_words(value, french).spoken("fr") for value in values] == [
        "oui",
        "¥12\u202f000",
        "1\u202f250,5 USD",
        "2 novembre 2026",
        "12\u202f000",
        "東京",
    ]
    assert per_cent(0.955, french).spoken("fr") == "96\xa0%"
    (detail,) = details_of([Job(id="1", applicants=3)], french)
    assert (detail.label.spoken("fr"), detail.value.spoken("fr")) == ("Candidats", "3")


def test_the_one_job_and_its_client() -> None:
    client = Client(id="7", country="日本", member_since=date(2020, 1, 31), identity_verified=False, reviews=0)
    assert english([Job(id="1", applicants=3, client=client)]) == {
        "Applicants": "3",
        "Client joined": "2020-01-31",
        "Client's country": "日本",
        "Client's identity verified": "not yet",
        "Client's reviews": "0",
    }


def test_what_the_page_does_not_show_is_no_detail() -> None:
    assert details_of([Job(id="1", client=Client(id="7"))]) == ()
    assert details_of([]) == ()


def test_a_list_has_no_details_of_its_jobs_and_several_clients_have_none() -> None:
    first, second = Client(id="1", country="日本"), Client(id="2", country="カナダ")
    assert english([Job(id="1", applicants=1), Job(id="2", applicants=2)]) == {}
    assert english([Job(id="1", client=first), Thread(client=second)]) == {}
    unnamed = Client(country="日本")
    assert english([Thread(client=unnamed), Contract(client=unnamed)]) == {}


def test_a_client_shown_twice_is_one_and_each_place_adds_its_fields() -> None:
    contract = Contract(id="1", amount=Money(amount=Decimal(5)), client=Client(id="7"))
    assert english([contract, Client(id="7", rating=4.5)]) == {"Contract amount": "¥5", "Client's rating": "4.5"}


def test_a_verdict_carries_the_details_of_its_page(checker: Checker) -> None:
    case = next(case for case in cases() if case.name == "crowdworks/contract/delivered")
    verdict = checker.check(case.page)
    assert verdict.details == details_of(extract(case.page).records)
    assert verdict.details


def test_a_failure_of_the_details_costs_no_verdict(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ValueError("of a page")

    case = next(case for case in cases() if case.name.startswith("crowdworks/contract/"))
    whole = checker.check(case.page)
    monkeypatch.setattr(check_module, "details_of", broken)
    assert checker.check(case.page) == whole.model_copy(update={"details": ()})
