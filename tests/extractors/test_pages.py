"""Every saved page is read into what a person reads in it."""

from typing import cast

import pytest

from extractors import SITES, extract, site_for
from extractors.page import Page, Site
from extractors.page_kinds import PageKind, is_list
from tests.extractors.saved_pages import Case, cases, dumped


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_page_is_read_as_a_person_reads_it(case: Case) -> None:
    extraction = extract(case.page)
    assert extraction.extractor.kind == case.kind
    assert dumped(extraction.records) == case.expected


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_field_tells_its_source(case: Case) -> None:
    for record in extract(case.page).records:
        given = {name for name in record.model_fields_set if getattr(record, name) is not None}
        told = set(record.sources)
        # Records within records tell their own sources; addresses and links follow from what was read.
        assert given - told <= {"sources", "client", "messages", "links", "thread_id", "url"}


WITHOUT_A_PAGE = {("freelancer", "contract-list"), ("upwork", "contract-list")}
"""Answers of an API; the pages that show them have not been seen."""


@pytest.mark.parametrize(
    "case", [case for case in cases() if is_list(cast(PageKind, case.kind))], ids=lambda case: case.name
)
def test_ux_b_each_card_of_a_list_has_its_place(case: Case) -> None:
    if (case.folder.parts[-3], case.kind) in WITHOUT_A_PAGE:
        pytest.skip("no page is known")
    places = [record.sources[type(record).__name__.lower()] for record in extract(case.page).records]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.id)
def test_examples_match_their_own_kind_and_no_earlier_one(site: Site) -> None:
    for extractor in site.pages:
        for example in extractor.examples:
            location = Page(example, b"", "", cases()[0].page.received_at).location
            assert site_for(location.hostname or "") is site
            assert site.extractor_for(location) is extractor


def test_every_kind_of_page_has_a_case() -> None:
    kinds = {(case.folder.parts[-3], case.kind) for case in cases()}
    assert {(site.id, extractor.kind) for site in SITES for extractor in site.pages} <= kinds
