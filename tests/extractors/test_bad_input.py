"""Hostile and broken pages: no crash, no hang, and never a record out of nothing."""

import contextlib
import json
import random
import re
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webencodings.labels import LABELS

from extractors import PageChanged, UnknownPage, Unreadable, extract, site_at, site_for
from extractors.document import MAX_NESTED, MAX_REGION_TAGS, Document, parse_json
from extractors.encoding import MAX_PAGE_BYTES, encoding_label, utf8_of
from extractors.records import Contract
from tests.extractors.saved_pages import Case, cases, page

pytestmark = pytest.mark.slow

SECONDS = 5.0
"""Of this process's own time, which a busy machine does not lengthen: far more than any of this takes."""

JOB = "https://crowdworks.jp/public/jobs/13000000"
ADDRESSES = sorted({case.kind: case.page.url for case in cases()}.values())
"""One of each kind of page."""


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS


def refused(body: bytes | str, url: str, content_type: str = "text/html; charset=utf-8") -> Exception:
    """The error of a page that cannot be read; it never quotes the page."""
    with pytest.raises((PageChanged, Unreadable)) as error:
        extract(page(body, url, content_type))
    return error.value


def read_or_refused(body: bytes | str, url: str, content_type: str = "text/html; charset=utf-8") -> None:
    with contextlib.suppress(PageChanged, Unreadable):
        extract(page(body, url, content_type))


