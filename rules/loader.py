"""From YAML files to a catalog of rules; every problem is reported at once, as `file:line: reason`."""

import contextlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from rules import predicates
from rules.facts import FIELDS, WORDS
from rules.lexicon import TOPICS
from rules.model import Subject, Text
from rules.patterns import PatternError, expand, for_bytes
from rules.placeholders import unknown_placeholders
from rules.problems import CatalogError
from rules.rule import SUBJECTS, Condition, Matcher, Origin, Rule
from rules.sites import OUTSIDE_CONTACT, SITE_IDS

SHIPPED = Path(__file__).parent
"""Holds catalog/<topic>/<id>.yaml, terms/<name>.yaml, sources.yaml, groups.yaml and renames.json."""

UNFINISHED = "TODO:"
"""What the places of a skeleton begin with that are still to be filled in: no rule loads with one."""
_NO_SOURCE = {"name": {"ja": "-", "en": "-"}, "url": "-", "checked": "-"}
Place = tuple[str | int, ...]
MAX_VALUES = 50_000
"""A file of a catalog has a few hundred values; all that its aliases stand for is counted each time."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of weak signs; together they never weigh more than `cap`."""

    cap: int


@dataclass(frozen=True, slots=True)
class Catalog:
    """All rules, the vocabularies their patterns refer to, and the ids that rules had before."""

    rules: tuple[Rule, ...]
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Any] = field(default_factory=dict)
    """Terms and laws that rules may cite by key."""

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of an id, present or former."""
        current = self.current_id(rule_id)
        return next((r for r in self.rules if r.id == current), None)

    def current_id(self, rule_id: str) -> str:
        """The id that a rule has now, so that a toggle stored under a former id still counts."""
        seen = set()
        while rule_id in self.renames and rule_id not in seen:
            seen.add(rule_id)
            rule_id = self.renames[rule_id]
        return rule_id

    def patterns(self, written: Sequence[str]) -> tuple[str, ...]:
        """Patterns as the matcher takes them. Raises PatternError."""
        return tuple(for_bytes(expand(p, self.terms)) for p in written)


def load_catalog(directories: Sequence[Path] | None = None, *, without: Collection[Path] = ()) -> Catalog:
    """The catalog of one or more directories, each laid over those before it.

    None means the shipped catalog alone. A later directory's rule replaces an earlier one of the same
    id; its `overrides.yaml` (`rule-id: {severity: …, status: …}`) changes single fields of rules before
    it; its terms, sources and groups replace those of the same name. Directories need not exist but for the
    first. without: files that are not read. Raises CatalogError.
    """
    reading = _Reading(without=frozenset(without))
    for number, directory in enumerate([SHIPPED] if directories is None else directories):
        if number == 0 and not (directory / "catalog").is_dir():
            raise CatalogError([f"{directory}:1: no catalog here"])
        reading.read(directory)
    return reading.catalog()


def check_rule_file(path: Path, catalog: Catalog) -> Rule:
    """Read one rule file against the vocabularies of a catalog. Raises CatalogError."""
    reading = _Reading(terms=dict(catalog.terms), groups=dict(catalog.groups), sources=dict(catalog.sources))
    reading.read_rule(path, path.parent.name)
    return reading.catalog().rules[0]


class _Document:
    """A YAML file as plain data, with the line of each place in it."""

    def __init__(self, path: Path, shown: str) -> None:
        self.shown = shown
        self.problems: list[str] = []
        self.lines: dict[tuple[str, ...], int] = {}
        self.data: Any = None
        self._around: set[yaml.Node] = set()
        self._left = MAX_VALUES
        try:
            text = path.read_text(encoding="utf-8")
            loader = _Loader(text)
            try:
                node = loader.get_single_node()
                if node is not None:
                    self.data = self._build(node, ())
            finally:
                loader.dispose()
        except RecursionError:
            self.problems.append(f"{shown}:1: nested too deep")
        except OSError as error:
            self.problems.append(f"{shown}:1: {error.strerror or error}")
        except UnicodeDecodeError:
            self.problems.append(f"{shown}:1: not UTF-8")
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
            self.problems.append(f"{shown}:{line}: {error.problem}")
        except yaml.YAMLError as error:
            self.problems.append(f"{shown}:1: {error}")

    def _build(self, node: yaml.Node, path: tuple[str, ...]) -> Any:
        """A node's value, its aliases (`*name`) followed.

        Raises MarkedYAMLError where one holds itself, or all that they stand for is too much: ten levels of ten
        aliases each would be more than any memory holds.
        """
        self._left -= 1
        if node in self._around:
            raise yaml.MarkedYAMLError(problem="an alias that holds itself", problem_mark=node.start_mark)
        if self._left < 0:
            raise yaml.MarkedYAMLError(problem="aliases that stand for too much", problem_mark=node.start_mark)
        self._around.add(node)
        try:
            return self._value(node, path)
        finally:
            self._around.discard(node)

    def _value(self, node: yaml.Node, path: tuple[str, ...]) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            built: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = key_node.value
                if not isinstance(key, str):
                    self.problems.append(f"{self.shown}:{key_node.start_mark.line + 1}: a key must be a word")
                    continue
                if key in built:
                    self.problems.append(f"{self.shown}:{key_node.start_mark.line + 1}: {key} is given twice")
                built[key] = self._build(value_node, (*path, key))
                self.lines[(*path, key)] = key_node.start_mark.line + 1
            return built
        if isinstance(node, yaml.SequenceNode):
            return [self._build(item, (*path, str(i))) for i, item in enumerate(node.value)]
        if str(node.value).lstrip().startswith(UNFINISHED):
            self.problems.append(f"{self.shown}:{node.start_mark.line + 1}: {UNFINISHED} is still to be written")
        return _scalar(node)

    @property
    def origin(self) -> Origin:
        return Origin(file=self.shown, lines={".".join(path): line for path, line in self.lines.items()})

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a place given as pydantic names it, or of what encloses it."""
        known: tuple[str, ...] = ()
        for step in path:
            longer = (*known, str(step))
            if longer in self.lines:
                known = longer
            elif step == "matcher":
                # Stands for the one key of a condition; pydantic's other own steps name no place.
                inside = [p for p in self.lines if p[:-1] == known]
                known = inside[0] if len(inside) == 1 else known
        return self.lines.get(known, 1)


