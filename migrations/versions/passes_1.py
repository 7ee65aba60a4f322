"""Keys of boarding passes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "passes_1"
down_revision = "bookings_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pass_key',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('private_wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('sign_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sign_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verify_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('number BETWEEN 1 AND 65535', name=op.f('ck_pass_key_number')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_pass_key_campaign_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'number', name=op.f('pk_pass_key'))
    )


def downgrade() -> None:
    op.drop_table('pass_key')
