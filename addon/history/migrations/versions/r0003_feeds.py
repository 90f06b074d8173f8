"""Adds the feed of a row's page: the proxy, or the extension."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for table in ("step", "message", "verdict", "finding", "page_copy"):
        op.add_column(table, sa.Column("feed", sa.Text(), nullable=True))
