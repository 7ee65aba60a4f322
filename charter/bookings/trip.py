"""A worker's trip as he reads it: his request, who rides with him, and every leg with its seat, stop and times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.line import Place, places_of
from charter.bookings.models import Booking, SeatWish
from charter.bookings.queries import DepartureView, departures, living
from charter.bookings.rules.way import Standing, standing
from charter.campaigns.models import Campaign, Departure, DepartureStop, Stop
from charter.core import clock
from charter.core.actor import Actor
from charter.core.ids import uuid_or_none
from charter.places import table as places
from charter.registrations import queries as requests
from charter.registrations.models import Companion, Registration
from charter.registrations.queries import RegistrationView
from charter.registrations.rules.eligible import RIDING_STATES, is_eligible

__all__ = ["Leg", "Traveller", "Trip", "mine", "of_request", "open_rides", "own", "riders", "waiting_check",
           "wish_of"]

OVER = ("withdrawn", "rejected", "arrived")


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of one person: a booking with its departure and stop. Times aware; `seat` None where not given yet."""

    booking_id: int
    departure_id: int
    code: str
    mode: str
    feeder: bool
    seating: str
    seat: str | None
    state: str
    hold_expires_at: datetime | None
    stop: str
    stop_en: str
    bay: str
    lon: float | None
    lat: float | None
    gather_at: datetime
    departs_at: datetime
    arrives_at: datetime
    crew_name: str
    crew_phone: str
    departure_state: str
    boarded: bool
    offered: bool = False  # by the waiting list

    @property
    def held(self) -> bool:
        """Waits for the person's word."""
        return self.state == "held"


@dataclass(frozen=True, slots=True)
class Traveller:
    """One person of a trip: the request, where it stands, the legs in order, and names of children on the lap."""

    request: RegistrationView
    standing: Standing
    legs: tuple[Leg, ...]
    laps: tuple[str, ...]
    origin: str

    @property
    def answer_late(self) -> bool:
        """Whether the promised hour of the answer has passed."""
        return self.request.answer_by is not None and self.request.answer_by <= clock.now()


@dataclass(frozen=True, slots=True)
class Trip:
    """What the page shows. `me` is the person it is about, `party` who rides with him, `others` whom this phone
    registered besides."""

    campaign: Campaign
    me: Traveller
    party: tuple[Traveller, ...]
    others: tuple[Traveller, ...]
    earlier: tuple[RegistrationView, ...]
    cancel_until: datetime | None
    open_seats: bool
    waits: tuple[Place, ...] = ()

    @property
    def may_cancel(self) -> bool:
        """Whether the seat may be given back by the person himself."""
        return self.cancel_until is not None and clock.now() < self.cancel_until

    @property
    def held(self) -> list[Leg]:
        """All holds of the party, to be confirmed with one tap."""
        return [leg for one in (self.me, *self.party) for leg in one.legs if leg.held]


def own(session: Session, actor: Actor) -> UUID | None:
    """The request that the page is about: the living one, else the newest; None for somebody without any."""
    worker = uuid_or_none(actor.scope("worker") or "")
    found = requests.of_worker(session, worker) if worker else []
    ranked = sorted(found, key=lambda one: one.state in (*OVER, "needs_decision"))
    return ranked[0].id if ranked else None


def waiting_check(session: Session, actor: Actor) -> list[datetime]:
    """When requests that this phone handed in were made and still wait for a decision; whose they are is not said."""
    keys = [key for key in (actor.account_id, actor.scope("worker")) if key]
    query = select(Registration.created_at).where(
        Registration.source == "worker", Registration.source_id.in_(keys), Registration.state == "needs_decision")
    worker = uuid_or_none(actor.scope("worker") or "")
    if worker is not None:
        query = query.where(Registration.worker_id != worker)
    return list(session.scalars(query.order_by(Registration.created_at)))


def of_request(session: Session, actor: Actor, registration_id: UUID) -> Trip:
    """The trip of a request that the actor may see. Raises NotFound."""
    me = requests.find(session, actor, registration_id)
    campaign = session.get_one(Campaign, me.campaign_id)
    listed = _seen(session, actor, me)
    legs = _legs(session, me.campaign_id, [one.id for one in listed])
    laps = _laps(session, me.campaign_id, [one.id for one in listed])
    rides = open_rides(session, me) if _may_choose(me, legs[me.id]) else []
    people = [_traveller(one, legs[one.id], laps[one.id], bool(rides)) for one in listed]
    rest = people[1:]
    party = tuple(one for one in rest if me.party_id and one.request.party_id == me.party_id)
    main = [leg for leg in people[0].legs if not leg.feeder]
    first = min((leg.departs_at for leg in main), default=None)
    others = tuple(one for one in rest if one not in party)
    return Trip(campaign, people[0], party, others, _earlier(session, actor, me),
                first - timedelta(hours=campaign.cancel_hours) if first else None, bool(rides),
                tuple(places_of(session, me.campaign_id, me.id)) if me.state in RIDING_STATES else ())


