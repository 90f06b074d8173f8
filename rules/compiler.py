"""From a catalog's rules to compiled ones: conditions as functions, patterns as numbers of a few matchers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rules import predicates
from rules.conditions import CIRCUMSTANCES, MeaningCondition, TextCondition, all_of, any_of, none_of, value_check
from rules.fields import WORDS
from rules.loader import Catalog
from rules.matching import PatternCache, PatternSet, UncompilablePattern
from rules.meaning.labels import RISKS
from rules.meaning.taught import Names, about
from rules.model import Subject
from rules.problems import CatalogError
from rules.refinement import Refinement
from rules.rule import Case, Condition, Matcher, Place, Rule
from rules.views import Check

NUMBER_OF_RISK: Mapping[str, int] = {risk: -1 - number for number, risk in enumerate(RISKS)}
"""Numbers under which risks that meaning warns of are looked up beside patterns: below zero, so they never collide."""
NUMBER_OF_TRAIT: Mapping[predicates.Trait, int] = {
    trait: -1 - len(RISKS) - number for number, trait in enumerate(predicates.TRAITS)
}
"""The same of what predicates need, below all risks."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRule:
    """A rule ready to run. Compared by identity."""

    rule: Rule
    order: int
    when: Check
    cases: tuple[tuple[Check, Case], ...]
    needs: tuple[frozenset[int], ...]
    """The rule can hold only if a pattern (or risk, or trait) of each of these sets is met."""
    gate: tuple[str, tuple[Any, ...]] | None
    """The rule can hold only if this field has one of these values."""
    fields: frozenset[str | None]
    """The rule can hold only if all these are known."""
    refinements: tuple[Refinement, ...]
    beside_words: frozenset[int]
    """Numbers of the risks and traits that it needs: with one of them it may hold without any of its words."""
    asks: frozenset[str]
    """Fields that it asks about."""
    rests_on_stage: bool
    """Whether a case softens it where the stage of the deal is unknown: its danger is then a fact, not a reading."""

    @property
    def sums_signs(self) -> bool:
        """Whether it asks for weak signs, so that it is judged after all other rules."""
        return any(condition.signs is not None for condition in self.rule.when)


class Matchers(NamedTuple):
    """The patterns of all rules, compiled: those of `says`, of `with`, and of those beside.

    What only messages are asked for is apart: 89 of 642 patterns, which take a quarter of the time of a pass, and
    offers and lists of them hold no message.
    """

    says: PatternSet
    says_of_messages: PatternSet
    together: PatternSet
    beside: PatternSet


class PatternTable:
    """Numbers of patterns: a pattern that many rules have is matched once."""

    def __init__(self, catalog: Catalog, expansions: dict[str, str]) -> None:
        self._catalog = catalog
        self._expansions = expansions
        self._numbers: dict[str, int] = {}
        self._places: list[str] = []
        """By number, the first rule that has it, as `file:line`."""
        self._subjects: list[set[Subject]] = []
        """By number, the subjects that rules ask for it."""

    def numbers(self, rule: Rule, place: Place, patterns: Sequence[str]) -> tuple[int, ...]:
        """Return the numbers of a list of patterns that stands at a place in a rule."""
        numbers = []
        for index, source in enumerate(patterns):
            pattern = self._pattern(rule, source)
            if pattern not in self._numbers:
                self._numbers[pattern] = len(self._numbers)
                self._places.append(rule.origin.at(*place, index))
                self._subjects.append(set())
            number = self._numbers[pattern]
            self._subjects[number].update(rule.subjects)
            numbers.append(number)
        return tuple(numbers)

    def _pattern(self, rule: Rule, source: str) -> str:
        """The pattern as the matcher takes it."""
        if rule.terms:
            return self._catalog.patterns((source,), rule)[0]
        if source not in self._expansions:
            (self._expansions[source],) = self._catalog.patterns((source,))
        return self._expansions[source]

    def compiled(self, cache: PatternCache | None, *, remembers: bool = False) -> PatternSet:
        """Compile all patterns into one matcher that reports each once. Raises CatalogError."""
        return self._matcher(range(len(self._numbers)), cache, once=True, remembers=remembers)

    def compiled_apart(self, subject: Subject, cache: PatternCache | None) -> tuple[PatternSet, PatternSet]:
        """Compile the patterns into two matchers: those that rules ask other subjects for too, and those of one alone.

        Raises CatalogError.
        """
        numbers = range(len(self._numbers))
        of_others = [number for number in numbers if self._subjects[number] != {subject}]
        of_subject_alone = [number for number in numbers if self._subjects[number] == {subject}]
        return (
            self._matcher(of_others, cache, once=False, remembers=True),
            self._matcher(of_subject_alone, cache, once=False, remembers=True),
        )

    def _matcher(
        self, numbers: Sequence[int], cache: PatternCache | None, *, once: bool, remembers: bool
    ) -> PatternSet:
        patterns = tuple(self._numbers)
        try:
            return PatternSet(
                [patterns[number] for number in numbers], cache, once=once, numbers=numbers, remembers=remembers
            )
        except UncompilablePattern as error:
            raise CatalogError([f"{self._places[numbers[error.index]]}: {error}"]) from None


