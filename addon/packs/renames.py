"""The user's switches survive where a pack gives a rule another id."""

from collections.abc import Mapping
from typing import Any

from addon.state.settings import Settings
from rules.loader import Catalog


def switches_of_former_ids(settings: Settings, catalog: Catalog) -> dict[str, Any]:
    """Returns the change of settings (a merge patch) by which rules have the switches of their former ids.

    Empty where nothing is to be changed. What stands under a former id stays, so that going back from a pack loses
    nothing, and what the user chose for the present id counts.
    """
    change: dict[str, Any] = {}
    if rules := _renamed(settings.rules, catalog):
        change["rules"] = rules
    by_site = {site: _renamed(own.rules, catalog) for site, own in settings.sites.items()}
    if sites := {site: {"rules": own} for site, own in by_site.items() if own}:
        change["sites"] = sites
    wrong = {key: day.isoformat() for key, day in settings.wrong.items()}
    by_key = {_current(key, catalog): day for key, day in wrong.items()}
    if by_key := {key: day for key, day in by_key.items() if key not in wrong}:
        change["wrong"] = by_key
    return change


def _renamed(switches: Mapping[str, bool], catalog: Catalog) -> dict[str, bool]:
    present = {catalog.current_id(rule): on for rule, on in switches.items()}
    return {rule: on for rule, on in present.items() if rule not in switches}


def _current(key: str, catalog: Catalog) -> str:
    rule, at, rest = key.partition("@")
    return f"{catalog.current_id(rule)}{at}{rest}"
