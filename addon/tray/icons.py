"""The shapes of the states as small pictures, drawn from their one description (`rules.lexicon.STATES`)."""

import math
import re
from collections.abc import Iterator
from functools import cache

from PIL import Image, ImageChops, ImageDraw

from rules.lexicon import STATES
from rules.model import State

SIDE = 16
"""Units of the square that shapes are described in."""
_FINER = 8
"""Drawn so many times larger first, for smooth edges."""
_ARC_POINTS = 48

Point = tuple[float, float]


@cache
def icon(state: State, size: int) -> Image.Image:
    """Returns a state's shape in its colour, on nothing, in a square of `size` pixels."""
    scale = size * _FINER / SIDE
    mask = Image.new("L", (size * _FINER, size * _FINER), 0)
    for outline in outlines(STATES[state].shape):
        part = Image.new("L", mask.size, 0)
        ImageDraw.Draw(part).polygon([(x * scale, y * scale) for x, y in outline], fill=255)
        # By the even-odd rule: what two outlines cover is a hole.
        mask = ImageChops.difference(mask, part)
    picture = Image.new("RGBA", (size, size), STATES[state].badge)
    picture.putalpha(mask.resize((size, size), Image.Resampling.LANCZOS))
    return picture


def argb(state: State, size: int) -> bytes:
    """Returns the same picture as D-Bus carries it: four bytes a pixel, alpha first."""
    red, green, blue, alpha = icon(state, size).split()
    return Image.merge("RGBA", (alpha, red, green, blue)).tobytes()


def outlines(path: str) -> Iterator[list[Point]]:
    """Yields the outlines of an SVG path as corners. Raises ValueError for what shapes do not use.

    Known are M, H, h, V, v, z, lines that follow an M, and `a` for half a circle.
    """
    tokens = iter(re.findall(r"[A-Za-z]|-?\d*\.?\d+", path))
    points: list[Point] = []
    command = ""
    for token in tokens:
        if token.isalpha():
            command = token
            if command == "z":
                yield points
                points = []
                continue
            token = next(tokens)
        points.extend(_drawn(command, points, float(token), tokens))
    if points:
        raise ValueError(f"a shape that does not end where it began: {path}")


def _drawn(command: str, points: list[Point], first: float, tokens: Iterator[str]) -> list[Point]:
    """Returns the corners that a command adds to those before."""

    def numbers(count: int) -> list[float]:
        return [float(next(tokens)) for _ in range(count)]

    x, y = points[-1] if points else (0.0, 0.0)
    match command:
        case "M":
            return [(first, numbers(1)[0])]
        case "H":
            return [(first, y)]
        case "h":
            return [(x + first, y)]
        case "V":
            return [(x, first)]
        case "v":
            return [(x, y + first)]
        case "a":
            _, _, _, sweep, dx, dy = numbers(6)
            return _half_circle((x, y), (dx, dy), first, clockwise=sweep == 1)
    raise ValueError(f"{command!r} in a shape")


def _half_circle(start: Point, by: Point, radius: float, *, clockwise: bool) -> list[Point]:
    if not math.isclose(math.hypot(*by), 2 * radius):
        raise ValueError("an arc in a shape that is no half of a circle")
    x, y = start[0] + by[0] / 2, start[1] + by[1] / 2
    angle, turn = math.atan2(-by[1], -by[0]), math.pi if clockwise else -math.pi
    steps = [angle + turn * step / _ARC_POINTS for step in range(1, _ARC_POINTS + 1)]
    return [(x + radius * math.cos(each), y + radius * math.sin(each)) for each in steps]
