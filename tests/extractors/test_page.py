"""Pages, the errors of reading them, and the extractor for an address."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from extractors import SITES
from extractors.page import Page, PageChanged


def test_a_page_has_a_place() -> None:
    page = Page("https://crowdworks.jp/public/jobs/1?x=1#top", b"", "", datetime(2026, 11, 26, tzinfo=UTC))
    assert (page.location.hostname, page.location.path) == ("crowdworks.jp", "/public/jobs/1")
    assert page.feed is None


def test_a_changed_page_names_what_is_missing() -> None:
    changed = PageChanged("job", ["job.title", "job.body"])
    assert changed.missing == ("job.title", "job.body")
    assert str(changed) == "job: no reader found job.title, job.body"


def test_each_example_of_an_extractor_leads_to_it_and_another_address_nowhere() -> None:
    for site in SITES:
        for extractor in site.pages:
            for example in extractor.examples:
                assert site.extractor_for(urlsplit(example)) is extractor, example
        assert site.extractor_for(urlsplit(f"https://{site.hosts[0]}/koban-knows-no-such-page")) is None
