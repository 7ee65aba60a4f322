"""All that a batch of scans is judged by, in one call: the lock first, then what was there once it was had."""

from __future__ import annotations

from alembic import op

revision = "boarding_3"
down_revision = "boarding_2"
branch_labels = None
depends_on = None

# The arguments come as they are in a batch: serials of bookings, scans that undos name, ids of the scans themselves.
KNOWN = """
CREATE FUNCTION boarding_known(departure bigint, lock bigint, token uuid, serials bigint[], targets uuid[], ids uuid[])
RETURNS json LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    campaign uuid;
    concerned bigint[] := serials;
BEGIN
    PERFORM set_config('lock_timeout', '5s', true);
    PERFORM pg_advisory_xact_lock(lock);
    SELECT d.campaign_id INTO campaign FROM departure d WHERE d.id = departure;
    IF campaign IS NULL THEN
        RETURN NULL;
    END IF;
    IF cardinality(targets) > 0 THEN
        concerned := concerned || ARRAY(
            SELECT s.booking_id FROM scan s WHERE s.campaign_id = campaign AND s.scan_id = ANY(targets)
            AND s.departure_id = departure AND s.booking_id IS NOT NULL);
    END IF;
    RETURN json_build_object(
        'ride', (SELECT json_build_array(
            d.campaign_id, d.state, d.boarding_opened_at IS NOT NULL,
            coalesce((SELECT min(p.gather_at) FROM departure_stop p WHERE p.departure_id = d.id AND p.kind = 'board'),
                     d.departs_at),
            d.departed_at, ARRAY(SELECT p.stop_id FROM departure_stop p WHERE p.departure_id = d.id),
            EXISTS (SELECT FROM api_token t WHERE t.id = token AND t.revoked_at IS NULL))
            FROM departure d WHERE d.id = departure),
        'keys', (SELECT json_agg(json_build_array(k.number, encode(k.public, 'hex'), k.revoked_at IS NOT NULL))
            FROM pass_key k WHERE k.campaign_id = campaign),
        'seats', (SELECT json_agg(json_build_array(
            b.id, b.departure_id, b.state, b.revision, b.seat, b.stop_id, b.boarded_at,
            ARRAY(SELECT r.revision FROM booking_revision r WHERE r.campaign_id = campaign AND r.booking_id = b.id
                  AND r.reported_at IS NOT NULL),
            c.id, c.scan_ids, c.state))
            FROM booking b LEFT JOIN boarding_conflict c ON c.departure_id = departure AND c.booking_id = b.id
            WHERE b.campaign_id = campaign AND b.id = ANY(concerned)),
        'scans', (SELECT json_agg(json_build_array(
            s.scan_id, s.booking_id, s.kind, s.corrected_at, s.device, s.by_hand, s.shown, s.undoes, s.stop_id, s.reason))
            FROM scan s WHERE s.departure_id = departure AND s.verdict IN ('go', 'look')
            AND (s.booking_id = ANY(concerned) OR (s.booking_id IS NULL AND s.kind = 'undo'))),
        'answers', (SELECT json_agg(json_build_array(s.scan_id, s.departure_id, s.answer))
            FROM scan s WHERE s.campaign_id = campaign AND s.scan_id = ANY(ids)));
END $$
"""


def upgrade() -> None:
    op.execute(KNOWN)


def downgrade() -> None:
    op.execute("DROP FUNCTION boarding_known")
