"""What Koban says of the offline marketplace: it warns where a person should stop, and nowhere else."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest

from addon.check import Checker, state_of
from addon.demo.crowdworks import CrowdWorks
from extractors.page import Page
from rules.model import Finding

HOST = "https://crowdworks.jp"

WARNED = {
    "/public/jobs?order=new": {"messenger-invitation", "direct-contract"},
    "/public/jobs/13502014": {"no-earlier-offers"},
    "/public/jobs/13502033": {"messenger-invitation"},
    "/public/jobs/13502120": {"direct-contract"},
    "/e/contracts?status=active": {"escrow-not-confirmed"},
    "/proposals/88213045": {"messenger-invitation"},
    "/contracts/64120311": {"escrow-not-confirmed", "work-before-escrow", "direct-contract"},
    "/contracts/64118820": {"revisions-beyond-agreement"},
}
"""Addresses, and rules that have to hold there: by reading the pages."""

QUIET = [
    "/public/jobs/13501877",
    "/public/jobs/13501902",
    "/public/jobs/13501433",
    "/public/jobs/13501745",
    "/public/jobs/13501555",
    "/public/jobs/13501860",
    "/public/jobs/13502088",
    "/public/employers/4102877",
    "/proposals/88213102",
    "/contracts/64119874",
    "/contracts/64110295",
]
"""Honest offers and deals, some with words that a careless rule would stumble over."""


@pytest.fixture(scope="module")
def site() -> CrowdWorks:
    return CrowdWorks()


def findings(site: CrowdWorks, checker: Checker, path: str, now: datetime) -> list[Finding]:
    """What is found on a page and on what its script fetches."""
    fetched = next((stop.fetches for stop in site.tour if stop.url == HOST + path), ())
    found: list[Finding] = []
    for url in (HOST + path, *fetched):
        answer = site.answer(urlsplit(url), now)
        assert answer is not None
        found += checker.check(Page(url, answer.body, answer.content_type, now)).findings
    return found


@pytest.mark.parametrize("path", WARNED)
def test_it_warns_of_a_trap(site: CrowdWorks, checker: Checker, path: str, now: datetime) -> None:
    found = findings(site, checker, path, now)
    assert {f.rule for f in found if f.severity != "notice"} >= WARNED[path]


@pytest.mark.parametrize("path", QUIET)
def test_it_is_quiet_where_nothing_is_wrong(site: CrowdWorks, checker: Checker, path: str, now: datetime) -> None:
    assert state_of(findings(site, checker, path, now)) == "clear"
