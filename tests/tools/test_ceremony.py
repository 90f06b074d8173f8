"""The ceremony of a channel's root: three holders, of whom two suffice, each with a key of their own."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.packs.archive import pack_up
from addon.packs.publishing import (
    RoleKeys,
    adopt_root,
    load_key,
    load_public,
    public_file,
    publish,
    write_root,
)
from addon.packs.trust import read_root
from tests.addon.packs.making import pack
from tools.ceremony import ceremony, main

NOW = datetime.now(UTC)


def typing(*first: str) -> Callable[[str], str]:
    """Types some passphrases, and then for each file its own, twice."""
    others = list(first)
    return lambda prompt: others.pop(0) if others else "long enough " + prompt.partition(".")[0]


def test_a_ceremony_leaves_keys_a_signed_root_and_minutes_to_compare(tmp_path: Path) -> None:
    lines: list[str] = []
    ceremony(tmp_path, typing("short", "long enough 1", "long enough 2"), lines.append, now=NOW)
    assert [line.partition(" / ")[2] for line in lines[:2]] == ["at least 12 characters", "not the same"]
    assert "holder-N.pem" in lines[-1]
    root = read_root((tmp_path / "root.json").read_bytes())
    assert (root.version, root.threshold, len(root.keys)) == (1, 2, 3)
    minutes = (tmp_path / "minutes.txt").read_text("utf-8")
    for name in ("holder-1", "holder-2", "holder-3", "targets", "online"):
        key = load_key(tmp_path / f"{name}.pem", f"long enough {name}")
        assert key.public_key.keyid in minutes

    assert "Signatures that a new root needs: 2/3" in minutes

    # What it says to keep is enough for the next root.
    assert "*.pub.json" in lines[-1]
    public = {name: load_public(public_file(tmp_path / f"{name}.pem")) for name in ("holder-1", "targets", "online")}
    roles = {name: RoleKeys((public[name],)) for name in ("targets", "online")}
    write_root(
        tmp_path / "2.json", {"root": RoleKeys((public["holder-1"],)), **roles}, now=NOW, before=tmp_path / "root.json"
    )

    # What it leaves is good for a channel.
    channel = tmp_path / "channel"
    adopt_root(channel, tmp_path / "root.json")
    targets, online = (load_key(tmp_path / f"{name}.pem", f"long enough {name}") for name in ("targets", "online"))
    publish(channel, pack_up(pack()), [targets], [online], now=NOW)


@pytest.mark.parametrize(("language", "said"), [("ja", "すでにあります"), ("en", "exists already")])
def test_what_ends_it_is_said_in_the_holders_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("KOBAN_LANG", language)
    monkeypatch.setattr("tools.ceremony.getpass.getpass", typing())
    (tmp_path / "holder-1.pem").write_bytes(b"x")
    with pytest.raises(SystemExit, match=said):
        main([str(tmp_path)])

    def aborted(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("tools.ceremony.getpass.getpass", aborted)
    with pytest.raises(SystemExit, match={"ja": "中止しました", "en": "Aborted"}[language]):
        main([str(tmp_path / "other")])


def test_keys_of_an_earlier_ceremony_are_not_written_over(tmp_path: Path) -> None:
    ceremony(tmp_path, typing(), lambda _: None, now=NOW)
    before = (tmp_path / "holder-1.pem").read_bytes()
    with pytest.raises(FileExistsError):
        ceremony(tmp_path, typing(), lambda _: None, now=NOW)
    assert (tmp_path / "holder-1.pem").read_bytes() == before
