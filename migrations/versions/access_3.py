"""When personal data go: rules, holds and what was deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "access_3"
down_revision = "crew_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('deletion_hold',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('ordered_by', sa.String(length=80), nullable=False),
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deletion_hold'))
    )
    op.create_table('deletion_rule',
    sa.Column('name', sa.String(length=16), nullable=False),
    sa.Column('days', sa.SmallInteger(), nullable=False),
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_deletion_rule'))
    )
    op.create_table('deletion_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=16), nullable=False),
    sa.Column('cutoff', sa.Date(), nullable=False),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deletion_run'))
    )
    op.create_index(op.f('ix_deletion_run_name'), 'deletion_run', ['name'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_deletion_run_name'), table_name='deletion_run')
    op.drop_table('deletion_run')
    op.drop_table('deletion_rule')
    op.drop_table('deletion_hold')
