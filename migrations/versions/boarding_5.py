"""Who looks after a doubled boarding and how it ended; which list each phone holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "boarding_5"
down_revision = "boarding_4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("boarding_conflict", sa.Column("owner", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("boarding_conflict", sa.Column("outcome", sa.String(length=12), nullable=False, server_default=""))
    op.execute("UPDATE boarding_conflict SET outcome = 'other' WHERE state = 'resolved'")
    op.create_table(
        "phone_list",
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("departure_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["departure_id"], ["departure.id"], name=op.f("fk_phone_list_departure_id")),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_phone_list")))
    op.create_index(op.f("ix_phone_list_departure_id"), "phone_list", ["departure_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_phone_list_departure_id"), table_name="phone_list")
    op.drop_table("phone_list")
    op.drop_column("boarding_conflict", "outcome")
    op.drop_column("boarding_conflict", "owner")
