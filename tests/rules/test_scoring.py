"""Counts of what rules catch: made from labelled texts, with nothing divided by zero."""

from pathlib import Path

import pytest

from rules.scoring import Judged, Labelled, RiskTally, Tally, UnusableCorpus, _by_risk, _tally, is_right, read_corpus
from tests.addon.findings import finding


def judged(labels: tuple[str, ...], *risks: str, severity: str = "caution") -> Judged:
    text = Labelled(id="1", lang="ja", kind="message", text="x", labels=labels)
    return Judged(text, tuple(finding(risk, severity) for risk in risks))


def test_a_notice_is_no_hit() -> None:
    assert not judged(("mlm",), "mlm", severity="notice").hit
    assert judged(("mlm",), "mlm").hit
    assert not judged(("mlm",), "mlm").danger
    assert judged(("mlm",), "mlm", severity="danger").danger


def test_risks_that_count_as_one_are_right_for_one_another() -> None:
    assert is_right([finding("escrow-excuse")], ["work-before-escrow"])
    assert is_right([finding("mlm")], ["adult", "mlm"])
    assert not is_right([finding("mlm")], ["adult"])
    assert not is_right([], ["adult"])


def test_a_tally_counts_unsafe_and_benign_texts_apart() -> None:
    tally = _tally(
        [
            judged(("mlm",), "mlm"),
            judged(("mlm",), "adult"),
            judged(("mlm",)),
            judged(()),
            judged((), "mlm", severity="danger"),
        ]
    )
    assert tally == Tally(unsafe=3, hits=2, right=1, benign=2, wrongly=1, wrongly_danger=1)
    assert tally.recall == pytest.approx(2 / 3)
    assert tally.precision == pytest.approx(2 / 3)
    assert tally.f1 == pytest.approx(2 / 3)
    assert tally.right_risk == 0.5


def test_nothing_to_count_is_no_failure() -> None:
    assert (Tally().recall, Tally().precision, Tally().right_risk) == (1.0, 1.0, 1.0)
    assert RiskTally(0, 0, 0).f1 == 1.0
    assert RiskTally(1, 1, 0).f1 == 0.0


def test_each_risk_is_counted_where_it_was_labelled_or_named() -> None:
    by_risk = _by_risk([judged(("mlm", "dataset-fraud"), "mlm", "adult"), judged(("mlm",))])
    assert by_risk == {("mlm", "ja"): RiskTally(2, 1, 1), ("adult", "ja"): RiskTally(0, 1, 0)}


def test_a_corpus_is_read_line_by_line_and_a_bad_line_is_named(tmp_path: Path) -> None:
    good = '{"id": "1", "lang": "en", "kind": "job", "text": "x", "labels": [], "extra": 1}'
    path = tmp_path / "corpus.jsonl"
    path.write_text(f"{good}\n\n{good}\n", "utf-8")
    assert len(list(read_corpus(path))) == 2
    path.write_text(f"{good}\n{{}}\n", "utf-8")
    with pytest.raises(UnusableCorpus, match=r"corpus\.jsonl:2: "):
        list(read_corpus(path))
    with pytest.raises(UnusableCorpus, match="missing"):
        list(read_corpus(tmp_path / "missing"))
