"""Which sentences a rule's `says` means: those with its `with`, beside its `near`, and without its `unless`."""

from collections.abc import Sequence

import pytest

from rules.matching import PatternSet
from rules.page_text import PageReader
from rules.patterns import for_bytes
from rules.reading import Reading
from rules.refine import refine
from rules.refinement import Refinement
from rules.views import PageView, TextView
from tests.catalog import PATTERNS

SAYS = 7


@pytest.fixture(scope="module")
def reader() -> PageReader:
    return PageReader(PATTERNS)


def _refined(
    reader: PageReader, refinement: Refinement, *texts: str, together: Sequence[str] = ("契約",), subject: int = 0
) -> list[int]:
    """The sentences of texts that meet a refinement, of which each with 直接 matches its `says`."""
    page = reader.read([Reading(text) for text in texts])
    views = [TextView(number, page.starts[number], page.starts[number + 1]) for number in range(len(texts))]
    matching = {number for number, written in enumerate(page.written_sentences) if "直接" in written}
    view = PageView(page, [views[number] for number in page.texts])
    view.add_matches({SAYS: matching})
    of_with, of_beside = (PatternSet([for_bytes(one) for one in each]) for each in (together, ("禁止", "電話")))
    return refine(view, {refinement: [subject]}, of_with, of_beside).get(refinement, [])


def _of(
    *, together: tuple[tuple[int, ...], ...] = (), unless: tuple[int, ...] = (), near: tuple[int, ...] = ()
) -> Refinement:
    return Refinement(
        says=frozenset({SAYS}),
        together=tuple(map(frozenset, together)),
        unless=frozenset(unless),
        near=frozenset(near),
    )


def test_every_sentence_that_says_it_counts_and_only_the_subjects_own(reader: PageReader) -> None:
    assert _refined(reader, _of(), "直接やりましょう。はい。直接です。") == [0, 2]
    assert _refined(reader, _of(), "直接です。", "直接です。", subject=1) == [1]


def test_with_has_to_stand_in_the_same_sentence(reader: PageReader) -> None:
    refinement = _of(together=((0,),))
    assert _refined(reader, refinement, "直接お話しします。契約は後です。直接契約です。") == [2]


def test_unless_takes_away_its_own_sentence(reader: PageReader) -> None:
    assert _refined(reader, _of(unless=(0,)), "直接は禁止です。直接どうぞ。") == [1]


def test_unless_that_only_reassures_takes_nothing_away(reader: PageReader) -> None:
    (sentence,) = _refined(reader, _of(), "直接お願いします。規約で禁止されていませんのでご安心ください。")
    assert sentence == 0


def test_near_is_met_by_a_neighbour_of_the_same_text(reader: PageReader) -> None:
    refinement = _of(near=(1,))
    assert _refined(reader, refinement, "電話をください。直接話します。") == [1]
    assert _refined(reader, refinement, "電話をください。はい。直接話します。") == []
    assert _refined(reader, refinement, "直接話します。", "電話をください。") == []
