"""Who gets a seat gives back what the waiting list had offered him elsewhere."""

from __future__ import annotations

from alembic import op

revision = "bookings_3"
down_revision = "bookings_2"
branch_labels = None
depends_on = None

FOLLOW = """
CREATE OR REPLACE FUNCTION booking_moves_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'confirmed' THEN
        UPDATE waiting SET state = 'seated', ended_at = now()
        WHERE campaign_id = NEW.campaign_id AND registration_id = NEW.registration_id
              AND state IN ('waiting', 'offered');
        {elsewhere}
    ELSIF NEW.state IN ('expired', 'cancelled') THEN
        UPDATE waiting SET state = CASE NEW.state WHEN 'expired' THEN 'lapsed' ELSE 'declined' END, ended_at = now()
        WHERE campaign_id = NEW.campaign_id AND id = NEW.waiting_id AND state = 'offered';
    END IF;
    RETURN NULL;
END $$
"""
ELSEWHERE = """
        UPDATE booking SET state = 'cancelled', hold_expires_at = NULL, cancelled_at = now()
        WHERE campaign_id = NEW.campaign_id AND registration_id = NEW.registration_id AND id <> NEW.id
              AND state = 'held' AND waiting_id IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(FOLLOW.format(elsewhere=ELSEWHERE.strip()))


def downgrade() -> None:
    op.execute(FOLLOW.format(elsewhere=""))
