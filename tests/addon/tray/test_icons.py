"""The shapes of the states as pictures."""

import pytest

from addon.tray.icons import argb, icon, outlines
from rules.lexicon import STATES
from rules.model import State

AREAS: dict[State, float] = {"clear": 132.7, "caution": 97.7, "danger": 153.8, "not-checked": 71.9}
"""By geometry, in a square of 16: a circle, a triangle, a square, a ring."""


def pixel(state: State, place: tuple[int, int]) -> tuple[int, ...]:
    found = icon(state, 64).getpixel(place)
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("state", AREAS)
def test_reach_03_a_shape_is_drawn_in_its_colour(state: State) -> None:
    assert pixel(state, (0, 0))[3] == 0, "nothing around it"
    red, green, blue = (int(STATES[state].badge[at : at + 2], 16) for at in (1, 3, 5))
    assert {colour[:3] for _, colour in icon(state, 64).getcolors(64 * 64) or []} == {(red, green, blue)}  # type: ignore[index]


def test_reach_03_no_shape_looks_like_another() -> None:
    for state, area in AREAS.items():
        histogram = icon(state, 64).getchannel("A").histogram()
        covered = sum(value * count for value, count in enumerate(histogram)) / 255 / 64**2
        assert covered == pytest.approx(area / 256, abs=0.01)
    middle = {state: pixel(state, (32, 32))[3] for state in AREAS}
    assert middle == {"clear": 255, "caution": 255, "danger": 255, "not-checked": 0}


def test_reach_03_it_goes_over_the_bus_alpha_first() -> None:
    data = argb("danger", 16)
    assert len(data) == 16 * 16 * 4
    middle = (8 * 16 + 8) * 4
    assert data[middle : middle + 4] == bytes([255, 0xCF, 0x33, 0x29])


@pytest.mark.parametrize("path", ["M0 0l5 5z", "M0 0a5 5 0 1 0 3 3z", "M0 0h3v3"])
def test_what_cannot_be_drawn_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="shape"):
        list(outlines(path))
