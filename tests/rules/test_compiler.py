"""A compiled rule: what has to be met before it is asked at all, and what it asks about."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.compiler import NUMBER_OF_RISK, NUMBER_OF_TRAIT, CompiledRule, Compiler
from rules.fields import WORDS
from rules.loader import load_catalog
from tests.rules.test_engine import RULE


def _compiled(folder: Path, *rules: dict[str, Any]) -> list[CompiledRule]:
    for number, rule in enumerate(rules):
        path = folder / "catalog" / "contract" / f"rule-{number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump({**RULE, **rule}, allow_unicode=True), encoding="utf-8")
    catalog = load_catalog([folder])
    compiler = Compiler(catalog)
    by_id = sorted(catalog.rules, key=lambda rule: rule.id)
    return [compiler.compile(rule, order) for order, rule in enumerate(by_id)]


SAYS = {"words": {"says": ["直接契約", "直接取引"]}}
MEANS = {"words": {"means": ["direct-contract"]}}
CAUTION = {"severity": "caution"}


def test_one_of_its_patterns_has_to_be_met(tmp_path: Path) -> None:
    (one,) = _compiled(tmp_path, {"when": [SAYS]})
    (needed,) = one.needs
    assert len(needed) == 2
    assert one.asks == {field for subject in one.rule.subjects for field in WORDS[subject]}
    assert one.gate is None
    assert not one.beside_words


def test_a_pattern_of_several_rules_is_matched_once(tmp_path: Path) -> None:
    one, other = _compiled(tmp_path, {"when": [SAYS]}, {"when": [SAYS, {"stage": {"is": "browsing"}}]})
    assert one.needs == other.needs


def test_words_or_meaning_are_one_need_and_a_risk_is_no_pattern(tmp_path: Path) -> None:
    (one,) = _compiled(tmp_path, {"when": [{"any": [SAYS, MEANS]}]})
    (needed,) = one.needs
    assert one.beside_words == {NUMBER_OF_RISK["direct-contract"]} < needed
    numbers = [*NUMBER_OF_RISK.values(), *NUMBER_OF_TRAIT.values()]
    assert len({*numbers}) == len(numbers)
    assert all(number < 0 for number in numbers), "patterns count from 0"


def test_issue_25_a_predicate_needs_its_trait(tmp_path: Path) -> None:
    link, words_or_file = _compiled(
        tmp_path,
        {"when": [{"predicate": "link_to_messenger"}]},
        {"when": [{"any": [SAYS, {"predicate": "file_locked"}]}]},
    )
    assert link.needs == (link.beside_words,) == (frozenset({NUMBER_OF_TRAIT["links"]}),)
    (needed,) = words_or_file.needs
    assert words_or_file.beside_words == {NUMBER_OF_TRAIT["enclosures"]} < needed


def test_where_one_alternative_needs_no_words_none_are_needed(tmp_path: Path) -> None:
    (one,) = _compiled(tmp_path, {"when": [{"any": [SAYS, {"stage": {"is": "browsing"}}]}]})
    assert one.needs == ()


def test_a_value_that_it_asks_for_is_its_gate_and_a_circumstance_is_none(tmp_path: Path) -> None:
    state = {"contract.state": {"is": ["agreed", "paid"]}}
    with_state, with_stage = _compiled(
        tmp_path,
        {"subject": "contract", "when": [{"stage": {"is": "agreed-unfunded"}}, state]},
        {"when": [{"stage": {"is": "browsing"}}]},
    )
    assert with_state.gate == ("contract.state", ("agreed", "paid"))
    assert "contract.state" in with_state.fields
    assert with_stage.gate is None


@pytest.mark.parametrize(("stage", "rests"), [("unknown", True), ("browsing", False)])
def test_a_danger_that_an_unknown_stage_softens_rests_on_the_stage(tmp_path: Path, stage: str, rests: bool) -> None:
    (one,) = _compiled(tmp_path, {"when": [SAYS], "cases": [{"when": [{"stage": {"is": stage}}], **CAUTION}]})
    assert one.rests_on_stage is rests
