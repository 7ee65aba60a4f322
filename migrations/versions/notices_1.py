"""The outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "notices_1"
down_revision = "access_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('outbox',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('unique_key', sa.String(length=160), nullable=False),
    sa.Column('template', sa.String(length=40), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=True),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('phone_tag', sa.LargeBinary(), nullable=False),
    sa.Column('content_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.Column('gateway_id', sa.String(length=80), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name=op.f('ck_outbox_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('unique_key', name=op.f('uq_outbox_unique_key'))
    )
    op.create_index('ix_outbox_phone', 'outbox', ['phone_tag', 'created_at'], unique=False)
    op.create_index('ix_outbox_state', 'outbox', ['state', 'next_try_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_outbox_state', table_name='outbox')
    op.drop_index('ix_outbox_phone', table_name='outbox')
    op.drop_table('outbox')
