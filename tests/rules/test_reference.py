"""The reference of the rules, as it is written from the catalog."""

from pathlib import Path

from rules.loader import Catalog
from rules.reference import pages, write


def test_pages_of_rules_that_are_gone_go(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "long-gone.md").write_text("x")
    write(catalog, tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == {rule.id for rule in catalog.rules} | {"README", "language"}


def test_words_of_examples_mean_nothing_in_markdown(catalog: Catalog) -> None:
    page = pages(catalog)["messenger-invitation.md"]
    assert "`` 連絡はL I N Eで行います ``" in page
    assert "■ 危険" in page
    assert "coconala" in page
