"""For maintainers and unions: packs built from a folder, keys, roots of trust, and the metadata of a channel.

A channel is a static folder: `metadata/` and `targets/`, as The Update Framework has them with consistent snapshots.
Any web server, file share or stick serves it. Each key lies in a file of its own, encrypted by a passphrase.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, Key, SSlibKey
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

from addon.packs.archive import pack_up, unpack
from addon.packs.manifest import HINT, PackRefused, check_name, check_reach, manifest_of
from addon.packs.store import read_files
from addon.packs.trust import TARGET, version_of
from addon.state.paths import write_atomically

DAYS: Mapping[str, int] = {"root": 730, "targets": 365, "snapshot": 90, "timestamp": 90}
"""Days that signatures are good for: long enough for people who carry packs by hand."""
_PUBLIC = ".pub.json"
type Signer = CryptoSigner
"""A key that signs, for those who import nothing of the library."""


@dataclass(frozen=True, slots=True)
class RoleKeys:
    """The public keys of a role, and of how many of them a signature is needed."""

    keys: tuple[Key, ...]
    threshold: int = 1


def new_key(path: Path, passphrase: str) -> Signer:
    """Write a new key (0600) and, beside it, its public part `<name>.pub.json`. Raises OSError.

    An empty passphrase leaves the key unencrypted, for keys that a machine uses.
    """
    if path.exists():
        raise FileExistsError(17, "exists already", str(path))
    private = Ed25519PrivateKey.generate()
    how = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    write_atomically(path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
    signer = CryptoSigner(private)
    public = {"keyid": signer.public_key.keyid, **signer.public_key.to_dict()}
    write_atomically(public_file(path), json.dumps(public, indent=1).encode() + b"\n", mode=0o644)
    return signer


def public_file(path: Path) -> Path:
    """The file of a key's public part."""
    return path.with_name(path.name + _PUBLIC)


def load_key(path: Path, passphrase: str) -> Signer:
    """Read a key. Raises PackRefused for a wrong passphrase or another file, OSError."""
    data = path.read_bytes()
    try:
        private = load_pem_private_key(data, passphrase.encode() or None)
    except (ValueError, TypeError):
        raise PackRefused(f"{path.name}: 鍵を開けません", f"{path.name}: the key cannot be opened") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise PackRefused(f"{path.name}: Ed25519の鍵ではありません", f"{path.name}: not an Ed25519 key")
    return CryptoSigner(private)


