"""A site that is nothing but pages: each stop of its tour is there, dates count from today, queries count."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from addon.demo.server import JST
from addon.demo.session import SITES
from addon.demo.template_site import SiteFile, TemplateSite

NOW = datetime(2026, 11, 30, 12, tzinfo=JST)
DRAWN = [site for site in SITES if isinstance(site, TemplateSite)]


@pytest.mark.parametrize("site", DRAWN, ids=lambda site: site.id)
def test_each_stop_and_what_it_fetches_is_a_page_of_the_site(site: TemplateSite) -> None:
    assert site.tour
    for stop in site.tour:
        for url in (stop.url, *stop.fetches):
            location = urlsplit(url)
            assert location.hostname in site.hosts
            answer = site.answer(location, NOW)
            assert answer is not None, url
            assert answer.body


def test_an_address_that_is_none_has_no_page() -> None:
    assert DRAWN[0].answer(urlsplit(f"https://{DRAWN[0].hosts[0]}/no/such/page"), NOW) is None


def test_dates_count_from_today() -> None:
    """Not every page of a site shows a date; over all of them some do, and none stays the same."""
    later = NOW.replace(year=2027, month=3, day=15)
    changed = [
        stop
        for site in DRAWN
        for stop in site.tour
        if site.answer(urlsplit(stop.url), NOW) != site.answer(urlsplit(stop.url), later)
    ]
    assert len(changed) > len(DRAWN)


def test_a_slip_in_a_site_file_is_an_error() -> None:
    page = {"url": "https://x.example/", "templat": "list.html"}
    with pytest.raises(ValidationError, match="templat"):
        SiteFile.model_validate(
            {"id": "x", "name_ja": "x", "name_en": "x", "hosts": ["x.example"], "page": [page], "content": {}}
        )
