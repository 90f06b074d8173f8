"""The migrations run on the program's own connection, and end with the tables that a new history is made with."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

from addon.history.database import HEAD, create, upgrade
from addon.history.file import VERSIONS
from addon.history.schema import METADATA


def _migrated() -> Engine:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection)
    return engine


def _new() -> Engine:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        create(connection)
    return engine


def test_a_migrated_history_has_the_tables_of_the_program_and_no_others() -> None:
    with _migrated().connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_new_history_is_made_as_the_migrations_make_one() -> None:
    described = []
    for engine in (_migrated(), _new()):
        tables = inspect(engine)
        described.append(
            {
                name: (
                    {column["name"]: repr(column) for column in tables.get_columns(name)},
                    tables.get_pk_constraint(name),
                    tables.get_indexes(name),
                    tables.get_unique_constraints(name),
                    tables.get_foreign_keys(name),
                    tables.get_table_options(name),
                )
                for name in tables.get_table_names()
            }
        )
    migrated, new = described
    assert migrated == new
    assert set(new) == {"alembic_version", *METADATA.tables}


def test_the_versions_that_are_known_are_those_of_the_migrations() -> None:
    scripts = ScriptDirectory("addon/history/migrations")
    assert scripts.get_current_head() == HEAD
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == VERSIONS
