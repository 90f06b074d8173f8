"""The reference of the rule language, docs/rules/language.md, generated from the pydantic models and the catalog.

`make generate` writes it with the pages of the rules (rules/reference.py); a stale one fails `make lint`.
"""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from pydantic import BaseModel

from rules import predicates
from rules.fields import FIELDS
from rules.loader import Catalog
from rules.meaning.phrases import READ_AS
from rules.model import UNKNOWN
from rules.patterns import MAX_GAP, MAX_NESTED, MAX_REPEAT
from rules.placeholders import NAMES
from rules.rule import (
    Case,
    Condition,
    Example,
    Examples,
    Matcher,
    Rule,
    Sign,
    Signs,
    conditions_of,
    patterns_of,
)
from rules.sites import SITE_IDS
from rules.status import FEWEST_PAGES

_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_MOST_CHOICES = 12
"""Values of a key that are listed in its row; more have a section of their own."""
_LONGEST_EXAMPLE = 110
"""Characters of an example that is preferred to shorter ones."""
_WRITTEN = "<!-- Written by `make generate` from rules/rule.py, rules/language.py and the catalog. -->"
_INTRODUCTION = f"""\
# The rule language

One rule is one YAML file, `rules/catalog/<topic>/<id>.yaml`: its place names its topic and its id. The loader reports
every mistake as `file:line: reason`.

- **Three values.** A condition is true, false, or unknown where the page does not show the field. A rule fires when
  all of its `when` is true; unknown never fires.
- **Sentences.** Words are matched sentence by sentence, in the plain form: NFKC, invisible characters dropped, blanks
  in a row as one. Where a sentence is in disguise (L1NE, 直・接), its form without the disguise is matched, too.
- **Meaning.** A model reads each text beside the words. It refutes words that are a refusal, a warning or work about
  the matter (`meaning`), and warns by itself where a rule asks for it (`means`). See
  [words and meaning](../dev/meaning.md).

## From a draft to a stable rule

1. `koban rules new TOPIC/ID` writes a draft. It loads once each `TODO:` in it is replaced.
2. Write the examples first: at least three that fire and three that stay silent, in Japanese and English. Then the
   words, and `koban rules test ID` after each change: it runs the examples of this rule alone and checks its texts.
3. `koban rules explain ID --text "…"` shows which branch of which pattern matched which words, and what meaning read.
   `ID` may be a file that lies anywhere, in a folder of its topic's name.
4. Leave it `status: experimental`: it is judged, and shown to users who switch it on. `pytest tests/rules` must pass;
   among its gates (`tests/rules/test_quality.py`) are what the rules catch and wrongly flag among the texts of the
   repository: `tests/rules/own_cases.jsonl`, and the sets of people who saw no rules, `tests/rules/meaning/blind`.
5. It becomes `status: test` in a change of its own, once it has fired rightly on {FEWEST_PAGES["test"]} pages, or on
   texts that its author had not seen, with the gates passing (`tests/tools/test_translations.py` wants its further
   languages from here on): on from the start, and a caution at most. After {FEWEST_PAGES["stable"]} pages it becomes
   `status: stable`. A rule that is wrong twice goes back to experimental. `koban rules record` shows what was seen of
   it on this machine, and `koban rules promote ID --rules-dir rules` writes the status. The steps are those of
   [Sigma](https://github.com/SigmaHQ/sigma-specification).
6. `koban rules docs` writes this page and those of the rules again.
"""
_PATTERNS = f"""
## Patterns

Regular expressions, matched without case, all in one pass over the page (Hyperscan), so that time grows with the text
and never with tricks in it.

- `|`, `(…)`, `(?:…)`, `[…]`, `?`, `{{2,5}}`, `.{{0,12}}`, `\\d`, `\\w`, `\\s` and `\\b` are known; `\\b` is
  for ASCII only: it is refused beside é, ñ and the like, where `[^a-z]` says what is meant.
- `{{name}}` stands for any pattern of a vocabulary: a shared one (below), or one of the rule's own `terms`.
- A sentence begins and ends with a space, so `[^ァ-ヶー]LINE` also matches at its beginning; `^` and `$` are refused.
- A gap is at most `.{{0,{MAX_GAP}}}`, a repetition at most `{{0,{MAX_REPEAT}}}`, and those in a repeated group, added
  up and multiplied by its own, come to at most {MAX_NESTED:,}; `.*`, looking around and back references are refused.
"""


