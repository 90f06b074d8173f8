"""Clients with their counts."""

from addon.history.clients import client_record
from addon.history.store import History
from tests.addon.history.story import story


def test_a_client_is_known(history: History) -> None:
    story(history)
    who = client_record(history, "crowdworks", "52")
    assert who is not None
    assert (who.deals, who.paid, who.owed, who.warnings) == (1, 0, 1, 1)
