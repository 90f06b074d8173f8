"""Saved pages and texts, read from disk and judged: what `koban scan` and `koban extract` work on."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from addon.judging.check import ELSEWHERE, TextByItself, names_of
from addon.judging.scan_rules import ScanRules
from addon.language import say, say_text, system_reason
from addon.pictures.kinds import HEAD, SUFFIXES, kind_of
from addon.pictures.reading import FileReader, NotLookedAt, Trouble
from addon.verdicts.settle import apply_switches, not_checked
from extractors import SITES
from extractors.encoding import text_of_file, whole_characters
from extractors.page import Page, Unreadable
from extractors.records import Contents, Enclosure, Message
from extractors.saved import SavedPage, address_of, page_in_archive
from rules.facts import TextKind
from rules.model import Stage, Text, Verdict

PAGE_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".json": "application/json",
    ".mhtml": "multipart/related",
    ".mht": "multipart/related",
}
ARCHIVES = frozenset({".mhtml", ".mht"})
BESIDE = ("_files", ".files")
"""What ends the name of the folder that a browser puts beside a page saved whole, with all that the page loads."""
TEXT_TYPES = frozenset({".txt", ".text", ".md"})
_NAMES_BY_ID = {site.id: names_of(site) for site in SITES}


class Unusable(Exception):
    """An input that cannot be read at all; the text names the file (and line) and the reason."""


class BareText(BaseModel):
    """A text by itself, with what is known of where it was said."""

    model_config = ConfigDict(extra="ignore")

    kind: TextKind
    text: str
    site: str | None = None
    stage: Stage | None = None
    lang: str | None = Field(default=None, description="accepted, not needed: every rule looks at every text")


class TextLine(BareText):
    """One line of `--jsonl`."""

    id: str | int


@dataclass(frozen=True, slots=True)
class Scanned:
    """One judged input: `name` is the path or the line's id, under the key `key`. rules: as `RulesOrigin.names`."""

    key: Literal["path", "id"]
    name: str | int
    verdict: Verdict
    rules: tuple[str, ...]

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
                    **({"more": f.more} if f.more else {}),
                    "evidence": [
                        {"field": e.field, "quote": e.quote, **({"box": list(e.box)} if e.box is not None else {})}
                        for e in f.evidence
                    ],
                }
                for f in verdict.findings
            ],
            "checked": list(verdict.checked),
            "rules": list(self.rules),
        }
        if verdict.reason is not None:
            line["reason"] = verdict.reason
        return line


@dataclass(slots=True)
class InputFiles:
    """Returns the files that paths name, in order of name, and how many others there are, by the end of their names.

    empty: folders without any file to read.
    """

    files: list[Path] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    empty: list[Path] = field(default_factory=list)


def files_under(paths: Iterable[Path]) -> InputFiles:
    """The files that `paths` name; of a folder, every page, text, picture and document below it.

    Passed over in a folder are `url.txt`, and what a browser has put beside a page that it saved whole.
    """
    inputs = InputFiles()
    for path in paths:
        if not path.is_dir():
            inputs.files.append(path)
            continue
        before = len(inputs.files)
        for file in sorted(path.rglob("*")):
            if not file.is_file() or file.name == "url.txt" or _belongs_to_a_page(file, path):
                continue
            if file.suffix.lower() in PAGE_TYPES.keys() | TEXT_TYPES | SUFFIXES:
                inputs.files.append(file)
            else:
                inputs.others[file.suffix.lower()] += 1
        if len(inputs.files) == before:
            inputs.empty.append(path)
    return inputs


def _belongs_to_a_page(file: Path, top: Path) -> bool:
    """Whether a file lies in `page_files` beside a `page.html`."""
    for folder in file.parents:
        if folder == top:
            return False
        for end in BESIDE:
            name = folder.name.removesuffix(end)
            if name != folder.name and any((folder.parent / f"{name}{page}").is_file() for page in (".html", ".htm")):
                return True
    return False