def test_a_huge_page_is_unreadable() -> None:
    for url in (JOB, ADDRESSES[0]):
        assert isinstance(refused(b"<p>" * (20 * 1024 * 1024 // 3), url), Unreadable)
    assert isinstance(refused(b"x" * (MAX_PAGE_BYTES + 1), JOB), Unreadable)


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("tag", ["div", "b", "table", "a", "ul", "font", "p", "td"])
def test_nested_tags(url: str, tag: str) -> None:
    read_or_refused(f"<{tag}>" * 100_000 + "x", url)


@pytest.mark.parametrize("url", ADDRESSES)
def test_nested_json(url: str) -> None:
    for body in ("[" * 200_000, '{"data":' * 100_000, '{"searchResult":' + "[" * 100_000):
        assert isinstance(refused(body, url), PageChanged | Unreadable)
    read_or_refused(f'<div id="vue-container" data="{"[" * 100_000}"></div>', url)


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"\x00" * 1000,
        b"<",
        b"<!--",
        b"</" * 5000,
        b"&" * 5000,
        b"&#x110000;&#0;&#xD800;",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50,
        b"PK\x03\x04" + random.Random(1).randbytes(20_000),
        b"%PDF-1.7\n" + random.Random(2).randbytes(20_000),
        b"null",
        b"[]",
        b"[1, 2]",
        b"{}",
        b'{"searchResult": null}',
        b'{"searchResult": {"job_offers": {}}}',
        b'{"messages": 5}',
        b'{"data": {"items": 7}}',
        b"{",
        b'{"a": NaN}',
        b'{"messages": [{"id": 1e400, "body": {}}]}',
        b'{"messages": [null, 3, "x", []]}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_page(url: str, body: bytes) -> None:
    read_or_refused(body, url)


NESTING = {
    "https://www.lancers.jp/work/search": '<div class="p-search-job-media"><a class="p-search-job-media__title" '
    'href="/work/detail/{n}">件名</a>|</div>',
    "https://www.lancers.jp/mypage/proposals/all/working": '<ul><li class="p-mypage-work__media">'
    '<a href="/work/detail/{n}">件名</a><b class="c-media-job__status">進行中</b>|</li></ul>',
    "https://www.lancers.jp/client/nick": '<h1>名</h1><div class="c-table-summary__col">'
    '<b class="c-table-summary__col-head">発注数</b>'
    '<b class="p-profile-header-summary__description-text">{n}</b>|</div>',
    "https://www.craudia.com/work_list": '<div class="work-list__item"><a class="work-list__title" '
    'href="/work_detail/a{n}">件名</a>|</div>',
    "https://mamaworks.jp/jobs": '<div itemtype="https://schema.org/JobPosting"><a href="/job/{n}">'
    "<b itemprop=title>件名</b></a>|</div>",
    "https://coconala.com/requests": '<div class="c-searchItemWrapper"><a class="c-searchItem_detailLink" '
    'href="/requests/{n}">件名</a><p class="c-itemInfo_title"><a>件名</a></p>|</div>',
    "https://coconala.com/talkrooms/1": '<div class="d-talkroomMessage"><p class="d-normalMessage">文{n}</p>|</div>',
    "https://www.freelancer.com/jobs/php/": '<div data-project-card="true"><a href="/projects/php/job-{n}">Title</a>'
    '<span class="JobSearchCard-primary-heading-days">5 days left</span>|</div>',
    "https://www.guru.com/d/jobs/": '<div class="record jobRecord" data-gid="{n}"><a href="/jobs/x/{n}">Title</a>'
    "<p>Send before <strong>Oct 19, 2026</strong></p>|</div>",
    "https://www.peopleperhour.com/freelance-jobs": '<div class="item--container"><a class="item__url" '
    'href="/freelance-jobs/a/b/c-{n}">Title</a><i class="card__footer"><span>2 days ago</span></i>|</div>',
    "https://crowdworks.jp/public/jobs": '<div id="jobOfferSearchContainer"><ul><li><h3>'
    '<a href="/public/jobs/{n}">件名</a></h3>|</li></ul></div>',
    "https://www.upwork.com/nx/search/jobs": '<article data-ev-job-uid="190000000000{n}"><h2>'
    '<a href="/jobs/~02190000000000{n}">Theme</a></h2>|</article>',
    "https://crowdworks.jp/e/contracts": '<table><tr><td><a href="/contracts/{n}">件名</a></td><td>進行中</td>'
    "<td>|</td></tr></table>",
    "https://crowdworks.jp/message/threads/1": '<div class="_messageItem_x"><p class="_messageBody_x">文{n}</p>|</div>',
}
"""A card of each list, the next one standing in the place of the bar."""


def nested(card: str, groups: int, depth: int) -> str:
    """As many cards in groups, each card in the one before."""
    opening, closing = card.split("|")
    numbers = iter(range(1_000_000, 1_000_000 + groups * depth))
    cards = ("".join(opening.format(n=next(numbers)) for _ in range(depth)) for _ in range(groups))
    return "<body>" + "".join(group + closing * depth for group in cards)


def work(body: str, url: str) -> int:
    """How many functions are called to read a page, or to refuse it: the same on every machine."""
    calls = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        read_or_refused(body, url)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("url", NESTING)
def test_cards_within_cards_cost_no_more_than_cards_beside_cards(url: str) -> None:
    beside = work(nested(NESTING[url], 120, 1), url)
    for depth in (2, MAX_NESTED, 8, 40):
        assert work(nested(NESTING[url], 120 // depth, depth), url) < 2 * MAX_NESTED * beside
    # Twice as many cards cost twice as much.
    assert work(nested(NESTING[url], 240, 1), url) < 2.5 * beside


def test_cards_nested_beyond_reason_are_unreadable() -> None:
    url = "https://www.craudia.com/work_list"
    assert len(extract(page(nested(NESTING[url], 3, MAX_NESTED), url)).records) == 3 * MAX_NESTED
    assert isinstance(refused(nested(NESTING[url], 3, MAX_NESTED + 1), url), Unreadable)


def test_labels_nested_beyond_reason_are_left_out_and_the_rest_is_read() -> None:
    row = "<table><tr><th>名{n}</th><td>値{n}"
    body = "".join(row.format(n=n) for n in range(60)) + "</td></tr></table>" * 60
    labels = Document(page(f"<body>{body}<dl><dt>後<dd>あと</dl>", JOB)).labelled("table, dl")
    assert list(labels) == ["名0", "名1", "名2", "名3", "後"]
    assert labels["後"] == "あと"


@pytest.mark.parametrize("tag", ["br", "hr", "img", "p", "td", "title", "textarea"])
def test_any_element_can_be_looked_into(tag: str) -> None:
    document = Document(page(f"<body><p><{tag} class='it'>", JOB))
    for element in document.select(f"{tag}"):
        assert document.soup(element).name == tag


def test_numbers_of_absurd_size_are_no_numbers() -> None:
    big = "9" * 5000
    read_or_refused(
        '{"searchResult": {"job_offers": [{"job_offer": {"id": ' + big + "}}]}}", "https://crowdworks.jp/public/jobs"
    )
    row = {
        "job_offer": {"id": 1, "title": "x"},
        "payment": {"fixed_price_payment": {"min_budget": -5, "max_budget": 1e308}},
    }
    (job,) = extract(
        page(json.dumps({"searchResult": {"job_offers": [row]}}), "https://crowdworks.jp/public/jobs")
    ).records
    assert job.model_dump(include={"pay"}, mode="json", exclude_none=True) == {"pay": {"kind": "fixed"}}


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("shift_jis", "cp932"),
        ("euc-jp", "euc_jis_2004"),
        ("iso-2022-jp", "iso2022_jp"),
        ("utf-16", "utf-16"),
        ("utf-8", "utf-8-sig"),
    ],
)
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_pages_in_other_encodings(case: Case, label: str, codec: str) -> None:
    """A page says the same in every encoding that browsers know."""
    body = case.body.decode().encode(codec, "replace")
    # Some letters have no place there; what is left of the page is compared.
    found = extract(page(body, case.page.url, f"text/html; charset={label}")).records
    assert [record.model_dump(exclude={"sources"}) for record in found] == _dumped(body.decode(codec), case.page.url)


@lru_cache(maxsize=8)
def _dumped(text: str, url: str) -> list[dict[str, Any]]:
    """The records of a page; most encodings have a place for all of its letters."""
    return [record.model_dump(exclude={"sources"}) for record in extract(page(text, url)).records]


def test_the_page_names_its_encoding_itself() -> None:
    case = next(case for case in cases() if case.name == "crowdworks/contract-list/four-states")
    text = case.body.decode().replace('charset="UTF-8"', 'charset="Shift_JIS"')
    expected = extract(case.page).records
    assert extract(page(text.encode("cp932"), case.page.url, "text/html")).records == expected
    # The name is wrong, as in a page that was saved anew: what the bytes are decides.
    assert extract(page(text.encode(), case.page.url, "text/html")).records == expected


def test_text_in_another_encoding_than_it_says_is_not_read_as_nonsense() -> None:
    body = "日本語のページです。".encode("cp932") * 100
    mixed = body + "日本語のページです。".encode() * 100 + body
    assert isinstance(refused(mixed, JOB), Unreadable)


def test_encodings_that_no_browser_knows_are_not_used() -> None:
    case = next(case for case in cases() if case.kind == "contract-list")
    for label in ("utf-7", "zip", "hex", "unicode_escape", "idna", "no-such"):
        assert (
            extract(page(case.body, case.page.url, f"text/html; charset={label}")).records == extract(case.page).records
        )


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("ucs-2", "utf-16le"),
        ("unicodeFFFE", "utf-16be"),
        ("csUnicode", "utf-16le"),
        ("ISO-10646-UCS-2", "utf-16le"),
        ("csISO2022JP", "iso-2022-jp"),
        (" Windows-31J\t", "shift_jis"),
        ("cseucpkdfmtjapanese", "euc-jp"),
        ("unicode-1-1-utf-8", "utf-8"),
        ("latin1", "windows-1252"),
        ("iso-2022-kr", "replacement"),
        ("utf-7", None),
        ("utf-32", None),
        ("zip", None),
        ("", None),
        ("ſhift_jis", None),
    ],
)
def test_attack_30_labels_are_those_of_the_encoding_standard(label: str, name: str | None) -> None:
    assert encoding_label(label) == name


@pytest.mark.parametrize("label", sorted(set(LABELS) - {label for label in LABELS if "utf-16" in LABELS[label]}))
def test_attack_30_python_decodes_what_each_label_stands_for(label: str) -> None:
    body = b"<p>plain</p>"
    assert utf8_of(page(body, JOB, f"text/html; charset={label}")) == body


def test_attack_30_a_page_under_a_rare_label_is_read() -> None:
    case = next(case for case in cases() if case.name == "crowdworks/contract-list/four-states")
    for label, codec in (("ucs-2", "utf-16-le"), ("csISO2022JP", "iso2022_jp"), ("csShiftJIS", "cp932")):
        body = case.body.decode().encode(codec)
        assert extract(page(body, case.page.url, f"text/html; charset={label}")).records == extract(case.page).records


@pytest.mark.parametrize(
    ("name", "kind"), [("crowdworks/thread/drawn-page", "thread"), ("lancers/job/with-schedule", "job")]
)
def test_attack_10_line_breaks_take_no_text_away(name: str, kind: str) -> None:
    """45,000 line breaks in what a client wrote: it is read, and so is all beside it."""
    case = next(case for case in cases() if case.name == name)
    whole = extract(case.page).records
    body = case.body.decode()
    text = next(words for words in ("よろしくお願いします。", "郷土資料の写真200枚に題名を付けます。") if words in body)
    longer = extract(page(body.replace(text, f"{text}{'<br>' * 45_000}終わり", 1), case.page.url)).records
    assert len(longer) == len(whole)
    written = "".join(record.model_dump_json() for record in longer)
    assert "終わり" in written
    assert len(written) > 45_000


def test_attack_10_a_row_of_too_many_tags_is_read_like_any_other() -> None:
    cells = "<b>x</b>" * (MAX_REGION_TAGS + 1)
    body = f'<table><tr><td>{cells}</td><td><a href="/contracts/1">x</a></td><td>進行中</td></tr></table>'
    (contract,) = extract(page(body, "https://crowdworks.jp/e/contracts")).records
    assert isinstance(contract, Contract)
    assert contract.state == "escrow-funded"


def test_a_region_of_too_many_tags_is_unreadable() -> None:
    """What BeautifulSoup reads is the site's own and small; where it is not, this is another page."""
    words = "<b>x</b>" * (MAX_REGION_TAGS + 1)
    step = f'<div class="progress"><ul class="progress"><li class="current">{words}</ul></div>'
    assert isinstance(refused(step, "https://crowdworks.jp/proposals/1"), Unreadable)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/public/jobs",
        "https://crowdworks.jp.example.com/public/jobs",
        "https://evil-crowdworks.jp/public/jobs",
        "https://crowdworks.jp/",
        "https://crowdworks.jp/public/jobs/123/edit",
        "https://crowdworks.jp/public/jobs/category/16.atom",
        "https://crowdworks.jp/contracts/1/../2",
        "https://[::1/",
        "not an address",
        "",
    ],
)
def test_other_addresses_are_unknown(url: str) -> None:
    with pytest.raises(UnknownPage):
        extract(page("<p>", url))


