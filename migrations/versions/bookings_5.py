"""Wishes for seats that a carrier gives, its own spelling of names, and the order number of a ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "bookings_5"
down_revision = "bookings_4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('booking', sa.Column('order_number', sa.String(length=24), server_default='', nullable=False))
    op.create_table('seat_wish',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.String(length=8), nullable=False),
    sa.Column('together', sa.Boolean(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("place IN ('any', 'window', 'aisle', 'lower')", name=op.f('ck_seat_wish_place')),
    sa.ForeignKeyConstraint(['campaign_id', 'registration_id'], ['registration.campaign_id', 'registration.id'], name=op.f('fk_seat_wish_campaign_id_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('campaign_id', 'registration_id', name=op.f('pk_seat_wish'))
    )
    op.create_table('carrier_name',
    sa.Column('carrier_id', sa.Uuid(), nullable=False),
    sa.Column('worker_id', sa.Uuid(), nullable=False),
    sa.Column('spelling', sa.String(length=50), nullable=False),
    sa.ForeignKeyConstraint(['carrier_id'], ['carrier.id'], name=op.f('fk_carrier_name_carrier_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_carrier_name_worker_id')),
    sa.PrimaryKeyConstraint('carrier_id', 'worker_id', name=op.f('pk_carrier_name'))
    )


def downgrade() -> None:
    op.drop_table('carrier_name')
    op.drop_table('seat_wish')
    op.drop_column('booking', 'order_number')
