"""A YAML file as plain data, with the line of each value, so that problems are reported as `file:line: reason`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from rules.rule import Origin

UNFINISHED = "TODO:"
"""Begins the placeholders of a skeleton; no file loads that still has one."""
MAX_VALUES = 50_000
"""Values of one file, those behind aliases counted each time. A file of the catalog has a few hundred."""
MOST_DEPTH = 100
"""Levels of one file. A rule has a dozen."""
_SHALLOW = 2_000
"""Opening brackets and characters of the longest line, together, below which no file has more levels than Python and
libyaml can go down."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Document:
    """A YAML file as plain data, with the line of each place in it.

    text: what the file is to hold, in place of what it holds.
    """

    def __init__(self, path: Path, shown_path: str, text: str | None = None) -> None:
        self.shown_path = shown_path
        self.problems: list[str] = []
        self.lines: dict[tuple[str, ...], int] = {}
        self.data: Any = None
        self._around: set[yaml.Node] = set()
        self._remaining = MAX_VALUES
        try:
            if text is None:
                text = path.read_text(encoding="utf-8")
            if _is_deep(text):
                raise RecursionError
            loader = _Loader(text)
            try:
                node = loader.get_single_node()
                if node is not None:
                    self.data = self._build(node, ())
            finally:
                loader.dispose()
        except RecursionError:
            self.problems.append(f"{shown_path}:1: nested too deep")
        except OSError as error:
            self.problems.append(f"{shown_path}:1: {error.strerror or error}")
        except UnicodeDecodeError:
            self.problems.append(f"{shown_path}:1: not UTF-8")
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
            self.problems.append(f"{shown_path}:{line}: {error.problem}")
        except yaml.YAMLError as error:
            self.problems.append(f"{shown_path}:1: {error}")

    def _build(self, node: yaml.Node, path: tuple[str, ...]) -> Any:
        """Return a node's value, with aliases (`*name`) resolved.

        Raises MarkedYAMLError where an alias contains itself, or where aliases stand for too many values: ten levels of
        ten aliases each would exceed any memory.
        """
        self._remaining -= 1
        if node in self._around:
            raise yaml.MarkedYAMLError(problem="an alias that holds itself", problem_mark=node.start_mark)
        if self._remaining < 0:
            raise yaml.MarkedYAMLError(problem="aliases that stand for too much", problem_mark=node.start_mark)
        self._around.add(node)
        try:
            return self._value(node, path)
        finally:
            self._around.discard(node)

    def _value(self, node: yaml.Node, path: tuple[str, ...]) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            mapping: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = key_node.value
                if not isinstance(key, str):
                    self.problems.append(f"{self.shown_path}:{key_node.start_mark.line + 1}: a key must be a word")
                    continue
                if key in mapping:
                    self.problems.append(f"{self.shown_path}:{key_node.start_mark.line + 1}: {key} is given twice")
                mapping[key] = self._build(value_node, (*path, key))
                self.lines[(*path, key)] = key_node.start_mark.line + 1
            return mapping
        if isinstance(node, yaml.SequenceNode):
            return [self._build(item, (*path, str(i))) for i, item in enumerate(node.value)]
        if str(node.value).lstrip().startswith(UNFINISHED):
            self.problems.append(f"{self.shown_path}:{node.start_mark.line + 1}: {UNFINISHED} is still to be written")
        return _scalar(node)

    @property
    def origin(self) -> Origin:
        return Origin(file=self.shown_path, lines={".".join(path): line for path, line in self.lines.items()})

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a place given as pydantic names it, or of what encloses it."""
        known_path: tuple[str, ...] = ()
        for step in path:
            longer = (*known_path, str(step))
            if longer in self.lines:
                known_path = longer
            elif step == "matcher":
                # Stands for the one key of a condition; pydantic's other own steps name no place.
                inside = [p for p in self.lines if p[:-1] == known_path]
                known_path = inside[0] if len(inside) == 1 else known_path
        return self.lines.get(known_path, 1)


def in_one_line(value: Mapping[str, Any]) -> str:
    """Returns a mapping as YAML in one line, as the catalog writes its examples: `{author_role: client, body: …}`."""
    yaml_text = yaml.safe_dump(
        dict(value), default_flow_style=True, allow_unicode=True, sort_keys=False, width=1_000_000
    )
    return str(yaml_text).strip()


def _is_deep(text: str) -> bool:
    """Whether a file has more than MOST_DEPTH levels. Raises YAMLError.

    libyaml's nodes are composed by recursion in C, where 100,000 brackets end the process; its events are not. Only a
    file with very many brackets, or a very long line, is worth that look: else a level takes a column.
    """
    if text.count("[") + text.count("{") + max(map(len, text.splitlines()), default=0) < _SHALLOW:
        return False
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            return True
    return False


def _scalar(node: yaml.Node) -> Any:
    try:
        return _value_of(node.tag.removeprefix("tag:yaml.org,2002:"), str(node.value))
    except (ValueError, ArithmeticError):
        # 0x1F, 1:30, .inf, thousands of digits: numbers of YAML that no rule needs.
        raise yaml.MarkedYAMLError(problem="a number of an unknown form", problem_mark=node.start_mark) from None


def _value_of(tag: str, value: str) -> Any:
    match tag:
        case "null":
            return None
        case "bool":
            return value.lower() in ("true", "yes", "on")
        case "int":
            return int(value.replace("_", ""))
        case "float":
            return Decimal(value.replace("_", ""))
        case _:
            # Dates stay words: `checked: 2026-11-24`.
            return value
