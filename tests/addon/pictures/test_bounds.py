"""The bounds hold for a file as a whole."""

from addon.pictures.archives import Usage
from addon.pictures.bounds import BOUNDS, Bounds


def test_what_is_unpacked_stays_below_what_the_process_may_take() -> None:
    from addon.pictures.process import MEMORY

    assert BOUNDS.unpacked_bytes + BOUNDS.pixels * 4 * BOUNDS.frames < MEMORY / 2


def test_text_is_cut_where_it_exceeds_the_bound_and_that_is_remembered() -> None:
    spent = Usage(Bounds(characters=5))
    assert [spent.text("abc"), spent.text("def"), spent.text("g")] == ["abc", "de", ""]
    assert spent.cut
