"""A plan's feeders: what they were planned from, and the plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "planning_2"
down_revision = "campaigns_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan", sa.Column("feeder_instance_gz", sa.LargeBinary(), nullable=True))
    op.add_column("plan", sa.Column("feeder_plan_gz", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan", "feeder_plan_gz")
    op.drop_column("plan", "feeder_instance_gz")
