"""Files of the user's: written whole or not at all, in folders of their own."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.state.paths import (
    FilePatternCache,
    make_private,
    remove_leftovers,
    set_aside,
    stamp,
    write_atomically,
    write_where_new,
)

posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new/settings.json"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


@posix
def test_a_file_is_its_user_s_alone_unless_said_otherwise(tmp_path: Path) -> None:
    write_atomically(tmp_path / "key", b"")
    write_atomically(tmp_path / "open", b"", mode=0o644)
    assert (mode(tmp_path / "key"), mode(tmp_path / "open")) == (0o600, 0o644)


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    write_atomically(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_a_folder_that_cannot_be_synced_does_not_make_a_file_that_is_replaced_look_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def files_alone(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", files_alone)
    path = tmp_path / "settings.json"
    assert write_atomically(path, b"new") == stamp(path)
    assert path.read_bytes() == b"new"


def test_what_a_killed_process_had_begun_to_write_goes_after_a_day(tmp_path: Path) -> None:
    old, old_key, new = (
        tmp_path / f".{name}" for name in ("market.json.ab_1xyz9", "ca.pem.ab_1xyz9", "ca.pem.ab_1xyz8")
    )
    whole, users = tmp_path / "market.json", tmp_path / ".notes.json.ab_1xyz9"
    in_the_way = tmp_path / ".market.json.ab_1xyz0"
    in_the_way.mkdir()
    now = datetime.now(UTC)
    for file in (old, old_key, new, whole, users):
        file.touch()
    for file in (old, old_key, whole, users, in_the_way):
        os.utime(file, (now.timestamp() - 90_000,) * 2)
    remove_leftovers(tmp_path, {"market.json", "ca.pem"}, now)
    assert set(tmp_path.iterdir()) == {new, whole, users, in_the_way}, "what cannot be removed keeps none of the others"
    remove_leftovers(tmp_path / "none", {"market.json"}, now)


@posix
def test_a_folder_open_to_others_is_closed_and_said(tmp_path: Path) -> None:
    folder = tmp_path / "a/b"
    assert not make_private(folder)
    assert mode(folder) == 0o700
    folder.chmod(0o755)
    assert make_private(folder)
    assert mode(folder) == 0o700


def test_a_stamp_changes_with_the_file_and_is_none_without(tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert stamp(path) is None
    write_atomically(path, b"1")
    first = stamp(path)
    write_atomically(path, b"1")
    assert stamp(path) not in (first, None)


def test_a_broken_file_keeps_its_content_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{", "utf-8")
    renamed = set_aside(path, datetime(2026, 11, 26, 1, 2, 3, 4, tzinfo=UTC))
    assert renamed == tmp_path / "settings.broken-20261126T010203000004Z.json"
    assert renamed.read_text("utf-8") == "{"
    assert not path.exists()


def test_a_cache_keeps_what_is_put_and_knows_no_other_key(tmp_path: Path) -> None:
    cache = FilePatternCache(tmp_path / "patterns")
    assert cache.get("../../key") is None
    cache.put("../../key", b"compiled")
    assert cache.get("../../key") == b"compiled"
    assert cache.get("other") is None
    assert [file.parent for file in tmp_path.rglob("*.hs")] == [tmp_path / "patterns"]


@posix
def test_a_cache_that_others_can_write_to_is_not_believed(tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    cache = FilePatternCache(folder)
    cache.put("a", b"compiled")
    folder.chmod(0o777)
    assert cache.get("a") is None
    cache.put("b", b"own")
    assert mode(folder) == 0o700
    assert cache.get("b") == b"own"
    assert cache.get("a") is None, "what lay in it may be another's"


def test_a_cache_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = FilePatternCache(tmp_path / "file/patterns")
    cache.put("a", b"x")
    assert cache.get("a") is None


def test_ux_disk_a_file_that_is_as_it_should_be_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_where_new(file, b"one")
    before = stamp(file)
    write_where_new(file, b"one")
    assert stamp(file) == before
    write_where_new(file, b"two")
    assert file.read_bytes() == b"two"
    assert stamp(file) != before
    if os.name == "posix":
        write_where_new(file, b"two", mode=0o644)
        assert file.stat().st_mode & 0o777 == 0o644
