"""The parts of a running Koban make its links."""

from pathlib import Path

import pytest

from addon.history.access import HistoryAccess
from addon.history.health import Health
from addon.judging.protocol import Judge
from tests.addon.api.conftest import koban_in


def test_a_link_to_the_history_is_new_each_time_and_none_where_no_page_is_served(tmp_path: Path, judge: Judge) -> None:
    koban = koban_in(tmp_path, judge)
    koban.api_port = 8789
    assert koban.history_link() is None
    koban.serves_history = True
    first, second = koban.history_link(), koban.history_link()
    assert first is not None
    assert first.startswith("http://127.0.0.1:8789/history#")
    assert first != second
    assert koban.visits.enter(first.partition("#")[2]) is not None
    koban.history = HistoryAccess(lambda: pytest.fail("opened"), Health)
    assert koban.history_link() is None, "nothing is remembered"


def test_a_pairing_link_carries_its_code_in_the_fragment(tmp_path: Path, judge: Judge) -> None:
    koban = koban_in(tmp_path, judge)
    koban.api_port = 1234
    page, _, code = koban.pairing_link().partition("#")
    assert page == "http://127.0.0.1:1234/pair"
    assert len(code) >= 22
