"""PDF: text, links, and pages that are pictures."""

import pytest

from addon.pictures.archives import Usage
from addon.pictures.bounds import Bounds
from addon.pictures.documents import NotADocument, open_document
from tests.addon.pictures.drawn import pdf, pdf_of


def test_text_and_links_are_read() -> None:
    document = open_document(pdf("LINE ID: abc_1, more words to fill it ok", link="https://lin.ee/a"), Usage(Bounds()))
    assert [line.text for line in document.lines] == ["LINE ID: abc_1, more words to fill it ok"]
    assert [link.url for link in document.links] == ["https://lin.ee/a"]
    assert not document.scans


def test_a_page_without_words_is_drawn() -> None:
    document = open_document(pdf(""), Usage(Bounds()))
    assert [scan.size for scan in document.scans] == [(1600, 800)]


def test_pages_beyond_the_bound_are_said_to_be_left_out() -> None:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    pages = b"<</Type/Pages/Kids[%s]/Count 6>>" % b" ".join(b"%d 0 R" % (number + 3) for number in range(6))
    spent = Usage(Bounds(pages=2, scans=1))
    document = open_document(pdf_of(b"<</Type/Catalog/Pages 2 0 R>>", pages, *[page] * 6), spent)
    assert (len(document.scans), spent.cut) == (1, True)


def test_what_is_no_document_raises() -> None:
    with pytest.raises(NotADocument):
        open_document(b"%PDF-1.4 nothing", Usage(Bounds()))
