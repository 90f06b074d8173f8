"""Places to report to, and to turn to."""

from datetime import date
from urllib.parse import urlsplit

import pytest

from addon.history.places import HELP, place_on
from extractors import SITES


@pytest.mark.parametrize("site", [site.id for site in SITES])
def test_every_place_has_all_its_parts(site: str) -> None:
    place = place_on(site, None)
    assert place is not None
    assert all(
        (text.ja and text.en) for text in (place.name, place.operator, place.by, *([place.path] if place.path else []))
    )
    assert date(2026, 1, 1) <= place.verified
    assert (place.source is None) == (place.path is None), "a way is told with where it is published"
    for address in (place.url, place.source):
        assert address is None or urlsplit(address).path.strip("/"), "a front page takes no reports"


@pytest.mark.parametrize(
    ("site", "page", "button"),
    [
        ("crowdworks", "https://crowdworks.jp/public/jobs/1", "このページにある「この仕事を通報する」"),
        ("crowdworks", "https://crowdworks.jp/contracts/1", "「違反報告をする」"),
        ("lancers", "https://www.lancers.jp/work/detail/1", "このページにある「違反申告」"),
        ("coconala", "https://coconala.com/requests/1", None),
        ("craudia", "https://www.craudia.com/", None),
        ("crowdworks", "https://elsewhere.example/public/jobs/1", "仕事のページの「この仕事を通報する」か"),
    ],
)
def test_ux_01_a_report_names_the_button_of_the_page_that_is_open(site: str, page: str, button: str | None) -> None:
    place = place_on(site, page)
    assert place is not None
    assert (place.path is None) if button is None else (place.path is not None and button in place.path.ja)
    assert place.url is None, "no form was verified"


def test_every_help_has_all_its_parts() -> None:
    assert [each.reach for each in HELP] == ["https://freelance110.mhlw.go.jp/", "188", "#9110"]
    for each in HELP:
        assert each.url.startswith("https://")
        assert date(2026, 1, 1) <= each.verified
        assert all((each.name.ja, each.name.en, each.for_what.ja, each.for_what.en, each.by.ja, each.by.en))
