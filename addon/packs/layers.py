"""The packs in use: laid over what ships and under the user's own rules; one that cannot be used gives way.

A broken pack gives way to the one before it, and that to what ships. One that does not fit this Koban gives way, too.
One whose channel's keys vouch for it no longer is used all the same, and that is said.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from addon.packs.manifest import FILE, MEANING, PROJECT, RULES, Manifest, PackRefused, is_newer, read_manifest
from addon.packs.markup import read_markup
from addon.packs.replies import PackReply, read_replies
from addon.packs.site_changes import SiteChanges, changed_descriptors, read_site_changes
from addon.packs.store import PROJECT_TITLE, Channel, PackStore, StoredPack
from addon.state.catalog import places, usable_catalog, user_rules_dir
from addon.version import version
from extractors.page import MarkupChanges
from rules.loader import SHIPPED_RULES, Catalog
from rules.meaning.files import problems_of
from rules.meaning.reader import MeaningReader, shipped
from rules.model import Text
from rules.problems import CatalogError
from rules.rule import Rule
from rules.sites import Terms

log = logging.getLogger("koban.packs")

TroubleKind = Literal["broken", "unfit", "expired", "unreadable", "newer"]
"""A pack that is not whole, or whose rules cannot be read; one for other versions of Koban; one that the channel's keys
vouch for no longer; a `packs.json` that cannot be read; one that only a newer Koban may write."""


@dataclass(frozen=True, slots=True)
class PackTrouble:
    """A trouble with a channel. instead: the version in use in its place; None where what ships is."""

    kind: TroubleKind
    channel: str
    title: Text
    instead: int | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """A pack in use. newest: the version of Koban that its manifest names."""

    channel: str
    title: Text
    version: int
    folder: Path
    newest: str | None = None

    @property
    def rules(self) -> Path:
        """The folder of its rules."""
        return self.folder / RULES


@dataclass(frozen=True, slots=True)
class PacksInUse:
    """The layers, the project's first, and the troubles.

    newest: the version of Koban that the project's pack in use names, where that is newer than this Koban; else None.
    """

    layers: tuple[Layer, ...] = ()
    troubles: tuple[PackTrouble, ...] = ()
    newest: str | None = None

    @property
    def project(self) -> Layer | None:
        """The layer of the project's own channel; None where it has none in use."""
        return next((layer for layer in self.layers if layer.channel == PROJECT), None)

    def read_project[Content](self, name: str, read: Callable[[Path], Mapping[str, Content]]) -> Mapping[str, Content]:
        """Returns a part of the project's pack; nothing where there is no such pack in use, or its part is refused.

        A part of a site, or of a kind, that this Koban no longer has: the pack's rules are as good as before. name: of
        the part, for the log. read: reads it from the pack's folder, and may raise PackRefused.
        """
        if self.project is None:
            return {}
        try:
            return read(self.project.folder)
        except PackRefused as error:
            log.warning("%s of a pack passed over: %s", name, error.problems)
            return {}


@dataclass(frozen=True, slots=True)
class CatalogInUse:
    """The catalog that pages are judged by.

    own_problems: of the user's own rules, as `file:line: reason`. unreadable: the folders of packs that gave way
    because their rules cannot be read.
    """

    catalog: Catalog
    own_problems: tuple[str, ...]
    packs: PacksInUse
    unreadable: tuple[Path, ...] = ()

    def markup(self) -> Mapping[str, MarkupChanges]:
        """Returns what the project's pack says of the markup of sites, by their ids."""
        return self.packs.read_project("markup", read_markup)

    def terms(self) -> Terms:
        """Returns the terms of all sites: as the project's pack has them, else as they ship."""
        return Terms(changed_descriptors(self.site_changes()))

    def site_changes(self) -> Mapping[str, SiteChanges]:
        """Returns what the project's pack says of sites, by their ids."""
        return self.packs.read_project("sites", read_site_changes)

    def replies(self) -> Mapping[str, PackReply]:
        """Returns the replies that lie over those of the extension, by their ids, as the project's pack has them."""
        return self.packs.read_project("replies", read_replies)

    def meaning(self) -> MeaningReader:
        """Returns the reader of what texts mean: of the project's pack where it brings models, else the shipped one."""
        layer = self.packs.project
        if layer is None or not (folder := layer.folder / MEANING).is_dir():
            return shipped()
        return shipped() if problems_of(folder) else MeaningReader(folder)


def troubles_of(state_dir: Path) -> tuple[PackTrouble, ...]:
    """Returns the troubles of the packs. Their rules are read for it, where there are any: a whole pack may have some
    that Koban refuses. Raises nothing."""
    store = PackStore(state_dir, read_only=True)
    if not store.is_readable or not any(channel.is_on for channel in store.channels.values()):
        return packs_in_use(state_dir).troubles
    try:
        return catalog_in_use(state_dir).packs.troubles
    except CatalogError:
        # What ships is broken itself, which the doctor says.
        return packs_in_use(state_dir).troubles


