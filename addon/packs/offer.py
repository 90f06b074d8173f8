"""A pack that a channel offers, and the way from there into use: looked through, tried, stored."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from addon.packs.archive import unpack
from addon.packs.layers import below
from addon.packs.manifest import Manifest, PackRefused, manifest_of
from addon.packs.store import PackStore, digest
from addon.packs.trial import try_apart
from addon.version import version as koban_version

Outcome = Literal["taken", "unchanged", "pinned", "passed-over"]
"""It is in use now; it was already; the user stays at another; the user went back from it."""
TryOut = Callable[[Path, Manifest, Sequence[Path]], None]


@dataclass(frozen=True, slots=True)
class Offer:
    """A pack whose signatures hold. version: as its channel has it. good_until: the end of what the keys vouch for."""

    data: bytes
    version: int
    good_until: datetime


def opened(data: bytes, channel: str, version: int) -> tuple[Manifest, dict[str, bytes]]:
    """Returns the manifest and the files of a pack. Raises PackRefused where it is not the one that was announced."""
    files = unpack(data)
    manifest = manifest_of(files)
    if (manifest.channel, manifest.version) != (channel, version):
        raise PackRefused("別のチャンネルか別の番号のパックです", "it is of another channel, or has another number")
    return manifest, files


def check_fits(manifest: Manifest, koban: str | None = None) -> None:
    """Raises PackRefused for a pack of other versions of Koban. koban: the version of this one."""
    if not manifest.koban.contain(koban or koban_version()):
        raise PackRefused(
            f"このKobanの版では使えません（{manifest.koban.at_least} 以上、{manifest.koban.below} より前）",
            f"it is for Koban from {manifest.koban.at_least} to before {manifest.koban.below}",
        )


def take(
    store: PackStore,
    state_dir: Path,
    name: str,
    offer: Offer,
    *,
    again: bool = False,
    try_out: TryOut = try_apart,
    koban: str | None = None,
) -> Outcome:
    """Put an offered pack into use, if it passes. Raises PackRefused, NoSuchPack, OSError; the old one then stays.

    again: whether the user asks for this very pack, also where they went back from it. koban: the version of this
    Koban.
    """
    manifest, files = opened(offer.data, name, offer.version)
    channel = store.channel(name)
    if channel.current is not None and channel.current.digest == digest(files):
        return "taken" if store.take(manifest, files, offer.good_until) else "unchanged"
    if channel.pinned:
        return "pinned"
    if channel.current is not None and manifest.version <= channel.current.version:
        raise PackRefused("いま使っているものより新しくありません", "it is not newer than the one in use")
    if manifest.version <= channel.passed_over and not again:
        return "passed-over"
    check_fits(manifest, koban)
    try_files(state_dir, manifest, files, try_out)
    store.take(manifest, files, offer.good_until)
    return "taken"


def try_files(state_dir: Path, manifest: Manifest, files: Mapping[str, bytes], try_out: TryOut) -> None:
    """Try a pack over the rules that it would be laid over. Raises PackRefused, OSError."""
    with tempfile.TemporaryDirectory(prefix="koban-trial-") as folder:
        for path, content in files.items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        try_out(Path(folder), manifest, below(state_dir, manifest.channel))
