"""Modules that are imported once something of them is asked for."""

import sys
from pathlib import Path

import pytest

from addon.proxy.postponed import postpone


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with a module, on the path; nothing of it is imported."""
    folder = tmp_path / "slow_to_import"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "inner.py").write_text("NAME = 'inner'\n")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("slow_to_import", "slow_to_import.inner"):
        # What the test imports is forgotten behind it.
        monkeypatch.setitem(sys.modules, name, sys)
        del sys.modules[name]
    return folder.name


def test_it_is_loaded_when_something_of_it_is_asked_for(package: str) -> None:
    postpone(f"{package}.inner")
    outer = __import__(f"{package}.inner")
    stand_in = sys.modules[f"{package}.inner"]
    assert "NAME" not in vars(stand_in)
    assert outer.inner.NAME == "inner"
    assert sys.modules[f"{package}.inner"] is not stand_in
    assert stand_in.NAME == "inner"


def test_what_is_imported_by_name_is_loaded(package: str) -> None:
    postpone(f"{package}.inner")
    assert __import__(f"{package}.inner", fromlist=["NAME"]).NAME == "inner"


def test_what_was_imported_before_stays(package: str) -> None:
    __import__(package)
    before = sys.modules[package]
    postpone(package)
    assert sys.modules[package] is before


def test_what_it_lacks_is_said(package: str) -> None:
    postpone(f"{package}.inner")
    stand_in = sys.modules[f"{package}.inner"]
    with pytest.raises(AttributeError):
        _ = stand_in.MISSING
