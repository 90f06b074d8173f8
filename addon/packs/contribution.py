"""The way back: lessons that users sent (`koban lessons export`), turned into examples of rules and labelled texts.

A text that was wrongly warned of becomes an example on which its rule is silent, and a harmless text; one that should
have been warned of an example on which its rule fires, and a text with its risk. Examples are tests, so that what
comes of this fails until rule or model do as the user says. Nothing here writes.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from addon.packs.manifest import CLEAN, FILE, RULES, PackRefused, first_problem
from rules.facts import TextKind
from rules.loader import SHIPPED_RULES, Catalog, load_catalog
from rules.meaning.labels import RISKS, Act, Language
from rules.meaning.personal import masked
from rules.model import Subject
from rules.problems import CatalogError
from rules.reading import Reading
from rules.rule import Example, Rule, conditions_of
from rules.rule_text import ExampleKind, with_examples
from rules.text import JAPANESE_LETTER

MOST_TEXTS = 2_000
"""Texts of one file: as many as a user may teach."""
LARGEST = 4_000_000
"""Bytes of one file."""
HAND = "sent"
"""The hand of labelled texts (`rules/meaning/texts/<language>/sent.jsonl`) that users' texts are put into."""


class SentText(BaseModel):
    """A line of the file: what `koban lessons export` writes, and what a maintainer may add to it.

    rule: which was wrong, or is to fire. lang: of what is neither Japanese nor English. kind: where the rule looks at
    several. act: what the sentence that matters does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    warns: bool
    rule: Annotated[str, Field(max_length=80)] = ""
    risk: Annotated[str, Field(max_length=80)] = ""
    lang: Language | None = None
    kind: TextKind | None = None
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Workplace:
    """The folders that take what was sent. clean: the harmless texts of a pack. texts: the labelled texts of the source
    tree, by language. Either is None where there are none."""

    rules: Path
    clean: Path | None = None
    texts: Path | None = None


@dataclass(frozen=True, slots=True)
class Addition:
    """New lines of a file. before: what it holds now, None where there is no such file. after: what it will hold."""

    path: Path
    lines: tuple[str, ...]
    before: bytes | None
    after: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """The additions to be written.

    rules: those with new examples, by id. repeated_count: of texts that were there already. masked_count: of those in
    which personal details were left, and are replaced now.
    """

    additions: tuple[Addition, ...]
    rules: tuple[str, ...]
    repeated_count: int
    masked_count: int


def workplace_of(folder: Path) -> Workplace:
    """Returns the places of a pack's folder, or of Koban's source tree. Raises PackRefused for any other folder."""
    if (folder / FILE).is_file():
        return Workplace(folder / RULES, clean=folder / CLEAN)
    if (folder / "rules/loader.py").is_file():
        return Workplace(folder / "rules", texts=folder / "rules/meaning/texts")
    raise PackRefused(
        f"パックのフォルダー（{FILE} がある場所）か、Kobanのソースのフォルダーを --into で指定してください",
        f"name the folder of a pack (with its {FILE}) or of Koban's source tree by --into",
    )


def catalog_of(workplace: Workplace) -> Catalog:
    """Returns the rules that a workplace's are tested with. Raises PackRefused."""
    try:
        return load_catalog([workplace.rules] if workplace.clean is None else [SHIPPED_RULES, workplace.rules])
    except CatalogError as error:
        raise PackRefused("ルールが読み込めません", "its rules cannot be read", error.problems) from None


def read_contribution(data: bytes) -> Sequence[tuple[int, SentText]]:
    """Returns the texts of a file that users sent, each with the number of its line.

    Raises PackRefused with every problem as `line N: field: reason`.
    """
    lines = [(number, line) for number, line in enumerate(data[:LARGEST].splitlines(), 1) if line.strip()]
    if len(data) > LARGEST or len(lines) > MOST_TEXTS:
        raise PackRefused(f"{MOST_TEXTS:,} 件までにしてください", f"more than {MOST_TEXTS:,} texts, or too large")
    texts: list[tuple[int, SentText]] = []
    problems: list[str] = []
    for number, line in lines:
        try:
            texts.append((number, SentText.model_validate_json(line)))
        except ValidationError as error:
            problems.append(f"line {number}: {first_problem(error, 'line')}")
    if problems:
        raise _refusal(problems)
    if not texts:
        raise PackRefused("文章がありません", "there is no text in it")
    return texts


