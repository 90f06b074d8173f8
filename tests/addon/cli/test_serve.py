"""What `koban serve` and `start` tell, and the question whether a browser shall trust the authority."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from addon.cli import serve
from addon.desktop.browsers import Browser
from addon.desktop.window import BrowserError
from addon.koban import Koban, Renewal
from tests.addon.api.conftest import koban_in
from tests.addon.judges import CLEAR
from tests.addon.stores import FakeStore

CHROMIUM = Browser(name="chromium", command=("chromium",))
FIREFOX = Browser(name="firefox", command=("firefox",))


@pytest.fixture
def koban(tmp_path: Path) -> Koban:
    return koban_in(tmp_path, CLEAR)


def _printed() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=300, force_terminal=False), out


@pytest.mark.parametrize(("takes", "answer"), [(True, "done"), (False, "failed")])
def test_a_yes_on_the_start_page_is_acted_on_and_answered(
    koban: Koban, monkeypatch: pytest.MonkeyPatch, takes: bool, answer: str
) -> None:
    store = FakeStore("Chromium", takes=takes)
    monkeypatch.setattr(serve, "store_of", lambda *_: store)
    consent = serve.Consent(CHROMIUM, koban)
    assert (consent.question, consent.is_given, store.certificates) == ("ask", False, [])
    koban.settings.patch({"trust": "yes"})
    assert koban.settings.current.trust == answer
    assert bool(store.certificates) is takes


def test_nobody_is_asked_again_who_refused_or_whose_browser_has_a_store_of_its_own(
    koban: Koban, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FakeStore("Chromium")
    monkeypatch.setattr(serve, "store_of", lambda *_: store)
    assert (serve.Consent(FIREFOX, koban).question, serve.Consent(FIREFOX, koban).is_given) == (None, True)
    koban.settings.patch({"trust_refused": True})
    assert serve.Consent(CHROMIUM, koban).question is None
    koban.settings.patch({"trust": "yes"})
    assert store.certificates == [], "who was not asked has not answered"


def test_addresses_and_links_are_told_where_they_are_wanted(koban: Koban) -> None:
    for links in (True, False):
        console, out = _printed()
        serve.tell(koban, console, links=links)
        assert out.getvalue().startswith("交番が動いています")
        assert ("/pair#" in out.getvalue()) is links


def test_a_renewed_certificate_names_the_stores_that_keep_the_older_one() -> None:
    console, out = _printed()
    serve.tell_renewal(Renewal(datetime.now(UTC), ("Chromium",), ("Firefox", "Brave")), console)
    assert "入れ替えました / replaced in: Chromium" in out.getvalue()
    assert "koban trust を実行してください" in out.getvalue()
    assert "Firefox、Brave" in out.getvalue()


class ClosedOrOpen:
    """A window of another start, after it was closed by its user or while Koban is being ended."""

    def __init__(self, *, running: bool) -> None:
        self.running = running
        self.is_closed = False

    @property
    def process(self) -> "ClosedOrOpen":
        return self

    def close(self) -> None:
        self.is_closed = True


async def test_reach_03_serving_goes_on_beside_the_window_of_another_start(
    koban: Koban, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where none can be opened, after one was closed, and not where Koban is ended."""
    windows = [ClosedOrOpen(running=False), ClosedOrOpen(running=True)]
    choices: Iterator[Browser | BrowserError] = iter([BrowserError("画面がない", "no display"), CHROMIUM, CHROMIUM])
    opened = iter(windows)

    def choose(_: object) -> Browser:
        choice = next(choices)
        if isinstance(choice, BrowserError):
            raise choice
        return choice

    async def keep_window(*_: object) -> ClosedOrOpen:
        return next(opened)

    async def asked_at_once(_: Path) -> None:
        return

    monkeypatch.setattr(serve, "choose", choose)
    monkeypatch.setattr(serve, "_keep_window", keep_window)
    monkeypatch.setattr(serve, "window_request", asked_at_once)
    console, out = _printed()
    await serve._serve(koban, console)
    assert [window.is_closed for window in windows] == [False, True]
    assert out.getvalue().count("Ctrl-C to end") == 3
    assert "no display" in out.getvalue()


async def test_reach_03_serving_ends_with_koban(koban: Koban, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ends_at_once() -> None:
        return

    monkeypatch.setattr(serve, "wait_for_end", ends_at_once)
    console, out = _printed()
    await serve._serve(koban, console)
    assert out.getvalue().count("Ctrl-C to end") == 1
