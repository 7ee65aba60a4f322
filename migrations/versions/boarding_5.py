"""Who looks after a doubled boarding, and how it ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "boarding_5"
down_revision = "boarding_4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("boarding_conflict", sa.Column("owner", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("boarding_conflict", sa.Column("outcome", sa.String(length=12), nullable=False, server_default=""))
    op.execute("UPDATE boarding_conflict SET outcome = 'other' WHERE state = 'resolved'")


def downgrade() -> None:
    op.drop_column("boarding_conflict", "outcome")
    op.drop_column("boarding_conflict", "owner")
