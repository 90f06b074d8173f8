"""The demo's tour of all thirteen marketplaces, in both browsers: each page brings the banner of its verdict."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from addon.desktop.browsers import Browser
from addon.koban import Koban
from addon.verdicts.log import PageVerdict
from extractors.descriptor import descriptors
from rules.lexicon import REASONS, STATES
from tests.browser.bidi import Driven, listening
from tests.browser.stage import (
    ON_STAGE,
    banner,
    eventually,
    firefox_on_stage,
    koban_on_stage,
    window_on_stage,
)

# Some eighty pages, one after another.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(1_200)]

TITLES_ALONE = {"https://www.malt.fr/messages"}
"""Pages of which nothing is known but titles: they are not checked."""
Visit = Callable[[str], Callable[[], str]]
"""Opens a page, and returns what looks at the words of its banner."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Koban]:
    with koban_on_stage(tmp_path_factory.mktemp("demo"), is_demo=True) as koban:
        yield koban


def toured(koban: Koban, visit: Visit) -> None:
    """Visit every page of the tour, and hold each banner to the verdict that Koban gave."""
    assert {site.id for site in ON_STAGE} == set(descriptors())
    for site in ON_STAGE:
        for stop in site.tour:
            awaited(koban, stop.url, visit(stop.url))


def awaited(koban: Koban, url: str, words: Callable[[], str]) -> None:
    """Wait until the banner of a page tells its verdict."""
    eventually(lambda: (url, koban.verdicts.shown(url), words()), lambda seen: is_told(*seen[1:]))


def is_told(shown: PageVerdict | None, words: str) -> bool:
    """Whether a banner tells a verdict: a warning by its title; where there is none, it says nothing of a danger.

    A deal's page without a warning says whether one may start.
    """
    if shown is None or shown.verdict.state == "not-checked":
        return shown is not None and shown.url in TITLES_ALONE and REASONS["nothing-to-check"].words.ja in words
    titles = [finding.title.ja for finding in shown.verdict.findings if finding.severity != "notice"]
    lines = set(words.splitlines())
    if titles:
        return not lines.isdisjoint(titles)
    return bool(lines) and lines.isdisjoint(STATES[state].words.ja for state in ("caution", "danger", "not-checked"))


def test_issue_21_chromium_tours_all_thirteen(chromium_here: Browser, demo: Koban, tmp_path: Path) -> None:
    with sync_playwright() as playwright, window_on_stage(playwright, demo, tmp_path, every_site=True) as view:
        page = view.context.new_page()

        def visit(url: str) -> Callable[[], str]:
            page.goto(url)
            return lambda: shown.text if (shown := banner(page)) is not None else ""

        toured(demo, visit)


def test_issue_21_firefox_tours_all_thirteen(firefox_here: Browser, demo: Koban, tmp_path: Path) -> None:
    with ExitStack() as stack:
        driven = Driven(listening(stack.enter_context(firefox_on_stage(demo, tmp_path, every_site=True))))
        stack.callback(driven.close)

        def visit(url: str) -> Callable[[], str]:
            driven.go(url)
            return lambda: driven.words("koban-banner")

        toured(demo, visit)