def _scalar(node: yaml.Node) -> Any:
    tag = node.tag.removeprefix("tag:yaml.org,2002:")
    value = str(node.value)
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


@dataclass(slots=True)
class _Reading:
    """What has been read so far, and what was wrong with it."""

    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    without: frozenset[Path] = frozenset()

    def catalog(self) -> Catalog:
        """What was read, checked as a whole. Raises CatalogError with every problem."""
        for rule in self.rules.values():
            self.problems += _problems_of(rule, self.terms, self.groups)
        if self.problems:
            raise CatalogError(self.problems)
        return Catalog(
            rules=tuple(sorted(self.rules.values(), key=lambda r: (list(TOPICS).index(r.topic), r.id))),
            terms=self.terms,
            groups=self.groups,
            renames=self.renames,
            sources=self.sources,
        )

    def read(self, directory: Path) -> None:
        for path in self._files(directory, "terms/*.yaml"):
            self.read_terms(path, _shown(path))
        for path in self._files(directory, "groups.yaml"):
            self.read_groups(path)
        for path in self._files(directory, "sources.yaml"):
            self.sources.update(_mapping(self._document(path).data))
        for path in self._files(directory, "renames.json"):
            self.read_renames(path)
        for path in self._files(directory, "catalog/*/*.yaml"):
            self.read_rule(path, path.parent.name)
        for stray in self._files(directory, "catalog/*.yaml"):
            self.problems.append(f"{_shown(stray)}:1: a rule lies in the folder of its topic")
        for path in self._files(directory, "overrides.yaml"):
            self.read_overrides(path)

    def _files(self, directory: Path, pattern: str) -> list[Path]:
        return [path for path in sorted(directory.glob(pattern)) if path.is_file() and path not in self.without]

    def _document(self, path: Path) -> _Document:
        document = _Document(path, _shown(path))
        self.problems += document.problems
        return document

    def read_terms(self, path: Path, shown: str) -> None:
        document = self._document(path)
        data = document.data
        if not isinstance(data, dict) or set(data) != {"about", "words"}:
            if not document.problems:
                self.problems.append(f"{shown}:1: a vocabulary has the keys about and words")
            return
        words = data["words"]
        if not isinstance(words, list) or not words or not all(isinstance(w, str) and w for w in words):
            self.problems.append(f"{shown}:{document.line(['words'])}: words is a list of patterns")
            return
        self.terms[path.stem] = tuple(words)

    def read_groups(self, path: Path) -> None:
        document = self._document(path)
        for name, data in _mapping(document.data):
            if isinstance(data, dict) and isinstance(data.get("cap"), int) and set(data) <= {"about", "cap"}:
                self.groups[name] = Group(cap=data["cap"])
            else:
                self.problems.append(f"{document.shown}:{document.line([name])}: a group has about and cap")

    def read_renames(self, path: Path) -> None:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            self.problems.append(f"{_shown(path)}:{getattr(error, 'lineno', 1)}: not JSON")
            return
        if not isinstance(data, dict) or not all(isinstance(v, str) for v in data.values()):
            self.problems.append(f"{_shown(path)}:1: former ids map to present ids")
            return
        self.renames.update(data)

    def read_rule(self, path: Path, topic: str) -> None:
        document = self._document(path)
        if document.data is None:
            if not document.problems:
                self.problems.append(f"{document.shown}:1: empty")
            return
        if not isinstance(document.data, dict):
            self.problems.append(f"{document.shown}:1: a rule is a mapping")
            return
        for key in ("id", "topic", "origin"):
            if key in document.data:
                self.problems.append(f"{document.shown}:{document.line([key])}: {key} follows from the file's place")
        data = {**document.data, "id": path.stem, "topic": topic}
        cited = data.get("sources")
        if isinstance(cited, list):
            for index, key in enumerate(cited):
                if isinstance(key, str) and key not in self.sources:
                    self.problems.append(f"{document.shown}:{document.line(['sources', index])}: no source {key}")
            data["sources"] = [self.sources.get(s, _NO_SOURCE) if isinstance(s, str) else s for s in cited]
        self._add(data, document)

    def read_overrides(self, path: Path) -> None:
        document = self._document(path)
        for rule_id, changes in _mapping(document.data):
            rule = self.rules.get(rule_id) or self.rules.get(self.renames.get(rule_id, ""))
            where = f"{document.shown}:{document.line([rule_id])}"
            if rule is None:
                self.problems.append(f"{where}: no rule {rule_id}")
            elif not isinstance(changes, dict) or not set(changes) <= {"severity", "status", "confidence"}:
                self.problems.append(f"{where}: an override changes severity, status or confidence")
            else:
                try:
                    changed = Rule.model_validate({**rule.model_dump(by_alias=True), **changes})
                except ValidationError as error:
                    self.problems.append(f"{where}: {error.errors()[0]['msg']}")
                else:
                    self.rules[rule.id] = changed.model_copy(update={"origin": rule.origin})

    def _add(self, data: dict[str, Any], document: _Document) -> None:
        try:
            rule = Rule.model_validate(data)
        except ValidationError as error:
            for problem in error.errors(include_url=False, include_input=False):
                # Unions (a value of one of several types) report each arm: the place says enough.
                where = [step for step in problem["loc"] if isinstance(step, int) or step != "function-after"]
                name = ".".join(str(step) for step in where)
                message = problem["msg"].removeprefix("Value error, ")
                if problem["type"] == "extra_forbidden":
                    message = "unknown field"
                self.problems.append(f"{document.shown}:{document.line(where)}: {name}: {message}")
            self._also_wrong(data, document)
            return
        self.rules[rule.id] = rule.model_copy(update={"origin": document.origin})

    def _also_wrong(self, data: Mapping[str, Any], document: _Document) -> None:
        """Problems of the conditions of a rule that is no rule for other reasons."""
        when = data.get("when")
        subject = data.get("subject")
        subjects = [s for s in SUBJECTS if s == subject or (isinstance(subject, list) and s in subject)]
        origin = document.origin
        for index, item in enumerate(when if isinstance(when, list) else ()):
            with contextlib.suppress(ValidationError):
                for condition, place in walk([Condition.model_validate(item)], ("when",)):
                    place = ("when", index, *place[2:])
                    self.problems += _condition_problems(condition, place, origin, subjects, self.terms, self.groups)


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(SHIPPED.parent))
    except ValueError:
        return str(path)


