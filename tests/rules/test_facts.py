"""A bare text as the record of a page that would show nothing else."""

import pytest

from extractors.records import Client, Job, Message
from rules.facts import Facts, SiteNames, TextKind, record_of

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