def page(catalog: Catalog) -> str:
    """Return the page in Markdown."""
    lines = [_WRITTEN, "", _INTRODUCTION]
    examples = _Examples(catalog)
    for model in (Rule, Condition, Matcher, Signs, Sign, Case, Examples, Example):
        lines += _model(model, examples)
    lines += [_PATTERNS, *_vocabularies(catalog), *_groups(catalog), *_functions(), *_fields(), *_values()]
    return "\n".join([*lines, ""])


def _model(model: type[BaseModel], examples: "_Examples") -> Iterator[str]:
    """The section of a model: its docstring, and a row for each described key."""
    yield f"\n## {model.__name__}\n"
    yield f"{inspect.cleandoc(model.__doc__ or '')}\n"
    yield "| key | type | meaning | example |"
    yield "|---|---|---|---|"
    schema = model.model_json_schema()
    properties = (schema["$defs"][model.__name__] if "$ref" in schema else schema)["properties"]
    for name, info in model.model_fields.items():
        key = info.alias or name
        if info.description is not None:
            default = "" if info.is_required() else "; optional"
            cells = f"{_type(properties[key])}{default} | {_cell(info.description)}"
            yield f"| `{key}` | {cells} | {examples.of(model, key)} |"


def _type(schema: Mapping[str, Any]) -> str:
    """The type of a JSON schema in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})" if name in _SECTIONS else _NAMED_TYPES.get(name, name.lower())
    if "anyOf" in schema:
        kinds = dict.fromkeys(_type(kind) for kind in schema["anyOf"] if kind.get("type") != "null")
        # A decimal number may be written as text, and any number includes the whole ones.
        if set(kinds) == {"number", "text"}:
            return "number"
        return " or ".join(kind for kind in kinds if kind != "whole number" or "number" not in kinds)
    if "enum" in schema:
        choices = schema["enum"]
        return " · ".join(f"`{value}`" for value in choices) if len(choices) <= _MOST_CHOICES else "[risk](#risks)"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "patternProperties" in schema:
        return "mapping of names to lists of patterns"
    if schema.get("type") == "array":
        items = _type(schema["items"]) if "items" in schema else ""
        return f"list of {items.replace('list of', 'lists of')}" if items else "two numbers"
    return {"boolean": "`true` · `false`", "integer": "whole number", "string": "text"}.get(schema["type"], "number")


_SECTIONS = frozenset({"Rule", "Condition", "Matcher", "Signs", "Sign", "Case", "Examples", "Example"})
_NAMED_TYPES = {"Text": "`{ja: …, en: …}`", "Source": "source"}


class _Examples:
    """The uses of each key in the catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._uses: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for rule in catalog.rules:
            self._add(rule, rule)
            for condition, _ in conditions_of(rule):
                self._add(rule, condition, condition.matcher, condition.signs)
            self._add(rule, rule.sign, *rule.cases, rule.examples, *rule.examples.fires, *rule.examples.silent)

    def _add(self, rule: Rule, *parts: BaseModel | None) -> None:
        for part in parts:
            for key, value in _as_written(part).items() if part is not None else ():
                yaml_text = yaml.dump(
                    {key: value},
                    Dumper=_Dumper,
                    allow_unicode=True,
                    default_flow_style=True,
                    width=9_999,
                    sort_keys=False,
                )
                self._uses.setdefault((type(part).__name__, key), []).append((yaml_text.strip()[1:-1], rule.id))

    def of(self, model: type[BaseModel], key: str) -> str:
        """Return the longest use that fits a row, with the rule that has it; empty where none does."""
        fitting = [use for use in self._uses.get((model.__name__, key), []) if len(use[0]) <= _LONGEST_EXAMPLE]
        if not fitting:
            return ""
        yaml_text, rule_id = max(fitting, key=lambda use: (len(use[0]), use[1]))
        return f"`` {_cell(yaml_text)} `` [{rule_id}]({rule_id}.md)"


