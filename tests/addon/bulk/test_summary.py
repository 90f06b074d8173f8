"""The figures of a report."""

from pathlib import Path

import pytest

from addon.bulk.summary import Share, summary
from addon.judging.check import Checker
from tests.addon.bulk.made import json_lines, rows, run_here


@pytest.mark.slow
def test_figures_are_those_of_the_tables(tmp_path: Path, checker: Checker) -> None:
    (tmp_path / "x.jsonl").write_bytes(json_lines([*rows(24), {"kind": "job", "text": "x"}]))
    run_here(checker, tmp_path / "out", tmp_path / "x.jsonl", by=("site", "month"))
    found = summary(tmp_path / "out")
    assert [share.name for share in found.months] == [f"2026-{month:02}" for month in range(1, 13)]
    assert {share.name: (share.texts, share.danger) for share in found.sites} == {
        "crowdworks": (12, 6),
        "lancers": (12, 6),
        None: (1, 0),
    }
    assert found.categories == [Share("ライティング", 24, 0, 12, clients=10)]
    assert found.languages == [Share(None, 25, 0, 12, clients=10)]
    assert (found.currency, found.pay) == ("JPY", [Share("1,000–", 24, 0, 12)])
    assert {rule.rule: rule.texts for rule in found.rules}["direct-contract"] == 12
    assert found.alike[0] == 2
    assert found.contacts[0] == 6
    assert found.contacts[1][0].accounts == 4
    assert "direct-contract" in {rule for sample in found.samples for rule in sample.rules}
    assert len({sample.text for sample in found.samples}) == len(found.samples)


def test_samples_have_no_personal_details_even_of_texts_that_were_kept(tmp_path: Path, checker: Checker) -> None:
    (tmp_path / "x.jsonl").write_bytes(json_lines(rows(4)))
    run_here(checker, tmp_path / "out", tmp_path / "x.jsonl", keep_texts=True)
    texts = [sample.text for sample in summary(tmp_path / "out").samples]
    assert texts
    assert not [text for text in texts if "kamome" in text or "090" in text or "山田" in text]


@pytest.mark.parametrize("manifest", ["", "{}"])
def test_a_folder_without_a_run_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest, "utf-8")
    with pytest.raises(ValueError, match="Manifest"):
        summary(tmp_path)
