"""Channels for tests: a folder with its keys, which signs packs of any kind."""

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from securesystemslib.signer import CryptoSigner

from addon.packs.archive import pack_up
from addon.packs.fetching import FolderFetcher
from addon.packs.offer import Offer
from addon.packs.publishing import RoleKeys, adopt_root, publish, sign_root, write_root
from addon.packs.store import Channel, PackStore
from addon.packs.trust import fetch_offer
from tests.addon.packs.making import manifest, pack


class MadeChannel:
    """A channel in a folder: three holders of the root, of whom two sign, one key for packs, one for the rest."""

    def __init__(self, folder: Path, name: str = "union") -> None:
        self.name = name
        self.folder = folder / "channel"
        self.desk = folder / "desk"
        self.holders = [CryptoSigner.generate_ed25519() for _ in range(3)]
        self.targets = CryptoSigner.generate_ed25519()
        self.online = CryptoSigner.generate_ed25519()
        self.now = datetime.now(UTC)
        self.root(self.holders[:2])

    def root(self, signers: list[CryptoSigner], **changed: RoleKeys) -> Path:
        """Write the next root, sign it and put it into the channel."""
        roles = {
            "root": RoleKeys(tuple(holder.public_key for holder in self.holders), 2),
            "targets": RoleKeys((self.targets.public_key,)),
            "online": RoleKeys((self.online.public_key,)),
        }
        newest = max((self.folder / "metadata").glob("*.root.json"), default=None)
        path = self.desk / "root.json"
        write_root(path, {**roles, **changed}, now=self.now, before=newest)
        for signer in signers:
            sign_root(path, signer)
        adopt_root(self.folder, path)
        return path

    @property
    def first_root(self) -> bytes:
        return (self.folder / "metadata/1.root.json").read_bytes()

    def publish(self, version: int, files: Mapping[str, bytes] | None = None) -> None:
        files = files or pack(version, self.name)
        publish(self.folder, pack_up(files), [self.targets], [self.online], now=self.now)

    def earlier(self, days: int) -> None:
        """Sign from now on as if it were that many days ago."""
        self.now = datetime.now(UTC) - timedelta(days=days)

    def copy(self, to: Path) -> Path:
        """The channel's folder as it is now: what a mirror may go on to serve."""
        return shutil.copytree(self.folder, to)

    def subscribe(self, state_dir: Path) -> PackStore:
        store = PackStore(state_dir)
        store.add(self.name, Channel(title=manifest().title, source=str(self.folder)), self.first_root)
        return store

    def offer(self, store: PackStore, folder: Path | None = None) -> Offer:
        return fetch_offer(store, self.name, FolderFetcher(folder or self.folder))


def edited(path: Path, **changes: object) -> None:
    """Change fields of the signed part of a metadata file, and leave its signatures."""
    document = json.loads(path.read_bytes())
    document["signed"].update(changes)
    path.write_text(json.dumps(document), "utf-8")
