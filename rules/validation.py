"""Checks of a rule against everything it refers to: fields, predicates, vocabularies, groups, sites."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from rules import predicates
from rules.fields import FIELDS, WORDS, FieldInfo
from rules.model import Subject, Text
from rules.patterns import PatternError, expand, for_bytes
from rules.placeholders import unknown_placeholders
from rules.rule import Condition, Matcher, Origin, Place, Rule, Scalar, conditions_of, patterns_of
from rules.sites import SITE_IDS, WORDS_BY_SITE

Terms = Mapping[str, Sequence[str]]


def problems_of(rule: Rule, terms: Terms, groups: Mapping[str, object]) -> Iterator[str]:
    """Yield each problem of a well-formed rule as `file:line: reason`. terms, groups: those that are shared."""
    for name in rule.terms.keys() & terms.keys():
        yield f"{rule.origin.at('terms', name)}: {{{name}}} is a shared vocabulary already"
    for condition, place in conditions_of(rule):
        yield from condition_problems(
            condition, place, rule.origin, rule.subjects, {**terms, **rule.terms} if rule.terms else terms, groups
        )
    if rule.sign is not None and rule.sign.group not in groups:
        yield f"{rule.origin.at('sign')}: no group {rule.sign.group}"
    for place, text in texts_of(rule):
        for language in ("ja", "en"):
            for name in unknown_placeholders(getattr(text, language)):
                yield f"{rule.origin.at(*place, language)}: unknown placeholder {{{name}}}"


def texts_of(rule: Rule) -> Iterator[tuple[Place, Text]]:
    """Yield the texts of a rule and of its cases, each with its place."""
    for name in ("title", "seen", "reason", "advice", "advice_on_offer"):
        text = getattr(rule, name)
        if text is not None:
            yield (name,), text
    for index, case in enumerate(rule.cases):
        for name in ("title", "seen", "reason", "advice"):
            text = getattr(case, name)
            if text is not None:
                yield ("cases", index, name), text


def condition_problems(
    condition: Condition,
    place: Place,
    origin: Origin,
    subjects: Sequence[Subject],
    terms: Terms,
    groups: Mapping[str, object],
) -> Iterator[str]:
    """Yield each problem of one condition, without those nested in it, as `file:line: reason`."""
    if condition.predicate is not None and condition.predicate not in predicates.FACTS:
        yield f"{origin.at(*place)}: no predicate {condition.predicate}"
    if condition.signs is not None and condition.signs.group not in groups:
        yield f"{origin.at(*place)}: no group {condition.signs.group}"
    if condition.field is not None and condition.matcher is not None:
        for key, problem in _field_problems(subjects, condition.field, condition.matcher, terms):
            yield f"{origin.at(*place, condition.field, *key)}: {problem}"


def _field_problems(
    subjects: Sequence[Subject], name: str, matcher: Matcher, terms: Terms
) -> Iterator[tuple[Place, str]]:
    info = FIELDS.get(name)
    if info is None:
        yield (), f"no record has the field {name}"
    elif matcher.says is not None:
        yield from _text_problems(subjects, name, info, matcher, terms)
    else:
        yield from _value_problems(name, info, matcher)


def _text_problems(
    subjects: Sequence[Subject], name: str, info: FieldInfo, matcher: Matcher, terms: Terms
) -> Iterator[tuple[Place, str]]:
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


def _value_problems(name: str, info: FieldInfo, matcher: Matcher) -> Iterator[tuple[Place, str]]:
    numeric = matcher.above is not None or matcher.below is not None or matcher.within is not None
    if numeric and info.kind not in ("number", "share"):
        yield (), f"{name} is not a number"
    for value in matcher.is_ or ():
        if not _is_of_kind(value, info):
            yield ("is",), f"{name} is a {info.kind}, and {value!r} is none"
        elif name == "site" and value not in SITE_IDS:
            yield ("is",), f"no site {value}"
        elif name in WORDS_BY_SITE and value not in WORDS_BY_SITE[name]:
            yield ("is",), f"{name} is none of {', '.join(sorted(WORDS_BY_SITE[name]))}: {value}"


def _is_of_kind(value: Scalar, info: FieldInfo) -> bool:
    match info.kind:
        case "share" | "number":
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case "flag":
            return isinstance(value, bool)
        case "word":
            return isinstance(value, str)
        case _:
            return False
