"""The catalog of this machine: the shipped rules, with the user's own over them."""

import logging
import re
from pathlib import Path

from addon.state.paths import default_state_dir
from rules.loader import SHIPPED, Catalog, load_catalog
from rules.problems import CatalogError

log = logging.getLogger("koban.catalog")

_PLACE = re.compile(r"(.+?):\d+: ")
"""The file that a problem of a catalog names."""


def user_rules_dir(state_dir: Path | None = None) -> Path:
    """Returns the folder of the user's own rules (`catalog/<topic>/<id>.yaml`) and overrides (`overrides.yaml`)."""
    return (state_dir or default_state_dir()) / "rules"


def local_catalog(rules_dir: Path | None = None) -> Catalog:
    """Returns the shipped catalog with a folder of the user's own over it, if there is one.

    Raises CatalogError, whose text has every problem as `file:line: reason`.
    """
    own = rules_dir if rules_dir is not None else user_rules_dir()
    return load_catalog([SHIPPED, own] if own.is_dir() else None)


def usable_catalog(rules_dir: Path) -> tuple[Catalog, tuple[str, ...]]:
    """Returns the same catalog without the user's own broken files, and their problems as `file:line: reason`.

    A broken rule must not keep Koban from starting. Raises CatalogError if the shipped catalog itself is broken.
    """
    problems: dict[str, None] = {}
    without: set[Path] = set()
    while rules_dir.is_dir():
        try:
            return load_catalog([SHIPPED, rules_dir], without=without), tuple(problems)
        except CatalogError as error:
            problems |= dict.fromkeys(error.problems)
            places = (_PLACE.match(problem) for problem in error.problems)
            broken = {Path(place[1]) for place in places if place is not None} - without
            if not any(path.is_relative_to(rules_dir) for path in broken):
                # Not of the user's files, or of none that could be left out.
                break
            without |= broken
    return load_catalog(), tuple(problems)
