"""Attacks that the specification of The Update Framework lists, each on a channel in a folder.

https://theupdateframework.github.io/specification/latest/#goals-for-specific-attacks
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata

from addon.packs.archive import unpack
from addon.packs.fetching import FolderFetcher
from addon.packs.manifest import PackRefused
from addon.packs.publishing import RoleKeys, publish
from addon.packs.store import PackStore
from addon.packs.trust import TARGET, fetch_offer, read_root
from tests.addon.packs.channels import MadeChannel, edited
from tests.addon.packs.making import pack


@pytest.fixture
def channel(tmp_path: Path) -> MadeChannel:
    made = MadeChannel(tmp_path)
    made.publish(1)
    return made


@pytest.fixture
def store(channel: MadeChannel, tmp_path: Path) -> PackStore:
    return channel.subscribe(tmp_path / "state")


def refused(channel: MadeChannel, store: PackStore, folder: Path | None = None) -> str:
    with pytest.raises(PackRefused) as refusal:
        channel.offer(store, folder)
    return refusal.value.reason.en


def test_a_pack_of_the_channel_is_offered(channel: MadeChannel, store: PackStore) -> None:
    offer = channel.offer(store)
    assert offer.version == 1
    assert unpack(offer.data) == pack(1, "union")
    left = offer.good_until - datetime.now(UTC)
    assert timedelta(days=89) < left <= timedelta(days=90)
    channel.publish(2)
    assert channel.offer(store).version == 2


def test_tuf_rollback_an_older_state_of_the_channel_is_refused(
    channel: MadeChannel, store: PackStore, tmp_path: Path
) -> None:
    old = channel.copy(tmp_path / "mirror")
    channel.publish(2)
    channel.offer(store)
    assert refused(channel, store, old) == "it is older than what was believed before"


def test_tuf_freeze_a_channel_that_is_held_back_runs_out(channel: MadeChannel, tmp_path: Path) -> None:
    made = MadeChannel(tmp_path / "old")
    made.earlier(91)
    made.publish(1)
    assert refused(made, made.subscribe(tmp_path / "state2")).startswith("the channel's signatures have run out")


def test_tuf_freeze_signed_anew_without_a_pack_it_goes_on(channel: MadeChannel, tmp_path: Path) -> None:
    made = MadeChannel(tmp_path / "old")
    made.earlier(91)
    made.publish(1)
    publish(made.folder, None, [], [made.online], now=datetime.now(UTC))
    assert made.offer(made.subscribe(tmp_path / "state2")).version == 1


def test_tuf_mix_and_match_parts_that_were_not_published_together_are_refused(
    channel: MadeChannel, store: PackStore, tmp_path: Path
) -> None:
    old = channel.copy(tmp_path / "mirror")
    channel.publish(2)
    # Both are signed by the channel's key; the newer one claims the number of the older.
    shutil.copy(channel.folder / "metadata/2.targets.json", old / "metadata/1.targets.json")
    assert refused(channel, store, old) == "its parts are not those that were signed together"


def test_tuf_arbitrary_software_another_pack_in_its_place_is_refused(channel: MadeChannel, store: PackStore) -> None:
    (path,) = (channel.folder / "targets").glob(f"*.{TARGET}")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert refused(channel, store) == "its parts are not those that were signed together"


def test_tuf_endless_data_is_cut_off_where_the_signed_length_ends(channel: MadeChannel, store: PackStore) -> None:
    class Endless(FolderFetcher):
        taken = 0

        def _fetch(self, url: str) -> Iterator[bytes]:
            if TARGET not in url:
                yield from super()._fetch(url)
                return
            while True:
                self.taken += 1
                yield b"a" * 1000

    fetcher = Endless(channel.folder)
    with pytest.raises(PackRefused, match="more data comes than was signed"):
        fetch_offer(store, channel.name, fetcher)
    assert fetcher.taken * 1000 < 20_000


def test_tuf_endless_data_metadata_is_bounded_too(channel: MadeChannel, store: PackStore) -> None:
    path = channel.folder / "metadata/timestamp.json"
    path.write_bytes(path.read_bytes() + b" " * 20_000)
    assert refused(channel, store) == "more data comes than was signed"


def test_tuf_wrong_key_what_another_key_signs_is_refused(
    channel: MadeChannel, store: PackStore, tmp_path: Path
) -> None:
    stranger = MadeChannel(tmp_path / "stranger")
    stranger.publish(2)
    assert refused(channel, store, stranger.folder) == "it is not signed by the channel's keys"


@pytest.mark.parametrize("name", ["timestamp.json", "1.snapshot.json", "1.targets.json"])
def test_tuf_wrong_key_a_changed_signed_part_is_refused(channel: MadeChannel, store: PackStore, name: str) -> None:
    edited(channel.folder / "metadata" / name, expires="2099-01-01T00:00:00Z")
    assert refused(channel, store) in (
        "it is not signed by the channel's keys",
        "its parts are not those that were signed together",
    )


def test_tuf_rotation_keys_change_by_those_of_before(channel: MadeChannel, store: PackStore) -> None:
    channel.offer(store)
    # One holder's key was lost, and the key for packs is another one from now on.
    old = channel.holders
    channel.holders = [*old[:2], CryptoSigner.generate_ed25519()]
    channel.targets = CryptoSigner.generate_ed25519()
    channel.root(old[:2])
    channel.publish(2)
    assert channel.offer(store).version == 2


def test_tuf_rotation_one_holder_alone_changes_nothing(channel: MadeChannel) -> None:
    own = CryptoSigner.generate_ed25519()
    for signers in ([channel.holders[0]], [own, channel.holders[0]], [own]):
        with pytest.raises(PackRefused, match="too few"):
            channel.root(signers, root=RoleKeys((own.public_key, channel.holders[0].public_key), 1))


def test_tuf_rotation_a_root_that_was_not_signed_by_the_keys_of_before_is_refused(
    channel: MadeChannel, store: PackStore, tmp_path: Path
) -> None:
    stranger = MadeChannel(tmp_path / "stranger")
    stranger.root(stranger.holders[:2])
    shutil.copy(stranger.folder / "metadata/2.root.json", channel.folder / "metadata/2.root.json")
    assert refused(channel, store) == "it is not signed by the channel's keys"


def test_a_channel_that_is_not_there_or_damaged_is_said(channel: MadeChannel, store: PackStore, tmp_path: Path) -> None:
    assert "cannot be reached" in refused(channel, store, tmp_path / "nothing")
    (channel.folder / "metadata/timestamp.json").write_bytes(b"{}")
    assert refused(channel, store) == "its metadata is damaged"


def test_a_root_is_read_with_its_keys_and_one_without_enough_signatures_is_none(channel: MadeChannel) -> None:
    root = read_root(channel.first_root)
    assert (root.version, root.threshold, len(root.keys)) == (1, 2, 3)
    metadata = Metadata.from_bytes(channel.first_root)
    metadata.signatures.popitem()
    timestamp = (channel.folder / "metadata/timestamp.json").read_bytes()
    for data in (metadata.to_bytes(), b"", b"{}", b"[" * 10_000, timestamp):
        with pytest.raises(PackRefused):
            read_root(data)


@pytest.mark.parametrize(
    "changed",
    [
        (b"", b"["),
        (b'"version": 1', b'"version": NaN'),
        (b'"version": 1', b'"version": 1e999'),
        (b'"version": 1', b'"version": ' + b"9" * 5_000),
        (b'"expires": "20', b'"expires": "99999999'),
    ],
    ids=["deep", "nan", "infinity", "digits", "date"],
)
@pytest.mark.parametrize("name", ["timestamp.json", "2.root.json", "1.root.json"])
def test_hostile_metadata_of_odd_numbers_or_depth_is_refused(
    channel: MadeChannel, store: PackStore, name: str, changed: tuple[bytes, bytes]
) -> None:
    old, new = changed
    path = channel.folder / "metadata" / name
    data = path.read_bytes() if path.exists() else channel.first_root
    assert old in data
    hostile = data.replace(old, new, 1) if old else new * 16_000
    if name == "1.root.json":  # the one that the user names
        with pytest.raises(PackRefused, match="damaged"):
            read_root(hostile)
        return
    path.write_bytes(hostile)
    assert refused(channel, store) == "its metadata is damaged"
