"""Bookings, and the revisions that passes are rendered from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "bookings_1"
down_revision = "registrations_1"
branch_labels = None
depends_on = None

# A revision is what a pass says. The database raises it, so that no path of the code can forget to.
RAISE = """
CREATE FUNCTION booking_raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('held', 'confirmed') AND NEW.revision = OLD.revision
       AND (NEW.departure_id, NEW.seat, NEW.stop_id, NEW.lap_children)
           IS DISTINCT FROM (OLD.departure_id, OLD.seat, OLD.stop_id, OLD.lap_children) THEN
        NEW.revision := OLD.revision + 1;
    END IF;
    RETURN NEW;
END $$
"""
KEEP = """
CREATE FUNCTION booking_keep_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'confirmed' THEN
        INSERT INTO booking_revision (campaign_id, booking_id, revision, departure_id, seat, slot, lap_children,
                                      planned_at, made_at)
        SELECT NEW.campaign_id, NEW.id, NEW.revision, NEW.departure_id, NEW.seat, NEW.slot, NEW.lap_children,
               departure.departs_at, now()
        FROM departure WHERE departure.id = NEW.departure_id
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table('booking_revision',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('booking_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('revision', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('seat', sa.String(length=12), nullable=True),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.Column('lap_children', sa.SmallInteger(), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('campaign_id', 'booking_id', 'revision', name=op.f('pk_booking_revision'))
    )
    op.create_index(op.f('ix_booking_revision_departure_id'), 'booking_revision', ['departure_id'], unique=False)
    op.create_table('booking',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('worker_number', sa.BigInteger(), nullable=False),
    sa.Column('person', postgresql.INT8RANGE(), sa.Computed("int8range(worker_number, worker_number, '[]'::text)", persisted=True), nullable=False),
    sa.Column('during', postgresql.TSTZRANGE(), nullable=False),
    sa.Column('stop_id', sa.Uuid(), nullable=True),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.Column('seat', sa.String(length=12), nullable=True),
    sa.Column('lap_children', sa.SmallInteger(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('hold_expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('boarded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    postgresql.ExcludeConstraint((sa.column('person'), '&&'), (sa.column('during'), '&&'), where=sa.text("state IN ('held', 'confirmed')"), using='gist', name='ex_booking_overlap'),
    sa.CheckConstraint("(state = 'held') = (hold_expires_at IS NOT NULL)", name=op.f('ck_booking_hold')),
    sa.CheckConstraint("state IN ('held', 'confirmed', 'cancelled', 'expired')", name=op.f('ck_booking_state')),
    sa.CheckConstraint('slot >= 1 AND revision BETWEEN 1 AND 65535', name=op.f('ck_booking_numbers')),
    sa.ForeignKeyConstraint(['campaign_id', 'registration_id'], ['registration.campaign_id', 'registration.id'], name=op.f('fk_booking_campaign_id_registration_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_booking_campaign_id')),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_booking_departure_id')),
    sa.ForeignKeyConstraint(['stop_id'], ['stop.id'], name=op.f('fk_booking_stop_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'id', name=op.f('pk_booking'))
    )
    op.create_index('ix_booking_departure', 'booking', ['departure_id'], unique=False)
    op.create_index('ix_booking_id', 'booking', ['id'], unique=True)
    op.create_index('ix_booking_registration', 'booking', ['campaign_id', 'registration_id'], unique=False)
    op.create_index('uq_booking_seat', 'booking', ['campaign_id', 'departure_id', 'seat'], unique=True, postgresql_where=sa.text("state IN ('held', 'confirmed') AND seat IS NOT NULL"))
    op.create_index('uq_booking_slot', 'booking', ['campaign_id', 'departure_id', 'slot'], unique=True, postgresql_where=sa.text("state IN ('held', 'confirmed')"))
    op.execute(RAISE)
    op.execute(KEEP)
    op.execute("CREATE TRIGGER booking_raise BEFORE UPDATE ON booking FOR EACH ROW "
               "EXECUTE FUNCTION booking_raise_revision()")
    op.execute("CREATE TRIGGER booking_keep AFTER INSERT OR UPDATE ON booking FOR EACH ROW "
               "EXECUTE FUNCTION booking_keep_revision()")


def downgrade() -> None:
    op.drop_index('uq_booking_slot', table_name='booking', postgresql_where=sa.text("state IN ('held', 'confirmed')"))
    op.drop_index('uq_booking_seat', table_name='booking', postgresql_where=sa.text("state IN ('held', 'confirmed') AND seat IS NOT NULL"))
    op.drop_index('ix_booking_registration', table_name='booking')
    op.drop_index('ix_booking_id', table_name='booking')
    op.drop_index('ix_booking_departure', table_name='booking')
    op.drop_table('booking')
    op.drop_index(op.f('ix_booking_revision_departure_id'), table_name='booking_revision')
    op.drop_table('booking_revision')
    op.execute("DROP FUNCTION booking_keep_revision")
    op.execute("DROP FUNCTION booking_raise_revision")
