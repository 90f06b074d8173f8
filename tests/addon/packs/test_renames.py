"""Switches, exceptions and warnings called wrong survive where a rule gets another id."""

from datetime import date
from pathlib import Path

from addon.packs.renames import switches_of_former_ids
from addon.state.settings import Settings, SettingsStore
from rules.loader import Catalog

CATALOG = Catalog(rules=(), renames={"old": "older-still", "older-still": "new", "gone": "chosen"})
DAY = date(2026, 11, 27)


def test_a_renamed_rule_keeps_its_switches_and_what_was_called_wrong(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    store.patch(
        {
            "rules": {"old": False, "gone": False, "chosen": True, "other": True},
            "sites": {"lancers": {"rules": {"older-still": True}}},
            "wrong": {"old@lancers@x@y": DAY.isoformat(), "other@lancers@z": DAY.isoformat()},
        }
    )
    changed = store.patch(switches_of_former_ids(store.current, CATALOG))
    assert changed.rules == {"old": False, "new": False, "gone": False, "chosen": True, "other": True}
    assert changed.sites["lancers"].rules == {"older-still": True, "new": True}
    assert changed.is_wrong("new", "lancers", "x@y")
    assert changed.is_wrong("other", "lancers", "z")
    # Nothing more to do, and nothing lost where the pack is gone back from.
    assert switches_of_former_ids(changed, CATALOG) == {}
    assert changed.is_wrong("old", "lancers", "x@y")


def test_without_renames_nothing_changes() -> None:
    assert switches_of_former_ids(Settings(rules={"a": True}, wrong={"a@b@c": DAY}), Catalog(rules=())) == {}
