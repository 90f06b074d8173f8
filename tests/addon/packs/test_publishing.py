"""For maintainers: keys, roots, packs and bundles."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.packs.archive import pack_up, unpack
from addon.packs.fetching import BundleFetcher
from addon.packs.manifest import PackRefused
from addon.packs.publishing import (
    RoleKeys,
    build,
    bundle,
    load_key,
    load_public,
    new_key,
    public_file,
    publish,
    sign_root,
    write_root,
)
from addon.packs.trust import fetch_offer
from tests.addon.packs.channels import MadeChannel
from tests.addon.packs.making import lay, pack


def test_a_key_is_written_for_its_holder_alone_and_opens_with_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "holder.pem"
    signer = new_key(path, "ひらけごま")
    assert b"ENCRYPTED" in path.read_bytes()
    assert os.name != "posix" or path.stat().st_mode & 0o777 == 0o600
    assert load_key(path, "ひらけごま").public_key == signer.public_key == load_public(public_file(path))
    for passphrase in ("", "ひらけ"):
        with pytest.raises(PackRefused, match="cannot be opened"):
            load_key(path, passphrase)
    with pytest.raises(FileExistsError):
        new_key(path, "")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"[" * 100_000, b'{"keyid": "a", "keytype": "rsa"}'])
def test_what_is_no_public_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(PackRefused, match="not a public key"):
        load_public(tmp_path / "x")


def test_a_root_wants_as_many_different_keys_as_have_to_sign_it(tmp_path: Path) -> None:
    key = new_key(tmp_path / "a", "").public_key
    roles = {"root": RoleKeys((key, key), 2), "targets": RoleKeys((key,)), "online": RoleKeys((key,))}
    with pytest.raises(PackRefused, match="too few keys"):
        write_root(tmp_path / "root.json", roles, now=datetime.now(UTC))
    write_root(tmp_path / "root.json", {**roles, "root": RoleKeys((key,))}, now=datetime.now(UTC))
    signer = load_key(tmp_path / "a", "")
    assert [sign_root(tmp_path / "root.json", signer) for _ in range(2)] == [1, 1]


def test_a_pack_is_built_alike_from_the_same_folder_and_refused_with_what_it_cannot_hold(tmp_path: Path) -> None:
    lay(tmp_path / "a", pack())
    assert build(tmp_path / "a") == build(lay(tmp_path / "b", dict(reversed(pack().items()))))
    assert unpack(build(tmp_path / "a")) == pack()
    for name in ("site.toml", "rules/predicates.py"):
        folder = lay(tmp_path / name.replace("/", "-"), {**pack(), name: b"x"})
        with pytest.raises(PackRefused):
            build(folder)
    with pytest.raises(PackRefused, match=r"no pack\.json"):
        build(lay(tmp_path / "c", {"rules/renames.json": b"{}"}))


def test_one_file_carries_a_channel_also_after_its_keys_have_changed(tmp_path: Path) -> None:
    channel = MadeChannel(tmp_path)
    store = channel.subscribe(tmp_path / "state")
    channel.publish(1)
    channel.root(channel.holders[1:])
    channel.publish(2)
    files = unpack(bundle(channel.folder), check=lambda _: None)
    assert files["channel.json"] == b'{"channel": "union"}'
    assert sorted(files) == sorted(
        [
            "channel.json",
            "metadata/1.root.json",
            "metadata/2.root.json",
            "metadata/2.snapshot.json",
            "metadata/2.targets.json",
            "metadata/timestamp.json",
            *(name for name in files if name.startswith("targets/")),
        ]
    )
    assert fetch_offer(store, "union", BundleFetcher(files)).version == 2


def test_a_pack_that_users_would_refuse_is_not_published(tmp_path: Path) -> None:
    channel = MadeChannel(tmp_path)
    channel.publish(2)
    before = (channel.folder / "metadata/timestamp.json").read_bytes()
    for version, files in ((1, None), (2, pack(2, "union", more={"tests/clean.jsonl": ""}))):
        with pytest.raises(PackRefused, match=r"not above the published one's \(2\)"):
            channel.publish(version, files)
    assert (channel.folder / "metadata/timestamp.json").read_bytes() == before
    channel.publish(2)  # the same, for another year
    channel.publish(3)


def test_a_channel_without_a_root_or_a_pack_and_with_other_keys_signs_nothing(tmp_path: Path) -> None:
    channel = MadeChannel(tmp_path)
    with pytest.raises(PackRefused, match="no pack yet"):
        publish(channel.folder, None, [channel.targets], [channel.online], now=channel.now)
    with pytest.raises(PackRefused, match="no pack yet"):
        bundle(channel.folder)
    with pytest.raises(PackRefused, match="no root"):
        publish(tmp_path / "empty", pack_up(pack()), [channel.targets], [channel.online], now=channel.now)
    with pytest.raises(PackRefused, match="not the channel's keys"):
        publish(channel.folder, pack_up(pack()), [channel.online], [channel.online], now=channel.now)
    assert not (channel.folder / "metadata/timestamp.json").exists()
