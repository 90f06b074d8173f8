"""Packs on disk: a folder for each, named by its content, and one small file that says which are in use.

`packs/packs.json` is replaced as a whole, so that a kill at any moment leaves the old packs in use or the new. A pack's
folder is written under another name and renamed once it is durable; it is looked through whenever it is loaded, and one
that is not whole is not used.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from addon.packs.manifest import PROJECT, ChannelName, ChannelTitle, Manifest
from addon.state.json_file import FileFault, SharedJsonFile
from addon.state.paths import make_private, stamp, write_atomically
from rules.model import Text

FOLDER = "packs"
"""The folder of packs in the state directory."""
FILE = "packs.json"
SCHEMA_VERSION = 1
_UNFINISHED = ".new-"
_LOCK = threading.Lock()
PROJECT_TITLE = Text(ja="公式のパック", en="The project's packs")


class StoredPack(BaseModel):
    """A pack on disk. digest: SHA-256 over the names and contents of its files, which its folder is named by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    version: int


class Channel(BaseModel):
    """A channel, and its packs on this machine.

    source: a folder or an address that is asked when the user updates; None where packs come by hand alone. is_on:
    whether its packs are in use. pinned: whether it stays at its present pack. passed_over: the highest version that
    the user went back from; only higher ones are taken. good_until: the end of what its keys vouch for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ChannelTitle
    source: str | None = None
    is_on: bool = True
    pinned: bool = False
    current: StoredPack | None = None
    previous: StoredPack | None = None
    passed_over: int = 0
    good_until: datetime | None = None

    @property
    def packs(self) -> tuple[StoredPack, ...]:
        """The packs on disk, the one in use first."""
        return tuple(pack for pack in (self.current, self.previous) if pack is not None)


class PackFile(BaseModel):
    """The content of `packs.json`: channels by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = Field(default=SCHEMA_VERSION, ge=SCHEMA_VERSION, le=SCHEMA_VERSION)
    channels: Mapping[ChannelName, Channel] = Field(default_factory=dict)


class NoSuchPack(ValueError):
    """A channel that is not there, or has no pack to go back to."""


