"""The page of a report: whole in itself, in each language, whatever the texts hold."""

import re
from pathlib import Path

import pytest

from addon.bulk.report import LINES, NOTES, report_page
from addon.bulk.summary import summary
from addon.judging.check import Checker
from rules.loader import Catalog
from tests.addon.bulk.made import json_lines, rows, run_here

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, checker: Checker) -> Path:
    folder = tmp_path_factory.mktemp("report")
    hostile = [{**row, "category": HOSTILE, "site": HOSTILE, "text": row["text"] + HOSTILE} for row in rows(30)]
    (folder / "x.jsonl").write_bytes(json_lines([*hostile, *rows(30)]))
    run_here(checker, folder / "out", folder / "x.jsonl")
    return folder / "out"


def test_a_page_is_whole_in_itself_and_escapes_what_is_from_texts(out: Path, catalog: Catalog) -> None:
    page = report_page(summary(out), catalog, ("ja", "en"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert set(re.findall(r'(?:src|href)="([a-z]*:)', page)) == {"data:"}
    assert "default-src 'none'" in page
    assert page.count('<section lang="') == 2
    assert page.count("<img ") == 2 * 4, "over time, rules, categories, sites; no languages in this table, one pay"


def test_each_language_says_everything_in_its_own_words(out: Path, catalog: Catalog) -> None:
    japanese = report_page(summary(out), catalog, ("ja",))
    english = report_page(summary(out), catalog, ("en",))
    for text in (*NOTES, *(LINES[key] for key in ("title", "rules", "alike", "not_in_table"))):
        assert text.ja in japanese
        assert text.en in english
    kana = re.compile("[ぁ-んァ-ヶ]")
    foreign = [line for line in english.splitlines() if kana.search(line)]
    assert all("ライティング" in line or "<blockquote>" in line for line in foreign), "of the table itself alone"


def test_a_run_without_texts_has_a_page(tmp_path: Path, checker: Checker, catalog: Catalog) -> None:
    (tmp_path / "x.jsonl").write_bytes(b"")
    run_here(checker, tmp_path / "out", tmp_path / "x.jsonl")
    page = report_page(summary(tmp_path / "out"), catalog, ("ja",))
    assert page.count(LINES["not_in_table"].ja) == 5
    assert "<img" not in page
