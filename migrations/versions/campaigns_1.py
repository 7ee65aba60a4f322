"""Campaigns, corridors, stops, carriers, vehicle types, departures, journeys, rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "campaigns_1"
down_revision = "people_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('carrier',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=160), nullable=False),
    sa.Column('home_division', sa.String(length=6), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carrier')),
    sa.UniqueConstraint('name', name=op.f('uq_carrier_name'))
    )
    op.create_table('vehicle_type',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('approved_capacity', sa.Integer(), nullable=False),
    sa.Column('passenger_seats', sa.Integer(), nullable=False),
    sa.Column('seating', sa.String(length=8), nullable=False),
    sa.Column('infant_limit', sa.SmallInteger(), nullable=True),
    sa.Column('seat_map', postgresql.JSONB(), nullable=False),
    sa.CheckConstraint("mode IN ('bus', 'train', 'flight')", name=op.f('ck_vehicle_type_mode')),
    sa.CheckConstraint("seating IN ('ours', 'carrier')", name=op.f('ck_vehicle_type_seating')),
    sa.CheckConstraint('passenger_seats BETWEEN 1 AND approved_capacity', name=op.f('ck_vehicle_type_seats')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vehicle_type')),
    sa.UniqueConstraint('code', name=op.f('uq_vehicle_type_code'))
    )
    op.create_table('campaign',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('direction', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('union_id', sa.Uuid(), nullable=False),
    sa.Column('destination', sa.String(length=6), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_hours', sa.SmallInteger(), nullable=False),
    sa.Column('answer_hours', sa.SmallInteger(), nullable=False),
    sa.Column('hotline', sa.String(length=20), nullable=False),
    sa.Column('budget_fen', sa.BigInteger(), nullable=True),
    sa.Column('spread_cost_fen', sa.BigInteger(), nullable=False),
    sa.Column('left_behind_fen', sa.BigInteger(), nullable=False),
    sa.Column('health_declaration', sa.Boolean(), nullable=False),
    sa.Column('health_text', sa.String(length=500), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("direction IN ('to_work', 'to_home')", name=op.f('ck_campaign_direction')),
    sa.CheckConstraint("state IN ('draft', 'open', 'closed')", name=op.f('ck_campaign_state')),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_campaign_dates')),
    sa.ForeignKeyConstraint(['union_id'], ['trade_union.id'], name=op.f('fk_campaign_union_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign'))
    )
    op.create_table('campaign_rule',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('value', postgresql.JSONB(), nullable=False),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_rule_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_rule'))
    )
    op.create_index(op.f('ix_campaign_rule_campaign_id'), 'campaign_rule', ['campaign_id'], unique=False)
    op.create_table('corridor',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('origins', postgresql.ARRAY(sa.String(length=6)), nullable=False),
    sa.Column('distance_km', sa.Integer(), nullable=False),
    sa.Column('duration_min', sa.Integer(), nullable=False),
    sa.CheckConstraint("mode IN ('bus', 'train', 'flight')", name=op.f('ck_corridor_mode')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_corridor_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_corridor')),
    sa.UniqueConstraint('campaign_id', 'name', name=op.f('uq_corridor_campaign_id_name'))
    )
    op.create_table('fleet',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('carrier_id', sa.Uuid(), nullable=False),
    sa.Column('vehicle_type_id', sa.Uuid(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('base_fen', sa.BigInteger(), nullable=False),
    sa.Column('per_km_fen', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_fleet_campaign_id')),
    sa.ForeignKeyConstraint(['carrier_id'], ['carrier.id'], name=op.f('fk_fleet_carrier_id')),
    sa.ForeignKeyConstraint(['vehicle_type_id'], ['vehicle_type.id'], name=op.f('fk_fleet_vehicle_type_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fleet'))
    )
    op.create_index(op.f('ix_fleet_campaign_id'), 'fleet', ['campaign_id'], unique=False)
    op.create_table('journey',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_journey_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journey'))
    )
    op.create_index(op.f('ix_journey_campaign_id'), 'journey', ['campaign_id'], unique=False)
    op.create_table('stop',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('division', sa.String(length=6), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_stop_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stop'))
    )
    op.create_index(op.f('ix_stop_campaign_id'), 'stop', ['campaign_id'], unique=False)
    op.create_table('corridor_stop',
    sa.Column('corridor_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.SmallInteger(), nullable=False),
    sa.Column('stop_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('offset_min', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['corridor_id'], ['corridor.id'], name=op.f('fk_corridor_stop_corridor_id')),
    sa.ForeignKeyConstraint(['stop_id'], ['stop.id'], name=op.f('fk_corridor_stop_stop_id')),
    sa.PrimaryKeyConstraint('corridor_id', 'seq', name=op.f('pk_corridor_stop'))
    )
    op.create_table('departure',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('corridor_id', sa.Uuid(), nullable=False),
    sa.Column('vehicle_type_id', sa.Uuid(), nullable=False),
    sa.Column('carrier_id', sa.Uuid(), nullable=True),
    sa.Column('fleet_id', sa.Uuid(), nullable=True),
    sa.Column('plan_id', sa.Uuid(), nullable=True),
    sa.Column('journey_id', sa.Uuid(), nullable=True),
    sa.Column('leg_no', sa.SmallInteger(), nullable=False),
    sa.Column('leg_kind', sa.String(length=8), nullable=False),
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('direction', sa.String(length=8), nullable=False),
    sa.Column('seating', sa.String(length=8), nullable=False),
    sa.Column('origins', postgresql.ARRAY(sa.String(length=6)), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('departs_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('arrives_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seats_total', sa.Integer(), nullable=False),
    sa.Column('kept_seats', postgresql.ARRAY(sa.String(length=12)), nullable=False),
    sa.Column('plate', sa.String(length=16), nullable=False),
    sa.Column('drivers', sa.String(length=120), nullable=False),
    sa.Column('crew_name', sa.String(length=50), nullable=False),
    sa.Column('crew_phone', sa.String(length=20), nullable=False),
    sa.Column('boarding_opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('departed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('called_off_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("direction IN ('to_work', 'to_home')", name=op.f('ck_departure_direction')),
    sa.CheckConstraint("leg_kind IN ('main', 'feeder')", name=op.f('ck_departure_leg_kind')),
    sa.CheckConstraint("mode IN ('bus', 'train', 'flight')", name=op.f('ck_departure_mode')),
    sa.CheckConstraint("seating IN ('ours', 'carrier')", name=op.f('ck_departure_seating')),
    sa.CheckConstraint("state IN ('planned','open','closed','boarding','departed','arrived','called_off')", name=op.f('ck_departure_state')),
    sa.CheckConstraint('departs_at < arrives_at', name=op.f('ck_departure_times')),
    sa.CheckConstraint('id BETWEEN 1 AND 281474976710655', name=op.f('ck_departure_id')),
    sa.CheckConstraint('seats_total >= 1', name=op.f('ck_departure_seats')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_departure_campaign_id')),
    sa.ForeignKeyConstraint(['carrier_id'], ['carrier.id'], name=op.f('fk_departure_carrier_id')),
    sa.ForeignKeyConstraint(['corridor_id'], ['corridor.id'], name=op.f('fk_departure_corridor_id')),
    sa.ForeignKeyConstraint(['fleet_id'], ['fleet.id'], name=op.f('fk_departure_fleet_id')),
    sa.ForeignKeyConstraint(['journey_id'], ['journey.id'], name=op.f('fk_departure_journey_id')),
    sa.ForeignKeyConstraint(['vehicle_type_id'], ['vehicle_type.id'], name=op.f('fk_departure_vehicle_type_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_departure')),
    sa.UniqueConstraint('journey_id', 'leg_no', name=op.f('uq_departure_journey_id_leg_no'))
    )
    op.create_index('ix_departure_campaign_id_date', 'departure', ['campaign_id', 'date'], unique=False)
    op.create_index(op.f('ix_departure_corridor_id'), 'departure', ['corridor_id'], unique=False)
    op.create_table('departure_stop',
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('seq', sa.SmallInteger(), nullable=False),
    sa.Column('stop_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('gather_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('departs_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('bay', sa.String(length=20), nullable=False),
    sa.CheckConstraint("kind IN ('board', 'alight')", name=op.f('ck_departure_stop_kind')),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_departure_stop_departure_id')),
    sa.ForeignKeyConstraint(['stop_id'], ['stop.id'], name=op.f('fk_departure_stop_stop_id')),
    sa.PrimaryKeyConstraint('departure_id', 'seq', name=op.f('pk_departure_stop'))
    )
    op.create_index(op.f('ix_departure_stop_stop_id'), 'departure_stop', ['stop_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_departure_stop_stop_id'), table_name='departure_stop')
    op.drop_table('departure_stop')
    op.drop_index(op.f('ix_departure_corridor_id'), table_name='departure')
    op.drop_index('ix_departure_campaign_id_date', table_name='departure')
    op.drop_table('departure')
    op.drop_table('corridor_stop')
    op.drop_index(op.f('ix_stop_campaign_id'), table_name='stop')
    op.drop_table('stop')
    op.drop_index(op.f('ix_journey_campaign_id'), table_name='journey')
    op.drop_table('journey')
    op.drop_index(op.f('ix_fleet_campaign_id'), table_name='fleet')
    op.drop_table('fleet')
    op.drop_table('corridor')
    op.drop_index(op.f('ix_campaign_rule_campaign_id'), table_name='campaign_rule')
    op.drop_table('campaign_rule')
    op.drop_table('campaign')
    op.drop_table('vehicle_type')
    op.drop_table('carrier')
