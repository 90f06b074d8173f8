"""The shipped catalog and its engine, shared by the tests of the rules."""

import pytest

from addon.state.paths import FilePatternCache
from rules.engine import Engine
from rules.loader import Catalog
from rules.meaning.reader import shipped
from tests.catalog import shipped_catalog


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return shipped_catalog()


@pytest.fixture(scope="session")
def engine(catalog: Catalog, patterns: FilePatternCache) -> Engine:
    return Engine.build(catalog, patterns, experimental=True, meaning=shipped())
