"""The line of a verdict and its counts, by the table that the extension is tested against, too."""

import json
from pathlib import Path
from typing import Any

import pytest

from addon.page_languages import page_languages
from addon.verdicts.headline import headline, listed, warning_count
from extractors.page_kinds import is_list
from rules.model import LANGUAGES, Finding, Text, Verdict
from tests.addon.findings import finding

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("headlines.json").read_text(encoding="utf-8"))


def found(row: dict[str, Any]) -> Finding:
    title = Text(ja=f"「{row['rule']}」の題", en=f"Title of {row['rule']}")
    return finding(row["rule"]).model_copy(update={**row, "title": title})


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_issue_19_a_verdict_is_said_and_counted_as_the_extension_does(case: dict[str, Any]) -> None:
    findings = tuple(found(row) for row in case["findings"])
    verdict = Verdict(state=case["state"], kind=case["kind"], reason=case.get("reason"), findings=findings)
    assert {language: headline(verdict, page_languages(language))[0] for language in LANGUAGES} == case["line"]
    assert warning_count(verdict) == case["warnings"]
    rows = listed(findings, in_list=is_list(verdict.kind))
    assert [[each.rule, each.severity, count] for each, count in rows] == case["rows"]


def test_the_second_language_stands_beside_the_first() -> None:
    verdict = Verdict(state="danger", findings=(found({"rule": "lure"}),))
    assert headline(verdict, page_languages("ja")) == ("危険：「lure」の題", "Danger: Title of lure")
