"""Settings that survive crashes, slips and other hands."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.state import json_file
from addon.state.settings import InvalidSettings, Settings, SettingsStore, SiteSettings, merged

ROOT = Path(__file__).parents[3]


def test_what_is_switched_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    SettingsStore(path).patch({"rules": {"direct-contract": False}})
    assert SettingsStore(path).current.rules == {"direct-contract": False}
    SettingsStore(path).patch({"rules": {"direct-contract": None}})
    assert SettingsStore(path).current == Settings()


@pytest.mark.parametrize("broken", [b"{", b"[]", b'{"rules": {"a": "perhaps"}}', b"\xff\xfe"])
def test_a_broken_file_is_kept_aside_and_defaults_are_used(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(broken)
    store = SettingsStore(path)
    assert store.current == Settings()
    assert store.set_aside is not None
    assert store.set_aside.read_bytes() == broken
    store.patch({"rules": {"a": True}})
    assert store.set_aside.read_bytes() == broken


def test_settings_of_a_newer_koban_are_in_force_and_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    client = {"muted": True, "since": "2026-11-26"}
    newer = {"schema_version": 99, "sites": {"crowdworks": {"enabled": False}}, "clients": {"a:1": client}, "new": []}
    path.write_text(json.dumps(newer))
    for store in (SettingsStore(path, read_only=True), SettingsStore(path)):
        assert (store.current.is_on("crowdworks"), store.current.is_muted("a", "1")) == (False, True)
        assert (store.fault, store.set_aside) == ("newer", None)
        with pytest.raises(OSError, match="unknown to this Koban"):
            store.patch({"guard": False})
    assert json.loads(path.read_text()) == newer
    assert list(tmp_path.iterdir()) == [path]


def test_a_site_is_on_as_chosen_else_unless_it_is_optional() -> None:
    assert [Settings().is_on(site) for site in ("crowdworks", "upwork", "bank", None)] == [True, False, True, True]
    for site in ("crowdworks", "upwork"):
        for chosen in (True, False):
            assert Settings(sites={site: SiteSettings(enabled=chosen)}).is_on(site) is chosen


def test_a_rule_that_is_switched_at_an_optional_site_does_not_switch_the_site(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    store.patch({"sites": {"upwork": {"rules": {"a": False}}}})
    assert not SettingsStore(tmp_path / "settings.json").current.is_on("upwork")
    store.patch({"sites": {"upwork": {"enabled": True}}})
    assert SettingsStore(tmp_path / "settings.json").current.is_on("upwork")
    store.patch({"sites": {"upwork": {"enabled": None}}})
    assert store.current.sites["upwork"] == SiteSettings(rules={"a": False})


def test_settings_of_version_1_keep_what_they_had_and_get_no_site_unasked(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    sites = {
        "crowdworks": {"enabled": True, "rules": {"a": True}},
        "lancers": {"enabled": False, "rules": {}},
        # Version 1 wrote `enabled` wherever it wrote anything else of a site.
        "upwork": {"enabled": True, "rules": {"b": False}},
        "malt": {"enabled": False, "rules": {}},
    }
    path.write_text(json.dumps({"schema_version": 1, "rules": {"c": False}, "sites": sites, "guard": False}))
    store = SettingsStore(path)
    assert store.set_aside is None
    settings = store.current
    assert (settings.rules, settings.guard) == ({"c": False}, False)
    assert {site: settings.is_on(site) for site in sites} == {
        "crowdworks": True,
        "lancers": False,
        "upwork": False,
        "malt": False,
    }
    assert settings.sites["upwork"].rules == {"b": False}
    store.patch({"guard": None})
    assert json.loads(path.read_text())["schema_version"] == 2


@pytest.mark.parametrize("sites", ["null", "[]", '"x"', '{"upwork": 5}'])
def test_broken_settings_of_version_1_are_kept_aside(tmp_path: Path, sites: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(f'{{"schema_version": 1, "sites": {sites}}}')
    store = SettingsStore(path)
    assert store.current == Settings()
    assert (store.set_aside is None) is (sites == "null")


def test_a_change_that_is_none_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    store = SettingsStore(path)
    store.patch({"rules": {"a": False}})
    before = path.read_bytes()
    with pytest.raises(InvalidSettings, match=r"rules\.b"):
        store.patch({"rules": {"b": "perhaps"}})
    assert path.read_bytes() == before
    assert store.current.rules == {"a": False}


def test_what_cannot_be_written_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SettingsStore(tmp_path / "settings.json")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("addon.state.json_file.write_atomically", full)
    with pytest.raises(OSError, match="No space left"):
        store.patch({"rules": {"a": False}})
    assert store.current == Settings()


def test_listeners_hear_of_each_change(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    heard: list[Settings] = []
    store.listen(heard.append)
    store.patch({"rules": {"a": False}})
    assert heard == [store.current]


def test_a_listener_that_raises_does_not_make_a_stored_change_look_failed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    heard: list[Settings] = []

    def failing(_: Settings) -> None:
        raise OSError(errno.EACCES, "the words of a client")

    store.listen(failing)
    store.listen(heard.append)
    assert store.patch({"guard": False}) == store.current == heard[0]
    assert "a listener failed: PermissionError" in caplog.text
    assert "client" not in caplog.text


# The examples of RFC 7396, appendix A.
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patch(target: object, patch: object, result: object) -> None:
    assert merged(target, patch) == result


@given(st.dictionaries(st.text(max_size=5), st.booleans(), max_size=5))
def test_switches_are_kept_as_they_were_given(rules: dict[str, bool]) -> None:
    assert Settings.model_validate(json.loads(Settings(rules=rules).model_dump_json())).rules == rules


WRITER = """
import sys
from pathlib import Path
from addon.state.settings import SettingsStore
store = SettingsStore(Path(sys.argv[1]))
number = len(store.current.rules)
print("ready", flush=True)
while True:
    number += 1
    store.patch({"rules": {f"rule-{number}": bool(number % 2)}})
    print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_a_kill_in_the_midst_of_writing_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    for round_number in range(int(os.environ.get("KOBAN_CRASHES", "15"))):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.01 + 0.007 * (round_number % 10))
        process.send_signal(signal.SIGKILL)
        told = [int(line) for line in process.stdout.read().split("\n")[:-1] if line.isdigit()]
        process.wait()
        store = SettingsStore(path)
        assert store.set_aside is None
        # Everything that was confirmed is there; the one in the making may be.
        assert len(store.current.rules) >= (told[-1] if told else 0)


def test_ux_disk_a_change_that_changes_nothing_needs_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = SettingsStore(tmp_path / "settings.json")
    settings.patch({"welcomed": True})

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(json_file, "write_atomically", full)
    assert settings.patch({"welcomed": True}).welcomed
    with pytest.raises(OSError, match="No space"):
        settings.patch({"welcomed": False})
    assert settings.current.welcomed
