"""The call round before departure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "round_1"
down_revision = "notices_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.String(4), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.String(64), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("days IN (1, 3)", name=op.f("ck_round_call_days")),
        sa.CheckConstraint("said IN ('', 'yes', 'no', 'call')", name=op.f("ck_round_call_said")),
        sa.CheckConstraint("outcome IN ('', 'no_answer', 'wrong_number')", name=op.f("ck_round_call_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_call")),
        sa.UniqueConstraint("booking_id", "days", name=op.f("uq_round_call_booking_id_days")))
    op.create_index("ix_round_call_registration", "round_call", ["campaign_id", "registration_id"])


def downgrade() -> None:
    op.drop_index("ix_round_call_registration", table_name="round_call")
    op.drop_table("round_call")
