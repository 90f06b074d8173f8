"""The reference of the rule language names all that a rule can hold."""

import pytest
from pydantic import BaseModel

from rules import predicates
from rules.fields import FIELDS
from rules.language import page
from rules.loader import Catalog
from rules.meaning.labels import RISKS
from rules.rule import Case, Condition, Example, Examples, Matcher, Rule, Sign, Signs

NOT_WRITTEN = {"id", "topic", "origin", "field", "matcher"}
"""Keys that follow from a file's place, or that the loader makes of a condition."""


@pytest.fixture(scope="module")
def language(catalog: Catalog) -> str:
    return page(catalog)


@pytest.mark.parametrize("model", [Rule, Condition, Matcher, Signs, Sign, Case, Examples, Example])
def test_every_key_is_described(language: str, model: type[BaseModel]) -> None:
    section = language.partition(f"\n## {model.__name__}\n")[2].partition("\n## ")[0]
    keys = {info.alias or name for name, info in model.model_fields.items()} - NOT_WRITTEN
    assert [key for key in sorted(keys) if f"| `{key}` | " not in section] == []


def test_every_name_that_a_rule_may_use_is_listed(catalog: Catalog, language: str) -> None:
    names = [*FIELDS, *predicates.FACTS, *predicates.SENTENCE, *RISKS, *catalog.groups]
    assert [name for name in names if f"`{name}`" not in language] == []
    assert [name for name in catalog.terms if f"`{{{name}}}`" not in language] == []


def test_examples_are_those_of_the_catalog(catalog: Catalog, language: str) -> None:
    assert "`` signs: {group: thin-client, at_least: 4} `` [little-known-client](little-known-client.md)" in language
    linked = {part.partition("]")[0] for part in language.split("`` [")[1:]}
    assert linked <= {rule.id for rule in catalog.rules}


def test_every_row_has_as_many_cells_as_its_head(language: str) -> None:
    """No character of a pattern breaks a table."""
    width = 0
    for line in language.splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = line.replace("\\|", "").count("|")
        width = width or cells
        assert cells == width, line
