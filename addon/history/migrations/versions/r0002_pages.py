"""Copies of pages, what a message says of the work and of revisions, and the clock by which rows are forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("message", sa.Column("hands_over", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("message", sa.Column("revisions", sa.Integer(), nullable=True))
    op.create_table(
        "page_copy",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("warned", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("contract_id", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("last_seen", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", "page", "warned"),
    )
    op.create_index("page_copy_client", "page_copy", ["site", "client_id"], unique=False)
    op.create_index("page_copy_contract", "page_copy", ["site", "contract_id"], unique=False)
    op.create_index("page_copy_time", "page_copy", ["last_seen"], unique=False)
    op.create_table(
        "clock",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