def planned(texts: Sequence[tuple[int, SentText]], workplace: Workplace, catalog: Catalog) -> Plan:
    """Returns what is to be written of texts that users sent, given with their numbers.

    Raises PackRefused with every problem as `line N: field: reason`.
    """
    planning = _Planning(workplace, catalog)
    problems: list[str] = []
    for number, text in texts:
        try:
            planning.take(text)
        except _Unusable as error:
            problems.append(f"line {number}: {error}")
    if problems:
        raise _refusal(problems)
    return planning.finished()


class _Unusable(ValueError):
    """A text that nothing can be made of; the message is `field: reason`."""


@dataclass(slots=True)
class _Planning:
    """Collects what is to be written, by the file. known_lines: those that a file has, and those that it will have."""

    workplace: Workplace
    catalog: Catalog
    examples: dict[Path, dict[ExampleKind, list[dict[str, Any]]]] = field(default_factory=dict)
    lines: dict[Path, list[str]] = field(default_factory=dict)
    known_lines: dict[Path, set[str]] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    repeated_count: int = 0
    masked_count: int = 0

    def take(self, sent_text: SentText) -> None:
        """Plan for one text. Raises _Unusable."""
        text = " ".join(masked(Reading(sent_text.text)).split())
        self.masked_count += text != " ".join(sent_text.text.split())
        language: Language = sent_text.lang or ("ja" if JAPANESE_LETTER.search(text) else "en")
        text = _with_stand_ins(text, language)
        rule = self._rule_of(sent_text)
        kind = sent_text.kind or _kind_of(rule)
        if kind is None or _SUBJECTS[kind] not in _subjects(rule):
            raise _Unusable(f"kind: {rule.id} looks at {', '.join(rule.subjects)}")
        record = _record(kind, text)
        is_new = self._take_example(rule, "fires" if sent_text.warns else "silent", record)
        if self.workplace.clean is not None and not sent_text.warns:
            is_new |= self._take_line(self.workplace.clean, json.dumps(record, ensure_ascii=False))
        if self.workplace.texts is not None and rule.risk in RISKS:
            path = self.workplace.texts / language / f"{HAND}.jsonl"
            is_new |= self._take_line(path, _labelled(sent_text, text, kind, language, rule.risk))
        self.repeated_count += not is_new

    def finished(self) -> Plan:
        """Returns the plan. Raises PackRefused where a rule's file is not one that examples can be put into."""
        try:
            rules = [_of_rule(path, examples) for path, examples in sorted(self.examples.items())]
        except CatalogError as error:
            raise _refusal(error.problems) from None
        texts = [_of_lines(path, lines) for path, lines in sorted(self.lines.items())]
        return Plan((*rules, *texts), tuple(self.rules), self.repeated_count, self.masked_count)

    def _rule_of(self, sent_text: SentText) -> Rule:
        """Returns the rule that a text is an example of. Raises _Unusable."""
        if sent_text.rule:
            rule = self.catalog.rule(sent_text.rule)
            if rule is None:
                raise _Unusable(f"rule: no rule {sent_text.rule!r}")
            return rule
        if not sent_text.warns:
            raise _Unusable("rule: name the one that was wrong")
        of_risk = [rule for rule in self.catalog.rules if rule.risk == sent_text.risk]
        if not of_risk:
            raise _Unusable(
                f"risk: no risk {sent_text.risk!r}" if sent_text.risk else "risk: name it, or a rule that is to fire"
            )
        by_meaning = [rule for rule in of_risk if sent_text.risk in _meanings(rule)]
        rules = by_meaning if len(by_meaning) == 1 else of_risk
        if len(rules) > 1:
            raise _Unusable(f"rule: name one of {', '.join(rule.id for rule in rules)}")
        return rules[0]

    def _take_example(self, rule: Rule, kind: ExampleKind, record: dict[str, Any]) -> bool:
        """Plan an example of a rule whose file is in the workplace. Returns whether it is new. Raises _Unusable."""
        path = self.workplace.rules / "catalog" / rule.topic / f"{rule.id}.yaml"
        if not path.is_file():
            if kind == "silent" and self.workplace.clean is not None:
                # A harmless text of the pack says it, too.
                return False
            raise _Unusable(
                f"rule: {rule.id} is not in {self.workplace.rules}; copy its file there, or name Koban's source tree"
            )
        example = Example.model_validate(record)
        of_file = self.examples.get(path, {})
        other: ExampleKind = "silent" if kind == "fires" else "fires"
        if example in getattr(rule.examples, other) or record in of_file.get(other, ()):
            raise _Unusable(f"warns: this text is one of the examples.{other} of {rule.id}")
        if example in getattr(rule.examples, kind) or record in of_file.get(kind, ()):
            return False
        self.examples.setdefault(path, {}).setdefault(kind, []).append(record)
        self.rules[rule.id] = None
        return True

    def _take_line(self, path: Path, line: str) -> bool:
        if path not in self.known_lines:
            self.known_lines[path] = set(path.read_text("utf-8").splitlines()) if path.is_file() else set()
        if line in self.known_lines[path]:
            return False
        self.known_lines[path].add(line)
        self.lines.setdefault(path, []).append(line)
        return True