def test_hosts_by_exact_name() -> None:
    assert site_for("CrowdWorks.jp") is not None
    assert site_for("crowdworks.jp.") is not None
    assert site_for("wwww.crowdworks.jp") is None
    assert site_for("") is None
    assert site_at("https://CrowdWorks.jp:443/public/jobs/1") is site_for("crowdworks.jp")
    assert [site_at(url) for url in ("", "https://[::1/", "https://crowdworks.jp.example.com/")] == [None] * 3


def test_errors_never_quote_the_page() -> None:
    secret = "ひみつの本文"
    for url in ADDRESSES:
        for body in (f"<p>{secret}</p>", json.dumps({secret: secret})):
            with contextlib.suppress(PageChanged, Unreadable):
                extract(page(body, url))
                continue
            error = refused(body, url)
            assert secret not in f"{error} {error!r} {error.args}"


@given(st.lists(st.sampled_from([r"\ud83d", r"\uDE00", "\\\\", "u", "d83d", r"\"", r"\n", "あ", r"\u3042", "🙂"])))
def test_attack_07_and_field_07_half_a_character_in_json_becomes_the_sign_for_it(parts: list[str]) -> None:
    written = f'"{"".join(parts)}"'
    read = parse_json(written)
    # What JSON itself says, with each half that UTF-8 cannot hold replaced.
    expected = json.loads(written).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    assert read == expected


def test_attack_07_the_sign_stands_for_the_half_alone() -> None:
    assert parse_json(r'{"a\ud83d": ["b\ude00c", "\ud83d\ude00", "\\ud83d"]}') == {
        "a\ufffd": ["b\ufffdc", "😀", r"\ud83d"]
    }


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_attack_07_and_field_07_half_a_character_in_any_text_leaves_records_that_can_be_written(case: Case) -> None:
    """Each JSON text of a page ends in half an emoji, as a script that counts UTF-16 units may leave it."""
    body = case.body.decode()
    halved = re.sub(r'(?<=[぀-ヿ一-鿿])(&quot;|")(?=[,}\]])', r"\\ud83d\1", body)
    found = extract(page(halved, case.page.url)).records
    for record in found:
        record.model_dump_json().encode()
    assert len(found) == len(extract(case.page).records)
