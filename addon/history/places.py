"""Places to report to, and places to turn to if money is lost.

A way through a site's menus is named only with a source for it; otherwise the text says that none was verified.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from extractors import SITES
from extractors.descriptor import ReportWay
from extractors.page import Site
from extractors.page_kinds import PageKind
from rules.model import Text


@dataclass(frozen=True, slots=True)
class Place:
    """A site's place for reports, the way there on its own pages, and the day and the basis of the last check."""

    site: str
    name: Text
    operator: Text
    url: str | None
    """A form for reports, where one was verified."""
    path: Text | None
    """Which of the site's own buttons to press; None where no way was verified."""
    help: str | None
    """The site's own help, where one was verified."""
    verified: date
    by: Text
    source: str | None
    """Where the way is published."""


VERIFIED_ON = date(2026, 11, 24)
BY_ITS_TEXT = Text(ja="サイトの案内より", en="from the site's published help")
BY_ITS_PAGE = Text(ja="公式の案内より", en="from its own published text")
BY_NOBODY = Text(ja="通報の窓口は確かめられていません", en="where it takes reports was not verified")


Ways = Callable[[Site, PageKind | None], ReportWay | None]
"""How to report on a site from a page of a kind, or from anywhere (None)."""


def place_of(site: Site, kind: PageKind | None = None, ways: Ways = Site.report_way) -> Place:
    """Returns a site's place for reports. kind: of the open page, which may have a way of its own."""
    way = ways(site, kind)
    return Place(
        site=site.id,
        name=Text(ja=site.name.ja, en=site.name.en),
        operator=Text(ja=site.operator.ja, en=site.operator.en),
        url=site.report_form,
        path=Text(ja=way.ja, en=way.en) if way is not None else None,
        help=site.help_url,
        verified=way.checked if way is not None else VERIFIED_ON,
        by=BY_ITS_TEXT if way is not None else BY_NOBODY,
        source=way.source if way is not None else None,
    )


def place_on(site_id: str, page: str | None, ways: Ways = Site.report_way) -> Place | None:
    """Returns the place of a site, with the way from the open page; None for a site that Koban does not read."""
    site = next((candidate for candidate in SITES if candidate.id == site_id), None)
    if site is None:
        return None
    try:
        location = urlsplit(page or "")
        extractor = site.extractor_for(location) if location.hostname in site.hosts else None
    except ValueError:
        extractor = None
    return place_of(site, extractor.kind if extractor is not None else None, ways)


@dataclass(frozen=True, slots=True)
class Help:
    """Help outside of a marketplace."""

    name: Text
    reach: str
    for_what: Text
    url: str
    """Its own page, which is the source."""
    by: Text
    verified: date = VERIFIED_ON


HELP = (
    Help(
        name=Text(ja="フリーランス・トラブル110番", en="Freelance Trouble 110 (free legal advice)"),
        reach="https://freelance110.mhlw.go.jp/",
        for_what=Text(ja="報酬の未払い、契約の問題（弁護士、無料）", en="unpaid work and contracts (lawyers, free)"),
        url="https://freelance110.mhlw.go.jp/",
        by=BY_ITS_PAGE,
    ),
    Help(
        name=Text(ja="消費者ホットライン", en="Consumer Hotline"),
        reach="188",
        for_what=Text(ja="教材・登録料・副業の契約でお金を払ったとき", en="money paid for courses, fees or side jobs"),
        url="https://www.caa.go.jp/policies/policy/local_cooperation/local_consumer_administration/hotline/",
        by=BY_ITS_PAGE,
    ),
    Help(
        name=Text(ja="警察相談専用電話", en="Police consultation line"),
        reach="#9110",
        for_what=Text(
            ja="だまし取られた、脅されている、犯罪に関わりそうなとき", en="fraud, threats, or work that looks criminal"
        ),
        url="https://www.gov-online.go.jp/article/201309/entry-7508.html",
        by=BY_ITS_PAGE,
    ),
)
"""Numbers and addresses as the operators give them; none could be called or opened while this was written."""
