"""Where to report, and where to turn if money is lost.

A way through a site's menus is named only where a source for it is; else it is said that nobody verified one.
"""

from dataclasses import dataclass
from datetime import date

from extractors import SITES
from extractors.page import Site
from rules.model import Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site takes reports, the way there on its own pages, and when that was last verified and by what."""

    site: str
    name: Text
    operator: Text
    url: str
    path: Text | None
    verified: date
    by: Text
    """By what it was verified, and what was not."""
    source: str


_PATHS: dict[str, tuple[Text, date, str]] = {
    "crowdworks": (
        Text(
            ja="仕事のページの「この仕事を通報する」、またはメッセージの「違反報告をする」",
            en="on the job's page 「この仕事を通報する」, or on the message 「違反報告をする」",
        ),
        date(2026, 11, 24),
        "https://crowdworks.my.salesforce-sites.com/faq/articles/FAQ/10596?l=ja",
    ),
    "lancers": (
        Text(
            ja="仕事のページの「違反申告」、またはサポート窓口",
            en="「違反申告」 on the job's page, or the support desk",
        ),
        date(2026, 11, 24),
        "https://www.lancers.jp/faq",
    ),
}


LOOKED = date(2026, 11, 24)
_BY_ITS_TEXT = Text(
    ja="公開された案内の記載によります（画面を開いて試してはいません）",
    en="by its published text; the way was not tried on the site",
)
_BY_ITS_PAGE = Text(ja="公式の案内の記載によります", en="by its own published text")
_BY_ITS_NUMBER = Text(
    ja="公式の案内の記載によります（電話はかけていません）", en="by its own published text; nobody was called"
)
_ADDRESS_ALONE = Text(
    ja="アドレスだけを確かめました（報告の手順は確かめていません）",
    en="the address alone; the way from there was not verified",
)


def place_of(site: Site) -> Place:
    """Where a site takes reports."""
    path, verified, source = _PATHS.get(site.id, (None, LOOKED, site.report_url))
    return Place(
        site=site.id,
        name=Text(ja=site.name_ja, en=site.name_en),
        operator=Text(ja=site.operator_ja, en=site.operator_en),
        url=site.report_url,
        path=path,
        verified=verified,
        by=_BY_ITS_TEXT if path is not None else _ADDRESS_ALONE,
        source=source,
    )


PLACES = {site.id: place_of(site) for site in SITES}


@dataclass(frozen=True, slots=True)
class Help:
    """Whom to ask outside of a marketplace."""

    name: Text
    reach: str
    for_what: Text
    url: str
    """Its own page, which is the source."""
    by: Text
    verified: date = LOOKED


HELP = (
    Help(
        name=Text(ja="フリーランス・トラブル110番", en="Freelance Trouble 110 (free legal advice)"),
        reach="https://freelance110.mhlw.go.jp/",
        for_what=Text(ja="報酬の未払い、契約の問題（弁護士、無料）", en="unpaid work and contracts (lawyers, free)"),
        url="https://freelance110.mhlw.go.jp/",
        by=_BY_ITS_PAGE,
    ),
    Help(
        name=Text(ja="消費者ホットライン", en="Consumer Hotline"),
        reach="188",
        for_what=Text(ja="教材・登録料・副業の契約でお金を払ったとき", en="money paid for courses, fees or side jobs"),
        url="https://www.caa.go.jp/policies/policy/local_cooperation/local_consumer_administration/hotline/",
        by=_BY_ITS_NUMBER,
    ),
    Help(
        name=Text(ja="警察相談専用電話", en="Police consultation line"),
        reach="#9110",
        for_what=Text(
            ja="だまし取られた、脅されている、犯罪に関わりそうなとき", en="fraud, threats, or work that looks criminal"
        ),
        url="https://www.gov-online.go.jp/article/201309/entry-7508.html",
        by=_BY_ITS_NUMBER,
    ),
)
"""Numbers and addresses as the operators give them; none could be called or opened while this was written."""
