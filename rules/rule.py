"""What a rule is: the shape of one YAML file of the catalog, as pydantic models. Values only."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from extractors.records import Client, Contract, Job, Message, Thread
from rules.meaning.labels import Risk
from rules.model import Confidence, Severity, Source, Stage, Status, Subject, Text, Topic
from rules.past import Past

SUBJECTS: tuple[Subject, ...] = ("job", "client", "message", "thread", "contract")
UNKNOWN = "unknown"
"""The value of `site` and of `stage` where nothing told them."""

Scalar = bool | int | Decimal | str
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) or value is None else (value,)


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Matcher(Strict):
    """What is asked of one field. Exactly one of the questions, with its own refinements.

    is: the value is one of these. above, below: a number beyond (exclusive). within: a number between
    the two (inclusive). absent: the page was read and shows no such thing (`true`), or shows it (`false`).
    says: one sentence of the text matches a pattern. Its refinements: `with`: of each of these lists a
    pattern matches in the same sentence, in any order; `unless`: the same sentence matches none of these;
    `near`: the same or a neighbouring sentence matches one of these; `check`: a named function of
    rules/predicates.py holds for the sentence; `at_least`: so many different patterns match in the text as
    a whole; `elsewhere`: no sentence of the whole text matches one of these.
    """

    is_: tuple[Scalar, ...] | None = Field(default=None, alias="is")
    above: Decimal | None = None
    below: Decimal | None = None
    within: tuple[Decimal, Decimal] | None = None
    absent: bool | None = None
    says: tuple[str, ...] | None = None
    means: tuple[Risk, ...] | None = None
    unless: tuple[str, ...] = ()
    with_: tuple[tuple[str, ...], ...] = Field(default=(), alias="with")
    near: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    check: str | None = None
    at_least: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        many = {"is", "says", "means", "unless", "near", "elsewhere"}
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
        refined = self.unless or self.with_ or self.near or self.elsewhere or self.check or self.at_least > 1
        if refined and self.says is None:
            raise ValueError("unless, with, near, elsewhere, check and at_least refine `says` and nothing else")
        if self.says is not None and self.at_least > len(self.says):
            raise ValueError("at_least asks for more patterns than `says` has")
        return self


class Signs(Strict):
    """Weak signs of one group: how much the rules of that group weigh together on one subject."""

    group: Identifier
    at_least: Annotated[int, Field(ge=2)]


class Condition(Strict):
    """One item of `when`: a field with its matcher, any/all/not, a named predicate, or signs."""

    field: str | None = None
    matcher: Matcher | None = None
    any_: "tuple[Condition, ...] | None" = Field(default=None, alias="any")
    all_: "tuple[Condition, ...] | None" = Field(default=None, alias="all")
    not_: "tuple[Condition, ...] | None" = Field(default=None, alias="not")
    predicate: str | None = None
    signs: Signs | None = None

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


class Sign(Strict):
    """A rule's weight as a weak sign of a group."""

    group: Identifier
    weight: Annotated[int, Field(ge=1, le=3)] = 1


class Case(Strict):
    """What changes in a verdict where more is known: by stage, by site. The first case that holds counts."""

    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    severity: Severity | Literal["none"] | None = None
    """`none` silences the rule there."""
    title: Text | None = None
    seen: Text | None = None
    reason: Text | None = None
    advice: Text | None = None
    report: bool | None = None


class Example(Strict):
    """Records to try a rule on, with what is known beside them; `note` says why, `own` marks an invented text."""

    job: Job | None = None
    client: Client | None = None
    message: Message | None = None
    thread: Thread | None = None
    contract: Contract | None = None
    stage: Stage | None = None
    site: str = UNKNOWN
    market: Sequence[Decimal] = Field(default=(), description="what other offers of the same kind pay")
    past: Past | None = Field(default=None, description="what was seen earlier of the deal and the client")
    severity: Severity | None = None
    note: str | None = None

    @property
    def records(self) -> tuple[Job | Client | Message | Thread | Contract, ...]:
        return tuple(r for r in (self.contract, self.thread, self.job, self.client, self.message) if r is not None)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.records:
            raise ValueError("an example needs at least one record")
        return self


class Examples(Strict):
    fires: tuple[Example, ...] = ()
    silent: tuple[Example, ...] = ()


def _distinct(subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    if len(set(subjects)) != len(subjects):
        raise ValueError("a subject is named twice")
    return subjects


class Origin(Strict):
    """Where a rule stands, for messages about it."""

    file: str = "?"
    lines: Mapping[str, int] = Field(default_factory=dict)
    """Line by path (`when.0.words.says.1`)."""

    def at(self, *path: str | int) -> str:
        """`file:line` of a place in the rule, or of the nearest place that encloses it."""
        keys = [str(p) for p in path]
        while keys and ".".join(keys) not in self.lines:
            keys.pop()
        return f"{self.file}:{self.lines.get('.'.join(keys), 1)}"


class Rule(Strict):
    """One rule of the catalog."""

    id: Identifier
    topic: Topic
    status: Status
    risk: Identifier
    severity: Severity
    confidence: Confidence
    subjects: Annotated[tuple[Subject, ...], Field(alias="subject", min_length=1), AfterValidator(_distinct)]
    behaviour: str = Field(description="the pattern of behaviour that the rule stands for, in one sentence")
    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    meaning: Literal["heard", "ignored"] = "heard"
    """Whether words count only where what the text means does not speak against them; `ignored` where a fact decides
    (the escrow is not there) and the words alone are harmless."""
    cases: tuple[Case, ...] = ()
    sign: Sign | None = None
    title: Text
    seen: Text = Text(ja="「{quote}」", en="“{quote}”")
    reason: Text
    advice: Text
    advice_on_offer: Text | None = None
    """What to do about an offer or a client's page, where nobody has been written to and there is nothing to reply to;
    None where `advice` fits there too."""
    report: bool
    sources: tuple[Source, ...]
    examples: Examples
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
