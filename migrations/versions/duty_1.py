"""Cases of the duty desk and its log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "duty_1"
down_revision = "round_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("departures", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("aboard", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extra_fen", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('vehicle', 'people', 'road', 'medical', 'carrier', 'other')",
                           name=op.f("ck_duty_case_kind")),
        sa.CheckConstraint("aboard >= 0 AND waiting >= 0", name=op.f("ck_duty_case_people")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_duty_case_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_case")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_duty_case_campaign_id_number")))
    op.create_table(
        "duty_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("said_by", sa.String(80), nullable=False),
        sa.Column("paper", sa.String(80), nullable=False),
        sa.Column("paper_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('note', 'decision', 'approval', 'handover')", name=op.f("ck_duty_entry_kind")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_duty_entry_campaign_id")),
        sa.ForeignKeyConstraint(["case_id"], ["duty_case.id"], name=op.f("fk_duty_entry_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_entry")))
    op.create_index("ix_duty_entry_at", "duty_entry", ["campaign_id", "at"])
    op.create_index(op.f("ix_duty_entry_case_id"), "duty_entry", ["case_id"])


def downgrade() -> None:
    op.drop_table("duty_entry")
    op.drop_table("duty_case")
