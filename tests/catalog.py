"""The catalog that ships, read once for all tests of a process, and compiled patterns."""

from functools import cache
from pathlib import Path

from addon.state.paths import FilePatternCache
from rules.loader import Catalog, load_catalog


@cache
def shipped_catalog() -> Catalog:
    return load_catalog()


CACHES = Path(__file__).parents[1] / ".cache/tests"
"""What a Koban that a test starts takes for the user's folder of caches, where the system lets it be named."""
PATTERNS = FilePatternCache(CACHES / "koban/patterns")
"""Compiled patterns, kept from run to run: to compile the catalog's takes seconds of every process, and the disguises
that every reader of pages knows a third of a second each time."""