def packs_in_use(
    state_dir: Path, *, now: datetime | None = None, koban: str | None = None, without: Sequence[Path] = ()
) -> PacksInUse:
    """Returns the packs that can be used. Raises nothing.

    now: with its zone. koban: the version of this Koban. without: folders of packs that proved to be broken.
    """
    now, koban = now or datetime.now(UTC), koban or version()
    store = PackStore(state_dir, read_only=True)
    layers: list[Layer] = []
    troubles: list[PackTrouble] = []
    if not store.is_readable:
        trouble = PackTrouble("newer" if store.fault == "newer" else "unreadable", PROJECT, PROJECT_TITLE)
        return PacksInUse(troubles=(trouble,))
    for name, channel in sorted(store.channels.items(), key=lambda item: (item[0] != PROJECT, item[0])):
        layer, kind = _layer(store, name, channel, koban, without) if channel.is_on else (None, None)
        if kind is not None:
            troubles.append(PackTrouble(kind, name, channel.title, layer.version if layer is not None else None))
        elif layer is not None and channel.good_until is not None and channel.good_until < now:
            troubles.append(PackTrouble("expired", name, channel.title, layer.version))
        layers += [layer] if layer is not None else []
    packs = PacksInUse(tuple(layers), tuple(troubles))
    newest = packs.project.newest if packs.project is not None else None
    return replace(packs, newest=newest) if newest is not None and is_newer(newest, koban) else packs


def _layer(
    store: PackStore, name: str, channel: Channel, koban: str, without: Sequence[Path]
) -> tuple[Layer | None, TroubleKind | None]:
    """Returns the newest pack of a channel that can be used, and why it is not the newest of all."""
    first: TroubleKind | None = None
    for pack in channel.packs:
        manifest = _manifest(store, name, pack, without)
        if manifest is not None and manifest.koban.contain(koban):
            return Layer(name, channel.title, pack.version, store.folder_of(pack), manifest.newest), first
        first = first or ("broken" if manifest is None else "unfit")
    return None, first


def _manifest(store: PackStore, name: str, pack: StoredPack, without: Sequence[Path]) -> Manifest | None:
    """Returns the manifest of a channel's pack; None where the pack is broken."""
    folder = store.folder_of(pack)
    if folder in without or not store.is_whole(pack):
        return None
    try:
        manifest = read_manifest((folder / FILE).read_bytes())
    except (PackRefused, OSError):
        return None
    return manifest if manifest.channel == name else None


def catalog_in_use(state_dir: Path, *, now: datetime | None = None, koban: str | None = None) -> CatalogInUse:
    """Returns the shipped catalog with the packs over it, and the user's own rules over these.

    A pack whose rules cannot be read (a newer Koban may refuse what an older one took) gives way. Arguments as for
    `packs_in_use`. Raises CatalogError if the shipped catalog itself is broken.
    """
    without: list[Path] = []
    while True:
        packs = packs_in_use(state_dir, now=now, koban=koban, without=without)
        folders = [layer.folder for layer in packs.layers]
        try:
            catalog, problems = usable_catalog(user_rules_dir(state_dir), [layer.rules for layer in packs.layers])
        except CatalogError as error:
            named_folders = [folder for folder in folders if any(path.is_relative_to(folder) for path in places(error))]
            # A pack may break a file that is not its own: where none is named, all give way.
            without += named_folders or folders
            if not folders:
                raise
        else:
            return CatalogInUse(_named(catalog, packs.layers), problems, packs, tuple(without))


def below(state_dir: Path, channel: str) -> list[Path]:
    """Returns the folders of rules that a pack of a channel would be laid over."""
    if channel == PROJECT:
        return [SHIPPED_RULES]
    layer = packs_in_use(state_dir).project
    return [SHIPPED_RULES] if layer is None else [SHIPPED_RULES, layer.rules]


def _named(catalog: Catalog, layers: Sequence[Layer]) -> Catalog:
    """Returns the catalog with the channel's name in the title of each rule that is neither the project's nor the
    user's: whoever sees a warning sees whose it is."""
    foreign = {layer.rules: layer.title for layer in layers if layer.channel != PROJECT}
    if not foreign:
        return catalog
    return replace(catalog, rules=tuple(_with_name(rule, foreign) for rule in catalog.rules))


def _with_name(rule: Rule, channels: Mapping[Path, Text]) -> Rule:
    folders = (folder for folder in channels if Path(rule.origin.file).is_relative_to(folder))
    title = channels.get(next(folders, Path()))
    if title is None:
        return rule

    def named(text: Text) -> Text:
        return Text(ja=f"{text.ja}（{title.ja}）", en=f"{text.en} ({title.en})")

    cases = tuple(
        case if case.title is None else case.model_copy(update={"title": named(case.title)}) for case in rule.cases
    )
    return rule.model_copy(update={"title": named(rule.title), "cases": cases})
