"""CrowdWorks' pages of the offline marketplace, by their addresses."""

import json
from datetime import datetime
from urllib.parse import urlsplit

import pytest

from addon.demo.crowdworks.content import content
from addon.demo.crowdworks.pages import HOST, CrowdWorks
from addon.demo.server import JST

NOW = datetime(2026, 11, 30, 12, tzinfo=JST)


@pytest.fixture(scope="module")
def site() -> CrowdWorks:
    return CrowdWorks()


def _text(site: CrowdWorks, path: str) -> str:
    answer = site.answer(urlsplit(HOST + path), NOW)
    assert answer is not None, path
    return answer.body.decode()


def test_each_stop_and_what_it_fetches_is_there(site: CrowdWorks) -> None:
    for stop in site.tour:
        for url in (stop.url, *stop.fetches):
            assert _text(site, url.removeprefix(HOST))


@pytest.mark.parametrize("path", ["/public/jobs/1", "/public/employers/1", "/contracts/1", "/e/nothing", "/"])
def test_what_is_not_there_has_no_page(site: CrowdWorks, path: str) -> None:
    assert site.answer(urlsplit(HOST + path), NOW) is None


def test_a_search_shows_the_jobs_that_hold_every_word_and_no_advertisement(site: CrowdWorks) -> None:
    words = content().jobs[0].title[:4]
    whole, searched = _text(site, "/public/jobs"), _text(site, f"/public/jobs/search?keyword={words}")
    assert content().jobs[0].title in searched
    assert content().advertised[0].title in whole
    assert content().advertised[0].title not in searched


def test_a_proposal_and_a_contract_are_at_their_own_addresses(site: CrowdWorks) -> None:
    deals = {deal.state: deal for deal in content().deals}
    proposed, funded = deals["proposed"], deals["funded"]
    assert _text(site, proposed.path)
    assert site.answer(urlsplit(f"{HOST}/contracts/{proposed.id}"), NOW) is None
    assert site.answer(urlsplit(f"{HOST}/proposals/{funded.id}"), NOW) is None


def test_a_threads_messages_come_as_data_in_their_order(site: CrowdWorks) -> None:
    deal = content().deals[0]
    messages = json.loads(_text(site, f"/message/threads/{deal.thread}/messages.json"))["messages"]
    assert len(messages) == len(deal.messages)
