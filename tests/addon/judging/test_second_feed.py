"""What a page's script may write into the history by way of the extension: little."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from addon.judging.protocol import Visit
from addon.judging.second_feed import ADDRESSES_A_MINUTE, SecondFeed
from addon.state.settings import SettingsStore
from addon.verdicts.log import VerdictLog
from extractors.page import Page
from rules.model import ClientRef, Verdict
from tests.addon.judges import FixedJudge

NOW = datetime(2026, 11, 26, tzinfo=UTC)


class RememberingJudge(FixedJudge):
    """Finds in each page the client that its body names, and lists those that it was to remember."""

    def __init__(self) -> None:
        self.remembered: list[str] = []
        self.judged_count = 0

    def check(self, visit: Visit) -> Verdict:
        client = visit.page.body.decode()
        self.judged_count += 1
        if visit.keep and (not client or visit.client in (None, client)):
            self.remembered.append(client)
        return Verdict(state="clear", checked=("x",), client=ClientRef(id=client, name=None) if client else None)


def page(number: int, client: str, at: datetime = NOW) -> Page:
    address = f"https://crowdworks.jp/public/jobs/{number}"
    return Page(url=address, body=client.encode(), content_type="text/html", received_at=at)


def test_attack_21_made_up_clients_at_one_address_are_judged_and_not_remembered() -> None:
    judge = RememberingJudge()
    feed = SecondFeed(judge)
    for number in range(20):
        verdict = feed.check(page(1, f"made-up-{number}"))
        assert verdict.client is not None
        assert verdict.client.id == f"made-up-{number}"
    feed.check(page(1, "made-up-0"))
    assert judge.remembered == ["made-up-0", "made-up-0"]
    assert judge.judged_count == 21, "each page once"


def test_attack_21_a_page_that_shows_its_client_late_is_remembered_with_it() -> None:
    judge = RememberingJudge()
    feed = SecondFeed(judge)
    for client in ("", "52", "52", ""):
        feed.check(page(1, client))
    assert judge.remembered == ["", "52", "52", ""]


def test_attack_21_a_page_that_the_proxy_saw_is_of_the_client_that_it_saw(tmp_path: Path) -> None:
    judge = RememberingJudge()
    log = VerdictLog(SettingsStore(tmp_path / "settings.json"), clock=lambda: NOW)
    feed = SecondFeed(judge, log.client)
    log.record(page(1, "").url, judge.check(Visit(page(1, "52"), keep=False)), "proxy", NOW)
    for client in ("made-up", "52", "made-up", "52"):
        shown = page(1, client)
        log.record(shown.url, feed.check(shown), "extension", NOW)
    assert judge.remembered == ["52", "52"]
    # What the proxy did not see, or saw without a client, is the second feed's alone to tell.
    log.record(page(2, "").url, judge.check(Visit(page(2, ""), keep=False)), "proxy", NOW)
    for number in (2, 3):
        feed.check(page(number, f"of-{number}"))
    assert judge.remembered[2:] == ["of-2", "of-3"]


def test_attack_21_a_minute_has_no_more_addresses_than_a_person_opens() -> None:
    judge = RememberingJudge()
    feed = SecondFeed(judge)
    for number in range(50):
        feed.check(page(number, f"client-{number}"))
    assert len(judge.remembered) == ADDRESSES_A_MINUTE
    feed.check(page(0, "client-0"))
    assert len(judge.remembered) == ADDRESSES_A_MINUTE + 1, "an open page is followed on"
    feed.check(page(99, "later", NOW + timedelta(minutes=2)))
    assert judge.remembered[-1] == "later"
