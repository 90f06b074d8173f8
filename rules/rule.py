"""The rule language: the shape of one YAML file of the catalog, as pydantic models. Values only.

docs/rules/language.md is generated from these models (rules/language.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from extractors.records import Client, Contract, Job, Message, Thread
from rules.meaning.labels import Risk
from rules.model import UNKNOWN, Confidence, Severity, Source, Stage, Status, Subject, Text, Topic
from rules.past import Past

Place = tuple[str | int, ...]
"""The path of a value in a rule file: `("when", 0, "words", "says", 1)`."""
Scalar = bool | int | Decimal | str
Term = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) or value is None else (value,)


class Strict(BaseModel):
    """A part of a rule file: frozen, and refusing unknown keys. Descriptions become docs/rules/language.md."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Matcher(Strict):
    """The test of one field: one of is, above, below, within, absent, says, means; all other keys refine `says`."""

    is_: tuple[Scalar, ...] | None = Field(default=None, alias="is", description="The value is one of these.")
    above: Decimal | None = Field(default=None, description="The number is greater than this.")
    below: Decimal | None = Field(default=None, description="The number is smaller than this.")
    within: tuple[Decimal, Decimal] | None = Field(
        default=None, description="The number is between the two, or one of them."
    )
    absent: bool | None = Field(
        default=None,
        description="`true`: the page was read and does not show the field. `false`: it shows the field, whatever the "
        "value.",
    )
    says: tuple[str, ...] | None = Field(
        default=None,
        description="A sentence of the text matches one of these patterns. The sentence becomes the evidence.",
    )
    means: tuple[Risk, ...] | None = Field(
        default=None,
        description="The meaning of the text, read by the model, warns of one of these risks, whatever the words. The "
        "finding is a caution at most.",
    )
    unless: tuple[str, ...] = Field(
        default=(),
        description="The sentence that `says` matched has none of these: refusals, prohibitions, the object of work.",
    )
    with_: tuple[tuple[str, ...], ...] = Field(
        default=(),
        alias="with",
        description="Lists of patterns: the same sentence matches a pattern of each list, in any order. A single list "
        "may stand without the list around it.",
    )
    near: tuple[str, ...] = Field(
        default=(), description="The same sentence, the one before or the one after matches one of these."
    )
    unless_near: tuple[str, ...] = Field(
        default=(), description="Neither that sentence nor the one before or the one after it has one of these."
    )
    check: str | None = Field(
        default=None, description="A named function holds for the sentence: those of `SENTENCE` in rules/predicates.py."
    )
    refutable: bool = Field(
        default=True,
        description="`false`: meaning silences these words only where it is almost sure, since its model reads their "
        "language less surely. "
        "A danger still needs its backing; without it the finding is a caution.",
    )
    at_least: Annotated[int, Field(ge=1)] = Field(
        default=1,
        description="Number of different `says` patterns that the text needs, in any of its sentences. Such a rule is "
        "never a danger.",
    )

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        many = {"is", "says", "means", "unless", "near", "unless_near"}
        plain = {key: _one_or_many(value) if key in many else value for key, value in data.items()}
        beside = plain.get("with")
        if isinstance(beside, list) and not any(isinstance(item, list) for item in beside):
            plain["with"] = [beside]  # one list may stand without the list around it
        return plain

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        questions = ("is_", "above", "below", "within", "absent", "says", "means")
        if sum(getattr(self, question) is not None for question in questions) != 1:
            raise ValueError("a matcher asks exactly one of: is, above, below, within, absent, says, means")
        is_refined = self.unless or self.with_ or self.near or self.unless_near or self.check or self.at_least > 1
        if (is_refined or not self.refutable) and self.says is None:
            raise ValueError(
                "unless, with, near, unless_near, check, refutable and at_least refine `says` and nothing else"
            )
        if self.says is not None and self.at_least > len(self.says):
            raise ValueError("at_least asks for more patterns than `says` has")
        return self


class Signs(Strict):
    """The weak signs of one group that fired on a subject, summed up. Never a danger."""

    group: Identifier = Field(description="The group, as rules/groups.yaml names it.")
    at_least: Annotated[int, Field(ge=2)] = Field(description="The sum of weights from which it holds.")


