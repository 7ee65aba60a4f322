"""The waiting list, and offers as held bookings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "bookings_2"
down_revision = "registrations_3"
branch_labels = None
depends_on = None

# The line follows the bookings, whichever act, plan or sweep writes them.
FOLLOW = """
CREATE FUNCTION booking_moves_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'confirmed' THEN
        UPDATE waiting SET state = 'seated', ended_at = now()
        WHERE campaign_id = NEW.campaign_id AND registration_id = NEW.registration_id
              AND state IN ('waiting', 'offered');
    ELSIF NEW.state IN ('expired', 'cancelled') THEN
        UPDATE waiting SET state = CASE NEW.state WHEN 'expired' THEN 'lapsed' ELSE 'declined' END, ended_at = now()
        WHERE campaign_id = NEW.campaign_id AND id = NEW.waiting_id AND state = 'offered';
    END IF;
    RETURN NULL;
END $$
"""
STEPS = """
CREATE FUNCTION waiting_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (OLD.state = 'waiting' AND NEW.state IN ('offered', 'seated', 'left')
            OR OLD.state = 'offered' AND NEW.state IN ('seated', 'declined', 'lapsed', 'waiting', 'left')) THEN
        RAISE EXCEPTION 'a place in the line cannot go from % to %', OLD.state, NEW.state
              USING ERRCODE = 'check_violation', CONSTRAINT = 'waiting_steps';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.create_table('waiting',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('corridor_id', sa.Uuid(), nullable=False),
    sa.Column('group_id', sa.Uuid(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('within_km', sa.SmallInteger(), nullable=False),
    sa.Column('near', postgresql.ARRAY(sa.String(length=6)), nullable=False),
    sa.Column('passed', postgresql.ARRAY(sa.BigInteger()), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state IN ('waiting', 'offered')) = (ended_at IS NULL)", name=op.f('ck_waiting_ended')),
    sa.CheckConstraint("first_day <= last_day AND within_km BETWEEN 0 AND 200", name=op.f('ck_waiting_window')),
    sa.CheckConstraint("state IN ('waiting', 'offered', 'seated', 'declined', 'lapsed', 'left')", name=op.f('ck_waiting_state')),
    sa.ForeignKeyConstraint(['campaign_id', 'registration_id'], ['registration.campaign_id', 'registration.id'], name=op.f('fk_waiting_campaign_id_registration_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_waiting_campaign_id')),
    sa.ForeignKeyConstraint(['corridor_id'], ['corridor.id'], name=op.f('fk_waiting_corridor_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'id', name=op.f('pk_waiting'))
    )
    op.create_index('ix_waiting_line', 'waiting', ['campaign_id', 'corridor_id', 'since'], unique=False, postgresql_where=sa.text("state IN ('waiting', 'offered')"))
    op.create_index('uq_waiting_offer', 'waiting', ['campaign_id', 'registration_id'], unique=True, postgresql_where=sa.text("state = 'offered'"))
    op.create_index('uq_waiting_person', 'waiting', ['campaign_id', 'registration_id', 'corridor_id'], unique=True, postgresql_where=sa.text("state IN ('waiting', 'offered')"))
    op.add_column('booking', sa.Column('waiting_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_booking_campaign_id_waiting_id'), 'booking', 'waiting', ['campaign_id', 'waiting_id'], ['campaign_id', 'id'])
    op.create_index('uq_booking_offer', 'booking', ['campaign_id', 'waiting_id'], unique=True, postgresql_where=sa.text("state = 'held' AND waiting_id IS NOT NULL"))
    op.execute(FOLLOW)
    op.execute(STEPS)
    op.execute("CREATE TRIGGER booking_line AFTER INSERT OR UPDATE OF state ON booking FOR EACH ROW "
               "WHEN (NEW.state = 'confirmed' OR NEW.waiting_id IS NOT NULL) EXECUTE FUNCTION booking_moves_line()")
    op.execute("CREATE TRIGGER waiting_step BEFORE UPDATE OF state ON waiting FOR EACH ROW "
               "WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION waiting_steps()")


def downgrade() -> None:
    op.execute("DROP TRIGGER booking_line ON booking")
    op.drop_index('uq_booking_offer', table_name='booking', postgresql_where=sa.text("state = 'held' AND waiting_id IS NOT NULL"))
    op.drop_constraint(op.f('fk_booking_campaign_id_waiting_id'), 'booking', type_='foreignkey')
    op.drop_column('booking', 'waiting_id')
    op.drop_index('uq_waiting_person', table_name='waiting', postgresql_where=sa.text("state IN ('waiting', 'offered')"))
    op.drop_index('uq_waiting_offer', table_name='waiting', postgresql_where=sa.text("state = 'offered'"))
    op.drop_index('ix_waiting_line', table_name='waiting', postgresql_where=sa.text("state IN ('waiting', 'offered')"))
    op.drop_table('waiting')
    op.execute("DROP FUNCTION waiting_steps")
    op.execute("DROP FUNCTION booking_moves_line")