class Compiler:
    """Compiles the rules of a catalog and collects the patterns of each matcher pass."""

    def __init__(self, catalog: Catalog) -> None:
        # Hundreds of rules name a vocabulary; it is expanded once.
        expanded_terms: dict[str, str] = {}
        self.says = PatternTable(catalog, expanded_terms)
        self.together = PatternTable(catalog, expanded_terms)
        """Patterns of `with`."""
        self.beside = PatternTable(catalog, expanded_terms)
        """Patterns of `unless`, `near` and `unless_near`."""

    def compile(self, rule: Rule, order: int) -> CompiledRule:
        """Compile a rule. order: its place in the catalog."""
        compiling = _RuleCompiler(rule, self)
        when = all_of([compiling.condition(c, ("when", i), taught=True) for i, c in enumerate(rule.when)])
        asked_fields = frozenset(compiling.asks)
        cases = tuple((compiling.case(case, number), case) for number, case in enumerate(rule.cases))
        needs = tuple(frozenset(numbers) for c in rule.when for numbers in compiling.needs(c))
        field_conditions = [c for c in rule.when if c.matcher is not None and c.field not in (None, "words")]
        return CompiledRule(
            rule=rule,
            order=order,
            when=when,
            cases=cases,
            needs=needs,
            gate=None if needs else _gate(rule),
            fields=frozenset(
                c.field for c in field_conditions if c.matcher is not None and c.matcher.absent is not True
            ),
            refinements=tuple(compiling.refinements),
            beside_words=frozenset(number for numbers in needs for number in numbers if number < 0),
            asks=asked_fields,
            rests_on_stage=any(_names_unknown_stage(condition) for case in rule.cases for condition in case.when),
        )

    def finish(self, cache: PatternCache | None) -> Matchers:
        """Compile the patterns of all rules. Raises CatalogError."""
        return Matchers(
            *self.says.compiled_apart("message", cache),
            self.together.compiled(cache, remembers=True),
            self.beside.compiled(cache, remembers=True),
        )


