"""The catalog that ships, read once for all tests of a process, and compiled patterns."""

from functools import cache
from pathlib import Path

from addon.state.paths import FilePatternCache
from rules.loader import Catalog, load_catalog


@cache
def shipped_catalog() -> Catalog:
    return load_catalog()


PATTERNS = FilePatternCache(Path(__file__).parents[1] / ".cache/tests")
"""Compiled patterns, kept from run to run: to compile the catalog's takes seconds of every process, and the disguises
that every reader of pages knows a third of a second each time."""
