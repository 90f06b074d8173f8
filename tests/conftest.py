"""What many tests share: the material beside the project, the shipped catalog, and one engine for all."""

import os
import re
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from addon.garbage import put_off
from addon.judging.check import Checker
from addon.judging.local import LocalJudge
from addon.resource_limits import use_one_core
from addon.state.paths import FilePatternCache
from rules.document import Document
from rules.engine import Engine
from rules.loader import SHIPPED_RULES, Catalog
from rules.meaning.reader import shipped
from rules.sites import SHIPPED_TERMS
from tests.catalog import CACHES, PATTERNS, shipped_catalog

JST = timezone(timedelta(hours=9))

# Whatever the locale of the machine is; what speaks one language says so.
os.environ["KOBAN_LANG"] = "both"
# Each process and browser's Koban that a test starts would compile the patterns of all rules anew, into the user's own.
os.environ["XDG_CACHE_HOME"] = str(CACHES)
use_one_core()

# By default Hypothesis fails an example that takes longer than 200 ms, as one may on a busy machine.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# `make test-fast` tries a few examples only. (A test that has a number of its own keeps it.)
settings.register_profile("fast", settings.get_profile("any machine"), max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "any machine"))

_MARKED_WHOLE = re.compile(r"^pytestmark = pytest\.mark\.(\w+)$", re.MULTILINE)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: no later collection of garbage has to look through it."""
    with put_off():
        return (yield)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Whether a file is marked whole with what `-m` leaves out: it need not be imported to be deselected."""
    if collection_path.suffix != ".py" or not config.option.markexpr:
        return None
    marked = _MARKED_WHOLE.search(collection_path.read_text("utf-8"))
    return True if marked is not None and f"not {marked[1]}" in config.option.markexpr.split(" and ") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with what takes long come first, then those of browsers, and last what is quick.

    `--dist loadfile --no-loadscope-reorder` gives them out in this order: a file of minutes that came last would leave
    one worker without work. (By itself xdist begins with the files of most tests, which are the quickest.)
    """
    ranks: dict[Path, int] = {}
    for item in items:
        rank = 0 if item.get_closest_marker("slow") else 1 if item.get_closest_marker("browser") else 2
        ranks[item.path] = min(rank, ranks.get(item.path, rank))
    items.sort(key=lambda item: ranks[item.path])


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material at ../shared; tests that need it are skipped where it is absent."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not here")
    return folder


@pytest.fixture(scope="session", autouse=True)
def shipped_files_parsed_once() -> Iterator[None]:
    """The files of the shipped catalog do not change while tests run: each load after the first checks them only."""
    parsed = cache(Document)

    def document(path: Path, shown: str) -> Document:
        return parsed(path, shown) if path.is_relative_to(SHIPPED_RULES) else Document(path, shown)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rules.loader.Document", document)
        yield


@pytest.fixture(scope="session")
def patterns() -> FilePatternCache:
    return PATTERNS


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return shipped_catalog()


@pytest.fixture(scope="session")
def engine(catalog: Catalog, patterns: FilePatternCache) -> Engine:
    return Engine.build(catalog, patterns, meaning=shipped())


@pytest.fixture(scope="session")
def checker(engine: Engine) -> Checker:
    return Checker(engine, SHIPPED_TERMS)


@pytest.fixture(scope="session")
def judge(engine: Engine) -> LocalJudge:
    """A judge of this process, without a memory."""
    return LocalJudge(engine, terms=SHIPPED_TERMS)


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime(2026, 11, 24, 12, 0, tzinfo=JST)
