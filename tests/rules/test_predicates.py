"""Numbers, addresses and links, read by parsers and not by their looks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.records import Job, Link, Message
from rules.facts import derive
from rules.predicates import (
    email_address,
    link_to_another_host,
    link_to_look_alike,
    link_to_messenger,
    looks_like_marketplace,
    phone_number,
    program_attached,
)
from rules.testing import NOW, site_named


@pytest.mark.parametrize(
    "sentence",
    [
        "090-1234-5678",
        "０９０－１２３４－５６７８",
        "電話は 03-3581-4321 です",
        "call +1 650 253 0000",
        "〇九〇-一二三四-五六七八",
        "0 9 0 1 2 3 4 5 6 7 8",
    ],
)
def test_telephone_numbers(sentence: str) -> None:
    assert phone_number(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "2026-11-24",
        "注文番号 1234567890123",
        "1,000円から20,000円",
        "ISBN 978-4-16-148410-0",
        "見積 120000",
    ],
)
def test_other_numbers(sentence: str) -> None:
    assert not phone_number(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "taro@example.com まで",
        "taro (at) example (dot) com",
        "taroアットexampleドットcom",
        "(sample.hr@mail.example.co.jp)",
    ],
)
def test_addresses(sentence: str) -> None:
    assert email_address(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "@sample",
        "価格は@500円",
        "user@localhost",
        "a@b",
        "10時@渋谷",
    ],
)
def test_no_addresses(sentence: str) -> None:
    assert not email_address(sentence)


@pytest.mark.parametrize(
    ("host", "imitates"),
    [
        ("crowdworks.jp", False),
        ("www.crowdworks.jp", False),
        ("magazine.crowdworks.jp", False),
        ("crowdworks.jp.example.com", True),
        ("crowdw0rks.jp", True),
        ("crowd-works.example", True),
        ("crowdwork.jp", True),
        ("crowdwroks.jp", True),
        ("upvork.com", True),
        ("upwork.com", False),
        ("xn--lncers-0na.jp", True),
        ("lаncers.jp", True),
        ("example.com", False),
        ("works.example.com", False),
        ("dancers.example", True),
        ("", False),
    ],
)
def test_hosts_that_imitate(host: str, imitates: bool) -> None:
    assert looks_like_marketplace(host) is imitates


def said(body: str = "", *links: Link, role: str = "client", attachments: tuple[str, ...] | None = None) -> Message:
    return Message.model_validate(
        {"author_role": role, "body": body, "links": links or None, "attachments": attachments}
    )


def test_links() -> None:
    def judged(message: Message) -> tuple[bool | None, bool | None, bool | None]:
        (facts,) = derive([message], site=site_named(""), now=NOW)
        return link_to_another_host(facts), link_to_look_alike(facts), link_to_messenger(facts)

    assert judged(said("リンクはありません")) == (None, None, None)
    assert judged(said("https://example.com/")) == (False, False, False)
    assert judged(said("", Link(url="https://evil.example/", text="upwork.com/x"))) == (True, False, False)
    assert judged(said("", Link(url="https://docs.example.com/", text="www.example.com"))) == (False, False, False)
    assert judged(said("https://lin.ee/abc")) == (False, False, True)
    assert judged(said("https://lin.ee/abc", role="freelancer")) == (None, None, None)
    assert judged(said("http://[broken")) == (False, False, False)


def test_programs() -> None:
    for attached, runs in (((), False), (("a.pdf",), False), (("a.PDF.EXE",), True), (None, None)):
        (facts,) = derive([said("x", attachments=attached)], site=site_named(""), now=NOW)
        assert program_attached(facts) is runs


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_survived(text: str) -> None:
    phone_number(text)
    email_address(text)
    (facts,) = derive([Job(body=f"https://{text} http://{text}")], site=site_named(""), now=NOW)
    link_to_look_alike(facts)
    link_to_another_host(facts)
