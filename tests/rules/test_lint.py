"""Texts of rules: short, calm, polite, with sources and examples in both languages."""

import pytest

from rules.lint import lint, lint_rule
from rules.loader import load_catalog
from rules.model import Text

(RULE,) = (rule for rule in load_catalog().rules if rule.id == "direct-contract")


def problems(**changes: object) -> list[str]:
    return [problem.partition(": ")[2] for problem in lint_rule(RULE.model_copy(update=changes))]


def test_the_catalog_has_no_problem() -> None:
    assert lint(load_catalog()) == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("title", Text(ja="あ" * 21, en="x"), "title has 21 characters, at most 20 are read"),
        ("title", Text(ja="題", en="x" * 46), "title has 46 characters, at most 45 are read"),
        ("title", Text(ja="題。", en="x"), "a title has no full stop"),
        ("title", Text(ja="詐欺", en="x"), "title says '詐欺'"),
        ("advice", Text(ja="応じないでください。", en="This is a SCAM."), "advice says 'SCAM'"),
        ("advice", Text(ja="応じるな。", en="Do not."), "advice is not in です・ます"),
        ("reason", Text(ja="困ります☂", en="x"), "reason has an emoji"),
        ("reason", Text(ja="困ります。", en=" "), "reason is empty"),
        ("reason", Text(ja="<img src=x onerror=y>", en="x"), "reason has markup, or signs that are not drawn"),
        ("title", Text(ja="題", en="x &lt;b"), "title has markup, or signs that are not drawn"),
        ("seen", Text(ja="困ります。", en="x\u202ey"), "seen has markup, or signs that are not drawn"),
    ],
)
def test_a_text_that_is_not_as_koban_speaks(name: str, text: Text, problem: str) -> None:
    assert problem in problems(**{name: text})


def test_an_unsure_rule_is_no_danger() -> None:
    assert "what is unsure is no danger" in problems(severity="danger", confidence="low")


def test_sources_and_examples_are_wanted() -> None:
    assert "name a term or a law as source" in problems(sources=())
    source = RULE.sources[0]
    unsafe = source.model_copy(update={"url": "http://example.com", "checked": "yesterday"})
    assert {"a source has an https address", "checked is a day, such as 2026-11-24"} <= set(problems(sources=(unsafe,)))
    marked = source.model_copy(update={"name": Text(ja="<b>", en="x")})
    assert "a source has markup, or signs that are not drawn" in problems(sources=(marked,))
    few = RULE.examples.model_copy(update={"fires": RULE.examples.fires[:1]})
    assert "1 examples, at least 3" in problems(examples=few)
    assert "examples in both languages" in problems(examples=few)
