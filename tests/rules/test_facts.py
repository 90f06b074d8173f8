"""A bare text as the record of a page that would show nothing else; the places of facts."""

import pytest

from extractors.records import Client, Job, Message
from rules.facts import Facts, Places, SiteNames, TextKind, record_of

TEXT = "LINEでお願いします"


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("job", Job(body=TEXT)),
        ("message", Message(author_role="client", body=TEXT)),
        ("profile", Client(profile=TEXT)),
    ],
)
def test_a_text_is_the_client_s_own(kind: TextKind, record: object) -> None:
    assert record_of(kind, TEXT) == record


def test_what_is_not_said_of_a_subject_is_nothing() -> None:
    facts = Facts("job", SiteNames("x", "エックス", "X", "事務局", "support"), "browsing", {"job.applicants": 0})
    assert facts.values.get("job.openings") is None
    assert facts.values.get("job.applicants") == 0
    assert (facts.thread, facts.anchor, facts.speaks) == (None, None, True)


def test_places_are_those_of_the_records_by_the_names_of_facts() -> None:
    job = Job(title="a", sources={"title": "h1", "pay": ".pay", "job": "#card"})
    places = Places({"job": job, "client": Client(sources={"name": "a.name"})})
    assert dict(places) == {"job.title": "h1", "job.pay": ".pay", "job.job": "#card", "client.name": "a.name"}
    assert len(places) == 4
    assert places.get("client.name") == "a.name"
    for unknown_field in ("client.title", "contract.title", "words", "job.pay.kind"):
        assert places.get(unknown_field) is None
