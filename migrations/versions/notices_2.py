"""Messages: what they state the present of, parts, receipts, values; templates and their approval; answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "notices_2"
down_revision = "access_3"
branch_labels = None
depends_on = None

BEFORE = "state IN ('waiting', 'sending', 'sent', 'failed')"
STATES = "state IN ('waiting', 'sending', 'sent', 'failed', 'withdrawn', 'listed')"
UNSENT = sa.text("state = 'waiting' AND about <> ''")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("values_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("outbox", sa.Column("about", sa.String(60), server_default="", nullable=False))
    op.add_column("outbox", sa.Column("parts", sa.SmallInteger(), server_default="1", nullable=False))
    op.add_column("outbox", sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("receipt", sa.String(40), server_default="", nullable=False))
    op.add_column("outbox", sa.Column("called_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("outbox", "state", type_=sa.String(9))
    op.drop_constraint(op.f("ck_outbox_state"), "outbox", type_="check")
    op.create_check_constraint(op.f("ck_outbox_state"), "outbox", STATES)
    op.create_index("ix_outbox_about", "outbox", ["about"], postgresql_where=UNSENT)
    op.create_index("ix_outbox_gateway", "outbox", ["gateway_id"])
    op.create_table(
        "notice_template",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("provider_id", sa.String(40), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'submitted', 'approved', 'refused')",
                           name=op.f("ck_notice_template_state")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_notice_template")))
    op.create_table(
        "inbound",
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("phone_tag", sa.LargeBinary(), nullable=False),
        sa.Column("said", sa.String(5), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("said IN ('yes', 'no', 'other')", name=op.f("ck_inbound_said")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")))
    op.create_index(op.f("ix_inbound_phone_tag"), "inbound", ["phone_tag"])


def downgrade() -> None:
    op.drop_table("inbound")
    op.drop_table("notice_template")
    op.drop_index("ix_outbox_gateway", table_name="outbox")
    op.drop_index("ix_outbox_about", table_name="outbox")
    op.execute("DELETE FROM outbox WHERE state IN ('withdrawn', 'listed')")
    op.drop_constraint(op.f("ck_outbox_state"), "outbox", type_="check")
    op.create_check_constraint(op.f("ck_outbox_state"), "outbox", BEFORE)
    op.alter_column("outbox", "state", type_=sa.String(8))
    for column in ("called_at", "receipt", "delivered_at", "parts", "about", "values_sealed"):
        op.drop_column("outbox", column)
