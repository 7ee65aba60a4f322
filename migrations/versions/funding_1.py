"""Cost per departure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "funding_1"
down_revision = "boarding_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('departure_cost',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('planned_fen', sa.BigInteger(), nullable=False),
    sa.Column('actual_fen', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('planned_fen >= 0 AND (actual_fen IS NULL OR actual_fen >= 0)', name=op.f('ck_departure_cost_amounts')),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_departure_cost_departure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_departure_cost')),
    sa.UniqueConstraint('departure_id', 'kind', name=op.f('uq_departure_cost_departure_id_kind'))
    )


def downgrade() -> None:
    op.drop_table('departure_cost')
