"""`koban trust` and `untrust`: nothing without consent, and what is said to be gone is looked for again."""

import io

import pytest
from rich.console import Console

from addon.cli.trust import trust, untrust
from addon.desktop.trust import Store
from addon.state.authority import Authority, ensure_authority
from tests.addon.stores import FakeStore


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return ensure_authority(tmp_path_factory.mktemp("authority"), ["crowdworks.jp"])


def _trusted(authority: Authority, *stores: Store, agrees: bool = True) -> tuple[int, str]:
    out = io.StringIO()
    code = trust(authority, list(stores), Console(file=out, width=300), lambda _: agrees)
    return code, out.getvalue()


def _untrusted(*stores: Store) -> tuple[int, str]:
    out = io.StringIO()
    return untrust(list(stores), Console(file=out, width=300)), out.getvalue()


def test_without_consent_nothing_is_changed(authority: Authority) -> None:
    store = FakeStore("Chromium")
    code, text = _trusted(authority, store, agrees=False)
    assert (code, store.certificates) == (1, [])
    assert "crowdworks.jp" in text, "what it can sign is said before it is asked"


def test_each_store_says_whether_it_took_it(authority: Authority) -> None:
    code, text = _trusted(authority, FakeStore("Chromium"), FakeStore("Firefox", takes=False))
    assert code == 1
    assert "● Chromium: 信頼しました" in text
    assert "■ Firefox: できませんでした" in text


def test_without_a_store_it_says_what_is_needed(authority: Authority) -> None:
    code, text = _trusted(authority)
    assert code == 1
    assert "certutil" in text


def test_what_is_gone_is_looked_for_again(authority: Authority) -> None:
    stores = FakeStore("Chromium"), FakeStore("Firefox", loses=False), FakeStore("Brave")
    for store in stores[:2]:
        store.add(authority.certificate)
    code, text = _untrusted(*stores)
    assert code == 1
    assert "● Chromium: 1 件を外し" in text
    assert "■ Firefox: 1 件残っています" in text
    assert "● Brave: ありません" in text
    assert _untrusted(stores[0])[0] == 0


def test_reach_01_what_cannot_be_looked_into_is_not_said_to_be_out(authority: Authority) -> None:
    code, text = _untrusted(FakeStore("Chromium"), FakeStore("Firefox", is_readable=False, has_program=False))
    assert code == 1
    assert "● Chromium: ありません" in text
    assert "■ Firefox: 中を確かめられませんでした / could not be looked into" in text
    assert "libnss3-tools" in text


def test_reach_01_only_a_missing_program_is_asked_for(authority: Authority) -> None:
    code, text = _untrusted(FakeStore("Firefox", is_readable=False))
    assert code == 1
    assert "libnss3-tools" not in text
    assert "Close your browsers" in text


def test_without_the_program_nothing_is_asked(authority: Authority) -> None:
    store = FakeStore("Chromium", has_program=False)
    code, text = _trusted(authority, store)
    assert (code, store.certificates) == (1, [])
    assert "libnss3-tools" in text
