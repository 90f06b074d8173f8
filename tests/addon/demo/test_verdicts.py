"""What Koban says of the offline marketplace: it warns where a person should stop, and nowhere else."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest

from addon.demo import SITES
from addon.demo.crowdworks import CrowdWorks
from addon.demo.site import DemoSite
from addon.judging.check import Checker
from addon.verdicts.settle import state_of
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


ELSEWHERE = {
    "https://www.lancers.jp/work/search": {"direct-contract"},
    "https://www.lancers.jp/work/detail/6100002": {"direct-contract"},
    "https://www.lancers.jp/mypage/proposals/all/working": {"escrow-not-confirmed"},
    "https://www.lancers.jp/work/proposal/70001": {"escrow-not-confirmed"},
    "https://www.lancers.jp/monthly_work_contracts/lancer": {"escrow-not-confirmed"},
    "https://www.lancers.jp/message": {"messenger-invitation"},
    "https://coconala.com/requests": {"fee-upfront"},
    "https://coconala.com/requests/7100002": {"fee-upfront"},
    "https://coconala.com/mypage/direct_message/9200001": {"direct-contract"},
    "https://coconala.com/talkrooms/9100001": {"messenger-invitation"},
    "https://app.shufti.jp/jobs/search": {"bank-account-wanted"},
    "https://app.shufti.jp/jobs/view/411002": {"bank-account-wanted"},
    "https://mamaworks.jp/jobs": {"parcels-at-home"},
    "https://mamaworks.jp/job/61002": {"parcels-at-home"},
    "https://www.craudia.com/work_list": {"reviews-for-pay"},
    "https://www.craudia.com/work_detail/dem1002": {"reviews-for-pay"},
    "https://www.upwork.com/nx/search/jobs/": {"messenger-invitation"},
    "https://www.upwork.com/jobs/Translate-game-texts_~021999000000000000012/": {"messenger-invitation"},
    "https://www.upwork.com/jobs/Type-up-letters_~021999000000000000013/": {"no-earlier-offers"},
    "https://www.upwork.com/ab/messages/rooms/room_00000000000000000000000000000a01": {"messenger-invitation"},
    "https://www.upwork.com/ab/messages/rooms/room_00000000000000000000000000000a02": {"work-before-escrow"},
    "https://www.workana.com/jobs": {"messenger-invitation"},
    "https://www.workana.com/es/jobs": {"unpaid-test"},
    "https://www.workana.com/job/site-de-uma-pousada": {"messenger-invitation"},
    "https://www.workana.com/job/logo-de-una-heladeria": {"unpaid-test"},
    "https://www.workana.com/messages/bid/receitas-de-familia": {"posts-and-never-pays"},
    "https://www.fiverr.com/inbox/brightdeals_hq": {"messenger-invitation", "direct-contract"},
    "https://www.fiverr.com/inbox/rush_studio9": {"work-before-escrow"},
    "https://www.malt.fr/messages/client-project-offer/m002": {"escrow-not-confirmed"},
    "https://www.malt.fr/messages/client-project-offer/m003": {"overpayment-cheque"},
    "https://www.freelancer.com/jobs/translation/": {"fee-upfront"},
    "https://www.freelancer.com/projects/data-entry/typing-of-pages-40800002": {"fee-upfront"},
    "https://www.freelancer.com/messages/thread/5100": {"fee-upfront"},
    "https://www.freelancer.com/messages/thread/5200": {"work-before-escrow", "escrow-not-confirmed"},
    "https://www.guru.com/d/jobs/": {"direct-contract"},
    "https://www.guru.com/jobs/subtitles-for-a-cooking-class/2140002": {"direct-contract", "posts-and-never-pays"},
    "https://www.peopleperhour.com/freelance-jobs": {"work-before-escrow", "messenger-invitation"},
    "https://www.peopleperhour.com/freelance-jobs/design/logo-design/sign-for-a-bakery-4610002": {
        "work-before-escrow",
        "messenger-invitation",
    },
}
"""On the other sites: pages, and rules that have to hold there. On all their further pages nothing is warned of."""


@pytest.mark.slow
def test_every_site_shows_good_and_bad_jobs(checker: Checker, now: datetime) -> None:
    for site in SITES:
        states = {state_of(findings(site, checker, stop.url, now)) for stop in site.tour}
        assert "clear" in states, site.id
        assert states & {"caution", "danger"}, site.id


@pytest.mark.parametrize(
    ("site", "url"), [pytest.param(site, stop.url, id=stop.url) for site in SITES[1:] for stop in site.tour]
)
def test_the_other_sites_warn_where_they_should_and_nowhere_else(
    site: DemoSite, url: str, checker: Checker, now: datetime
) -> None:
    warned = {f.rule for f in findings(site, checker, url, now) if f.severity != "notice"}
    expected = ELSEWHERE.get(url, set())
    assert warned >= expected
    assert bool(warned) == bool(expected), "ELSEWHERE names the rules that warn on a page"


def test_a_drawn_page_of_shufti_is_judged_as_it_is_shown(checker: Checker, now: datetime) -> None:
    """The second feed sends the page of one host as it stands; its data came from another."""
    shufti = next(site for site in SITES if site.id == "shufti")
    (stop,) = (stop for stop in shufti.tour if stop.fetches)
    answer = shufti.answer(urlsplit(stop.url), now)
    assert answer is not None
    verdict = checker.check(Page(stop.url, answer.body, answer.content_type, now))
    assert "bank-account-wanted" in {finding.rule for finding in verdict.findings}
    assert urlsplit(stop.fetches[0]).hostname != urlsplit(stop.url).hostname
    # The page that passed the proxy before it was drawn: nothing was checked, and nothing is said to be clear.
    empty = checker.check(Page(stop.url, b"<body><div id=app></div><script src=a.js></script>", "text/html", now))
    assert (empty.state, empty.reason) == ("not-checked", "nothing-to-check")


@pytest.fixture(scope="module")
def site() -> CrowdWorks:
    return CrowdWorks()


def findings(site: DemoSite, checker: Checker, url: str, now: datetime) -> list[Finding]:
    """What is found on a page and on what its script fetches."""
    fetched = next((stop.fetches for stop in site.tour if stop.url == url), ())
    found: list[Finding] = []
    for address in (url, *fetched):
        answer = site.answer(urlsplit(address), now)
        assert answer is not None
        found += checker.check(Page(address, answer.body, answer.content_type, now)).findings
    return found


@pytest.mark.parametrize("path", WARNED)
def test_it_warns_of_a_trap(site: CrowdWorks, checker: Checker, path: str, now: datetime) -> None:
    found = findings(site, checker, HOST + path, now)
    assert {f.rule for f in found if f.severity != "notice"} >= WARNED[path]


@pytest.mark.parametrize("path", QUIET)
def test_it_is_quiet_where_nothing_is_wrong(site: CrowdWorks, checker: Checker, path: str, now: datetime) -> None:
    assert state_of(findings(site, checker, HOST + path, now)) == "clear"
