"""DuckDB as Koban uses it: within bounds, and by itself."""

import sys
from pathlib import Path

import pytest

from addon.bulk.duck import NoDuck, connected, problems_of_duck, require


@pytest.mark.slow
def test_it_loads_nothing_and_connects_to_nothing() -> None:
    with connected() as db:
        for statement in ("INSTALL spatial", "LOAD httpfs", "SELECT * FROM read_parquet('https://127.0.0.1:1/x')"):
            with pytest.raises(problems_of_duck()):
                db.execute(statement)


@pytest.mark.slow
def test_what_exceeds_its_memory_goes_to_files_or_fails(tmp_path: Path) -> None:
    query = "SELECT count(*) FROM (SELECT DISTINCT hash(i)::VARCHAR || repeat('x', 40) FROM range(1500000) t(i))"
    with connected("32MB", spill=tmp_path) as db:
        assert db.execute(query).fetchone() == (1_500_000,)
    with connected("32MB") as db, pytest.raises(problems_of_duck(), match="Memory"):
        db.execute(query)


def test_its_absence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(NoDuck):
        require()