def _mapping(data: Any) -> list[tuple[str, Any]]:
    return list(data.items()) if isinstance(data, dict) else []


def walk(
    conditions: Sequence[Condition], path: tuple[str | int, ...]
) -> Iterator[tuple[Condition, tuple[str | int, ...]]]:
    """All conditions of a list, nested ones too, each with its place in the rule."""
    for index, condition in enumerate(conditions):
        here = (*path, index)
        yield condition, here
        for key in ("any", "all", "not"):
            nested = getattr(condition, key + "_")
            if nested:
                yield from walk(nested, (*here, key))


def conditions_of(rule: Rule) -> Iterator[tuple[Condition, tuple[str | int, ...]]]:
    """All conditions of a rule with their places: those of `when` and those of its cases."""
    yield from walk(rule.when, ("when",))
    for index, case in enumerate(rule.cases):
        yield from walk(case.when, ("cases", index, "when"))


def _condition_problems(
    condition: Condition,
    place: Place,
    origin: Origin,
    subjects: Sequence[Subject],
    terms: Mapping[str, Sequence[str]],
    groups: Mapping[str, Group],
) -> Iterator[str]:
    if condition.predicate is not None and condition.predicate not in predicates.FACTS:
        yield f"{origin.at(*place)}: no predicate {condition.predicate}"
    if condition.signs is not None and condition.signs.group not in groups:
        yield f"{origin.at(*place)}: no group {condition.signs.group}"
    if condition.field is not None and condition.matcher is not None:
        where = (*place, condition.field)
        for key, problem in _field_problems(subjects, condition.field, condition.matcher, terms):
            yield f"{origin.at(*where, *key)}: {problem}"