_SUBJECTS: Mapping[TextKind, Subject] = {"message": "message", "job": "job", "profile": "client"}


def _subjects(rule: Rule) -> set[str]:
    return {"message" if subject == "thread" else subject for subject in rule.subjects}


def _kind_of(rule: Rule) -> TextKind | None:
    subjects = _subjects(rule)
    return next((kind for kind, subject in _SUBJECTS.items() if subject in subjects), None)


def _record(kind: TextKind, text: str) -> dict[str, Any]:
    """Returns an example with a text, as rule files have it."""
    match kind:
        case "message":
            return {"message": {"author_role": "client", "body": text}}
        case "job":
            return {"job": {"body": text}}
        case "profile":
            return {"client": {"profile": text}}


def _meanings(rule: Rule) -> set[str]:
    """Returns the risks that a rule asks meaning for."""
    matchers = (condition.matcher for condition, _ in conditions_of(rule))
    return {risk for matcher in matchers if matcher is not None for risk in matcher.means or ()}


def _labelled(sent_text: SentText, text: str, kind: TextKind, language: Language, risk: str) -> str:
    """Returns a text as those have it that meaning is learnt from, each a family of its own: nothing is known of what
    it belongs to."""
    return json.dumps(
        {
            "family": f"{HAND}-{hashlib.sha256(text.encode()).hexdigest()[:12]}",
            "lang": language,
            "kind": kind,
            "labels": [risk] if sent_text.warns else [],
            "act": sent_text.act or ("asks" if sent_text.warns else "neutral"),
            "text": text,
        },
        ensure_ascii=False,
    )


_STAND_INS: Mapping[str, tuple[str, str]] = {
    "[name]": ("小暮", "Robin"),
    "[address]": ("架空市1-2-3", "12 Example Street"),
    "[contact]": ("@example", "@example"),
    "[link]": ("https://example.com/", "https://example.com/"),
    "[mail]": ("someone@example.com", "someone@example.com"),
    "[phone]": ("+1 202-555-0143", "+1 202-555-0143"),
}
"""Invented values in Japanese text, and in other: rules look for an address, not for a word in brackets. The domain is
of RFC 2606; the numbers 555-0100 to 555-0199 are set apart for fiction by the North American Numbering Plan."""
_ZERO = r"(?<![0-9.,])0+(?![0-9.,]*[0-9])"


def _with_stand_ins(text: str, language: Language) -> str:
    """Returns a text with invented values for what was replaced when it was exported.

    A zero stands for any number there; left as it is, it would say that nothing is paid.
    """
    text = re.sub(rf"{_ZERO}(?= ?(?:円|yen|JPY))", "3,000", text)
    text = re.sub(rf"(?<=[$€£¥]){_ZERO}|(?<=[$€£¥] ){_ZERO}", "30", text)
    text = re.sub(_ZERO, "3", text)
    for word, (japanese, other) in _STAND_INS.items():
        text = text.replace(word, japanese if language == "ja" else other)
    return text


def _of_rule(path: Path, examples: Mapping[ExampleKind, Sequence[Mapping[str, Any]]]) -> Addition:
    """Returns the addition of a rule's file. Raises CatalogError."""
    before = path.read_bytes()
    text = with_examples(path, examples)
    old = set(before.decode().splitlines())
    lines = [line.strip() for line in text.splitlines() if line not in old]
    return Addition(path, tuple(lines), before, text.encode())


def _of_lines(path: Path, lines: Sequence[str]) -> Addition:
    before = path.read_bytes() if path.is_file() else None
    begin = before or b""
    if begin and not begin.endswith(b"\n"):
        begin += b"\n"
    return Addition(path, tuple(lines), before, begin + "".join(f"{line}\n" for line in lines).encode())


def _refusal(problems: Sequence[str]) -> PackRefused:
    return PackRefused("この内容からは例を作れません", "no examples can be made of it", problems)
