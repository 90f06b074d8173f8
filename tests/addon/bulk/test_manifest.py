"""The manifest of a run."""

import pytest

from addon.bulk import manifest
from addon.bulk.manifest import counts, rules_digest
from addon.bulk.task import Done
from rules.loader import SHIPPED


def test_counts_add_up_and_name_each_state() -> None:
    done = [Done(slice=at, rows=5, errors=1, states={"danger": 3, "clear": 1}, findings=4, seconds=1) for at in (0, 1)]
    assert counts(done) == {
        "texts": 8,
        "errors": 2,
        "findings": 8,
        "states": {"clear": 2, "caution": 0, "danger": 6, "not-checked": 0},
    }


def test_the_digest_is_that_of_rules_and_models(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(rules_digest()) == 64
    assert all(list(SHIPPED.glob(pattern)) for pattern in manifest._JUDGED_WITH), "each of its patterns names files"
    rules_digest.cache_clear()
    monkeypatch.setattr(manifest, "_JUDGED_WITH", manifest._JUDGED_WITH[1:])
    shorter = rules_digest()
    rules_digest.cache_clear()
    monkeypatch.undo()
    assert shorter != rules_digest()
