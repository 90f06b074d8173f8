"""The catalog that ships, read once for all tests of a process."""

from functools import cache

from rules.loader import Catalog, load_catalog


@cache
def shipped_catalog() -> Catalog:
    return load_catalog()
