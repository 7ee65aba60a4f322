"""Scans, head counts, conflicts, sealed manifests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "boarding_1"
down_revision = "planning_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('boarding_conflict',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('booking_id', sa.BigInteger(), nullable=False),
    sa.Column('scan_ids', postgresql.JSONB(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('resolution', sa.String(length=500), nullable=False),
    sa.Column('resolved_by', sa.String(length=64), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_boarding_conflict_campaign_id')),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_boarding_conflict_departure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_boarding_conflict'))
    )
    op.create_index(op.f('ix_boarding_conflict_departure_id'), 'boarding_conflict', ['departure_id'], unique=False)
    op.create_table('head_count',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('stop_id', sa.Uuid(), nullable=True),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('expected', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_head_count_departure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_head_count'))
    )
    op.create_index(op.f('ix_head_count_departure_id'), 'head_count', ['departure_id'], unique=False)
    op.create_table('manifest_snapshot',
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sealed_by', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('rows', postgresql.JSONB(), nullable=False),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_manifest_snapshot_departure_id')),
    sa.PrimaryKeyConstraint('departure_id', name=op.f('pk_manifest_snapshot'))
    )
    op.create_table('scan',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('scan_id', sa.Uuid(), nullable=False),
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('booking_id', sa.BigInteger(), nullable=True),
    sa.Column('device', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('undoes', sa.Uuid(), nullable=True),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.Column('stop_id', sa.Uuid(), nullable=True),
    sa.Column('pass_text', sa.String(length=200), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=True),
    sa.Column('shown', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device_time', sa.DateTime(timezone=True), nullable=False),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('time_doubtful', sa.Boolean(), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('answer', postgresql.JSONB(), nullable=False),
    sa.CheckConstraint("kind IN ('board', 'alight', 'deny', 'undo')", name=op.f('ck_scan_kind')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_scan_campaign_id')),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_scan_departure_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'scan_id', name=op.f('pk_scan'))
    )
    op.create_index('ix_scan_departure', 'scan', ['departure_id', 'booking_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_scan_departure', table_name='scan')
    op.drop_table('scan')
    op.drop_table('manifest_snapshot')
    op.drop_index(op.f('ix_head_count_departure_id'), table_name='head_count')
    op.drop_table('head_count')
    op.drop_index(op.f('ix_boarding_conflict_departure_id'), table_name='boarding_conflict')
    op.drop_table('boarding_conflict')
