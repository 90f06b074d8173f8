"""Modules that are loaded once something of them is used."""

import sys
import types
from pathlib import Path

import pytest

from addon.imports import postpone


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


def test_a_postponed_name_is_loaded_when_it_is_used_and_not_before(package: str, tmp_path: Path) -> None:
    (tmp_path / package / "inner.py").write_text(
        "class Event:\n    'What others ask for.'\n\ndef twice(number): return 2 * number\n\nNAMES = ['a', 'b']\n"
    )
    postpone(f"{package}.inner", ("Event", "twice", "NAMES"))
    inner = __import__(f"{package}.inner", fromlist=["Event", "twice", "NAMES"])
    event, twice, names = inner.Event, inner.twice, inner.NAMES
    assert not isinstance(1, event)
    assert not isinstance(1, (str, event))
    assert sys.modules[f"{package}.inner"] is inner, "nothing is loaded yet"
    assert twice(21) == 42
    loaded = sys.modules[f"{package}.inner"]
    assert loaded is not inner
    assert isinstance(loaded.Event(), event)
    assert isinstance(event(), loaded.Event)
    assert not isinstance(1, event)
    assert (list(names), names[0]) == (["a", "b"], "a")
    assert issubclass(type("Own", types.resolve_bases((event,)), {}), loaded.Event)
