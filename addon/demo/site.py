"""A site of the offline marketplace, and the drawing of its pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

HERE = Path(__file__).parent
HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the marketplace, with its body uncompressed."""

    body: bytes
    content_type: str = HTML
    status: int = 200


@dataclass(frozen=True, slots=True)
class Stop:
    """A page worth a look: its address, its name, and requests that the page itself makes."""

    url: str
    ja: str
    en: str
    fetches: Sequence[str] = ()


class DemoSite(Protocol):
    """A site of the offline marketplace: one package with its content and templates."""

    id: str
    name_ja: str
    name_en: str
    hosts: Sequence[str]
    tour: Sequence[Stop]
    """What the terminal shows and the index page lists, in this order."""

    def answer(self, location: SplitResult, now: datetime) -> Answer | None:
        """The page at an address, as of `now`; None where the site has none."""
        ...


def page(template: str, /, **values: object) -> Answer:
    """Draw a page by a template of this folder, all values escaped. Raises UndefinedError for a missing value."""
    return Answer(_templates().get_template(template).render(values).encode())


def json_answer(value: object) -> Answer:
    return Answer(_json(value).encode(), JSON)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["data"] = _data
    templates.filters["lines"] = _lines
    templates.filters["yen"] = yen
    return templates


def yen(amount: float) -> str:
    """`12000.0` → `12,000円`."""
    return f"{amount:,.0f}円"


def _data(value: object) -> Markup:
    """JSON for a `data="…"` attribute, escaped twice as Rails does: `\\u0026` in the JSON, then `&#34;`."""
    return escape(_json(value))


def _lines(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Only inside of strings can these stand, so that replacing them keeps the JSON's meaning.
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
