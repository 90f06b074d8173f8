"""YAML files as plain data: aliases, nesting and libyaml change neither values nor lines."""

from pathlib import Path

import pytest
import yaml

from rules.loader import SHIPPED_RULES, load_catalog
from tests.rules.test_loader import GOOD, problems, write


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", sorted(SHIPPED_RULES.rglob("*.yaml")), ids=lambda path: str(path.relative_to(SHIPPED_RULES))
)
def test_shipped_file_reads_alike_with_and_without_libyaml(path: Path) -> None:
    """A machine without the C parser reads the same catalog: the two differ over `?}` and the like."""
    text = path.read_text(encoding="utf-8")
    assert yaml.load(text, Loader=yaml.SafeLoader) == yaml.load(text, Loader=yaml.CSafeLoader)


def test_attack_25_an_alias_that_holds_itself_is_refused_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, "when:\n  x: &all\n    - *all\n", "catalog/work/other.yaml")
    assert problems(tmp_path) == ("catalog/work/other.yaml:2: an alias that holds itself",)


def test_attack_25_ten_levels_of_aliases_are_refused_with_their_line(tmp_path: Path) -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10) if n else 'x'}]\n" for n in range(10))
    write(tmp_path, GOOD)
    write(tmp_path, levels, "catalog/work/other.yaml")
    (problem,) = problems(tmp_path)
    assert problem.startswith("catalog/work/other.yaml:")
    assert problem.endswith(": aliases that stand for too much")


def test_attack_25_an_alias_of_a_value_is_that_value(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("title: {ja: 題, en: Title}", "title: &title {ja: 題, en: Title}\nseen: *title"))
    (rule,) = load_catalog([tmp_path]).rules
    assert rule.seen == rule.title


def test_attack_25_a_file_that_nests_beyond_reason_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, "when: " + "[" * 900 + "]" * 900, "catalog/work/other.yaml")
    assert problems(tmp_path)


def test_attack_25_no_nesting_ends_the_process(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, "[" * 100_000 + "]" * 100_000, "catalog/work/deep.yaml")
    write(tmp_path, "- " * 100_000, "catalog/work/deeper.yaml")
    write(tmp_path, "[" * 100_000 + "]" * 100_000, "renames.json")
    assert problems(tmp_path) == (
        "renames.json:1: not JSON",
        "catalog/work/deep.yaml:1: nested too deep",
        "catalog/work/deeper.yaml:1: nested too deep",
    )


def test_attack_25_many_brackets_side_by_side_are_no_nesting(tmp_path: Path) -> None:
    write(tmp_path, GOOD + "terms: {a: [" + ", ".join(["'[ab]'"] * 2_100) + "]}\n")
    assert len(load_catalog([tmp_path]).rules) == 1


@pytest.mark.parametrize("number", ["0x1F", "1:30", ".inf", "9" * 5_000])
def test_attack_25_a_number_that_no_rule_needs_is_refused_with_its_line(tmp_path: Path, number: str) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, f"\nwhen: {number}", "catalog/work/other.yaml")
    assert problems(tmp_path)[0] == "catalog/work/other.yaml:2: a number of an unknown form"


def test_a_star_in_a_pattern_is_no_alias(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("severity: danger", "severity: danger # & *x"))
    assert len(load_catalog([tmp_path]).rules) == 1
