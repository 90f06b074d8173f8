"""The pages under tests/pages: tests/pages/<site>/<kind>/<case>/{page.html|page.json, url.txt, expected.json}."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from extractors.page import Page
from extractors.records import AnyRecord

PAGES = Path(__file__).parents[1] / "pages"
CLEAN = Path(__file__).parents[1] / "clean"
RECEIVED_AT = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=9)))


@dataclass(frozen=True)
class Case:
    """One saved page."""

    folder: Path

    @property
    def name(self) -> str:
        return "/".join(self.folder.parts[-3:])

    @property
    def kind(self) -> str:
        return self.folder.parts[-2]

    @property
    def body(self) -> bytes:
        return next(self.folder.glob("page.*")).read_bytes()

    @property
    def page(self) -> Page:
        return page(self.body, (self.folder / "url.txt").read_text("utf-8").strip())

    @property
    def expected(self) -> Any:
        return json.loads((self.folder / "expected.json").read_text("utf-8"))


def page(body: bytes | str, url: str, content_type: str = "text/html; charset=utf-8") -> Page:
    return Page(url, body.encode() if isinstance(body, str) else body, content_type, RECEIVED_AT)


def cases(root: Path = PAGES) -> list[Case]:
    return [Case(found.parent) for found in sorted(root.glob("*/*/*/url.txt"))]


def dumped(records: tuple[AnyRecord, ...]) -> list[dict[str, Any]]:
    """Records as `koban extract` writes them, without the sources."""
    return [
        {"type": type(record).__name__.lower()} | _without_sources(record.model_dump(mode="json", exclude_none=True))
        for record in records
    ]


def _without_sources(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_sources(inner) for key, inner in value.items() if key != "sources"}
    return [_without_sources(inner) for inner in value] if isinstance(value, list) else value
