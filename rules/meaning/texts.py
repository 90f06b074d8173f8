"""The texts that meaning is learnt from: labelled by reading, in families that hold trap and look-alike together.

A family is one trap in one situation, worded in several ways, with honest texts that use the same words.
Whoever learns or measures splits by family, never by text: texts of one family know each other.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rules.meaning.labels import Act, Kind, Language, Risk
from rules.problems import CatalogError

FOLDER = Path(__file__).parent / "texts"
"""Holds <language>/<hand>.jsonl, one text a line."""


class ThreadMessage(BaseModel):
    """One message of a thread."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["client", "freelancer"]
    text: Annotated[str, Field(min_length=1)]


class Line(BaseModel):
    """One line of a file that is learnt from: <language>/<hand>.jsonl."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    lang: Language


class LabelledText(Line):
    """One text as a freelancer meets it, with the risks that a careful reader sees in it; none means honest."""

    kind: Kind
    labels: tuple[Risk, ...]
    act: Act
    text: Annotated[str, Field(min_length=1)] | None = None
    """None for a thread, which has `messages` instead."""
    messages: tuple[ThreadMessage, ...] = ()

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        if (self.kind == "thread") != bool(self.messages) or (self.kind == "thread") != (self.text is None):
            raise ValueError("a thread has messages, and any other text has its text")
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("a label is named twice")
        return self

    @property
    def words(self) -> str:
        """All of it, messages of a thread on lines of their own."""
        return self.text if self.text is not None else "\n".join(message.text for message in self.messages)


def read_texts(folder: Path = FOLDER) -> Mapping[str, Sequence[LabelledText]]:
    """The texts by hand (`ja/seed`), in their order.

    Raises CatalogError, whose text has every problem as `file:line: reason`.
    """
    texts: dict[str, Sequence[LabelledText]] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*/*.jsonl")):
        texts[f"{path.parent.name}/{path.stem}"] = list(_lines(path, LabelledText, problems))
    if problems:
        raise CatalogError(problems)
    return texts


def read_file(path: Path) -> Sequence[LabelledText]:
    """The texts of one file, in their order. Raises CatalogError, as `read_texts`."""
    return read_lines([path], LabelledText)


def read_lines[Kind: Line](paths: Iterable[Path], kind: type[Kind]) -> Sequence[Kind]:
    """The lines of some files, in their order. Raises CatalogError, as `read_texts`."""
    problems: list[str] = []
    lines = [line for path in paths for line in _lines(path, kind, problems)]
    if problems:
        raise CatalogError(problems)
    return lines


def _lines[Kind: Line](path: Path, kind: type[Kind], problems: list[str]) -> Iterator[Kind]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path}:1: {error}")
        return
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            entry: Any = json.loads(line)
            text = kind.model_validate(entry)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            problems.append(f"{path}:{number}: {'.'.join(map(str, first['loc'])) or 'line'}: {first['msg']}")
        except ValueError as error:
            problems.append(f"{path}:{number}: not JSON: {error}")
        else:
            if text.lang != path.parent.name:
                problems.append(
                    f"{path}:{number}: lang: a text in {text.lang} stands among those in {path.parent.name}"
                )
            yield text
