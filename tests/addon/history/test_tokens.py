"""Contacts, links and names by their hashes."""

import pytest

from addon.history.tokens import LONGEST, bare_name, name_tokens, tokens


def hashes(text: str, *links: str) -> set[str]:
    return set(tokens(text, links))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.b@example.com へ", "連絡先：A.B@EXAMPLE.COM"),
        ("090-1234-5678", "０９０１２３４５６７８"),
        ("LINE ID: taro_01", "ラインのidは taro_01"),
        ("LİNE: taro_01", "line taro_01"),
        ("https://example.com/a/", "see https://www.example.com/a"),
    ],
)
def test_the_same_detail_has_one_hash_however_it_is_written(one: str, other: str) -> None:
    assert hashes(one) == hashes(other)
    assert len(hashes(one)) == 1


def test_the_kind_and_the_spelling_are_kept() -> None:
    (token,) = tokens("A.B@example.com").values()
    assert (token.what, token.spelling) == ("contact", "A.B@example.com")
    (link,) = tokens("", ("https://example.com/a",)).values()
    assert (link.what, link.spelling) == ("link", "https://example.com/a")


@pytest.mark.parametrize("text", ["https://example.com/", "https://crowdworks.jp/public/jobs/1", "はい、承知です", ""])
def test_a_bare_host_a_marketplace_and_ordinary_words_identify_nobody(text: str) -> None:
    assert hashes(text) == set()


def test_a_broken_link_is_passed_over_and_the_end_of_a_long_text_is_not_searched() -> None:
    assert hashes("", "https://[broken/x", "https://example.com/a") == hashes("https://example.com/a")
    assert hashes("あ" * LONGEST + "a@example.com") == set()


def test_numbered_names_share_their_pattern_and_default_names_share_nothing() -> None:
    first, second = set(name_tokens("aozora01")), set(name_tokens("Aozora 02"))
    assert len(first) == 2
    assert len(first & second) == 1
    assert not set(name_tokens("user12345")) & set(name_tokens("user67890"))
    assert name_tokens("青空") == {}
    assert bare_name("ＡＯ zora") == "aozora"
