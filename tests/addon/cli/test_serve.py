"""What `koban serve` and `start` tell, and the question whether a browser shall trust the authority."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from rich.console import Console

from addon.cli import serve
from addon.desktop.browsers import Browser
from addon.koban import Koban, Renewal
from tests.addon.api.conftest import koban_in
from tests.addon.judges import CLEAR

CHROMIUM = Browser(name="chromium", command=("chromium",))
FIREFOX = Browser(name="firefox", command=("firefox",))


class FakeStore:
    title = "Chromium"

    def __init__(self, *, takes: bool) -> None:
        self._takes = takes
        self.certificates: list[Path] = []

    def authorities(self) -> list[x509.Certificate]:
        return [x509.load_pem_x509_certificate(each.read_bytes()) for each in self.certificates]

    def add(self, certificate: Path) -> bool:
        if self._takes:
            self.certificates = [certificate]
        return self._takes

    def remove(self) -> None:
        self.certificates = []


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
    store = FakeStore(takes=takes)
    monkeypatch.setattr(serve, "store_of", lambda *_: store)
    consent = serve.Consent(CHROMIUM, koban)
    assert (consent.question, consent.is_given, store.certificates) == ("ask", False, [])
    koban.settings.patch({"trust": "yes"})
    assert koban.settings.current.trust == answer
    assert bool(store.certificates) is takes


def test_nobody_is_asked_again_who_refused_or_whose_browser_has_a_store_of_its_own(
    koban: Koban, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FakeStore(takes=True)
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
