"""How long a coach waits at a stop for who is late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "campaigns_3"
down_revision = "boarding_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("wait_minutes", sa.SmallInteger(), server_default="10", nullable=False))


def downgrade() -> None:
    op.drop_column("campaign", "wait_minutes")
