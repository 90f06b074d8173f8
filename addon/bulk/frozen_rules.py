"""The rules of a run, kept as they were when it began.

A pack that is taken, a rule that is switched off while a run goes on changes nothing in it: each process, on whatever
machine and after whatever interruption, judges by the same copy, and none judges by another.
"""

import hashlib
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from addon.judging.scan_rules import RulesOrigin, ScanRules, origin_in_force, rules_in_force, shipped_rules
from addon.packs.layers import packs_in_use
from addon.packs.store import FILE, PackFile, PackStore
from addon.state.catalog import user_rules_dir
from addon.state.json_file import JsonFile
from addon.state.paths import write_atomically
from addon.state.settings import SETTINGS_FILE, Settings
from rules.loader import SHIPPED_RULES
from rules.problems import CatalogError

_JUDGED_WITH = (
    "catalog/**/*.yaml",
    "terms/*.yaml",
    "sources.yaml",
    "groups.yaml",
    "renames.json",
    "meaning/*.model",
    "meaning/encoder.npz",
)
_OWN = ("**/*.yaml", "renames.json")


class FrozenRules(BaseModel):
    """The rules that each process of a run has to judge by.

    folder: the state folder that they were copied into; None where they are those that ship. digest: of `rules_digest`.
    """

    model_config = ConfigDict(frozen=True)

    folder: Path | None
    digest: str


def freeze(state_dir: Path, into: Path) -> RulesOrigin:
    """Copy what a Koban of a state folder judges by, and nothing else of it.

    Returns the origin of the copy, which is what judges even where a pack is taken or a rule written at the same
    moment; problems of own rules name the user's files. into: a new state folder. Raises CatalogError, OSError.
    """
    origin = origin_in_force(state_dir)
    into.mkdir(parents=True, mode=0o700)
    store, copy = PackStore(state_dir, read_only=True), PackStore(into)
    channels = {name: channel for name, channel in store.channels.items() if channel.is_on} if store.is_readable else {}
    for pack in (pack for channel in channels.values() for pack in channel.packs):
        if store.folder_of(pack).is_dir():
            # A link stays one, which makes the copy as little whole as the pack is.
            shutil.copytree(store.folder_of(pack), copy.folder_of(pack), symlinks=True, dirs_exist_ok=True)
    silent = {name: channel.model_copy(update={"source": None}) for name, channel in channels.items()}
    write_atomically(copy.folder / FILE, PackFile(channels=silent).model_dump_json().encode())
    own = user_rules_dir(state_dir)
    for path in (path for pattern in _OWN for path in own.glob(pattern) if path.is_file()):
        target = user_rules_dir(into) / path.relative_to(own)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    JsonFile(into / SETTINGS_FILE, Settings).write(origin.switches)
    copy_origin = origin_in_force(into)
    # The copy of a `packs.json` that cannot be read is one without channels, of which there is no trouble.
    troubles = copy_origin.troubles if store.is_readable else origin.troubles
    return replace(copy_origin, troubles=troubles, own_problems=origin.own_problems)


def rules_digest(folder: Path | None = None) -> str:
    """Returns the SHA-256 of everything that a verdict on a text depends on beside the program. Raises OSError.

    folder: of frozen rules; None digests the rules that ship alone.
    """
    if folder is None:
        return _shipped_digest()
    digest = hashlib.sha256(f"{_shipped_digest()}\0".encode())
    for layer in packs_in_use(folder).layers:
        # The folder is named by its content, which has just been looked through.
        digest.update(f"{layer.channel}\0{layer.folder.name}\0".encode())
    own = user_rules_dir(folder)
    _add(digest, own, sorted(path for pattern in _OWN for path in own.glob(pattern)))
    switches = JsonFile(folder / SETTINGS_FILE, Settings, read_only=True).read()
    digest.update(switches.model_dump_json(include={"rules", "sites"}).encode())
    return digest.hexdigest()


@cache
def _shipped_digest() -> str:
    digest = hashlib.sha256()
    _add(digest, SHIPPED_RULES, sorted(path for pattern in _JUDGED_WITH for path in SHIPPED_RULES.glob(pattern)))
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", folder: Path, paths: list[Path]) -> None:
    for path in paths:
        data = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode() + data)


@cache
def rules_of_process(rules: FrozenRules | None) -> ScanRules:
    """Returns the rules of this process, made ready when they are first asked for.

    rules: None takes those that ship. Raises CatalogError, also where others lie here than where the run began.
    """
    if rules is not None and rules_digest(rules.folder) != rules.digest:
        raise CatalogError(["other rules here than where the run was begun"])
    if rules is None or rules.folder is None:
        return shipped_rules(marks=False)
    return rules_in_force(rules.folder, marks=False)
