"""The links of a region and of a text."""

from lxml import html

from extractors.links import anchors_in, links_in
from extractors.records import Link

BASE = "https://crowdworks.jp/public/jobs/1"


def anchors(markup: str) -> list[Link]:
    return list(anchors_in(html.fromstring(f"<div>{markup}</div>"), BASE))


def test_addresses_are_absolute_and_schemes_that_lead_nowhere_are_none() -> None:
    markup = (
        '<a href="/help">ヘルプ</a><a href=" https://example.com/x ">外</a><a href="javascript:alert(1)">x</a>'
        '<a href="mailto:a@example.com">x</a><a name="top">x</a><a href="https://[broken">x</a><a href="HTTP://example.com/y">大</a>'
    )
    assert anchors(markup) == [
        Link(url="https://crowdworks.jp/help", text="ヘルプ"),
        Link(url="https://example.com/x", text="外"),
        Link(url="HTTP://example.com/y", text="大"),
    ]


def test_a_link_whose_text_is_turned_around_keeps_it_apart() -> None:
    (link,) = anchors('<a href="https://example.com/">\u202emoc.elpmaxe</a>')
    assert link.turned is not None
    assert "\u202e" in link.turned
    assert "\u202e" not in (link.text or "")
    (plain,) = anchors('<a href="https://example.com/">example</a>')
    assert plain.turned is None


def test_a_text_has_its_marked_links_and_then_its_bare_addresses() -> None:
    marked = Link(url="https://example.com/a", text="こちら")
    links = links_in("見て https://example.com/a と https://example.com/b", [marked])
    assert links is not None
    assert links[0] == marked
    assert [link.url for link in links] == ["https://example.com/a", "https://example.com/b"]


def test_no_text_is_unknown_and_a_text_without_links_has_none() -> None:
    assert links_in(None, [Link(url="https://example.com/")]) is None
    assert links_in("何もありません") == ()
