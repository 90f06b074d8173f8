"""The shipped catalog and its engine, shared by the tests of the rules."""

import pytest

from addon.state.paths import FilePatternCache
from rules.engine import Engine
from rules.loader import Catalog, load_catalog
from rules.meaning.reader import shipped


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def engine(catalog: Catalog, patterns: FilePatternCache) -> Engine:
    return Engine.build(catalog, patterns, experimental=True, meaning=shipped())
