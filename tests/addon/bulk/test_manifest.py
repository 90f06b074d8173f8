"""The manifest of a run."""

from addon.bulk.manifest import counts
from addon.bulk.task import Done


def test_counts_add_up_and_name_each_state() -> None:
    done = [Done(slice=at, rows=5, errors=1, states={"danger": 3, "clear": 1}, findings=4, seconds=1) for at in (0, 1)]
    assert counts(done) == {
        "texts": 8,
        "errors": 2,
        "findings": 8,
        "states": {"clear": 2, "caution": 0, "danger": 6, "not-checked": 0},
    }
