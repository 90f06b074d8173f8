"""The engine of all shipped rules, also of those on trial, shared by the tests of the rules."""

import pytest

from addon.state.paths import FilePatternCache
from rules.engine import Engine
from rules.loader import Catalog
from rules.meaning.reader import shipped


@pytest.fixture(scope="session")
def engine(catalog: Catalog, patterns: FilePatternCache) -> Engine:
    return Engine.build(catalog, patterns, experimental=True, meaning=shipped())
