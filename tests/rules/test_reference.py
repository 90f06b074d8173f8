"""The reference of the rules, as it is written from the catalog."""

import re
from pathlib import Path
from typing import Literal

import pytest

from rules.loader import Catalog
from rules.reference import pages, pages_in, write


@pytest.mark.slow
def test_pages_of_rules_that_are_gone_go(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "long-gone.md").write_text("x")
    write(catalog, tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == {rule.id for rule in catalog.rules} | {"README", "language"}


@pytest.mark.slow
def test_the_pages_in_two_languages_leave_no_placeholder_either(catalog: Catalog) -> None:
    for name, page in pages(catalog).items():
        shown = page.partition("\n## 警告する例")[0]
        assert name == "language.md" or not re.search(r"\{[a-z_.]+\}", shown), name


@pytest.mark.slow
def test_words_of_examples_mean_nothing_in_markdown(catalog: Catalog) -> None:
    page = pages(catalog)["messenger-invitation.md"]
    assert "`` 連絡はL I N Eで行います ``" in page
    assert "■ 危険" in page
    assert "coconala" in page


@pytest.mark.parametrize(("language", "title"), [("ja", "外部の連絡先への誘いです"), ("en", "Invited to an outside")])
def test_the_pages_in_one_language_are_linked_and_leave_no_placeholder(
    catalog: Catalog, language: Literal["ja", "en"], title: str
) -> None:
    written = pages_in(catalog, language)
    assert set(re.findall(r"\(([a-z0-9-]+\.md)\)", written["index.md"])) == set(written) - {"index.md"}
    assert title in written["messenger-invitation.md"]
    assert "| | |" not in written["index.md"], "a column without a name is an empty bar above the table"
    for name, page in written.items():
        head = page.partition("\n## ")[0]
        assert "{" not in head, name
        assert language == "ja" or not re.search(r"[ぁ-ん]", head), name


def test_a_page_in_one_language_has_only_examples_that_the_text_alone_decides(catalog: Catalog) -> None:
    page = pages_in(catalog, "ja")["work-before-escrow.md"]
    _, fires, rest = page.partition("## 警告する例\n")
    assert "仮払いを確認してから作業を始めてください。" in rest.partition("## 警告しない例\n")[2]
    assert fires
    assert "先に作業を進めていただけますか" not in rest, "silent where escrow is funded"
    assert "Can you start now?" not in rest
