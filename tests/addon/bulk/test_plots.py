"""Plots: images of their own, which run and fetch nothing."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from xml.etree import ElementTree as ET

import pytest

from addon.bulk.plots import bars, columns

Draw = Callable[[Sequence[str], Mapping[str, Sequence[float]]], str]


def svg_of(address: str) -> str:
    kind, _, data = address.partition(",")
    assert kind == "data:image/svg+xml;base64"
    return base64.b64decode(data).decode()


@pytest.mark.parametrize("draw", [columns, bars])
def test_a_plot_has_its_names_escaped_and_runs_and_fetches_nothing(draw: Draw) -> None:
    svg = svg_of(draw(['<script>alert("x")</script>', "旅行"], {"危険": [1, 2], "注意 & <b>": [0, 3.5]}))
    tree = ET.fromstring(svg)
    assert not [one for one in tree.iter() if str(one.tag).endswith("script")]
    texts = "".join(tree.itertext())
    assert "旅行" in texts
    assert "注意" in texts
    addresses = set(re.findall(r"(?:href|src)=\"([^\"]*)\"|url\((?!#)([^)]*)\)", svg))
    assert not [one for pair in addresses for one in pair if one and not one.startswith("#")]


def test_a_plot_of_nothing_is_a_plot() -> None:
    assert "<svg" in svg_of(columns([], {"危険": []}))