class Condition(Strict):
    """One item of `when`: a mapping with one key, which is a field or one of these."""

    field: str | None = None
    matcher: Matcher | None = None
    any_: "tuple[Condition, ...] | None" = Field(
        default=None, alias="any", description="One of these conditions is true."
    )
    all_: "tuple[Condition, ...] | None" = Field(
        default=None, alias="all", description="All of these conditions are true."
    )
    not_: "tuple[Condition, ...] | None" = Field(
        default=None, alias="not", description="These conditions are known, and not all of them are true."
    )
    predicate: str | None = Field(
        default=None,
        description="A named function holds for the subject: those of `FACTS` in rules/predicates.py, for tests that "
        "data cannot express.",
    )
    signs: Signs | None = Field(default=None, description="Enough weak signs of a group fired on the subject.")

    @model_validator(mode="before")
    @classmethod
    def _one_key(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValueError("a condition is a mapping with one key")
        if "matcher" in data and "field" in data:
            return data
        if len(data) != 1:
            raise ValueError("a condition has exactly one key: a field, any, all, not, predicate or signs")
        key, value = next(iter(data.items()))
        if key in ("any", "all", "not", "predicate", "signs"):
            return {key: _one_or_many(value) if key == "not" else value}
        if not isinstance(value, Mapping):
            value = {"is": value}
        return {"field": key, "matcher": value}

    @property
    def nested(self) -> "tuple[str, tuple[Condition, ...]] | None":
        """The key (any, all, not) and the conditions below it; None for a condition that has none."""
        for key, conditions in (("any", self.any_), ("all", self.all_), ("not", self.not_)):
            if conditions is not None:
                return key, conditions
        return None


class Sign(Strict):
    """A rule's weight as a weak sign of a group."""

    group: Identifier = Field(description="The group, as rules/groups.yaml names it.")
    weight: Annotated[int, Field(ge=1, le=3)] = Field(default=1, description="Added to the group's sum when it fires.")


class Case(Strict):
    """Changes of a finding in some circumstances: by stage, by site. The first case that holds counts, and keys that it
    does not have stay as the rule has them."""

    when: Annotated[tuple[Condition, ...], Field(min_length=1)] = Field(
        description="Conditions as in the rule's own `when`. Meaning and the user's lessons have no say in their words."
    )
    severity: Severity | Literal["none"] | None = Field(default=None, description="`none` silences the rule here.")
    title: Text | None = Field(default=None, description="In place of the rule's title.")
    seen: Text | None = Field(default=None, description="In place of the rule's seen.")
    reason: Text | None = Field(default=None, description="In place of the rule's reason.")
    advice: Text | None = Field(default=None, description="In place of the rule's advice.")
    report: bool | None = Field(default=None, description="In place of the rule's report.")


class Example(Strict):
    """The records of a page to try a rule on: at least one, with the circumstances that matter."""

    job: Job | None = Field(default=None, description="An offer.")
    client: Client | None = Field(default=None, description="A client's profile.")
    message: Message | None = Field(default=None, description="A message.")
    thread: Thread | None = Field(default=None, description="Messages in order.")
    contract: Contract | None = Field(default=None, description="A deal.")
    stage: Stage | None = Field(default=None, description="The stage of the deal, where the records do not tell it.")
    site: str = Field(default=UNKNOWN, description="The id of the marketplace.")
    market: Sequence[Decimal] = Field(default=(), description="Pay of other offers of the same kind.")
    past: Past | None = Field(default=None, description="Earlier observations of the deal and the client.")
    severity: Severity | None = Field(default=None, description="The severity that the finding must have.")
    note: str | None = Field(default=None, description="The reason for the example.")

    @property
    def records(self) -> tuple[Job | Client | Message | Thread | Contract, ...]:
        return tuple(r for r in (self.contract, self.thread, self.job, self.client, self.message) if r is not None)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.records:
            raise ValueError("an example needs at least one record")
        return self


class Examples(Strict):
    """The rule's tests: at least three of each, in both languages where the rule reads words."""

    fires: tuple[Example, ...] = Field(default=(), description="The rule fires on each.")
    silent: tuple[Example, ...] = Field(
        default=(),
        description="The rule is silent on each: the refusal, the object of work, the word inside another word.",
    )


class Origin(Strict):
    """The file of a rule and its lines, for messages about it."""

    file: str = "?"
    lines: Mapping[str, int] = Field(default_factory=dict)
    """Line by path (`when.0.words.says.1`)."""

    def at(self, *path: str | int) -> str:
        """Return `file:line` of a place in the rule, or of the nearest place around it."""
        keys = [str(p) for p in path]
        while keys and ".".join(keys) not in self.lines:
            keys.pop()
        return f"{self.file}:{self.lines.get('.'.join(keys), 1)}"


def _distinct(subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    if len(set(subjects)) != len(subjects):
        raise ValueError("a subject is named twice")
    return subjects


class Rule(Strict):
    """One rule of the catalog. `id` and `topic` follow from the file's place: catalog/<topic>/<id>.yaml."""

    id: Identifier
    topic: Topic
    status: Status = Field(
        description="`experimental`: judged, and shown only to users who switch it on. `test`: on from the start, and "
        "a caution at most. `stable`: on from the start."
    )
    risk: Identifier = Field(
        description="The risk that it warns of. Rules of one risk are shown as one warning, as are those of one trap "
        "in one sentence (addon/verdicts/same_trap.py), and `means` asks for it."
    )
    severity: Severity = Field(description="The gravity where no case changes it.")
    confidence: Confidence = Field(
        description="`high`: the words are a sure sign, so meaning silences them only where it reads a harmless act. A "
        "danger is never of low confidence."
    )
    subjects: Annotated[tuple[Subject, ...], AfterValidator(_distinct)] = Field(
        alias="subject", min_length=1, description="The kind of record that it is about: one, or a list."
    )
    behaviour: str = Field(description="The pattern of behaviour that the rule stands for, in one sentence.")
    terms: Mapping[Term, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="Vocabularies of this rule alone: `{name}` in a pattern stands for any of the patterns listed.",
    )
    when: Annotated[tuple[Condition, ...], Field(min_length=1)] = Field(
        description="The conditions, all of which must be true. One that is unknown keeps the rule silent."
    )
    meaning: Literal["heard", "ignored"] = Field(
        default="heard",
        description="`heard`: meaning can refute the words of `words`, and a danger needs its backing. `ignored`: "
        "words count by themselves, where a fact decides (the escrow is not there) and the words alone are harmless.",
    )
    cases: tuple[Case, ...] = Field(
        default=(), description="Changes in some circumstances; the first case that holds counts."
    )
    sign: Sign | None = Field(default=None, description="Counts as a weak sign of a group when it fires.")
    title: Text = Field(description="At most 20 characters in Japanese, 45 in English; no full stop.")
    seen: Text = Field(default=Text(ja="「{quote}」", en="“{quote}”"), description="The observation, in one sentence.")
    reason: Text = Field(description="Why it matters, in at most 60 characters in Japanese, 140 in English.")
    advice: Text = Field(description="The next step, in as few characters.")
    advice_on_offer: Text | None = Field(
        default=None,
        description="In place of `advice` on an offer or a client's page, where there is nobody to reply to yet.",
    )
    report: bool = Field(description="Whether Koban suggests reporting it to the site.")
    sources: tuple[Source, ...] = Field(
        description="Terms and laws that it rests on: keys of rules/sources.yaml, or name, url and the day of checking."
    )
    examples: Examples = Field(description="The rule's tests.")
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "subject" in data:
            return {**data, "subject": _one_or_many(data["subject"])}
        return data

    @property
    def subject(self) -> Subject:
        """The subject that the rule is listed under: its first."""
        return self.subjects[0]


def walk(conditions: Sequence[Condition], path: Place) -> Iterator[tuple[Condition, Place]]:
    """Yield all conditions of a list, nested ones too, each with its place in the rule."""
    for index, condition in enumerate(conditions):
        here = (*path, index)
        yield condition, here
        if condition.nested is not None:
            key, inner_conditions = condition.nested
            yield from walk(inner_conditions, (*here, key))


def conditions_of(rule: Rule) -> Iterator[tuple[Condition, Place]]:
    """Yield all conditions of a rule with their places: those of `when` and those of its cases."""
    yield from walk(rule.when, ("when",))
    for index, case in enumerate(rule.cases):
        yield from walk(case.when, ("cases", index, "when"))


def patterns_of(matcher: Matcher) -> Iterator[tuple[Place, str]]:
    """Yield all patterns of a matcher, each with its place in it."""
    for key in ("says", "unless", "near", "unless_near"):
        for index, pattern in enumerate(getattr(matcher, key) or ()):
            yield (key, index), pattern
    for index, group in enumerate(matcher.with_):
        for number, pattern in enumerate(group):
            yield ("with", index, number), pattern
