"""The migrations run on the program's own connection, and end with the tables that the program has."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from addon.history.database import open_file
from addon.history.schema import METADATA


def test_a_migrated_history_has_the_tables_of_the_program_and_no_others(tmp_path: Path) -> None:
    engine, _ = open_file(tmp_path / "history.db")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()
