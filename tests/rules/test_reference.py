"""The reference under docs/rules is what the catalog says."""

from pathlib import Path

from rules.loader import Catalog
from rules.reference import pages, write

DOCS = Path(__file__).parents[2] / "docs" / "rules"


def test_reference_is_fresh(catalog: Catalog) -> None:
    """Run `python -m rules.reference docs/rules` where this fails."""
    committed = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    assert committed == pages(catalog)


def test_pages_of_rules_that_are_gone_go(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "long-gone.md").write_text("x")
    write(catalog, tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == {rule.id for rule in catalog.rules} | {"README", "language"}


def test_words_of_examples_mean_nothing_in_markdown(catalog: Catalog) -> None:
    page = pages(catalog)["messenger-invitation.md"]
    assert "`` 連絡はL I N Eで行います ``" in page
    assert "■ 危険" in page
    assert "coconala" in page
