"""Uploaded lists: first rows of one without a header, phones that many share and who hands out passes there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "rosters_3"
down_revision = "rosters_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('roster_batch', sa.Column('sample_sealed', sa.LargeBinary(), nullable=True))
    op.add_column('roster_batch', sa.Column('shared', postgresql.JSONB(), nullable=False, server_default='[]'))
    op.add_column('roster_batch', sa.Column('portions', postgresql.JSONB(), nullable=False, server_default='[]'))
    for column in ('shared', 'portions'):
        op.alter_column('roster_batch', column, server_default=None)
    op.add_column('roster_row', sa.Column('phone_tag', sa.LargeBinary(), nullable=True))
    op.add_column('registration', sa.Column('pass_by', sa.String(length=50), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('registration', 'pass_by')
    op.drop_column('roster_row', 'phone_tag')
    for column in ('portions', 'shared'):
        op.drop_column('roster_batch', column)
    op.drop_column('roster_batch', 'sample_sealed')
