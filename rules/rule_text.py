"""Changes of rule files that leave every other line as people wrote it: an example more, another status, an override.

A changed text is read again before it is handed on: where it says anything but what the file said, with the one change,
there is no text but an error. Nothing here writes.
"""

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from rules.document import Document, in_one_line
from rules.model import Status
from rules.problems import CatalogError

ExampleKind = Literal["fires", "silent"]


def with_examples(path: Path, examples: Mapping[ExampleKind, Sequence[Mapping[str, Any]]]) -> str:
    """Returns the text of a rule's file with examples at the end of those of their kind.

    examples: each with one record, as the catalog has it: `{"message": {"author_role": "client", "body": "…"}}`. Raises
    CatalogError where the file cannot be read, or its examples do not stand one below the other.
    """
    document = _read(path)
    lines = _lines(path)
    ends = {kind: _end(document, lines, kind) for kind in examples}
    for kind in sorted(examples, key=lambda kind: -ends[kind]):
        mark, _, _ = lines[document.line(["examples", kind, "0"]) - 1].partition("-")
        lines[ends[kind] : ends[kind]] = [f"{mark}- {_item(example)}\n" for example in examples[kind]]
    expected_data = copy.deepcopy(document.data)
    for kind, further in examples.items():
        expected_data["examples"][kind] += [dict(example) for example in further]
    return _checked(path, lines, expected_data, f"{document.line(['examples'])}: examples: one a line")


def with_status(path: Path, status: Status) -> str:
    """Returns the text of a rule's file with another status. Raises CatalogError, as `with_examples`."""
    document = _read(path)
    lines = _lines(path)
    line = document.line(["status"])
    before, _, comment = lines[line - 1].partition("#")
    end = f"  #{comment}" if comment else "\n"
    lines[line - 1] = f"{before.partition(':')[0]}: {status}{end}"
    return _checked(path, lines, {**document.data, "status": status}, f"{line}: status: on a line of its own")


def with_override(path: Path, rule: str, changes: Mapping[str, str]) -> str:
    """Returns the text of an `overrides.yaml`, which need not be there, with changes of a rule among its own.

    What it said of the rule before stays but for the keys of `changes`. Raises CatalogError, as `with_examples`.
    """
    document = _read(path) if path.exists() else None
    data: dict[str, Any] = document.data if document is not None and document.data is not None else {}
    lines = _lines(path) if document is not None else []
    present = data.get(rule, {})
    if not isinstance(present, dict):
        raise CatalogError([f"{path}:{document.line([rule]) if document else 1}: {rule}: not a mapping"])
    of_rule = {**present, **changes}
    line = f"{rule}: {in_one_line(of_rule)}\n"
    if document is not None and rule in data:
        begin = document.line([rule])
        end = max(number for place, number in document.lines.items() if place[:1] == (rule,))
        lines[begin - 1 : end] = [line]
    else:
        lines.append(line)
    return _checked(path, lines, {**data, rule: of_rule}, f"1: {rule}: an override on a line of its own")


def _end(document: Document, lines: Sequence[str], kind: ExampleKind) -> int:
    """Returns the number of lines up to the end of the examples of a kind. Raises CatalogError where there are none."""
    numbers = [int(place[2]) for place in document.lines if place[:2] == ("examples", kind) and len(place) == 3]
    if not numbers:
        raise CatalogError([f"{document.shown_path}:{document.line(['examples'])}: examples.{kind}: there are none"])
    last = document.line(["examples", kind, max(numbers)])
    later = [line for place, line in document.lines.items() if line > last and place[:2] != ("examples", kind)]
    end = min(later, default=len(lines) + 1) - 1
    while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return end


def _item(example: Mapping[str, Any]) -> str:
    (kind, record), *_ = example.items()
    return f"{kind}: {in_one_line(record)}"


def _read(path: Path) -> Document:
    document = Document(path, str(path))
    if document.problems:
        raise CatalogError(document.problems)
    if document.data is not None and not isinstance(document.data, dict):
        raise CatalogError([f"{path}:1: not a mapping"])
    return document


def _lines(path: Path) -> list[str]:
    # As they are: a file with other line ends keeps them.
    with path.open(encoding="utf-8", newline="") as file:
        lines = file.readlines()
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return lines


def _checked(path: Path, lines: Sequence[str], expected_data: Any, otherwise: str) -> str:
    text = "".join(lines)
    document = Document(path, str(path), text)
    if document.problems or document.data != expected_data:
        raise CatalogError([f"{path}:{otherwise}, so that this can be written"])
    return text
