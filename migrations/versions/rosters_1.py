"""Uploaded lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "rosters_1"
down_revision = "notices_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('roster_batch',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('refusal_code', sa.String(length=40), nullable=True),
    sa.Column('refusal_message', sa.String(length=500), nullable=True),
    sa.Column('summary', postgresql.JSONB(), nullable=False),
    sa.Column('changes', postgresql.JSONB(), nullable=False),
    sa.Column('sheets', postgresql.JSONB(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('committed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('queued','reading','previewed','committing','committed','refused','failed','cancelled')", name=op.f('ck_roster_batch_state')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_roster_batch_campaign_id')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_roster_batch_employer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_batch'))
    )
    op.create_index('ix_roster_batch_employer', 'roster_batch', ['campaign_id', 'employer_id'], unique=False)
    op.create_table('roster_row',
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sheet', sa.String(length=200), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('content_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('change', sa.String(length=16), nullable=True),
    sa.Column('registration_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['roster_batch.id'], name=op.f('fk_roster_row_batch_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('batch_id', 'seq', name=op.f('pk_roster_row'))
    )


def downgrade() -> None:
    op.drop_table('roster_row')
    op.drop_index('ix_roster_batch_employer', table_name='roster_batch')
    op.drop_table('roster_batch')