def riders(trip: Trip) -> list[Traveller]:
    """Who of the party may take a seat now: the request is confirmed, and no seat is sure yet."""
    return [one for one in (trip.me, *trip.party) if one.request.state in RIDING_STATES
            and all(leg.held for leg in one.legs)]


def open_rides(session: Session, request: RegistrationView) -> list[DepartureView]:
    """Open departures with a free place that fit the request, by time."""
    found = departures(session, request.campaign_id, origin=request.origin, state="open")
    return [one for one in found if one.departs_at > clock.now() and one.seats_left > 0 and is_eligible(
        state="confirmed", origin=request.origin, earliest=request.earliest, latest=request.latest,
        modes=request.modes, departure_origins=one.origins, departure_date=one.date, departure_mode=one.mode)]


def _may_choose(me: RegistrationView, legs: Sequence[Leg]) -> bool:
    return me.state in RIDING_STATES and all(leg.held for leg in legs)


def wish_of(session: Session, request: RegistrationView) -> SeatWish | None:
    """Which seat the person would like of a carrier, where he has said so."""
    return session.get(SeatWish, (request.campaign_id, request.id))


def mine(session: Session, actor: Actor) -> tuple[Trip | None, list[datetime]]:
    """The actor's own trip, and what of his waits for a check."""
    found = own(session, actor)
    return of_request(session, actor, found) if found else None, waiting_check(session, actor)


def _seen(session: Session, actor: Actor, me: RegistrationView) -> list[RegistrationView]:
    """The person, then everybody of the campaign whom the actor may see and who still travels."""
    rest = [one for one in requests.listing(session, actor, me.campaign_id, limit=60)
            if one.id != me.id and one.state not in ("withdrawn", "rejected", "needs_decision")]
    return [me, *rest]


def _earlier(session: Session, actor: Actor, me: RegistrationView) -> tuple[RegistrationView, ...]:
    worker = uuid_or_none(actor.scope("worker") or "")
    if worker != me.worker_id:
        return ()
    return tuple(one for one in requests.of_worker(session, me.worker_id) if one.id != me.id)


def _traveller(request: RegistrationView, legs: Sequence[Leg], laps: Sequence[str], open_seats: bool) -> Traveller:
    main = [leg for leg in legs if not leg.feeder]
    at = standing(request.state, held=any(leg.held for leg in main), offered=any(leg.offered for leg in main),
                  open_seats=open_seats,
                  seated=any(leg.state == "confirmed" for leg in main))
    return Traveller(request, at, tuple(legs), tuple(laps), places.load().full_name(request.origin))


def _legs(session: Session, campaign_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[Leg]]:
    rows = session.execute(
        select(Booking, Departure).join(Departure, Departure.id == Booking.departure_id)
        .where(Booking.campaign_id == campaign_id, Booking.registration_id.in_(ids), living())
        .order_by(Departure.departs_at)).all()
    stops = _stops(session, {departure.id for _, departure in rows})
    found: dict[UUID, list[Leg]] = defaultdict(list)
    for booking, departure in rows:
        found[booking.registration_id].append(_leg(booking, departure, stops[departure.id]))
    return found


def _leg(booking: Booking, departure: Departure, stops: Sequence[tuple[DepartureStop, Stop]]) -> Leg:
    at, stop = next(((at, stop) for at, stop in stops if booking.stop_id in (None, stop.id)), (None, None))
    return Leg(
        booking.id, departure.id, departure.code, departure.mode, departure.leg_kind == "feeder", departure.seating,
        booking.seat, booking.state, booking.hold_expires_at, stop.name if stop else "",
        (stop.name_en or stop.name) if stop else "", at.bay if at else "", stop.lon if stop else None,
        stop.lat if stop else None, at.gather_at if at else departure.departs_at,
        at.departs_at if at else departure.departs_at, departure.arrives_at, departure.crew_name, departure.crew_phone,
        departure.state, booking.boarded_at is not None, booking.state == "held" and booking.waiting_id is not None)


def _stops(session: Session, ids: set[int]) -> dict[int, list[tuple[DepartureStop, Stop]]]:
    found: dict[int, list[tuple[DepartureStop, Stop]]] = defaultdict(list)
    for at, stop in session.execute(
            select(DepartureStop, Stop).join(Stop, Stop.id == DepartureStop.stop_id)
            .where(DepartureStop.departure_id.in_(ids), DepartureStop.kind == "board")
            .order_by(DepartureStop.departure_id, DepartureStop.seq)):
        found[at.departure_id].append((at, stop))
    return found


def _laps(session: Session, campaign_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for owner, name in session.execute(select(Companion.registration_id, Companion.name).where(
            Companion.campaign_id == campaign_id, Companion.registration_id.in_(ids)).order_by(Companion.id)):
        found[owner].append(name)
    return found
