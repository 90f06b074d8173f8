"""The user's own rules over the shipped ones: a broken file of theirs stops nothing."""

from pathlib import Path

import pytest

from addon.state.catalog import local_catalog, usable_catalog, user_rules_dir
from rules.problems import CatalogError
from tests.catalog import shipped_catalog

ROOT = Path(__file__).parents[3]
SHIPPED_IDS = {rule.id for rule in shipped_catalog().rules}


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / "catalog/contract" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def own(name: str) -> str:
    shipped = (ROOT / "rules/catalog/contract/direct-contract.yaml").read_text("utf-8")
    return shipped.replace("risk: direct-contract", f"risk: {name}", 1)


def test_the_folder_of_own_rules_is_in_the_state_folder(tmp_path: Path) -> None:
    assert user_rules_dir(tmp_path) == tmp_path / "rules"


def test_without_own_rules_the_catalog_is_the_shipped_one(tmp_path: Path) -> None:
    catalog, problems = usable_catalog(tmp_path / "missing")
    assert {rule.id for rule in catalog.rules} == SHIPPED_IDS
    assert problems == ()
    assert {rule.id for rule in local_catalog(tmp_path / "missing").rules} == SHIPPED_IDS


def test_an_own_rule_is_added(tmp_path: Path) -> None:
    write(tmp_path, "mine", own("mine"))
    catalog, problems = usable_catalog(tmp_path)
    assert problems == ()
    assert {rule.id for rule in catalog.rules} == {*SHIPPED_IDS, "mine"}


@pytest.mark.slow
def test_a_broken_one_is_left_out_and_named_and_the_others_stay(tmp_path: Path) -> None:
    write(tmp_path, "mine", own("mine"))
    broken = write(tmp_path, "broken", "risk: 5\n")
    unreadable = write(tmp_path, "unreadable", "a: [\n")
    catalog, problems = usable_catalog(tmp_path)
    assert {rule.id for rule in catalog.rules} == {*SHIPPED_IDS, "mine"}
    assert any(problem.startswith(f"{broken}:") for problem in problems)
    assert any(problem.startswith(f"{unreadable}:") for problem in problems)
    with pytest.raises(CatalogError):
        local_catalog(tmp_path)


@pytest.mark.slow
def test_an_override_of_a_rule_that_a_pack_no_longer_has_is_named_and_the_others_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "overrides.yaml").write_text("of-a-pack: {status: test}\ndirect-contract: {status: test}\n")
    catalog, problems = usable_catalog(tmp_path)
    rule = catalog.rule("direct-contract")
    assert rule is not None
    assert rule.status == "test"
    assert problems == (f"{tmp_path}/overrides.yaml:1: no rule of-a-pack",)
    with pytest.raises(CatalogError, match="no rule of-a-pack"):
        local_catalog(tmp_path)
    # As the user's own, it may be of a pack, which this catalog is without.
    monkeypatch.setattr("addon.state.catalog.user_rules_dir", lambda: tmp_path)
    assert local_catalog().rule("direct-contract") == rule
