"""Web addresses in texts, and those that a browser opens."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.addresses import addresses, is_web


@pytest.mark.parametrize("address", ["https://example.com/", "HTTP://example.com/", "hTTps://example.com"])
def test_a_scheme_is_read_in_any_case(address: str) -> None:
    assert is_web(address)
    assert list(addresses(f"Sign in at {address}")) == [address]


@pytest.mark.parametrize("address", ["", "javascript:x", "ftp://example.com/", "//example.com/"])
def test_what_no_page_is_opened_by(address: str) -> None:
    assert not is_web(address)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "詳しくはhttps://example.jp/a?b=1。または（http://example.com/x）、https://example.jp/a?b=1まで",
            ["https://example.jp/a?b=1", "http://example.com/x"],
        ),
        ("https://example.jpをご覧ください", ["https://example.jp"]),
        ("https://example.jpまでかtaro@example.com", ["https://example.jp"]),
        ("https://example.jpや、example.comで", ["https://example.jp"]),
        ("https://例え.jp/aと https://www.例え.jp", ["https://例え.jp/a", "https://www.例え.jp"]),
        ("https://lаncers.jp/a", ["https://lаncers.jp/a"]),
        ("(https://example.com/a) “https://example.com”.", ["https://example.com/a", "https://example.com"]),
        ("https://example.jp@example.com:8443/a", ["https://example.jp@example.com:8443/a"]),
        (f"https://{'a' * 400}@example.com/", [f"https://{'a' * 400}@example.com/"]),
        ("https://クラウドワークス@example.com/login", ["https://クラウドワークス@example.com/login"]),
        ("https://例え.jp:支払い@example.com/", ["https://例え.jp:支払い@example.com/"]),
        ("https://example.jp、taro@example.com", ["https://example.jp"]),
        (r"https://example.com\@example.jp/", ["https://example.com"]),
        ("http:// https://。 ://", []),
    ],
)
def test_an_address_ends_where_its_letters_do(text: str, expected: list[str]) -> None:
    assert list(addresses(text)) == expected


def test_no_more_of_a_text_is_read_than_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class FirstOnly:
        def finditer(self, text: str) -> Iterator[re.Match[str]]:
            yield from re.finditer("https://a", text)
            pytest.fail("read on")

    monkeypatch.setattr("extractors.addresses._ADDRESS", FirstOnly())
    assert next(addresses("https://a")) == "https://a"


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    st.from_regex(r"https?://[a-z]{1,12}\.(jp|com)(/[a-z0-9%_-]{0,20}){0,3}[a-z0-9/]", fullmatch=True),
    st.sampled_from(["詳しくは{}です", "（{}）", "{}、", "「{}」をご覧ください", "{}。"]),
)
def test_an_address_in_a_sentence_comes_back(url: str, sentence: str) -> None:
    assert list(addresses(sentence.format(url))) == [url]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    assert all(map(is_web, addresses(f"https://{text}")))


@pytest.mark.parametrize(
    "piece", ["https://", "https://a", "https://a.", "https://あ.", "https://a@", "https://a.あ", "https://あ@"]
)
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    assert len(list(addresses(piece * 20_000))) <= 20_000
