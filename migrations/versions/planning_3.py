"""How a plan's best and bound closed in on each other while it was computed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "planning_3"
down_revision = "planning_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan", sa.Column("history", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False))


def downgrade() -> None:
    op.drop_column("plan", "history")
