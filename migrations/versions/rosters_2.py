"""Uploaded lists: how far they are, whether they are the whole list, and headings that a clerk explained."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "rosters_2"
down_revision = "registrations_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('roster_batch', sa.Column('file_bytes', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('roster_batch', sa.Column('withdraws', sa.Boolean(), nullable=False, server_default='false'))
    op.add_column('roster_batch', sa.Column('previewed_at', sa.DateTime(timezone=True), nullable=True))
    for column in ('file_bytes', 'withdraws'):
        op.alter_column('roster_batch', column, server_default=None)
    op.create_table('roster_heading',
    sa.Column('employer_id', sa.Uuid(), nullable=False),
    sa.Column('heading', sa.String(length=200), nullable=False),
    sa.Column('field', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_roster_heading_employer_id')),
    sa.PrimaryKeyConstraint('employer_id', 'heading', name=op.f('pk_roster_heading'))
    )


def downgrade() -> None:
    op.drop_table('roster_heading')
    for column in ('previewed_at', 'withdraws', 'file_bytes'):
        op.drop_column('roster_batch', column)
