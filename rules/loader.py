"""From YAML files to a catalog of rules; every problem is reported at once, as `file:line: reason`."""

import contextlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rules.document import Document
from rules.lexicon import SUBJECTS, TOPICS
from rules.patterns import expand, for_bytes
from rules.problems import CatalogError
from rules.rule import Condition, Rule, walk
from rules.validation import condition_problems, problems_of

SHIPPED_RULES = Path(__file__).parent
"""Holds catalog/<topic>/<id>.yaml, terms/<name>.yaml, sources.yaml, groups.yaml and renames.json."""

_NO_SOURCE = {"name": {"ja": "-", "en": "-"}, "url": "-", "checked": "-"}


@dataclass(frozen=True, slots=True)
class Group:
    """A group of weak signs; together they never weigh more than `cap`."""

    cap: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Catalog:
    """All rules, the vocabularies their patterns refer to, and the ids that rules had before."""

    rules: tuple[Rule, ...]
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Any] = field(default_factory=dict)
    """Terms and laws that rules may cite by key."""
    about: Mapping[str, str] = field(default_factory=dict)
    """By name, the meaning of a vocabulary."""

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule of an id, present or former; None where there is none."""
        current = self.current_id(rule_id)
        return next((r for r in self.rules if r.id == current), None)

    def current_id(self, rule_id: str) -> str:
        """Return the present id of a rule, so that a toggle stored under a former id still counts."""
        former_ids = set()
        while rule_id in self.renames and rule_id not in former_ids:
            former_ids.add(rule_id)
            rule_id = self.renames[rule_id]
        return rule_id

    def patterns(self, sources: Sequence[str], rule: Rule | None = None) -> tuple[str, ...]:
        """Return patterns as the matcher takes them. rule: one whose own `terms` count too. Raises PatternError."""
        terms = self.terms_of(rule) if rule is not None else self.terms
        return tuple(for_bytes(expand(pattern, terms)) for pattern in sources)

    def terms_of(self, rule: Rule) -> Mapping[str, tuple[str, ...]]:
        """Return the vocabularies that a rule's patterns may refer to: the shared ones, and its own."""
        return {**self.terms, **rule.terms} if rule.terms else self.terms


def load_catalog(
    directories: Sequence[Path] | None = None,
    *,
    without: Collection[Path] = (),
    unmet_overrides: list[str] | None = None,
) -> Catalog:
    """Load the catalog of one or more directories, each laid over those before it.

    directories: None means the shipped catalog alone. A later directory's rule replaces an earlier one of the same id;
    its `overrides.yaml` (`rule-id: {severity: …, status: …}`) changes single fields of earlier rules; its terms,
    sources and groups replace those of the same name. All but the first may be missing. without: files that are not
    read. unmet_overrides: takes the problems of overrides whose rule is not there, which are passed over; None makes
    them errors. Raises CatalogError.
    """
    reader = _CatalogReader(without=frozenset(without), unmet_overrides=unmet_overrides)
    for number, directory in enumerate([SHIPPED_RULES] if directories is None else directories):
        if number == 0 and not (directory / "catalog").is_dir():
            raise CatalogError([f"{directory}:1: no catalog here"])
        reader.read(directory)
    return reader.catalog()


def check_rule_file(path: Path, catalog: Catalog) -> Rule:
    """Read one rule file against the vocabularies of a catalog. Raises CatalogError."""
    reader = _CatalogReader(terms=dict(catalog.terms), groups=dict(catalog.groups), sources=dict(catalog.sources))
    reader.read_rule(path, path.parent.name)
    return reader.catalog().rules[0]


