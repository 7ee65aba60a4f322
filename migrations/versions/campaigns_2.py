"""Feeder lines and feeder fleets; a journey may have several departures of one leg."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "campaigns_2"
down_revision = "funding_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("corridor", sa.Column("feeder", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("fleet", sa.Column("feeder", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_constraint("uq_departure_journey_id_leg_no", "departure", type_="unique")
    op.create_index("ix_departure_journey_id_leg_no", "departure", ["journey_id", "leg_no"])


def downgrade() -> None:
    op.drop_index("ix_departure_journey_id_leg_no", table_name="departure")
    op.create_unique_constraint("uq_departure_journey_id_leg_no", "departure", ["journey_id", "leg_no"])
    op.drop_column("fleet", "feeder")
    op.drop_column("corridor", "feeder")
