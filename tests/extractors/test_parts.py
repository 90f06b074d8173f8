"""A job that stands twice in a list: on all sites, what either of its cards says is kept."""

import html
import json

import pytest

from extractors import extract
from extractors.parts import distinct_jobs, fuller
from extractors.records import Client, Job
from tests.extractors.saved_pages import page


def island(*rows: dict[str, object]) -> str:
    data = html.escape(json.dumps({"searchResult": {"job_offers": rows}}))
    return f'<div id="vue-container" data="{data}"></div>'


def answer(*attributes: dict[str, object]) -> str:
    return json.dumps({"data": [{"type": "jobs", "id": 7, "attributes": one} for one in attributes]})


BARE_AND_FULL = {
    "https://crowdworks.jp/public/jobs": (
        island,
        {"job_offer": {"id": 7, "title": "件名"}},
        {
            "job_offer": {"id": 7, "title": "件名", "description_digest": "本文"},
            "client": {"user_id": 1, "username": "依頼主"},
        },
    ),
    "https://www.lancers.jp/work/search": (
        lambda *cards: "".join(f'<div class="p-search-job-media">{card}</div>' for card in cards),
        '<a class="p-search-job-media__title" href="/work/detail/7">件名</a>',
        '<a class="p-search-job-media__title" href="/work/detail/7">件名</a><p class="js-job-show-description">本文</p>'
        '<p class="p-search-job-media__avatar-note"><a href="/client/nick">依頼主</a></p>',
    ),
    "https://coconala.com/requests": (
        lambda *cards: "".join(f'<div class="c-searchItemWrapper">{card}</div>' for card in cards),
        '<a class="c-searchItem_detailLink" href="/requests/7"></a><p class="c-itemInfo_title"><a>件名</a></p>',
        '<a class="c-searchItem_detailLink" href="/requests/7"></a><p class="c-itemInfo_title"><a>件名</a></p>'
        '<p class="c-itemInfo_description">本文</p><p class="c-itemInfoUser_name"><span>依頼主</span></p>',
    ),
    "https://internal.shufti.jp/api/v1/guest/jobs": (
        answer,
        {"name": "件名"},
        {"name": "件名", "period": "あと3日", "client_name": "依頼主"},
    ),
    "https://mamaworks.jp/jobs": (
        lambda *cards: "".join(f'<li itemtype="https://schema.org/JobPosting">{card}</li>' for card in cards),
        '<a href="/job/7"></a><h2 itemprop="title">件名</h2>',
        '<a href="/job/7"></a><h2 itemprop="title">件名</h2><p itemprop="description">本文</p>'
        '<p itemprop="hiringOrganization"><b itemprop="name">依頼主</b></p>',
    ),
    "https://www.craudia.com/work_list": (
        lambda *cards: "".join(f'<div class="work-list__item">{card}</div>' for card in cards),
        '<a class="work-list__title" href="/work_detail/a7">件名</a>',
        '<a class="work-list__title" href="/work_detail/a7">件名</a><div class="work-list__work-type task">タスク</div>'
        '<div class="work-list__reward">30 円 / 件</div><p class="work-list__client"><a><span>依頼主</span></a></p>',
    ),
}


@pytest.mark.parametrize("url", BARE_AND_FULL)
@pytest.mark.parametrize("order", [(1, 2), (2, 1), (1, 2, 1)])
def test_the_fuller_card_of_a_job_is_kept_wherever_it_stands(url: str, order: tuple[int, ...]) -> None:
    made = BARE_AND_FULL[url]
    whole = made[0]
    (job,) = extract(page(whole(*(made[place] for place in order)), url)).records
    (alone,) = extract(page(whole(made[2]), url)).records
    assert isinstance(job, Job)
    assert job.client is not None
    assert job.client.name == "依頼主"
    assert job.model_dump(exclude={"sources"}) == alone.model_dump(exclude={"sources"})


def test_what_only_one_card_says_is_kept_with_its_place() -> None:
    one = Job(id="7", title="件名", client=Client(id="5", rating=4.5, sources={"rating": "b"}), sources={"title": "h3"})
    other = Job(
        id="7",
        title="件名…",
        body="本文",
        applicants=3,
        client=Client(id="5", name="依頼主", sources={"name": "i"}),
        sources={"title": "h2", "body": "p"},
    )
    for both in (fuller(one, other), fuller(other, one)):
        assert (both.title, both.body, both.applicants) == ("件名…", "本文", 3)
        assert both.sources == {"title": "h2", "body": "p"}
        assert both.client is not None
        assert (both.client.name, both.client.rating) == ("依頼主", 4.5)
        assert both.client.sources == {"name": "i", "rating": "b"}


def test_jobs_keep_their_order_and_what_is_none_is_left_out() -> None:
    jobs = distinct_jobs(
        [Job(id="2", title="二"), None, Job(title="なし"), Job(id="1", title="一"), Job(id="2", body="本文")]
    )
    assert list(jobs) == ["2", "1"]
    assert (jobs["2"].title, jobs["2"].body) == ("二", "本文")


def test_two_clients_are_not_made_into_one() -> None:
    one = Job(id="7", title="件名", body="本文", client=Client(id="5", name="依頼主"))
    both = fuller(one, Job(id="7", title="件名", client=Client(id="6", rating=1.0)))
    assert both.client == one.client
