"""Packs and small catalogs for tests."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from addon.packs.manifest import FILE, KobanVersions, Manifest
from addon.packs.store import Channel, PackStore
from rules.loader import SHIPPED_RULES
from rules.model import Text

RULE = """\
status: stable
risk: messenger-invitation
severity: danger
confidence: high
subject: message
behaviour: The client invites the freelancer to a club of their own making
meaning: ignored
when:
  - message.author_role: {is: client}
  - words:
      says: ['ツバメ通信', 'swallow club']
      unless: ['使いません', 'not use']
title: {ja: 外の連絡先への誘いです, en: Invited to a place outside}
reason: {ja: 規約で禁止されていることがあります。, en: The terms may forbid it.}
advice: {ja: このサイトの中で話を続けてください。, en: Keep to this site.}
report: false
sources: [{name: {ja: 規約, en: Terms}, url: "https://example.com/terms", checked: 2026-11-24}]
examples:
  fires:
    - message: {author_role: client, body: ツバメ通信に登録済みの方を歓迎します。}
    - message: {author_role: client, body: 連絡はツバメ通信でお願いします。}
    - message: {author_role: client, body: Please join the swallow club.}
  silent:
    - message: {author_role: client, body: ツバメ通信は使いません。}
    - message: {author_role: freelancer, body: ツバメ通信に登録済みの方を歓迎します。}
    - message: {author_role: client, body: We do not use the swallow club.}
"""
RULE_FILE = "rules/catalog/contact/swallow-club.yaml"


def manifest(version: int = 1, channel: str = "koban", **changes: object) -> Manifest:
    fields = {
        "channel": channel,
        "version": version,
        "title": Text(ja="北の組合", en="Northern Union"),
        "koban": KobanVersions(at_least="0.1", below="99"),
    }
    return Manifest.model_validate({**fields, **changes})


def pack(
    version: int = 1, channel: str = "koban", *, rule: str = RULE, more: Mapping[str, str] = MappingProxyType({})
) -> dict[str, bytes]:
    """The files of a pack with one rule, and more."""
    name = RULE_FILE if channel == "koban" else f"rules/catalog/contact/{channel}-swallow-club.yaml"
    texts = {FILE: json.dumps(manifest(version, channel).model_dump(mode="json")), name: rule}
    return {name: text.encode() for name, text in {**texts, **more}.items()}


def store_of(state_dir: Path, *channels: str) -> PackStore:
    """The packs of a state folder, with channels that have none yet, and whose root nobody asks for."""
    store = PackStore(state_dir)
    for name in channels or ("koban",):
        store.add(name, Channel(title=manifest().title), b"{}")
    return store


def lay(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def small_catalog(folder: Path) -> Path:
    """A catalog of two shipped rules with their vocabularies: what a pack is laid over takes seconds else."""
    for name in ("terms", "sources.yaml", "groups.yaml"):
        copy = shutil.copytree if (SHIPPED_RULES / name).is_dir() else shutil.copy
        folder.mkdir(parents=True, exist_ok=True)
        copy(SHIPPED_RULES / name, folder / name)
    for rule in ("contract/direct-contract", "contact/messenger-link"):
        target = folder / f"catalog/{rule}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SHIPPED_RULES / f"catalog/{rule}.yaml", target)
    return folder
