"""The catalog of this machine: the shipped rules, with the user's own over them."""

import logging
import re
from collections.abc import Sequence
from pathlib import Path

from addon.state.paths import default_state_dir
from rules.loader import SHIPPED_RULES, Catalog, load_catalog
from rules.problems import CatalogError

log = logging.getLogger("koban.catalog")

_PLACE = re.compile(r"(.+?):\d+: ")


def places(error: CatalogError) -> set[Path]:
    """Returns the files that the problems of a catalog name."""
    matches = (_PLACE.match(problem) for problem in error.problems)
    return {Path(place[1]) for place in matches if place is not None}


def user_rules_dir(state_dir: Path | None = None) -> Path:
    """Returns the folder of the user's own rules (`catalog/<topic>/<id>.yaml`) and overrides (`overrides.yaml`)."""
    return (state_dir or default_state_dir()) / "rules"


def local_catalog(rules_dir: Path | None = None) -> Catalog:
    """Returns the shipped catalog with a folder of rules over it, if there is one.

    rules_dir: None takes the user's own, whose overrides may be of rules that packs have: these are passed over. Raises
    CatalogError, whose text has every problem as `file:line: reason`.
    """
    own = rules_dir if rules_dir is not None else user_rules_dir()
    return load_catalog(
        [SHIPPED_RULES, own] if own.is_dir() else None, unmet_overrides=[] if rules_dir is None else None
    )


def usable_catalog(rules_dir: Path, between: Sequence[Path] = ()) -> tuple[Catalog, tuple[str, ...]]:
    """Returns the same catalog without the user's own broken files, and their problems as `file:line: reason`.

    A broken rule must not keep Koban from starting, nor a rule that a pack no longer has the overrides of others.
    between: folders of packs, over what ships and under the user's own. Raises CatalogError if the catalog is broken
    without the user's files.
    """
    problems: dict[str, None] = {}
    without: set[Path] = set()
    while rules_dir.is_dir():
        try:
            unmet_problems: list[str] = []
            catalog = load_catalog(
                [SHIPPED_RULES, *between, rules_dir], without=without, unmet_overrides=unmet_problems
            )
            return catalog, (*problems, *unmet_problems)
        except CatalogError as error:
            problems |= dict.fromkeys(error.problems)
            broken_files = places(error) - without
            if not any(path.is_relative_to(rules_dir) for path in broken_files):
                # Not of the user's files, or of none that could be left out.
                break
            without |= broken_files
    return load_catalog([SHIPPED_RULES, *between]), tuple(problems)
