"""Which rules may hold for a subject: an index by pattern, by value and by subject, so that few are evaluated."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rules.compiler import CompiledRule
from rules.lexicon import SUBJECTS
from rules.model import Subject
from rules.views import PageView, SubjectView

_MOST_REMEMBERED = 1_000


class RuleIndex:
    """Compiled rules by what they need. Immutable once built, but for what it remembers."""

    def __init__(self, rules: Iterable[CompiledRule]) -> None:
        self._by_pattern: dict[int, list[CompiledRule]] = defaultdict(list)
        self._by_value: dict[Subject, dict[str, dict[Any, list[CompiledRule]]]] = {s: {} for s in SUBJECTS}
        self._always: dict[Subject, list[CompiledRule]] = {s: [] for s in SUBJECTS}
        self._possible: dict[tuple[Subject, frozenset[str]], list[CompiledRule]] = {}
        """By subject and names of its known fields, those of `_always` that may hold: cards of a list are alike."""
        for compiled in rules:
            if compiled.needs:
                for number in min(compiled.needs, key=len):
                    self._by_pattern[number].append(compiled)
            else:
                for subject in compiled.rule.subjects:
                    self._add_without_patterns(subject, compiled)

    def _add_without_patterns(self, subject: Subject, compiled: CompiledRule) -> None:
        if compiled.gate is None:
            self._always[subject].append(compiled)
            return
        name, gate_values = compiled.gate
        for value in gate_values:
            self._by_value[subject].setdefault(name, {}).setdefault(value, []).append(compiled)

    def by_fields(self, view: SubjectView) -> list[CompiledRule]:
        """Return the rules for a subject that need no pattern, and whose fields are known."""
        subject, values = view.facts.subject, view.facts.values
        rules = [*self._always_possible(subject, frozenset(values))]
        for name, by_value in self._by_value[subject].items():
            value = values.get(name)
            if value is not None:
                rules += [compiled for compiled in by_value.get(value, ()) if compiled.fields <= values.keys()]
        return rules

    def _always_possible(self, subject: Subject, known_fields: frozenset[str]) -> list[CompiledRule]:
        possible = self._possible.get((subject, known_fields))
        if possible is None:
            possible = [compiled for compiled in self._always[subject] if compiled.fields <= known_fields]
            if len(self._possible) >= _MOST_REMEMBERED:
                self._possible.clear()
            self._possible[subject, known_fields] = possible
        return possible

    def by_patterns(self, views: Sequence[SubjectView], page: PageView) -> Mapping[CompiledRule, list[int]]:
        """Return the rules all of whose needed patterns are met, each with the numbers of the views that meet them."""
        rules: dict[CompiledRule, list[int]] = {}
        for index, matched_patterns in page.patterns.items():
            subject = views[index].facts.subject
            for compiled in {
                compiled for pattern in matched_patterns for compiled in self._by_pattern.get(pattern, ())
            }:
                if subject in compiled.rule.subjects and not any(
                    matched_patterns.isdisjoint(needed_patterns) for needed_patterns in compiled.needs
                ):
                    rules.setdefault(compiled, []).append(index)
        return rules
