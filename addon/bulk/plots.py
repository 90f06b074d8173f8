"""Plots as SVG; this module alone imports pygal, which comes with the extra `koban[bulk]`.

A plot is an image of its own (`data:`), so that its styles and scripts, of which it has none, touch no page.
"""

import base64
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from rules.lexicon import STATES

WIDTH, HEIGHT = 760, 300
_PER_BAR = 26
"""Pixels of a bar that lies."""
_WIDER = 6
"""Pixels that a letter of full width takes more than pygal reckons with."""
_COLOURS = (STATES["danger"].badge, STATES["caution"].badge)
_COUNTS = "#0b5d8a"
"""Colour of a series that is no state."""
_FONT = "system-ui, 'Hiragino Sans', 'Noto Sans JP', sans-serif"


def columns(names: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """Returns stacked columns as the address of an image: one for each name, of a series in its colour."""
    return _image(_chart("StackedBar", series, HEIGHT, x_labels=list(names), x_label_rotation=-40))


def bars(names: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """Returns stacked bars as the address of an image: one line for each name, the first on top."""
    # pygal leaves room for letters of Latin width; those of Japanese are nearly twice as wide.
    wider = max((sum(unicodedata.east_asian_width(letter) in "WF" for letter in name) for name in names), default=0)
    reversed_series = {name: list(values)[::-1] for name, values in series.items()}
    height = 90 + _PER_BAR * len(names)
    return _image(
        _chart(
            "HorizontalStackedBar", reversed_series, height, x_labels=list(names)[::-1], margin_left=6 + wider * _WIDER
        )
    )


def _chart(kind: str, series: Mapping[str, Sequence[float]], height: int, **options: Any) -> Any:
    import pygal
    from pygal.style import Style

    style = Style(
        background="#ffffff",
        plot_background="#ffffff",
        foreground="#333333",
        foreground_strong="#111111",
        foreground_subtle="#bbbbbb",
        font_family=_FONT,
        label_font_size=12,
        major_label_font_size=12,
        legend_font_size=13,
        opacity=1,
        transition="0",
        colors=_COLOURS if len(series) > 1 else (_COUNTS,),
    )
    chart = getattr(pygal, kind)(
        style=style,
        js=(),
        width=WIDTH,
        height=height,
        explicit_size=True,
        disable_xml_declaration=True,
        legend_at_bottom=True,
        show_legend=len(series) > 1,
        margin=6,
        min_scale=3,
        range=(0, None),
        **options,
    )
    for name, values in series.items():
        chart.add(name, list(values))
    return chart


def _image(chart: Any) -> str:
    from pygal.etree import etree

    tree = chart.render_tree()
    for parent in list(tree.iter()):
        for child in list(parent):
            # pygal puts its settings into a script, even where it puts in none of its own.
            if not isinstance(child.tag, str) or child.tag.endswith("script"):
                parent.remove(child)
    return f"data:image/svg+xml;base64,{base64.b64encode(etree.tostring(tree, encoding='utf-8')).decode()}"
