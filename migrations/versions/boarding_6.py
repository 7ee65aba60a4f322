"""Vehicles that took a departure over, each with its way back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "boarding_6"
down_revision = "boarding_5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("departure_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["departure_id"], ["departure.id"], name=op.f("fk_substitution_departure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")))
    op.create_index(op.f("ix_substitution_departure_id"), "substitution", ["departure_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_substitution_departure_id"), table_name="substitution")
    op.drop_table("substitution")
