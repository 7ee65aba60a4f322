"""Plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "planning_1"
down_revision = "rosters_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('options', postgresql.JSONB(), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('best', sa.Double(), nullable=True),
    sa.Column('bound', sa.Double(), nullable=True),
    sa.Column('gap', sa.Double(), nullable=True),
    sa.Column('stop_wanted', sa.Boolean(), nullable=False),
    sa.Column('figures', postgresql.JSONB(), nullable=False),
    sa.Column('left_behind', postgresql.JSONB(), nullable=False),
    sa.Column('failure', sa.String(length=500), nullable=False),
    sa.Column('inputs_digest', sa.String(length=64), nullable=False),
    sa.Column('instance_gz', sa.LargeBinary(), nullable=True),
    sa.Column('plan_gz', sa.LargeBinary(), nullable=True),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by', sa.String(length=64), nullable=True),
    sa.CheckConstraint("state IN ('queued','running','done','stopped','failed','published')", name=op.f('ck_plan_state')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_plan_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan'))
    )
    op.create_index('ix_plan_campaign', 'plan', ['campaign_id', 'created_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_plan_campaign', table_name='plan')
    op.drop_table('plan')
