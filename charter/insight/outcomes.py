"""How trips went: who did not come and what is known of why, how punctual vehicles were, what is on the road, what
leaves tomorrow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session, aliased

from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Departure
from charter.core import clock
from charter.core.actor import Actor
from charter.funding.models import TravelClaim
from charter.insight.queries import TRAVELS, own_people
from charter.people.models import Worker
from charter.registrations.models import Registration, Reply

__all__ = ["CAUSES", "LATE", "OnTheRoad", "no_shows", "on_the_road", "punctual"]

CAUSES = ("other_vehicle", "own_travel", "withdrew", "said_coming", "no_phone", "unknown")
LATE = timedelta(minutes=15)


def no_shows(session: Session, actor: Actor, campaign: Campaign, until: datetime) -> dict[str, int]:
    """People with a seat on a main leg that left without them, by what is known of why: each counts once a trip."""
    other, ride = aliased(Booking), aliased(Departure)
    rode = exists().where(other.campaign_id == Booking.campaign_id, other.registration_id == Booking.registration_id,
                          other.id != Booking.id, other.boarded_at.is_not(None), ride.id == other.departure_id,
                          ride.leg_kind == "main")
    claimed = exists().where(TravelClaim.campaign_id == Booking.campaign_id,
                             TravelClaim.worker_id == Registration.worker_id, TravelClaim.state != "refused")
    coming = exists().where(Reply.campaign_id == Booking.campaign_id,
                            Reply.registration_id == Booking.registration_id, Reply.kind == "coming")
    cause = case((rode, "other_vehicle"), (claimed, "own_travel"), (Registration.state == "withdrawn", "withdrew"),
                 (coming, "said_coming"), (Worker.phone_sealed.is_(None), "no_phone"), else_="unknown")
    rows = session.execute(
        select(cause, func.count())
        .select_from(Booking).join(Departure, Departure.id == Booking.departure_id)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Worker, Worker.id == Registration.worker_id)
        .where(Booking.campaign_id == campaign.id, Booking.state == "confirmed", Booking.boarded_at.is_(None),
               Departure.state.in_(("departed", "arrived")), Departure.leg_kind == "main",
               func.coalesce(Departure.departed_at, Departure.departs_at) <= until, own_people(actor))
        .group_by(cause))
    found = {str(word): int(count) for word, count in rows}
    return {word: found[word] for word in CAUSES if found.get(word)}


def punctual(session: Session, campaign: Campaign, until: datetime) -> tuple[int, int]:
    """Vehicles that left within 15 minutes of the time announced last, and all whose leaving was written down."""
    on_time, known = session.execute(
        select(func.count().filter(Departure.departed_at <= Departure.departs_at + LATE), func.count())
        .where(Departure.campaign_id == campaign.id, Departure.departed_at.is_not(None),
               Departure.departed_at <= until)).one()
    return on_time, known


@dataclass(frozen=True, slots=True)
class OnTheRoad:
    """What is under way at a moment, and what leaves on the next day: vehicles and people."""

    vehicles: int
    people: int
    tomorrow: int
    tomorrow_people: int


def on_the_road(session: Session, actor: Actor, campaign: Campaign, until: datetime) -> OnTheRoad:
    """Main legs only."""
    seats = (select(Booking.departure_id, func.count().label("booked"), func.count(Booking.boarded_at).label("boarded"))
             .join(Registration, (Registration.campaign_id == Booking.campaign_id)
                   & (Registration.id == Booking.registration_id))
             .where(Booking.campaign_id == campaign.id, TRAVELS, own_people(actor))
             .group_by(Booking.departure_id).subquery())
    moving = (Departure.departed_at <= until) & (Departure.arrived_at.is_(None) | (Departure.arrived_at > until))
    tomorrow = (Departure.date == clock.local(until).date() + timedelta(days=1)) & (Departure.state != "called_off")
    row = session.execute(
        select(func.count().filter(moving), func.coalesce(func.sum(seats.c.boarded).filter(moving), 0),
               func.count().filter(tomorrow), func.coalesce(func.sum(seats.c.booked).filter(tomorrow), 0))
        .select_from(Departure).outerjoin(seats, seats.c.departure_id == Departure.id)
        .where(Departure.campaign_id == campaign.id, Departure.leg_kind == "main")).one()
    return OnTheRoad(int(row[0] or 0), int(row[1] or 0), int(row[2] or 0), int(row[3] or 0))
