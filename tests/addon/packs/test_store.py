"""Packs on disk: the old or the new, whole, whatever happens in between."""

import os
import random
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.packs.manifest import KobanVersions, Manifest
from addon.packs.store import Channel, NoSuchPack, PackStore, StoredPack, digest
from rules.model import Text

UNTIL = datetime(2027, 2, 1, tzinfo=UTC)
TITLE = Text(ja="組合", en="Union")


def manifest(version: int) -> Manifest:
    return Manifest(channel="union", version=version, title=TITLE, koban=KobanVersions(at_least="0", below="9"))


def files(version: int, count: int = 3) -> dict[str, bytes]:
    return {f"rules/catalog/contact/rule-{n}.yaml": f"{version}\n".encode() * 50 for n in range(count)}


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    store = PackStore(tmp_path)
    store.add("union", Channel(title=TITLE), b"{}")
    return store


def in_use(store: PackStore) -> tuple[int | None, int | None]:
    channel = store.channel("union")
    return tuple(pack and pack.version for pack in (channel.current, channel.previous))  # type: ignore[return-value]


def test_a_pack_is_taken_and_the_one_before_stays_at_hand(store: PackStore, tmp_path: Path) -> None:
    for version in (1, 2, 3):
        store.take(manifest(version), files(version), UNTIL)
    assert in_use(store) == (3, 2)
    assert all(store.is_whole(pack) for pack in store.channel("union").packs)
    stored = sorted(path.name for path in (tmp_path / "packs/stored").iterdir())
    assert stored == sorted(digest(files(version)) for version in (2, 3))
    assert in_use(PackStore(tmp_path)) == (3, 2)


def test_a_change_shows_in_the_stamp(store: PackStore) -> None:
    before = store.stamp
    store.take(manifest(1), files(1), UNTIL)
    assert store.stamp != before


def test_going_back_twice_leads_to_what_ships_and_those_versions_are_passed_over(store: PackStore) -> None:
    store.take(manifest(1), files(1), UNTIL)
    store.take(manifest(2), files(2), UNTIL)
    store.go_back("union")
    assert in_use(store) == (1, None)
    assert store.go_back("union").passed_over == 2
    assert in_use(store) == (None, None)
    with pytest.raises(NoSuchPack):
        store.go_back("union")


@pytest.mark.parametrize("damage", ["other", "missing", "more", "link"])
def test_a_damaged_pack_is_seen(store: PackStore, damage: str) -> None:
    store.take(manifest(1), files(1), UNTIL)
    pack = store.channel("union").packs[0]
    path = store.folder_of(pack) / "rules/catalog/contact/rule-0.yaml"
    if damage == "other":
        path.write_bytes(path.read_bytes()[:-1])
    elif damage == "more":
        path.with_name("rule-9.yaml").write_bytes(b"x")
    else:
        content = path.read_bytes()
        path.unlink()
        if damage == "link":
            path.with_suffix(".old").write_bytes(content)
            path.symlink_to(path.with_suffix(".old"))
    assert not store.is_whole(pack)
    store.take(manifest(1), files(1), UNTIL)
    assert store.is_whole(pack)


def test_a_channel_that_goes_leaves_nothing(store: PackStore, tmp_path: Path) -> None:
    store.take(manifest(1), files(1), UNTIL)
    store.remove("union")
    left = [path.name for path in (tmp_path / "packs").rglob("*") if path.is_file()]
    assert left == ["packs.json"]
    with pytest.raises(NoSuchPack):
        store.channel("union")


def test_a_digest_tells_names_from_contents() -> None:
    assert digest({"a": b"1", "b": b"2"}) == digest({"b": b"2", "a": b"1"})
    assert len({digest({"a": b"1"}), digest({"b": b"1"}), digest({"a": b"2"}), digest({})}) == 4
    assert StoredPack(digest=digest({}), version=1).version == 1


CRASHES = int(os.environ.get("KOBAN_CRASHES", "12"))


def take_one_after_the_other(state_dir: Path, version: int, pipe: int) -> None:
    """Take newer and newer packs, and say each that is in use; never returns."""
    store = PackStore(state_dir)
    while True:
        version += 1
        store.take(manifest(version), files(version), UNTIL)
        os.write(pipe, f"{version}\n".encode())


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="forks, and kills with SIGKILL")
def test_a_kill_in_the_midst_of_taking_leaves_the_old_pack_or_the_new_one_whole(
    store: PackStore, tmp_path: Path
) -> None:
    version, chance = 0, random.Random(7)
    for _ in range(CRASHES):
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                take_one_after_the_other(tmp_path, version, theirs)
            finally:
                os._exit(1)
        os.close(theirs)
        with os.fdopen(ours) as said:
            said.readline()
            # Some way into the next one: a moment that no event names.
            for _ in range(chance.randrange(400_000)):
                pass
            os.kill(child, signal.SIGKILL)
            confirmed = [int(line) for line in said.read().split()]
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        current, previous = PackStore(tmp_path).channel("union").packs[:1], store.channel("union").packs[1:]
        assert current[0].version >= max([version + 1, *confirmed])
        assert all(store.is_whole(pack) for pack in (*current, *previous))
        version = current[0].version
