"""Drafts of the phone's form, and how somebody gets to the stop."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registrations_2"
down_revision = "planning_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('registration_draft',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('content_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_registration_draft_account_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_registration_draft_campaign_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'account_id', name=op.f('pk_registration_draft'))
    )
    op.add_column('registration', sa.Column('reach', sa.String(length=8), server_default='self', nullable=False))
    op.create_check_constraint('reach', 'registration', "reach IN ('self','feeder','later','evening')")


def downgrade() -> None:
    op.drop_constraint('reach', 'registration', type_='check')
    op.drop_column('registration', 'reach')
    op.drop_table('registration_draft')