def load_public(path: Path) -> Key:
    """Read the public part of a key. Raises PackRefused, OSError."""
    try:
        fields = json.loads(path.read_bytes())
        key = SSlibKey.from_dict(fields.pop("keyid"), fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PackRefused(f"{path.name}: 公開鍵ではありません", f"{path.name}: not a public key") from None
    return key


def write_root(path: Path, roles: Mapping[str, RoleKeys], *, now: datetime, before: Path | None = None) -> None:
    """Write a root of trust that nobody has signed yet. roles: root, targets, and online for the two others.

    before: the root that it follows; enough of the keys of both have to sign it then. Raises PackRefused, OSError.
    """
    version = 1
    if before is not None:
        version = _root(before.read_bytes()).signed.version + 1
    root = Root(version=version, expires=_end(now, "root"), consistent_snapshot=True)
    for role, own in (
        ("root", roles["root"]),
        ("targets", roles["targets"]),
        ("snapshot", roles["online"]),
        ("timestamp", roles["online"]),
    ):
        if not 0 < own.threshold <= len({key.keyid for key in own.keys}):
            raise PackRefused(f"{role}: 鍵の数が足りません", f"{role}: too few keys")
        for key in own.keys:
            root.add_key(key, role)
        root.roles[role].threshold = own.threshold
    write_atomically(path, _bytes(Metadata(root)), mode=0o644)


def sign_root(path: Path, signer: Signer) -> int:
    """Add a signature to a root of trust. Returns how many it has. Raises PackRefused, OSError."""
    root = _root(path.read_bytes())
    root.sign(signer, append=True)
    write_atomically(path, _bytes(root), mode=0o644)
    return len(root.signatures)


def adopt_root(channel: Path, path: Path) -> int:
    """Put a signed root into a channel's folder, its first or the next. Returns its version.

    Raises PackRefused where too few keys have signed it, its own or those of the one before, or OSError.
    """
    data = path.read_bytes()
    root = _root(data)
    present = newest_root(channel)
    try:
        root.signed.verify_delegate("root", root.signed_bytes, root.signatures)
        if present is not None:
            present.signed.verify_delegate("root", root.signed_bytes, root.signatures)
    except RepositoryError:
        raise PackRefused("署名が足りません", "too few signatures") from None
    expected = 1 if present is None else present.signed.version + 1
    if root.signed.version != expected:
        raise PackRefused(f"ルートの番号が {expected} ではありません", f"the root's number is not {expected}")
    write_atomically(channel / "metadata" / f"{expected}.root.json", data, mode=0o644)
    return expected


def newest_root(channel: Path) -> Metadata[Root] | None:
    """Returns the newest root in a channel's folder; None where there is none. Raises PackRefused, OSError."""
    versions = [int(path.name.partition(".")[0]) for path in (channel / "metadata").glob("[0-9]*.root.json")]
    if not versions:
        return None
    return _root((channel / "metadata" / f"{max(versions)}.root.json").read_bytes())


def build(source: Path) -> bytes:
    """Returns a pack made of a folder. Raises PackRefused for files that a pack cannot have, OSError.

    The same files give the same bytes. It is not tried: `koban packs build` does that, too.
    """
    files = read_files(source)
    for name in files:
        check_name(name)
    check_reach(manifest_of(files), files)
    data = pack_up(files)
    unpack(data)
    return data


def publish(
    channel: Path, pack: bytes | None, targets: Sequence[Signer], online: Sequence[Signer], *, now: datetime
) -> None:
    """Sign a pack into a channel's folder; without a pack, sign its present state again, for as long from now.

    The timestamp is written last, so that whoever reads in between finds the state of before, whole. Raises PackRefused
    where the root does not know these keys, or the pack does not follow on the published one, OSError.
    """
    root = newest_root(channel)
    if root is None:
        raise PackRefused("ルートがありません", "the channel has no root")
    folder = channel / "metadata"
    timestamp = _present(folder / "timestamp.json", Timestamp)
    snapshot = None
    if timestamp is not None:
        snapshot = _present(folder / f"{timestamp.signed.snapshot_meta.version}.snapshot.json", Snapshot)
    if pack is not None:
        version = 1
        if snapshot is not None:
            version = snapshot.signed.meta["targets.json"].version + 1
            _check_follows(pack, _present(folder / f"{version - 1}.targets.json", Targets))
        data = _targets(channel, pack, version, targets, root, now)
        meta = MetaFile.from_data(version, data, ["sha256"])
        snapshot = Metadata(Snapshot(_next(snapshot), meta={"targets.json": meta}))
    elif snapshot is None:
        raise PackRefused("チャンネルにまだパックがありません", "the channel has no pack yet")
    else:
        snapshot.signed.version += 1
    data = _signed(snapshot, online, root, now)
    write_atomically(folder / f"{snapshot.signed.version}.snapshot.json", data, mode=0o644)
    meta = MetaFile.from_data(snapshot.signed.version, data, ["sha256"])
    timestamp = Metadata(Timestamp(_next(timestamp), snapshot_meta=meta))
    write_atomically(folder / "timestamp.json", _signed(timestamp, online, root, now), mode=0o644)


def _check_follows(pack: bytes, published_targets: Metadata[Targets] | None) -> None:
    """Raises PackRefused for a pack that users of the published one would refuse: another, and not newer."""
    target = None if published_targets is None else published_targets.signed.targets.get(TARGET)
    if target is None or target.hashes == TargetFile.from_data(TARGET, pack, ["sha256"]).hashes:
        return  # signed again, for another year
    published_version = version_of(target)
    if manifest_of(unpack(pack)).version <= published_version:
        raise PackRefused(
            f"公開中のパックの番号（{published_version}）より大きくありません",
            f"its version is not above the published one's ({published_version})",
        )


def _next(metadata: Metadata[Any] | None) -> int:
    return 1 if metadata is None else int(metadata.signed.version) + 1


def bundle(channel: Path) -> bytes:
    """Returns all that a channel says now as one zip, for a stick or a mail. Raises PackRefused, OSError."""
    folder = channel / "metadata"
    timestamp = _present(folder / "timestamp.json", Timestamp)
    if timestamp is None:
        raise PackRefused("チャンネルにまだパックがありません", "the channel has no pack yet")
    snapshot_name = f"{timestamp.signed.snapshot_meta.version}.snapshot.json"
    snapshot = Metadata[Snapshot].from_bytes((folder / snapshot_name).read_bytes())
    targets_name = f"{snapshot.signed.meta['targets.json'].version}.targets.json"
    targets = Metadata[Targets].from_bytes((folder / targets_name).read_bytes())
    pack_name = f"targets/{targets.signed.targets[TARGET].hashes['sha256']}.{TARGET}"
    names = [path.name for path in folder.glob("[0-9]*.root.json")]
    files = {
        f"metadata/{name}": (folder / name).read_bytes()
        for name in (*names, "timestamp.json", snapshot_name, targets_name)
    }
    pack = (channel / pack_name).read_bytes()
    name = manifest_of(unpack(pack)).channel
    return pack_up({**files, pack_name: pack, HINT: json.dumps({"channel": name}).encode()})


def _targets(
    channel: Path, pack: bytes, version: int, signers: Sequence[Signer], root: Metadata[Root], now: datetime
) -> bytes:
    """Write a pack, and the metadata that names it. Returns the latter."""
    manifest = manifest_of(unpack(pack))
    target = TargetFile.from_data(TARGET, pack, ["sha256"])
    target.unrecognized_fields["custom"] = {"version": manifest.version}
    metadata = Metadata(Targets(version, targets={TARGET: target}))
    data = _signed(metadata, signers, root, now)
    write_atomically(channel / "targets" / f"{target.hashes['sha256']}.{TARGET}", pack, mode=0o644)
    write_atomically(channel / "metadata" / f"{version}.targets.json", data, mode=0o644)
    return data


def _signed(metadata: Metadata[Any], signers: Sequence[Signer], root: Metadata[Root], now: datetime) -> bytes:
    """Returns metadata that is signed from now on. Raises PackRefused where that is not by keys of its role."""
    role = metadata.signed.type
    metadata.signed.expires = _end(now, role)
    metadata.signatures.clear()
    for signer in signers:
        metadata.sign(signer, append=True)
    try:
        root.signed.verify_delegate(role, metadata.signed_bytes, metadata.signatures)
    except RepositoryError:
        raise PackRefused(
            f"{role}: このチャンネルの鍵ではないか、足りません", f"{role}: not the channel's keys, or too few"
        ) from None
    return _bytes(metadata)


def _present(path: Path, kind: type[Any]) -> Metadata[Any] | None:
    """Returns the metadata of a file; None where there is none. Raises PackRefused, OSError."""
    try:
        metadata = Metadata[Any].from_bytes(path.read_bytes())
    except FileNotFoundError:
        return None
    except RepositoryError:
        raise PackRefused(f"{path.name}: 壊れています", f"{path.name}: damaged") from None
    if not isinstance(metadata.signed, kind):
        raise PackRefused(f"{path.name}: 壊れています", f"{path.name}: damaged")
    return metadata


def _root(data: bytes) -> Metadata[Root]:
    try:
        root = Metadata[Root].from_bytes(data)
    except RepositoryError:
        raise PackRefused("ルートとして読めません", "not a readable root") from None
    if not isinstance(root.signed, Root):
        raise PackRefused("ルートとして読めません", "not a readable root")
    return root


def _end(now: datetime, role: str) -> datetime:
    return now.replace(microsecond=0) + timedelta(days=DAYS[role])


def _bytes(metadata: Metadata[Any]) -> bytes:
    return metadata.to_bytes(JSONSerializer(compact=False))
