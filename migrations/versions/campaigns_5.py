"""The waiting time is a rule with a from-time, as other rules are, and no field of the campaign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "campaigns_5"
down_revision = "campaigns_3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("campaign", "wait_minutes")


def downgrade() -> None:
    op.add_column("campaign", sa.Column("wait_minutes", sa.SmallInteger(), server_default="10", nullable=False))