@dataclass(slots=True)
class _CatalogReader:
    """Collects rules, vocabularies and problems from directories."""

    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    without: frozenset[Path] = frozenset()
    unmet_overrides: list[str] | None = None

    def catalog(self) -> Catalog:
        """Return everything that was read, checked as a whole. Raises CatalogError with every problem."""
        for rule in self.rules.values():
            self.problems += problems_of(rule, self.terms, self.groups)
        if self.problems:
            raise CatalogError(self.problems)
        return Catalog(
            rules=tuple(sorted(self.rules.values(), key=lambda r: (list(TOPICS).index(r.topic), r.id))),
            terms=self.terms,
            groups=self.groups,
            renames=self.renames,
            sources=self.sources,
            about=self.about,
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

    def _document(self, path: Path) -> Document:
        document = Document(path, _shown(path))
        self.problems += document.problems
        return document

    def read_terms(self, path: Path, shown_path: str) -> None:
        document = self._document(path)
        data = document.data
        if not isinstance(data, dict) or set(data) != {"about", "words"}:
            if not document.problems:
                self.problems.append(f"{shown_path}:1: a vocabulary has the keys about and words")
            return
        words = data["words"]
        if not isinstance(words, list) or not words or not all(isinstance(w, str) and w for w in words):
            self.problems.append(f"{shown_path}:{document.line(['words'])}: words is a list of patterns")
            return
        self.terms[path.stem] = tuple(words)
        self.about[path.stem] = str(data["about"])

    def read_groups(self, path: Path) -> None:
        document = self._document(path)
        for name, data in _mapping(document.data):
            if isinstance(data, dict) and isinstance(data.get("cap"), int) and set(data) <= {"about", "cap"}:
                self.groups[name] = Group(cap=data["cap"], about=str(data.get("about", "")))
            else:
                self.problems.append(f"{document.shown_path}:{document.line([name])}: a group has about and cap")

    def read_renames(self, path: Path) -> None:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
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
                self.problems.append(f"{document.shown_path}:1: empty")
            return
        if not isinstance(document.data, dict):
            self.problems.append(f"{document.shown_path}:1: a rule is a mapping")
            return
        for key in ("id", "topic", "origin"):
            if key in document.data:
                self.problems.append(
                    f"{document.shown_path}:{document.line([key])}: {key} follows from the file's place"
                )
        data = {**document.data, "id": path.stem, "topic": topic}
        if isinstance(data.get("sources"), list):
            data["sources"] = self._cited(data["sources"], document)
        self._add(data, document)

    def _cited(self, sources: Sequence[Any], document: Document) -> list[Any]:
        """Replace the keys among a rule's sources by what they stand for."""
        for index, key in enumerate(sources):
            if isinstance(key, str) and key not in self.sources:
                self.problems.append(f"{document.shown_path}:{document.line(['sources', index])}: no source {key}")
        return [self.sources.get(key, _NO_SOURCE) if isinstance(key, str) else key for key in sources]

    def read_overrides(self, path: Path) -> None:
        document = self._document(path)
        for rule_id, changes in _mapping(document.data):
            rule = self.rules.get(rule_id) or self.rules.get(self.renames.get(rule_id, ""))
            where = f"{document.shown_path}:{document.line([rule_id])}"
            if rule is None:
                (self.problems if self.unmet_overrides is None else self.unmet_overrides).append(
                    f"{where}: no rule {rule_id}"
                )
            elif not isinstance(changes, dict) or not set(changes) <= {"severity", "status", "confidence"}:
                self.problems.append(f"{where}: an override changes severity, status or confidence")
            else:
                try:
                    changed_rule = Rule.model_validate({**rule.model_dump(by_alias=True), **changes})
                except ValidationError as error:
                    self.problems.append(f"{where}: {error.errors()[0]['msg']}")
                else:
                    self.rules[rule.id] = changed_rule.model_copy(update={"origin": rule.origin})

    def _add(self, data: dict[str, Any], document: Document) -> None:
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
                self.problems.append(f"{document.shown_path}:{document.line(where)}: {name}: {message}")
            self._add_condition_problems(data, document)
            return
        self.rules[rule.id] = rule.model_copy(update={"origin": document.origin})

    def _add_condition_problems(self, data: Mapping[str, Any], document: Document) -> None:
        """Check the conditions of a rule that is invalid for other reasons, so that all is reported at once."""
        when, subject, terms = data.get("when"), data.get("subject"), data.get("terms")
        subjects = [s for s in SUBJECTS if s == subject or (isinstance(subject, list) and s in subject)]
        known_terms = {**self.terms, **{name: words for name, words in _mapping(terms) if isinstance(words, list)}}
        origin = document.origin
        for index, item in enumerate(when if isinstance(when, list) else ()):
            with contextlib.suppress(ValidationError):
                for condition, place in walk([Condition.model_validate(item)], ("when",)):
                    place = ("when", index, *place[2:])
                    self.problems += condition_problems(condition, place, origin, subjects, known_terms, self.groups)


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(SHIPPED_RULES.parent))
    except ValueError:
        return str(path)


def _mapping(data: Any) -> list[tuple[str, Any]]:
    return list(data.items()) if isinstance(data, dict) else []