def read_page(path: Path, url: str | None) -> Page | None:
    """A saved page with its address: given, in `url.txt` beside a `page.*`, or in the page itself.

    Returns None where no address is known. Raises Unusable where the file cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix not in PAGE_TYPES:
        known_suffixes = " ".join(PAGE_TYPES)
        raise Unusable(
            f"{path}: {say('保存したページではありません。読めるのは', 'no saved page; known are')} {known_suffixes}"
        )
    # A saved file names its encoding itself (BOM, meta) or not at all, so no charset is claimed here.
    saved_page = SavedPage(_read(path), PAGE_TYPES[suffix], None)
    if suffix in ARCHIVES:
        try:
            saved_page = page_in_archive(saved_page.body)
        except Unreadable as error:
            raise Unusable(f"{path}: {error}") from None
    beside = path.with_name("url.txt")
    if url is None and path.stem == "page" and beside.is_file():
        url = _text(beside).strip()
    url = url or saved_page.url or address_of(saved_page.body)
    if url is None:
        return None
    try:
        saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError) as error:
        raise Unusable(f"{path}: {type(error).__name__}") from None
    return Page(url=url, body=saved_page.body, content_type=saved_page.content_type, received_at=saved_at)


def _unopened(_: bytes) -> Contents:
    raise NotLookedAt("absent")


def scan_file(path: Path, rules: ScanRules, url: str | None = None, *, open_file: FileReader = _unopened) -> Scanned:
    """Judge one file. Raises Unusable where it cannot be read or is of no known type.

    open_file: opens a picture or a document, which is taken for one that a client sent.
    """
    suffix = path.suffix.lower()
    if suffix in PAGE_TYPES:
        page = read_page(path, url)
        verdict = not_checked("no-address") if page is None else rules.checker.check(page, markup=rules.markup)
    elif suffix in TEXT_TYPES:
        verdict = rules.checker.check_text(TextByItself("message", _text(path)))
    else:
        verdict = _of_file(path, rules, open_file)
    return Scanned("path", str(path), _switched(verdict, rules), rules.origin.names)


def _of_file(path: Path, rules: ScanRules, open_file: FileReader) -> Verdict:
    data = _read(path)
    if path.suffix.lower() not in SUFFIXES and kind_of(data[:HEAD]) is None:
        known_suffixes = " ".join(sorted(PAGE_TYPES.keys() | TEXT_TYPES | SUFFIXES))
        words = say("読めない種類のファイルです。読めるのは", "unknown type of file; known are")
        raise Unusable(f"{path}: {words} {known_suffixes}")
    try:
        contents = open_file(data)
    except NotLookedAt as reason:
        if reason.trouble in ("too-large", "failed"):
            return not_checked(reason.trouble)
        raise Unusable(f"{path}: {say_text(_TROUBLES[reason.trouble])}") from None
    enclosure = Enclosure(url=path.absolute().as_uri(), name=path.name, contents=contents)
    return rules.checker.check_records([Message(author_role="client", enclosures=(enclosure,))])


_TROUBLES: Mapping[Trouble, Text] = {
    "unknown-kind": Text(
        ja="中身が、調べられる種類の画像や資料ではありません",
        en="its bytes are of no kind of picture or document that is read",
    ),
    "damaged": Text(ja="壊れています", en="damaged"),
    "absent": Text(
        ja='画像と資料の中は調べていません（調べるには `pip install "koban[pictures]"`）',
        en='pictures and documents are not looked at: that asks for `pip install "koban[pictures]"`',
    ),
}


def scan_lines(lines: Iterable[tuple[bytes, str]], rules: ScanRules) -> list[Scanned | Unusable]:
    """Judge lines of JSON Lines, each with the place that names it in errors, many in one pass."""
    entries = [_entry_of(line, place) for line, place in lines]
    verdicts = iter(judge_texts([entry for entry in entries if isinstance(entry, TextLine)], rules))
    return [
        Scanned("id", entry.id, next(verdicts), rules.origin.names) if isinstance(entry, TextLine) else entry
        for entry in entries
    ]


def _entry_of(line: bytes, place: str) -> TextLine | Unusable:
    try:
        return TextLine.model_validate(value_of_line(line))
    except ValidationError as error:
        return Unusable(f"{place}: {first_problem(error)}")
    except Unusable as error:
        return Unusable(f"{place}: {error}")


def value_of_line(line: bytes) -> Any:
    """Returns the JSON value of a line in any of the encodings of `text_of_file`. Raises Unusable, with the reason."""
    try:
        return json.loads(whole_characters(text_of_file(line)))
    except json.JSONDecodeError as error:
        words = say("JSONではありません", "not JSON")
        raise Unusable(f"{words}: {error.msg} (column {error.colno})") from None
    except (Unreadable, ValueError, RecursionError) as error:
        raise Unusable(f"{say('JSONではありません', 'not JSON')}: {type(error).__name__}") from None


def first_problem(error: ValidationError) -> str:
    """Returns the first problem of a line that is no text: the field and the reason, without its value."""
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'line'}: {first['msg']}"


def judge_texts(entries: Sequence[BareText], rules: ScanRules, *, now: datetime | None = None) -> list[Verdict]:
    """Returns the verdict of each text by itself, many judged in one pass. Raises nothing.

    now: the time at which they count as read; None means this moment.
    """
    texts = [
        TextByItself(entry.kind, entry.text, _NAMES_BY_ID.get(entry.site or "", ELSEWHERE), entry.stage)
        for entry in entries
    ]
    return [_switched(verdict, rules) for verdict in rules.checker.check_texts(texts, now=now)]


def _switched(verdict: Verdict, rules: ScanRules) -> Verdict:
    # Whoever counts risks wants all of a text, also those that a page's warnings say within one another.
    return apply_switches(verdict, rules.origin.switches, one_for_trap=False)


def _text(path: Path) -> str:
    """A text file's text. Raises Unusable."""
    try:
        return text_of_file(_read(path))
    except Unreadable:
        words = say(
            "文章として読めません（UTF-8・UTF-16・Shift_JIS・EUC-JP）", "no text in UTF-8, UTF-16, Shift_JIS or EUC-JP"
        )
        raise Unusable(f"{path}: {words}") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"{path}: {say_text(system_reason(error))}") from None
