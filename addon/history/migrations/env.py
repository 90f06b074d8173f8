"""Runs Alembic's migrations on the connection that the program provides."""

from alembic import context

from addon.history.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite alters a table by making it anew.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