def patterns_of(matcher: Matcher) -> Iterator[tuple[Place, str]]:
    """All patterns of a matcher, each with its place in it."""
    for key in ("says", "unless", "near", "elsewhere"):
        for index, pattern in enumerate(getattr(matcher, key) or ()):
            yield (key, index), pattern
    for index, group in enumerate(matcher.with_):
        for number, pattern in enumerate(group):
            yield ("with", index, number), pattern


def _problems_of(rule: Rule, terms: Mapping[str, Sequence[str]], groups: Mapping[str, Group]) -> Iterator[str]:
    for condition, place in conditions_of(rule):
        yield from _condition_problems(condition, place, rule.origin, rule.subjects, terms, groups)
    if rule.sign is not None and rule.sign.group not in groups:
        yield f"{rule.origin.at('sign')}: no group {rule.sign.group}"
    texts: list[tuple[tuple[str | int, ...], Text | None]] = [
        (("title",), rule.title),
        (("seen",), rule.seen),
        (("reason",), rule.reason),
        (("advice",), rule.advice),
        (("advice_on_offer",), rule.advice_on_offer),
    ]
    for index, case in enumerate(rule.cases):
        texts += [(("cases", index, n), getattr(case, n)) for n in ("title", "seen", "reason", "advice")]
    for path, text in texts:
        for language in ("ja", "en"):
            for name in unknown_placeholders(getattr(text, language)) if text is not None else ():
                yield f"{rule.origin.at(*path, language)}: unknown placeholder {{{name}}}"


def _field_problems(
    subjects: Sequence[Subject], name: str, matcher: Matcher, terms: Mapping[str, Sequence[str]]
) -> Iterator[tuple[Place, str]]:
    info = FIELDS.get(name)
    if info is None:
        yield (), f"no record has the field {name}"
        return
    if matcher.says is not None:
        if info.kind != "text":
            yield ("says",), f"{name} is not a text"
        for subject in subjects:
            if name != "words" and name not in WORDS[subject]:
                yield (), f"{name} is not a text of a {subject}"
            elif name == "words" and not WORDS[subject]:
                yield (), f"a {subject} has no words"
        if matcher.check is not None and matcher.check not in predicates.SENTENCE:
            yield ("check",), f"no sentence check {matcher.check}"
        for place, pattern in patterns_of(matcher):
            try:
                for_bytes(expand(pattern, terms))
            except PatternError as error:
                yield place, str(error)
        return
    numeric = matcher.above is not None or matcher.below is not None or matcher.within is not None
    if numeric and info.kind not in ("number", "share"):
        yield (), f"{name} is not a number"
    for value in matcher.is_ or ():
        fits = {
            "share": isinstance(value, int | Decimal) and not isinstance(value, bool),
            "number": isinstance(value, int | Decimal) and not isinstance(value, bool),
            "flag": isinstance(value, bool),
            "word": isinstance(value, str),
        }.get(info.kind, False)
        if not fits:
            yield ("is",), f"{name} is a {info.kind}, and {value!r} is none"
        elif name == "site" and value not in SITE_IDS:
            yield ("is",), f"no site {value}"
        elif name == "outside_contact" and value not in OUTSIDE_CONTACT:
            yield ("is",), f"outside_contact is none of {', '.join(sorted(OUTSIDE_CONTACT))}: {value}"
