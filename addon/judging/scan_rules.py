"""The rules and packs by which files are read and judged: those in force on this machine, or those that ship."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from addon.judging.check import NOTHING_CHANGED, Checker
from addon.judging.engines import engine_of
from addon.packs.layers import CatalogInUse, PackTrouble, catalog_in_use, packs_in_use
from addon.packs.renames import switches_of_former_ids
from addon.state.catalog import user_rules_dir
from addon.state.json_file import JsonFile
from addon.state.paths import FilePatternCache
from addon.state.settings import SETTINGS_FILE, Settings, SiteSettings, merged
from extractors.page import MarkupChanges
from rules.engine import Engine
from rules.loader import SHIPPED_RULES, Catalog, load_catalog
from rules.meaning.reader import MeaningReader, shipped
from rules.model import Text
from rules.problems import CatalogError
from rules.sites import SHIPPED_TERMS, Terms

SHIPPED, OWN, SWITCHES = "shipped", "own", "switches"
"""Names of `RulesOrigin`, beside those of packs, which have a number after them."""
_WORDS = {
    SHIPPED: Text(ja="Kobanに付いてくるルール", en="the rules that ship"),
    OWN: Text(ja="自分のルール", en="rules of your own"),
    SWITCHES: Text(ja="ルールのオン・オフ", en="rules switched on or off"),
}


@dataclass(frozen=True, slots=True)
class RulesOrigin:
    """The places that rules are from.

    names: `shipped`, then each pack in use as `<channel> <number>`, `own` where rules or overrides of the user are in
    use, and `switches` where rules are switched on or off. switches: settings with nothing else. troubles: of packs,
    which others take the place of. own_problems: of the user's own rules, which are passed over.
    """

    names: tuple[str, ...] = (SHIPPED,)
    switches: Settings = field(default_factory=Settings)
    troubles: tuple[PackTrouble, ...] = ()
    own_problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanRules:
    """The rules that a scan judges by. markup: by site, what packs say of its markup."""

    checker: Checker
    origin: RulesOrigin = RulesOrigin()
    markup: Mapping[str, MarkupChanges] = NOTHING_CHANGED


def shipped_rules(*, marks: bool = True) -> ScanRules:
    """Returns the rules as shipped, those on trial too. Raises CatalogError.

    marks: whether the words that weigh most in what meaning read are marked, for those who show them.
    """
    engine = Engine.build(load_catalog(), cache=FilePatternCache(), experimental=True, meaning=shipped(), marks=marks)
    return ScanRules(Checker(engine, SHIPPED_TERMS))


def rules_in_force(state_dir: Path, *, marks: bool = True) -> ScanRules:
    """Returns the rules by which a Koban of this state folder judges: packs, own rules, overrides and switches.

    Nothing is written. What was said of one warning, a client or a whole site does not count, nor does what was taught
    or seen: these are of pages that are visited. marks: as for `shipped_rules`. Raises CatalogError if what ships is
    broken, OSError where the settings cannot be read.
    """
    used = catalog_in_use(state_dir)
    packs = engine_of(used, marks=marks)
    return ScanRules(Checker(packs.engine, packs.terms), _origin(state_dir, used), packs.markup)


@dataclass(frozen=True, slots=True)
class CatalogInForce:
    """Rules as they are written, the reader of what texts mean, the terms of sites, and where the rules are from."""

    catalog: Catalog
    meaning: MeaningReader
    terms: Terms
    origin: RulesOrigin = field(default_factory=RulesOrigin)


def catalog_in_force(state_dir: Path) -> CatalogInForce:
    """Returns the catalog of `rules_in_force`, with no engine made of it. Raises as it does."""
    used = catalog_in_use(state_dir)
    return CatalogInForce(used.catalog, used.meaning(), used.terms(), _origin(state_dir, used))


@dataclass(frozen=True, slots=True)
class MarkupInForce:
    """By site, what packs say of its markup. troubles: of packs, which others take the place of."""

    markup: Mapping[str, MarkupChanges] = field(default_factory=dict)
    troubles: tuple[PackTrouble, ...] = ()


def markup_in_force(state_dir: Path) -> MarkupInForce:
    """Returns what pages are read by. Rules are read where there are packs, since those may make one give way. Raises
    CatalogError if what ships is broken."""
    packs = packs_in_use(state_dir)
    if not packs.layers:
        return MarkupInForce(troubles=packs.troubles)
    used = catalog_in_use(state_dir)
    return MarkupInForce(used.markup(), used.packs.troubles)


def origin_in_force(state_dir: Path) -> RulesOrigin:
    """Returns where the rules of `rules_in_force` are from, without making them ready. Raises as it does."""
    return _origin(state_dir, catalog_in_use(state_dir))


def _origin(state_dir: Path, used: CatalogInUse) -> RulesOrigin:
    switches = _rule_switches(state_dir, used.catalog)
    names = [SHIPPED, *(f"{layer.channel} {layer.version}" for layer in used.packs.layers)]
    names += [OWN] if _has_own(user_rules_dir(state_dir), used) else []
    names += [SWITCHES] if switches != Settings() else []
    return RulesOrigin(tuple(names), switches, used.packs.troubles, used.own_problems)


def _has_own(rules_dir: Path, used: CatalogInUse) -> bool:
    """Whether files of the user change anything that judges: a file that was passed over changes nothing."""
    if not rules_dir.is_dir():
        return False
    try:
        without = load_catalog([SHIPPED_RULES, *(layer.rules for layer in used.packs.layers)])
    except CatalogError:
        # A pack that can be read only with what the user's files add.
        return True
    return _what_judges(without) != _what_judges(used.catalog)


def _what_judges(catalog: Catalog) -> tuple[object, ...]:
    # Titles are left out: those of other channels' rules have the channel's name added.
    rules = [(rule.id, rule.origin, rule.severity, rule.status, rule.confidence) for rule in catalog.rules]
    return rules, catalog.terms, catalog.groups, catalog.renames


def _rule_switches(state_dir: Path, catalog: Catalog) -> Settings:
    # By the ids that rules have now.
    settings = JsonFile(state_dir / SETTINGS_FILE, Settings, read_only=True).read()
    change = switches_of_former_ids(settings, catalog)
    current = Settings.model_validate(merged(settings.model_dump(mode="json"), change))
    sites = {site: SiteSettings(rules=own.rules) for site, own in current.sites.items() if own.rules}
    return Settings(rules=current.rules, sites=sites)


def words_of_rules(names: Sequence[str]) -> Text:
    """Returns the words for the names of `RulesOrigin`."""
    texts = [_WORDS.get(name) or Text(ja=f"パック {name}", en=f"pack {name}") for name in names]
    return Text(ja="、".join(text.ja for text in texts), en=", ".join(text.en for text in texts))
