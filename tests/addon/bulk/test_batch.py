"""The function that every engine runs."""

import json
import pickle

import pytest

from addon.bulk import batch
from addon.bulk.batch import scan_batch
from addon.bulk.rows import TableText
from addon.judging.check import Checker
from addon.judging.scan_rules import ScanRules
from tests.addon.bulk.made import rows
from tests.addon.judging.scanned import scan_line


def test_a_batch_has_the_verdicts_of_its_texts_one_by_one(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "rules_of_process", lambda _: ScanRules(checker))
    texts = [TableText.model_validate(row) for row in rows(8)]
    alone = [scan_line(json.dumps(row).encode(), ScanRules(checker)).verdict for row in rows(8)]
    assert scan_batch(texts) == alone
    assert {verdict.state for verdict in alone} == {"clear", "danger"}
    assert scan_batch([]) == []


def test_it_and_what_it_takes_go_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(scan_batch)) is scan_batch
    text = TableText.model_validate(rows(1)[0])
    assert pickle.loads(pickle.dumps(text)) == text
