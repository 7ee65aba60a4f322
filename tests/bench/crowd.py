"""Departures and people in bulk, straight in the tables: what measurements need, and no more."""

from __future__ import annotations

from uuid import UUID

from bookings.factories import ORIGIN, Scene, coach, scene
from sqlalchemy import text
from sqlalchemy.orm import Session

__all__ = ["SEATS", "coaches", "crowd", "past", "scene"]

SEATS = 48
PEOPLE = text("""
WITH made AS (
    INSERT INTO worker (id, name, household_book, created_at)
    SELECT gen_random_uuid(), '王甲', false, now() FROM generate_series(1, :number) RETURNING id)
INSERT INTO registration (campaign_id, id, worker_id, employer_id, origin, origin_text, earliest, latest, modes, needs,
                          note, state, state_reason, source, source_id, lap_children, created_at, updated_at)
SELECT :campaign, gen_random_uuid(), id, :employer, :origin, '南江', current_date, current_date + 10, '{bus}', '', '',
       'confirmed', '', 'employer', '', 0, now(), now() FROM made RETURNING id
""")
WEEKS = text("""
INSERT INTO departure (id, campaign_id, corridor_id, vehicle_type_id, leg_no, leg_kind, code, mode, direction, seating,
                       origins, date, departs_at, arrives_at, state, published_at, seats_total, kept_seats, plate,
                       drivers, crew_name, crew_phone)
SELECT 1000000 + week * 10000 + place, :campaign, :corridor, :vehicle, 1, 'main', 'x', 'bus', 'to_work', 'ours',
       ARRAY[:origin], current_date - 7 * week, now() - 7 * week * interval '1 day',
       now() - 7 * week * interval '1 day' + interval '20 hours', 'arrived', now(), :seats, '{}', '', '', '', ''
FROM generate_series(:first, :first + :weeks - 1) AS week, generate_series(0, :places - 1) AS place
""")
RIDES = text("""
WITH rider AS (SELECT r.campaign_id, r.id, w.number, row_number() OVER () - 1 AS place
               FROM registration r JOIN worker w ON w.id = r.worker_id WHERE r.campaign_id = :campaign LIMIT :riders)
INSERT INTO booking (campaign_id, id, registration_id, departure_id, worker_number, during, slot, seat, lap_children,
                     state, revision, created_at, confirmed_at)
SELECT rider.campaign_id, 1 + (random() * 9e18)::bigint, rider.id, d.id, number, tstzrange(d.departs_at, d.arrives_at),
       place % :seats + 1, (place % :seats + 1)::text, 0, 'confirmed', 1, d.departs_at, d.departs_at
FROM generate_series(:first, :first + :weeks - 1) AS week CROSS JOIN rider
JOIN departure d ON d.id = 1000000 + week * 10000 + place / :seats
""")


def coaches(session: Session, made: Scene, number: int) -> list[int]:
    """So many open coaches of 48 seats, on days that everybody here accepts."""
    return [coach(session, made.campaign, made.corridor, made.vehicle, made.stop, SEATS, days=2 + place % 5).id
            for place in range(number)]


def crowd(session: Session, made: Scene, number: int) -> list[UUID]:
    """So many confirmed requests, each of a worker of its own."""
    return list(session.scalars(PEOPLE, {"number": number, "campaign": made.campaign.id, "employer": made.employer.id,
                                         "origin": ORIGIN}))


def past(session: Session, made: Scene, riders: int, first: int, weeks: int = 1) -> int:
    """Bookings of weeks gone by, the `first` and those before it, one a rider and week (riders: a multiple of 48);
    how many.
    """
    places = {"campaign": made.campaign.id, "seats": SEATS, "weeks": weeks, "first": first, "origin": ORIGIN}
    session.execute(WEEKS, places | {"corridor": made.corridor.id, "vehicle": made.vehicle.id,
                                     "places": riders // SEATS})
    session.execute(RIDES, places | {"riders": riders})
    return riders * weeks
