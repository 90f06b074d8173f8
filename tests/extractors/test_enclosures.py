"""Pictures and files of a text: whose they are, and at which address."""

from datetime import UTC, datetime

from lxml import html

from extractors import extract
from extractors.enclosures import MOST, enclosed_file, enclosures_of
from extractors.page import Page
from extractors.records import (
    Client,
    Contents,
    Contract,
    Enclosure,
    Job,
    Message,
    Thread,
    contents_in,
    enclosures_in,
    with_contents,
)

BASE = "https://crowdworks.jp/public/jobs/1"


def enclosed(markup: str) -> list[tuple[str, str | None]]:
    found = enclosures_of([html.fragment_fromstring(markup, create_parent="div")], BASE)
    return [(enclosure.url, enclosure.name) for enclosure in found or ()]


def test_pictures_are_absolute_and_each_once() -> None:
    assert enclosed('<img src="/a.png#x" alt="要項"><img src="https://crowdworks.jp/a.png"><img data-src="b.jpg">') == [
        ("https://crowdworks.jp/a.png", "要項"),
        ("https://crowdworks.jp/public/jobs/b.jpg", None),
    ]


def test_links_count_where_they_lead_to_files() -> None:
    assert enclosed('<a href="/files/brief.PDF?d=1">資料</a><a href="/public/jobs/2">仕事</a>') == [
        ("https://crowdworks.jp/files/brief.PDF?d=1", "資料")
    ]


def test_signs_faces_and_odd_addresses_are_passed_over() -> None:
    assert not enclosed(
        '<img src="/a.png" width="24" height="24px"><img src="data:image/png;base64,AA"><img src="http://[">'
    )
    assert not enclosed('<img><a href="javascript:x.pdf">x</a>')


def test_a_page_of_pictures_is_bounded() -> None:
    assert len(enclosed("".join(f'<img src="/{n}.png">' for n in range(200)))) == MOST


def test_rows_of_json_name_their_files() -> None:
    file = enclosed_file({"name": "a.pdf", "url": "/attachments/1"}, BASE)
    assert file == Enclosure(url="https://crowdworks.jp/attachments/1", name="a.pdf")
    assert enclosed_file({"name": "a.pdf", "url": 7}, BASE) is None


def test_a_message_has_its_attachments_and_not_its_senders_face() -> None:
    page = """<div id="pack-message-thread"><div class="_messageItem_q"><div class="_messageBody_q">
    <a class="_senderName_q" href="/public/employers/701"><img src="/face.png">見本</a><time>2026年11月20日 10:05</time>
    <p>添付をご覧ください</p>
    <a href="/attachments/7"><img src="/attachments/7/thumb.png">連絡先</a></div></div></div>"""
    url = "https://crowdworks.jp/message/threads/5"
    (thread,) = extract(
        Page(url, page.encode(), "text/html; charset=utf-8", datetime(2026, 11, 24, tzinfo=UTC))
    ).records
    assert [enclosure.url for enclosure in enclosures_in([thread])] == [
        "https://crowdworks.jp/attachments/7/thumb.png",
        "https://crowdworks.jp/attachments/7",
    ]


A, B, C, D = (Enclosure(url=f"https://crowdworks.jp/{name}") for name in "abcd")


def test_the_clients_own_are_those_of_offers_profiles_and_messages_of_others() -> None:
    thread = Thread(
        client=Client(enclosures=(A,)),
        messages=(
            Message(author_role="client", enclosures=(B,)),
            Message(author_role="freelancer", enclosures=(C,)),
            Message(enclosures=(D,)),
        ),
    )
    assert list(enclosures_in([thread])) == [A, B, D]
    assert list(enclosures_in([Job(enclosures=(A,), client=Client(enclosures=(B,)))])) == [B, A]
    assert list(enclosures_in([Contract(client=Client(enclosures=(A,)))])) == [A]


def test_contents_are_put_where_their_address_is() -> None:
    contents = Contents(kind="png")
    thread = Thread(client=Client(enclosures=(A,)), messages=(Message(enclosures=(B, C)),))
    (filled,) = with_contents([thread], {A.url: contents, C.url: contents})
    assert len(list(contents_in([filled]))) == 2
    assert isinstance(filled, Thread)
    assert [part.contents for part in filled.messages[0].enclosures or ()] == [None, contents]
    assert with_contents([thread], {}) == (thread,)
