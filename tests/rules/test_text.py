"""The visible part and the plain form of texts, whatever signs they hold."""

import runpy
import unicodedata
from pathlib import Path

import pytest

from rules.text import plain, visible


def test_attack_09_marks_are_bounded_before_normalising() -> None:
    """Thirty is what the Stream-Safe Text Format (UAX #15) allows; more are sorted in quadratic time."""
    heap = "a" + "\u0301\u0327" * 100_000 + "直" + "\u0301\u200d" * 100_000
    assert len(visible(heap)) == 2 + 2 * 2
    assert all(unicodedata.normalize("NFKD", plain(each)).count("\u0301") <= 30 for each in (heap, heap * 2))


@pytest.mark.slow
def test_attack_09_one_sign_does_not_become_a_sentence() -> None:
    signs = plain("\n".join(chr(code) for code in range(0x20, 0x110000))).split("\n")
    assert max(map(len, signs)) <= 6


@pytest.mark.slow
def test_unicode_tables_are_as_they_would_be_written() -> None:
    tables = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "unicode_tables.py"))
    assert tables["TARGET"].read_text("utf-8") == tables["text"](), "run: make generate"


def test_blanks_in_a_row_are_one_however_they_are_written() -> None:
    assert plain("a  b   c" + " " * 100_000 + "d") == "a b c d"
    assert plain("a\t\tb\u2800  c  d") == "a b c d"
    assert plain("a \n  b") == "a \n b"
