"""The departure day that a drill replays: a campaign of its own, coaches that leave in two hours, people with seats."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.service.tokens import create_token
from charter.bookings.service.placing import Placement, place_many
from charter.campaigns import service as campaigns
from charter.campaigns.departing import add_extra
from charter.campaigns.models import Departure, DepartureStop
from charter.campaigns.service import LineStop
from charter.campaigns.vehicle_types import load_vehicle_types
from charter.core import clock
from charter.core.actor import Role
from charter.demo.persons import people
from charter.passes import keys
from charter.passes.queries import passes_of_departure
from charter.people.service import organizations
from charter.registrations.rules.request import Request
from charter.registrations.service import register_many

__all__ = ["Coach", "Rider", "prepare", "riders"]

FROM, TO, HOME = "511902", "350206", "350200"
PHONES = 3  # at each coach


@dataclass(frozen=True, slots=True)
class Rider:
    """Somebody with a seat: his booking and what his phone shows."""

    booking: int
    text: str


@dataclass(frozen=True, slots=True)
class Coach:
    """One coach, the stop where people get on, the tokens of its phones."""

    id: int
    stop: str
    tokens: tuple[str, ...]


def prepare(session: Session, rng: random.Random, coaches: int, seats: int) -> tuple[list[Coach], str]:
    """So many coaches with so many people each, and an organizer's token."""
    load_vehicle_types(session)
    union = organizations.add_union(session, kind="city", name="演练总工会", name_en="Drill", hotline="0592-12351")
    district = organizations.add_district(session, code=TO, name="演练区", name_en="Drill", union_id=union.id)
    firm = organizations.add_employer(session, name="演练用工企业", credit_code=None, district_id=district.id)
    today = clock.today()
    campaign = campaigns.create_campaign(
        session, name="发车演练", name_en="Departure drill", direction="to_work", union_id=union.id, destination=HOME,
        starts_on=today, ends_on=today + timedelta(days=1), hotline="0592-12351", demo=True)
    corridor = campaigns.add_corridor(
        session, campaign, name="演练线", name_en="Drill", mode="bus", origins=[FROM], distance_km=1600,
        duration_min=1200,
        stops=[LineStop("巴州客运站", FROM, "board", 0), LineStop("枋湖客运中心", TO, "alight", 1200)])
    carrier = campaigns.add_carrier(session, name="演练承运", name_en="Drill", home_division=HOME)
    fleet = campaigns.add_fleet(session, campaign, carrier, "coach-55", size=coaches, base_fen=1, per_km_fen=1)
    keys.ensure(session, campaign.id)
    crowd = people(rng, today, [FROM])
    made = []
    for number in range(coaches):
        departure = add_extra(session, corridor.id, fleet.id, today, f"演练{number + 1}号车")
        campaigns.reschedule(session, departure, clock.now() + timedelta(hours=2))
        found = [Request(one.name, "resident_id", one.id_number, one.phone, FROM, "巴州区", today,
                         today + timedelta(days=1), ("bus",)) for one in islice(crowd, seats)]
        people_in = register_many(session, campaign.id, firm.id, found, source="employer", source_id=str(firm.id))
        place_many(session, campaign.id, [Placement(one.registration_id, departure.id) for one in people_in
                                          if one.registration_id])
        made.append(_coach(session, departure))
    _, token = create_token(session, Role.CITY_ORGANIZER, "campaign", str(campaign.id), days=1, name="drill")
    return made, token


def riders(session: Session, departure_id: int) -> list[Rider]:
    """The people of a coach with what their phones show."""
    return [Rider(one.booking_id, one.text) for one in passes_of_departure(session, departure_id)]


def _coach(session: Session, departure: Departure) -> Coach:
    stop = session.scalars(select(DepartureStop.stop_id).where(
        DepartureStop.departure_id == departure.id, DepartureStop.kind == "board")).first()
    tokens = tuple(create_token(session, Role.SCANNER, "departure", str(departure.id), days=1, name=f"drill {place}")[1]
                   for place in range(PHONES))
    return Coach(departure.id, str(stop), tokens)
