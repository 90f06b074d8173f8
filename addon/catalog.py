"""The catalog as this machine has it: the shipped rules, and the user's own laid over them."""

from pathlib import Path

from addon.paths import default_state_dir
from rules.loader import SHIPPED, Catalog, load_catalog


def user_rules_dir(state_dir: Path | None = None) -> Path:
    """Where a user keeps rules and overrides of their own (`catalog/<topic>/<id>.yaml`, `overrides.yaml`)."""
    return (state_dir or default_state_dir()) / "rules"


def local_catalog(rules_dir: Path | None = None) -> Catalog:
    """The shipped catalog with a folder of the user's own over it, where there is one.

    Raises CatalogError, whose text has every problem as `file:line: reason`.
    """
    own = rules_dir if rules_dir is not None else user_rules_dir()
    return load_catalog([SHIPPED, own] if own.is_dir() else None)
