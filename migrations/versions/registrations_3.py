"""Answers by the link in a message: coming, call me back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registrations_3"
down_revision = "registrations_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('registration_reply',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(length=64), nullable=True),
    sa.CheckConstraint("kind IN ('coming', 'call_back')", name=op.f('ck_registration_reply_kind')),
    sa.ForeignKeyConstraint(['campaign_id', 'registration_id'], ['registration.campaign_id', 'registration.id'], name=op.f('fk_registration_reply_campaign_id_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('campaign_id', 'registration_id', 'kind', name=op.f('pk_registration_reply'))
    )
    op.create_index('ix_registration_reply_waiting', 'registration_reply', ['campaign_id', 'at'], unique=False, postgresql_where=sa.text("kind = 'call_back' AND done_at IS NULL"))


def downgrade() -> None:
    op.drop_table('registration_reply')