class PackStore:
    """The packs of one state directory. read_only: a broken `packs.json` stays in place, for the commands to mend."""

    def __init__(self, state_dir: Path, *, read_only: bool = False) -> None:
        self.folder = state_dir / FOLDER
        self._file = SharedJsonFile(self.folder / FILE, PackFile, read_only=read_only)

    @property
    def channels(self) -> Mapping[str, Channel]:
        """The channels as they are on disk now. Raises OSError where the file cannot be read."""
        return self._file.current.channels

    @property
    def is_readable(self) -> bool:
        """Whether the file of the channels is missing, or as much as is known of it can be used."""
        try:
            self.channels  # noqa: B018 - reading it shows what is wrong with it
        except OSError:
            return False
        return self.fault != "broken"

    @property
    def fault(self) -> FileFault | None:
        """The fault of a file of channels that stays in place, as it was last read; None if it has none."""
        return self._file.fault

    @property
    def stamp(self) -> tuple[int, int] | None:
        """A value that changes with each change of the packs in use."""
        return stamp(self._file.path)

    def channel(self, name: str) -> Channel:
        """Returns a channel. Raises NoSuchPack."""
        own = self.channels.get(name)
        if own is None:
            raise NoSuchPack(name)
        return own

    def add(self, name: str, channel: Channel, root: bytes) -> None:
        """Add a channel with its first root of trust, or replace one. Raises OSError."""
        make_private(self.folder)
        shutil.rmtree(self.trust(name), ignore_errors=True)
        write_atomically(self.root(name), root)
        self._write(name, channel)

    def remove(self, name: str) -> None:
        """Forget a channel, its packs and its trust. Raises NoSuchPack, OSError."""
        packs = self.channel(name).packs
        self._write(name, None)
        shutil.rmtree(self.trust(name), ignore_errors=True)
        self.root(name).unlink(missing_ok=True)
        self._drop(packs)

    def trust(self, name: str) -> Path:
        """The folder of the metadata that was last believed of a channel."""
        return self.folder / "trust" / name

    def root(self, name: str) -> Path:
        """The file of a channel's first root of trust, by which all later ones are believed."""
        return self.folder / "roots" / f"{name}.json"

    def folder_of(self, pack: StoredPack) -> Path:
        """The folder of a pack's files."""
        return self.folder / "stored" / pack.digest

    def is_whole(self, pack: StoredPack) -> bool:
        """Whether a pack's files are those that were taken: none is missing, other or more."""
        try:
            return digest(read_files(self.folder_of(pack))) == pack.digest
        except OSError:
            return False

    def take(self, manifest: Manifest, files: Mapping[str, bytes], good_until: datetime) -> bool:
        """Store a pack and put it into use; the one before stays at hand. Raises NoSuchPack, OSError.

        The one in use already is written again where it is not whole. Returns whether another one, or one that is whole
        again, is in use now.
        A kill leaves the channel as it was, or with the whole new pack.
        """
        channel = self.channel(manifest.channel)
        pack = StoredPack(digest=digest(files), version=manifest.version)
        was_whole = self.is_whole(pack)
        if not was_whole:
            self._place(pack, files)
        if channel.current == pack:
            self.change(manifest.channel, good_until=good_until)
            return not was_whole
        dropped_pack = channel.previous
        self.change(
            manifest.channel,
            current=pack,
            previous=channel.current,
            good_until=good_until,
            title=channel.title if manifest.channel == PROJECT else manifest.title,
        )
        self._drop([dropped_pack] if dropped_pack is not None else [])
        return True

    def go_back(self, name: str) -> Channel:
        """Use the pack before, or what ships where there is none. Returns the channel as it then is.

        Raises NoSuchPack where none is in use, OSError.
        """
        channel = self.channel(name)
        if channel.current is None:
            raise NoSuchPack(name)
        passed_over = max(channel.passed_over, channel.current.version)
        new_channel = self.change(name, current=channel.previous, previous=None, passed_over=passed_over)
        self._drop([channel.current])
        return new_channel

    def change(self, name: str, **changes: object) -> Channel:
        """Change fields of a channel. Returns it as it then is. Raises NoSuchPack, OSError, ValidationError."""
        new_channel = Channel.model_validate({**dict(self.channel(name)), **changes})
        self._write(name, new_channel)
        return new_channel

    def _write(self, name: str, channel: Channel | None) -> None:
        with _LOCK:
            others = {other: own for other, own in self.channels.items() if other != name}
            channels = others if channel is None else {**others, name: channel}
            self._file.write(PackFile(channels=dict(sorted(channels.items()))))

    def _place(self, pack: StoredPack, files: Mapping[str, bytes]) -> None:
        """Write a pack's folder, so that it is there whole or not at all."""
        place = self.folder_of(pack)
        make_private(place.parent)
        for leftover in place.parent.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        temporary_folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=place.parent))
        try:
            for name, content in files.items():
                _write_durably(temporary_folder / name, content)
            shutil.rmtree(place, ignore_errors=True)  # one that is not whole
            temporary_folder.rename(place)
        except BaseException:
            shutil.rmtree(temporary_folder, ignore_errors=True)
            raise
        _sync(place.parent)

    def _drop(self, packs: list[StoredPack] | tuple[StoredPack, ...]) -> None:
        """Delete the folders of packs that no channel has any more."""
        needed_digests = {pack.digest for channel in self.channels.values() for pack in channel.packs}
        for pack in packs:
            if pack.digest not in needed_digests:
                shutil.rmtree(self.folder_of(pack), ignore_errors=True)


def digest(files: Mapping[str, bytes]) -> str:
    """Returns the SHA-256 over names and contents of files, in the order of their names."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def read_files(folder: Path) -> dict[str, bytes]:
    """Returns all files below a folder by their name from there, with `/`. Raises OSError, also for a link."""
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        if path.is_file():
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    if not files:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
    return files


def _write_durably(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
        os.close(descriptor)
