"""The registry of Windows, which is a fake in the tests of what is kept in it."""

import sys

import pytest

from addon.desktop.windows_registry import system


@pytest.mark.skipif(sys.platform == "win32", reason="there it is")
def test_reach_03_no_other_system_has_a_registry() -> None:
    with pytest.raises(NotImplementedError):
        system()


@pytest.mark.skipif(sys.platform != "win32", reason="Windows alone has a registry")
def test_reach_03_a_text_is_kept_until_it_is_removed() -> None:
    registry, key = system(), r"Software\Koban tests"
    registry.set_text(key, "one", "text")
    assert registry.text(key, "one") == "text"
    registry.remove(key, "one")
    registry.remove(key, "one")
    assert registry.text(key, "one") is None