@dataclass(slots=True)
class _RuleCompiler:
    """Compiles the conditions of one rule."""

    rule: Rule
    compiler: Compiler
    asks: set[str] = field(default_factory=set)
    refinements: list[Refinement] = field(default_factory=list)

    def case(self, case: Case, number: int) -> Check:
        """Compile the conditions of a case; its words are never refuted, and never silenced by lessons."""
        place = ("cases", number, "when")
        return all_of([self.condition(c, (*place, i), refutable=False) for i, c in enumerate(case.when)])

    def condition(
        self, condition: Condition, place: Place, *, refutable: bool | None = None, taught: bool = False
    ) -> Check:
        """Compile a condition, and collect the fields that it asks about and its refinements.

        refutable: whether meaning can refute its words; None: as the rule says. taught: whether the user's lessons can
        silence it; not below `not`, where that would make the rule fire.
        """
        if refutable is None:
            refutable = self.rule.meaning == "heard"
        if condition.field is not None and condition.matcher is not None:
            self.asks |= self._fields_asked(condition.field)
            lessons_of = about(self.rule.id, self.rule.risk) if taught else None
            return self._field(condition.field, condition.matcher, place, lessons_of, refutable=refutable)
        key_and_inner = condition.nested
        if key_and_inner is not None:
            key, inner = key_and_inner
            refutable, taught = refutable and key != "not", taught and key != "not"
            checks = [
                self.condition(c, (*place, key, i), refutable=refutable, taught=taught) for i, c in enumerate(inner)
            ]
            return _COMBINE[key](checks)
        if condition.signs is not None:
            group, least = condition.signs.group, condition.signs.at_least
            return lambda view: view.weights.get(group, 0) >= least
        predicate = predicates.FACTS[condition.predicate or ""]
        return lambda view: predicate(view.facts)

    def _field(self, name: str, matcher: Matcher, place: Place, lessons_of: Names | None, *, refutable: bool) -> Check:
        if matcher.means is not None:
            return MeaningCondition(name, frozenset(matcher.means), lessons_of)
        if matcher.says is None:
            return value_check(name, matcher)
        place = (*place, name)
        refinement = self._refinement(matcher, place, refutable=refutable and name == "words")
        self.refinements.append(refinement)
        return TextCondition(
            field=name,
            refinement=refinement,
            check=predicates.SENTENCE[matcher.check] if matcher.check is not None else None,
            at_least=matcher.at_least,
            lessons_of=lessons_of,
        )

    def _refinement(self, matcher: Matcher, place: Place, *, refutable: bool) -> Refinement:
        tables, rule = self.compiler, self.rule
        return Refinement(
            says=frozenset(tables.says.numbers(rule, (*place, "says"), matcher.says or ())),
            together=tuple(
                frozenset(tables.together.numbers(rule, (*place, "with", index), group))
                for index, group in enumerate(matcher.with_)
            ),
            unless=frozenset(tables.beside.numbers(rule, (*place, "unless"), matcher.unless)),
            near=frozenset(tables.beside.numbers(rule, (*place, "near"), matcher.near)),
            unless_near=frozenset(tables.beside.numbers(rule, (*place, "unless_near"), matcher.unless_near)),
            backed=refutable,
            refutable=refutable and matcher.refutable,
            sure=rule.confidence == "high",
        )

    def _fields_asked(self, name: str) -> set[str]:
        if name in CIRCUMSTANCES:
            return set()
        if name == "words":
            return {text for subject in self.rule.subjects for text in WORDS[subject]}
        return {name}

    def needs(self, condition: Condition) -> list[set[int]]:
        """Return sets of patterns (or risks, or traits); the condition can hold only if one of each set is met."""
        if condition.matcher is not None:
            says, means = condition.matcher.says, condition.matcher.means
            if means is not None:
                return [{NUMBER_OF_RISK[risk] for risk in means}]
            return [] if says is None else [set(self.compiler.says.numbers(self.rule, ("when",), says))]
        if condition.predicate is not None:
            return [{NUMBER_OF_TRAIT[predicates.NEEDS[condition.predicate]]}]
        if condition.all_ is not None:
            return [numbers for c in condition.all_ for numbers in self.needs(c)]
        if condition.any_ is not None:
            alternatives = [self.needs(c) for c in condition.any_]
            if all(alternatives):
                return [set().union(*(min(alternative, key=len) for alternative in alternatives))]
        return []


_COMBINE: dict[str, Callable[[Sequence[Check]], Check]] = {"any": any_of, "all": all_of, "not": none_of}


def _gate(rule: Rule) -> tuple[str, tuple[Any, ...]] | None:
    """The field, and its values, of the first `is` that is no mere circumstance."""
    for condition in rule.when:
        matcher = condition.matcher
        if condition.field is None or matcher is None or matcher.is_ is None:
            continue
        if condition.field not in CIRCUMSTANCES:
            return condition.field, matcher.is_
    return None


def _names_unknown_stage(condition: Condition) -> bool:
    matcher = condition.matcher
    return condition.field == "stage" and matcher is not None and matcher.is_ is not None and "unknown" in matcher.is_
