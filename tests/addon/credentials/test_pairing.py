"""Pairings: codes that end, keys that are kept private, files that are broken."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from addon.credentials.pairing import Pairing, TooOften, is_extension
from addon.credentials.proof import key_id
from tests.addon.api.caller import ORIGIN, key_for, offer

OTHER = "chrome-extension://" + "b" * 32


def test_a_code_ends_after_ten_minutes_and_after_many_wrong_ones(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    pairing = Pairing(tmp_path / "paired.json", clock=lambda: now)
    code = pairing.open_code()
    now += timedelta(minutes=10)
    assert pairing.pair(offer(code, 1)) is None
    code = pairing.open_code()
    for _ in range(20):
        assert pairing.pair(offer("guess", 1)) is None
    assert pairing.pair(offer(code, 1)) is None


def test_house_19_a_number_ends_as_a_code_does_and_a_further_one_closes_it(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    shown: list[str] = []
    pairing = Pairing(tmp_path / "paired.json", clock=lambda: now)
    pairing.listen(shown.append)
    pairing.open_number(ORIGIN)
    now += timedelta(minutes=10)
    assert pairing.pair(offer(shown[0], 1)) is None
    pairing.open_number(ORIGIN)
    pairing.open_number(ORIGIN)
    assert pairing.pair(offer(shown[1], 1)) is None
    assert pairing.pair(offer(shown[2], 1)) is not None
    assert pairing.pair(offer(shown[2], 1)) is None, "it is good once"


def test_attack_29_one_that_asks_for_numbers_keeps_no_other_from_one(tmp_path: Path) -> None:
    shown: list[str] = []
    pairing = Pairing(tmp_path / "paired.json")
    pairing.listen(shown.append)
    for _ in range(5):
        pairing.open_number(OTHER)
    pairing.open_number(ORIGIN)
    assert pairing.pair(offer(shown[5], 1, ORIGIN)) is not None
    for number in range(44):
        pairing.open_number(f"moz-extension://{number:08x}-0123-4567-89ab-0123456789ab")
    with pytest.raises(TooOften):
        pairing.open_number("chrome-extension://" + "c" * 32)


def test_keys_are_kept_private_and_can_be_revoked_and_codes_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "paired.json"
    pairing = Pairing(path)
    code = pairing.open_code()
    made = offer(code, 1)
    taken = pairing.pair(made)
    assert taken is not None
    key = key_for(code, made, taken.nonce, taken.proof)
    assert code not in path.read_text()
    assert key not in repr(Pairing(path)._paired)
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    again = Pairing(path)
    assert again.key_of(key_id(key)) == (key, ORIGIN)
    again.revoke(ORIGIN)
    assert again.key_of(key_id(key)) is None
    assert pairing.key_of(key_id(key)) is None


def test_a_broken_file_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "paired.json").write_text("{")
    assert Pairing(tmp_path / "paired.json").origins == frozenset()
    assert [p.name[:13] for p in tmp_path.iterdir()] == ["paired.broken"]


def test_pairings_of_a_newer_koban_hold_and_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "paired.json"
    newer = [{"origin": ORIGIN, "key": "0" * 64, "paired_at": "2026-11-26T00:00:00Z", "browser": "Firefox"}]
    path.write_text(json.dumps(newer))
    pairing = Pairing(path)
    assert pairing.origins == {ORIGIN}
    with pytest.raises(OSError, match="unknown to this Koban"):
        pairing.revoke()
    assert json.loads(path.read_text()) == newer


def test_pairings_of_a_newer_koban_that_are_not_understood_end_no_request(tmp_path: Path) -> None:
    path = tmp_path / "paired.json"
    path.write_text(newer := '{"schema_version": 2, "pairings": []}')
    pairing = Pairing(path)
    assert (pairing.origins, pairing.last_paired, pairing.key_of("x")) == (frozenset(), None, None)
    assert pairing.fault == "newer"
    with pytest.raises(OSError, match="unknown to this Koban"):
        pairing.revoke()
    with pytest.raises(OSError, match="unknown to this Koban"):
        pairing.pair(offer(pairing.open_code(), 1))
    assert path.read_text() == newer


def test_what_an_extensions_origin_is() -> None:
    assert is_extension("moz-extension://0123abcd-0123-4567-89ab-0123456789ab")
    assert not is_extension("https://evil.example/chrome-extension://" + "a" * 32)