def _as_written(part: BaseModel) -> dict[str, Any]:
    """A part of a rule as its author writes it: without defaults, conditions as mappings with one key."""
    if isinstance(part, Condition) and part.field is not None and part.matcher is not None:
        return {part.field: _as_written(part.matcher)}
    names = {info.alias or name: getattr(part, name) for name, info in type(part).model_fields.items()}
    defaults = {info.alias or name: info.default for name, info in type(part).model_fields.items()}
    set_values = {key: value for key, value in names.items() if value not in (None, (), {}) and value != defaults[key]}
    return {key: _plain(value) for key, value in set_values.items() if key != "origin"}


def _plain(value: Any) -> Any:
    """A value as YAML has it."""
    if isinstance(value, BaseModel):
        return _as_written(value)
    if isinstance(value, tuple | list):
        return _plain(value[0]) if len(value) == 1 else [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return str(value) if isinstance(value, date) else value


def _vocabularies(catalog: Catalog) -> Iterator[str]:
    yield "\n## Vocabularies\n"
    yield (
        "`rules/terms/<name>.yaml` holds what several rules say in the same words: `about`, and `words`, a list of\n"
        "patterns that may name other vocabularies. What one rule alone needs goes into its own `terms`.\n"
    )
    yield "| name | about | patterns | rules |"
    yield "|---|---|--:|--:|"
    users: dict[str, set[str]] = {name: set() for name in catalog.terms}
    for rule in catalog.rules:
        for condition, _ in conditions_of(rule):
            for _, pattern in patterns_of(condition.matcher) if condition.matcher is not None else ():
                for name in users:
                    if f"{{{name}}}" in pattern:
                        users[name].add(rule.id)
    for name, words in sorted(catalog.terms.items()):
        yield f"| `{{{name}}}` | {_cell(catalog.about.get(name, ''))} | {len(words)} | {len(users[name])} |"


def _groups(catalog: Catalog) -> Iterator[str]:
    yield "\n## Groups of weak signs\n"
    yield "Of `rules/groups.yaml`. The weights of a group add up, at most to its cap.\n"
    yield "| group | about | cap |"
    yield "|---|---|--:|"
    for name, group in catalog.groups.items():
        yield f"| `{name}` | {_cell(group.about)} | {group.cap} |"


def _functions() -> Iterator[str]:
    yield "\n## Named functions\n"
    yield "Of `rules/predicates.py`, for tests that data cannot express.\n"
    yield "| key | name | meaning |"
    yield "|---|---|---|"
    groups: Sequence[tuple[str, Mapping[str, Any]]] = (("predicate", predicates.FACTS), ("check", predicates.SENTENCE))
    for key, functions in groups:
        for name, function in sorted(functions.items()):
            yield f"| `{key}` | `{name}` | {_cell(inspect.cleandoc(function.__doc__ or '').splitlines()[0])} |"


def _fields() -> Iterator[str]:
    yield "\n## Fields\n"
    yield (
        "A derived field is marked on the page at the field that it follows from. `words` stands for all texts of the\n"
        "subject (`job.title` and `job.body`, `client.profile`, `message.body`, `contract.title`) where the client is\n"
        "their author.\n"
    )
    yield "| field | kind | follows from |"
    yield "|---|---|---|"
    for name, info in FIELDS.items():
        yield f"| `{name}` | {info.kind} | {'' if info.origin == name else f'`{info.origin}`'} |"


def _values() -> Iterator[str]:
    yield "\n## Sites\n"
    yield "Values of `site`: " + ", ".join(f"`{site}`" for site in sorted(SITE_IDS - {UNKNOWN})) + ", `unknown`.\n"
    yield "## Placeholders\n"
    names = ", ".join(f"`{{{name}}}`" for name in sorted(NAMES))
    yield f"In titles and texts: {names}, and any field that has a value to show (`{{client.rating}}`).\n"
    yield "An amount of money says its currency itself: `{contract.amount}` becomes `30,000円` or `500 USD`.\n"
    yield "## Risks\n"
    yield "Values of `means`, and what the warning says that the wording reads as.\n"
    yield "| risk | 日本語 | English |"
    yield "|---|---|---|"
    for risk, phrase in READ_AS.items():
        yield f"| `{risk}` | {phrase.ja} | {phrase.en} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
