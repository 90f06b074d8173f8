"""The kinds of pages: each has its properties, and each extractor's kind is one of them."""

from typing import get_args

from extractors import SITES
from extractors.page_kinds import PAGE_KINDS, PageKind, is_list


def test_each_kind_has_its_row_and_its_words() -> None:
    assert tuple(PAGE_KINDS) == get_args(PageKind)
    for info in PAGE_KINDS.values():
        assert info.ja
        assert info.en
    assert len({info.ja for info in PAGE_KINDS.values()}) == len(PAGE_KINDS)


def test_a_list_is_no_page_of_a_deal_and_an_agreed_deal_is_a_deal() -> None:
    for kind, info in PAGE_KINDS.items():
        assert not (info.is_list and info.of_a_deal), kind
        assert info.of_a_deal or not info.is_agreed, kind


def test_a_page_of_unknown_kind_is_no_list() -> None:
    assert not is_list(None)
    assert is_list("job-list")
    assert not is_list("job")


def test_every_kind_is_read_on_some_site() -> None:
    assert {page.kind for site in SITES for page in site.pages} == set(PAGE_KINDS)
