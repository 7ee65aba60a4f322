"""A phone's own key, PIN and list for search; the card that opens it offline; calls to the missing; the waiting time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "boarding_2"
down_revision = "access_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("public_key", sa.LargeBinary(), nullable=True))
    op.add_column("device", sa.Column("secret_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("device", sa.Column("pin_mac", sa.LargeBinary(), nullable=True))
    op.add_column("device", sa.Column("pin_tries", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("device", sa.Column("list_version", sa.BigInteger(), nullable=True))
    op.create_table(
        "device_proof",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "id", name=op.f("pk_device_proof")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "unlock_card",
        sa.Column("departure_id", sa.BigInteger(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["departure_id"], ["departure.id"], name=op.f("fk_unlock_card_departure_id")),
        sa.PrimaryKeyConstraint("departure_id", name=op.f("pk_unlock_card")),
    )
    op.create_table(
        "missing_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("departure_id", sa.BigInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome IN ('on_the_way', 'not_coming', 'no_answer')", name=op.f("ck_missing_call_outcome")),
        sa.ForeignKeyConstraint(["departure_id"], ["departure.id"], name=op.f("fk_missing_call_departure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_call")),
    )
    op.create_index(op.f("ix_missing_call_departure_id"), "missing_call", ["departure_id"], unique=False)


def downgrade() -> None:
    op.drop_table("missing_call")
    op.drop_table("unlock_card")
    op.drop_table("device_proof")
    for column in ("list_version", "pin_tries", "pin_mac", "secret_sealed", "public_key"):
        op.drop_column("device", column)
