"""The trip log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "boarding_4"
down_revision = "boarding_3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trip_entry",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("departure_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("stop_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_trip_entry_campaign_id")),
        sa.ForeignKeyConstraint(["departure_id"], ["departure.id"], name=op.f("fk_trip_entry_departure_id")),
        sa.PrimaryKeyConstraint("campaign_id", "entry_id", name=op.f("pk_trip_entry")))
    op.create_index("ix_trip_entry_departure", "trip_entry", ["departure_id", "corrected_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_trip_entry_departure", table_name="trip_entry")
    op.drop_table("trip_entry")
