"""Trust in a channel: The Update Framework's client, from a root of trust that the user has.

https://theupdateframework.github.io/specification/latest/ — the client's workflow, section 5. It keeps the metadata
that was last believed, and so sees older metadata (rollback), parts that were never published together (mix and match),
keys that are not the channel's, metadata that ran out (freeze), and data without end; the channel's keys can change.
"""

import contextlib
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, Root, TargetFile
from tuf.ngclient import Updater, UpdaterConfig

from addon.packs.archive import MOST_PACKED
from addon.packs.fetching import BundleFetcher, FolderFetcher, WebFetcher
from addon.packs.manifest import PackRefused
from addon.packs.offer import Offer
from addon.packs.store import PackStore
from addon.state.paths import make_private

TARGET = "koban-rules.zip"
"""The name of the pack within a channel."""
_ROLES = ("root", "timestamp", "snapshot", "targets")
_CONFIG = UpdaterConfig(
    max_root_rotations=64,
    root_max_length=100_000,
    timestamp_max_length=16_384,
    snapshot_max_length=100_000,
    targets_max_length=500_000,
)

_REASONS: tuple[tuple[type[Exception], str, str], ...] = (
    (
        ExpiredMetadataError,
        "チャンネルの署名の期限が切れています（古いまま止められている可能性があります）",
        "the channel's signatures have run out; it may be held back at an old state",
    ),
    (
        BadVersionNumberError,
        "前に確かめたものより古い内容です",
        "it is older than what was believed before",
    ),
    (UnsignedMetadataError, "このチャンネルの鍵で署名されていません", "it is not signed by the channel's keys"),
    (
        LengthOrHashMismatchError,
        "署名されたものと中身が違います",
        "its parts are not those that were signed together",
    ),
    (DownloadLengthMismatchError, "署名されたものより長いデータです", "more data comes than was signed"),
    (DownloadError, "読み取れません。つながるかどうか確かめてください", "it cannot be reached, or a part is missing"),
    (RepositoryError, "署名の記録が壊れています", "its metadata is damaged"),
)
"""From what the client raises to words, the narrower first."""


@dataclass(frozen=True, slots=True)
class RootKeys:
    """A root of trust as people may compare it. threshold: how many of its keys have to sign it."""

    version: int
    threshold: int
    keys: tuple[str, ...]
    expires: datetime


def fetch_offer(store: PackStore, name: str, fetcher: FolderFetcher | BundleFetcher | WebFetcher) -> Offer:
    """Returns the pack that a channel offers, verified. Raises PackRefused, NoSuchPack, OSError."""
    store.channel(name)
    trust = store.trust(name)
    make_private(trust)
    try:
        updater = Updater(
            str(trust),
            f"{fetcher.base}metadata/",
            target_base_url=f"{fetcher.base}targets/",
            fetcher=fetcher,
            config=_CONFIG,
            bootstrap=store.root(name).read_bytes(),
        )
        updater.refresh()
        target = updater.get_targetinfo(TARGET)
        if target is None:
            raise PackRefused("チャンネルにまだパックがありません", "the channel has no pack yet")
        if target.length > MOST_PACKED:
            raise PackRefused("大きすぎます", "too large")
        with tempfile.TemporaryDirectory(prefix="koban-pack-") as folder:
            data = Path(updater.download_target(target, str(Path(folder, TARGET)))).read_bytes()
    except (RepositoryError, DownloadError) as error:
        raise _refused(error) from None
    return Offer(data, version_of(target), _good_until(trust))


def read_root(data: bytes) -> RootKeys:
    """Returns the keys of a root of trust that is signed by enough of them. Raises PackRefused."""
    try:
        root = Metadata[Root].from_bytes(data)
        if root.signed.type != Root.type:
            raise RepositoryError("not a root")
        root.signed.verify_delegate(Root.type, root.signed_bytes, root.signatures)
    except RepositoryError as error:
        raise _refused(error) from None
    except Exception:
        # Whatever else the library finds wrong with a file that is none of its own.
        raise PackRefused("署名の記録が壊れています", "its metadata is damaged") from None
    own = root.signed.roles[Root.type]
    return RootKeys(root.signed.version, own.threshold, tuple(own.keyids), root.signed.expires.astimezone(UTC))


def _refused(error: Exception) -> PackRefused:
    words = next((ja, en) for kind, ja, en in _REASONS if isinstance(error, kind))
    return PackRefused(*words)


def version_of(target: TargetFile) -> int:
    """Returns the version of a pack as its metadata has it; 0 where that says none."""
    custom: Any = target.custom
    version = custom.get("version") if isinstance(custom, dict) else None
    return version if isinstance(version, int) and not isinstance(version, bool) else 0


def _good_until(trust: Path) -> datetime:
    """Returns the earliest end of the metadata that was just believed."""
    ends: list[datetime] = []
    for role in _ROLES:
        with contextlib.suppress(OSError, RepositoryError):
            metadata = Metadata[Any].from_bytes((trust / f"{role}.json").read_bytes())
            ends.append(metadata.signed.expires.astimezone(UTC))
    return min(ends)
