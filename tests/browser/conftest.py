"""Fixtures of the tests in real browsers: skipped with a reason where there is none, unless one is required."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Playwright, expect, sync_playwright

from addon.desktop.browsers import Browser
from addon.koban import Koban
from addon.state.settings import Settings
from tests.browser import stage
from tests.browser.bidi import Driven, listening
from tests.browser.stage import (
    CROWDWORKS,
    PATIENCE,
    Unavailable,
    View,
    build_extension,
    firefox_on_stage,
    koban_on_stage,
    window_on_stage,
)

# Five seconds by default, which a busy machine may need.
expect.set_options(timeout=1_000 * PATIENCE)


def ready(find: Callable[[], Browser]) -> Browser:
    """A browser with the extension built for it; else the test is skipped, or fails where browsers are required."""
    try:
        browser = find()
        build_extension(browser)
    except Unavailable as missing:
        if os.environ.get("KOBAN_REQUIRE_BROWSERS") == "1":
            pytest.fail(f"KOBAN_REQUIRE_BROWSERS is set, but {missing}")
        pytest.skip(str(missing))
    return browser


@pytest.fixture(scope="session")
def chromium_here() -> Browser:
    return ready(stage.chromium)


@pytest.fixture(scope="session")
def firefox_here() -> Browser:
    return ready(stage.firefox)


# Not for the session: while it runs, its event loop is this thread's, and no asynchronous test can have one.
@pytest.fixture(scope="module")
def playwright(chromium_here: Browser) -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def koban(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Koban]:
    with koban_on_stage(tmp_path_factory.mktemp("state")) as koban:
        yield koban


@pytest.fixture(scope="module")
def firefox_port(firefox_here: Browser, koban: Koban, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port on which a Firefox window that has paired is driven."""
    with firefox_on_stage(koban, tmp_path_factory.mktemp("firefox")) as log:
        yield listening(log)


@pytest.fixture
def firefox(firefox_port: int) -> Iterator[Driven]:
    """A tab of that window."""
    driven = Driven(firefox_port)
    yield driven
    try:
        driven.shut()
    finally:
        # A session that stays keeps the next test from having one.
        driven.close()


SWITCHED = ("rules", "sites", "clients", "wrong", "paused_until", "active_step", "guard", "history", "trust")


@pytest.fixture(autouse=True)
def default_settings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test switches or teaches is taken back, also where it fails: the next one has the same Koban."""
    koban = request.getfixturevalue("koban") if "koban" in request.fixturenames else None
    yield
    if koban is not None:
        current, default = koban.settings.current, Settings()
        changed = [name for name in SWITCHED if getattr(current, name) != getattr(default, name)]
        if changed:
            koban.settings.patch(dict.fromkeys(changed))
        if koban.lessons.current:
            koban.lessons.undo(None)


@pytest.fixture
def last_message_later() -> Iterator[None]:
    """The last message of each thread is kept back at first."""
    CROWDWORKS.kept_back = 1
    yield
    CROWDWORKS.kept_back = 0


@pytest.fixture(scope="module")
def bare_window(playwright: Playwright, koban: Koban, tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """A window without the extension."""
    with window_on_stage(playwright, koban, tmp_path_factory.mktemp("bare"), extension=False) as view:
        yield view


@pytest.fixture(scope="module")
def window(playwright: Playwright, koban: Koban, tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """A window with the extension, paired."""
    with window_on_stage(playwright, koban, tmp_path_factory.mktemp("window")) as view:
        yield view
