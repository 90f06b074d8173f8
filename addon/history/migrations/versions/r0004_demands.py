"""Adds to a contract what one side asks for, who asks, and since when: an answer is due."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for column in ("demand", "demand_by", "demanded_at"):
        op.add_column("contract", sa.Column(column, sa.Text(), nullable=True))
