"""The page of a pairing link, which any program of this machine may ask for."""

from addon.api.pair_page import PAIR_STYLE, pair_html
from addon.loopback import MARK


def test_it_holds_the_mark_by_which_koban_is_known_and_no_code() -> None:
    page = pair_html()
    assert MARK in page.encode()
    assert pair_html() == page, "the same for everybody: the code is in the link's fragment"


def test_it_runs_and_loads_nothing_by_itself() -> None:
    page = pair_html()
    for tag in ("<script", "<img", "<iframe", "onload", "style="):
        assert tag not in page
    assert "http" not in PAIR_STYLE
