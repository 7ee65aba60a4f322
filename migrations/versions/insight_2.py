"""Papers of departures' files, and what was said of signs of invented travel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "insight_2"
down_revision = "insight_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('departure_paper',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('content_type', sa.String(length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('content_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('added_by', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_out_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_out_by', sa.String(length=64), nullable=True),
    sa.CheckConstraint("kind IN ('quote','contract','approval','plate','road_pass','hand_over','invoice','payment','other')", name=op.f('ck_departure_paper_kind')),
    sa.CheckConstraint('(content_sealed IS NULL) = (taken_out_at IS NOT NULL)', name=op.f('ck_departure_paper_taken_out')),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_departure_paper_departure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_departure_paper'))
    )
    op.create_index(op.f('ix_departure_paper_departure_id'), 'departure_paper', ['departure_id'], unique=False)
    op.create_table('sign_explained',
    sa.Column('departure_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('paper_id', sa.Uuid(), nullable=False),
    sa.Column('explained_by', sa.String(length=64), nullable=False),
    sa.Column('explained_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_sign_explained_departure_id')),
    sa.ForeignKeyConstraint(['paper_id'], ['departure_paper.id'], name=op.f('fk_sign_explained_paper_id')),
    sa.PrimaryKeyConstraint('departure_id', 'kind', name=op.f('pk_sign_explained'))
    )


def downgrade() -> None:
    op.drop_table('sign_explained')
    op.drop_index(op.f('ix_departure_paper_departure_id'), table_name='departure_paper')
    op.drop_table('departure_paper')
