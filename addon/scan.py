"""Saved pages and texts, read from disk and judged: what `koban scan` and `koban extract` work on."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from addon.check import ELSEWHERE, Checker, names_of
from addon.settings import Settings
from addon.shown import not_checked, settled
from extractors import SITES
from extractors.page import Page
from extractors.saved import address_of
from rules.facts import TextKind, record_of
from rules.model import Stage, Verdict

PAGE_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".json": "application/json",
}
TEXT_TYPES = frozenset({".txt", ".text", ".md"})
SITES_BY_ID = {site.id: site for site in SITES}


class Unusable(Exception):
    """An input that cannot be read at all; the text names the file (and line) and the reason."""


class TextLine(BaseModel):
    """One line of `--jsonl`: a text with what is known of where it was said."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    kind: TextKind
    text: str
    site: str | None = None
    stage: Stage | None = None
    lang: str | None = Field(default=None, description="accepted, not needed: every rule looks at every text")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was judged: `name` is the path or the line's id, under the key `key`."""

    key: Literal["path", "id"]
    name: str | int
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """The line of `--json`, in the shape that docs/architecture.md promises."""
        verdict = self.verdict
        line: dict[str, Any] = {
            self.key: self.name,
            "state": verdict.state,
            "findings": [
                {
                    "rule": f.rule,
                    "risk": f.risk,
                    "severity": f.severity,
                    "confidence": f.confidence,
                    "subject": f.subject,
                    "evidence": [{"field": e.field, "quote": e.quote} for e in f.evidence],
                }
                for f in verdict.findings
            ],
            "checked": list(verdict.checked),
        }
        if verdict.reason is not None:
            line["reason"] = verdict.reason
        return line


def files_under(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that `paths` name; of a folder, every page and text below it, in order of name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                p
                for p in path.rglob("*")
                if p.suffix.lower() in PAGE_TYPES.keys() | TEXT_TYPES and p.is_file() and p.name != "url.txt"
            )
        else:
            yield path


def read_page(path: Path, url: str | None) -> Page | None:
    """A saved page with its address: given, in `url.txt` beside a `page.*`, or in the page itself.

    Returns None where no address is known. Raises Unusable where the file cannot be read.
    """
    body = _read(path)
    beside = path.with_name("url.txt")
    if url is None and path.stem == "page" and beside.is_file():
        url = beside.read_text(encoding="utf-8").strip()
    if url is None:
        url = address_of(body)
    if url is None:
        return None
    # A saved file names its encoding itself (BOM, meta) or not at all, so no charset is claimed here.
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Page(url=url, body=body, content_type=PAGE_TYPES[path.suffix.lower()], received_at=saved_at)


def scan_file(path: Path, checker: Checker, url: str | None = None) -> Scanned:
    """Judge one file. Raises Unusable where it cannot be read or is of no known type."""
    suffix = path.suffix.lower()
    if suffix in PAGE_TYPES:
        page = read_page(path, url)
        verdict = not_checked("no-address") if page is None else checker.check(page)
    elif suffix in TEXT_TYPES:
        try:
            text = _read(path).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unusable(f"{path}: not UTF-8 text (byte {error.start})") from None
        verdict = checker.check_records([record_of("message", text)])
    else:
        known = " ".join(sorted(PAGE_TYPES.keys() | TEXT_TYPES))
        raise Unusable(f"{path}: unknown type of file; known are {known}")
    return Scanned("path", str(path), _as_shipped(verdict))


def scan_line(line: bytes, place: str, checker: Checker) -> Scanned:
    """Judge one line of JSON Lines. `place` names it in errors. Raises Unusable."""
    try:
        entry = TextLine.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise Unusable(f"{place}: not JSON: {error.msg} (column {error.colno})") from None
    except (UnicodeDecodeError, RecursionError) as error:
        raise Unusable(f"{place}: not JSON: {type(error).__name__}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise Unusable(f"{place}: {'.'.join(map(str, first['loc'])) or 'line'}: {first['msg']}") from None
    site = SITES_BY_ID.get(entry.site or "")
    verdict = checker.check_records(
        [record_of(entry.kind, entry.text)], site=names_of(site) if site else ELSEWHERE, stage=entry.stage
    )
    return Scanned("id", entry.id, _as_shipped(verdict))


def _as_shipped(verdict: Verdict) -> Verdict:
    # A scan is reproducible: it takes the catalog as shipped, not the toggles of whoever runs it.
    return settled(verdict, Settings(), now=datetime.now(UTC))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror or type(error).__name__}") from None
