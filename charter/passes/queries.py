"""Passes as they are read: a rendering of a booking's revision, never a row of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from charter.bookings.models import Booking, BookingRevision
from charter.campaigns.models import Campaign, Departure, DepartureStop, Stop
from charter.campaigns.naming import named
from charter.core import clock
from charter.core.actor import Actor, Role
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.passes import keys
from charter.passes.models import PassKey
from charter.passes.problems import BookingEnded, NotConfirmed
from charter.passes.rules import codec
from charter.passes.rules.seats import seat_number
from charter.people.models import Employer, Worker
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations

__all__ = ["Issued", "Pass", "campaigns_seen", "issued", "pass_of", "passes_of", "passes_of_departure", "passes_seen",
           "public_keys", "visible", "visible_booking"]

MOST = 60  # passes on one page: ten people with their feeders
EARLY, VALID = timedelta(hours=24), 72 * 60  # the window: 24 h before to 48 h after the planned time


@dataclass(frozen=True, slots=True)
class Pass:
    """A living booking's pass, with what stands beside the QR. Times aware; `seat` None where the carrier gives it."""

    booking_id: int
    text: str
    revision: int
    departure_id: int
    campaign_name: str
    campaign_name_en: str
    code: str
    mode: str
    name: str
    seat: str | None
    lap_children: int
    stop_id: UUID | None
    stop: str | None
    stop_en: str
    lon: float | None
    lat: float | None
    gather_at: datetime
    departs_at: datetime
    bay: str
    plate: str
    crew_name: str
    crew_phone: str
    hotline: str
    valid_from: datetime
    valid_until: datetime
    order_number: str = ""  # of the carrier's ticket


@dataclass(frozen=True, slots=True)
class Issued:
    """One pass that was ever issued: what the sealed manifest has a row for."""

    booking_id: int
    revision: int
    departure_id: int
    signature: bytes
    reported: bool


def visible(actor: Actor) -> ColumnElement[bool]:
    """Which bookings (joined with their registration and employer) the actor may see."""
    own = uuid_or_none(actor.scope_id or "")
    if actor.role == Role.CITY_ORGANIZER and actor.scope_kind is None:
        return true()
    if own is None:
        return false()
    conditions: dict[Any, ColumnElement[bool]] = {
        Role.WORKER: visible_registrations(actor), Role.EMPLOYER: Registration.employer_id == own,
        Role.ORIGIN_PARTNER: (Registration.source == "partner") & (Registration.source_id == str(own)),
        Role.HOTLINE: Booking.campaign_id == own, Role.VOLUNTEER: Booking.campaign_id == own,
        Role.CITY_ORGANIZER: Booking.campaign_id == own, Role.DISTRICT_ORGANIZER: Employer.district_id == own}
    return conditions.get(actor.role, false())


def visible_booking(session: Session, booking_id: int, actor: Actor) -> Booking:
    """The booking, if the actor may see it. Raises NotFound else."""
    found = session.scalar(
        select(Booking).join(Registration, (Registration.campaign_id == Booking.campaign_id)
                             & (Registration.id == Booking.registration_id))
        .join(Employer, Employer.id == Registration.employer_id).where(Booking.id == booking_id, visible(actor)))
    if found is None:
        raise NotFound
    return found


def pass_of(session: Session, booking_id: int, actor: Actor) -> Pass:
    """The pass of one booking. Raises NotFound, NotConfirmed for a held one, BookingEnded."""
    booking = visible_booking(session, booking_id, actor)
    if booking.state == "held" and booking.hold_expires_at and booking.hold_expires_at > clock.now():
        raise NotConfirmed
    if booking.state != "confirmed":
        raise BookingEnded
    return _passes(session, [booking])[0]


def campaigns_seen(session: Session, actor: Actor) -> list[UUID]:
    """The campaigns in which the actor sees a confirmed booking."""
    return list(session.scalars(
        select(Booking.campaign_id).join(Registration, (Registration.campaign_id == Booking.campaign_id)
                                         & (Registration.id == Booking.registration_id))
        .join(Employer, Employer.id == Registration.employer_id)
        .where(visible(actor), Booking.state == "confirmed").distinct().limit(MOST)))


def passes_seen(session: Session, actor: Actor) -> list[Pass]:
    """Every living pass that the actor may see on departures that are still to come or on the road, by time, person and
    seat: what one phone holds for a family."""
    rows = session.scalars(
        select(Booking).join(Registration, (Registration.campaign_id == Booking.campaign_id)
                             & (Registration.id == Booking.registration_id))
        .join(Employer, Employer.id == Registration.employer_id).join(Departure, Departure.id == Booking.departure_id)
        .where(visible(actor), Booking.state == "confirmed", Departure.arrives_at > clock.now())
        .order_by(Booking.campaign_id, Booking.id).limit(MOST)).all()
    found = [one for campaign in sorted({row.campaign_id for row in rows})
             for one in _passes(session, [row for row in rows if row.campaign_id == campaign])]
    return sorted(found, key=lambda one: (one.gather_at, seat_number(one.seat), one.name))


def passes_of_departure(session: Session, departure_id: int) -> list[Pass]:
    """Every living pass of a departure, by seat and name; for the sheet to print."""
    found = session.scalars(select(Booking).where(Booking.departure_id == departure_id, Booking.state == "confirmed"))
    return sorted(_passes(session, found.all()), key=lambda one: (seat_number(one.seat), one.seat or "", one.name))


def passes_of(session: Session, bookings: Sequence[Booking]) -> list[Pass]:
    """The passes of these confirmed bookings of one campaign, in no order."""
    return _passes(session, bookings)


def issued(session: Session, departure_id: int) -> list[Issued]:
    """Every pass ever issued for the departure, and every old one of the bookings that ride on it now."""
    related = select(BookingRevision.booking_id).where(BookingRevision.departure_id == departure_id)
    riding = select(Booking.id).where(Booking.departure_id == departure_id)
    concerned = or_(BookingRevision.booking_id.in_(related), BookingRevision.booking_id.in_(riding))
    revisions = session.scalars(
        select(BookingRevision).where(concerned).order_by(BookingRevision.booking_id, BookingRevision.revision)).all()
    if not revisions:
        return []
    signing = _Signing(session, revisions[0].campaign_id)
    return [Issued(found.booking_id, found.revision, found.departure_id, signing.signature(found),
                   found.reported_at is not None) for found in revisions]


def public_keys(session: Session, campaign_id: UUID) -> Sequence[PassKey]:
    """The campaign's keys, of which only the public halves may leave. Raises NotFound for an unknown campaign."""
    if session.get(Campaign, campaign_id) is None:
        raise NotFound
    return session.scalars(select(PassKey).where(PassKey.campaign_id == campaign_id).order_by(PassKey.number)).all()


class _Signing:
    """The keys of one campaign, read once for many passes."""

    def __init__(self, session: Session, campaign_id: UUID) -> None:
        self._keys = session.scalars(select(PassKey).where(PassKey.campaign_id == campaign_id)).all()

    def claims(self, revision: BookingRevision) -> tuple[codec.PassClaims, PassKey]:
        key = keys.signing(self._keys, revision.made_at)
        begins = revision.planned_at - EARLY
        return codec.PassClaims(key.number, revision.booking_id, revision.departure_id, revision.revision,
                                int(begins.timestamp()) // 60, VALID, seat_number(revision.seat),
                                revision.lap_children > 0), key

    def text(self, revision: BookingRevision) -> tuple[str, codec.PassClaims]:
        claims, key = self.claims(revision)
        return codec.sign(keys.private_half(key), claims), claims

    def signature(self, revision: BookingRevision) -> bytes:
        claims, key = self.claims(revision)
        return codec.signature(keys.private_half(key), claims)


def _passes(session: Session, bookings: Sequence[Booking]) -> list[Pass]:
    if not bookings:
        return []
    signing = _Signing(session, bookings[0].campaign_id)
    revisions = {found.booking_id: found for found in session.scalars(
        select(BookingRevision).join(Booking, (Booking.id == BookingRevision.booking_id)
                                     & (Booking.revision == BookingRevision.revision))
        .where(BookingRevision.booking_id.in_([booking.id for booking in bookings])))}
    rows = session.execute(
        select(Booking, Departure, Campaign, Worker.name).join(Departure, Departure.id == Booking.departure_id)
        .join(Campaign, Campaign.id == Booking.campaign_id)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id)).join(Worker, Worker.id == Registration.worker_id)
        .where(Booking.id.in_([booking.id for booking in bookings]))).all()
    stops = _stops(session, {departure.id for _, departure, _, _ in rows})
    return [_pass(booking, departure, campaign, name, _stop_of(stops[departure.id], booking.stop_id),
                  *signing.text(revisions[booking.id])) for booking, departure, campaign, name in rows]


def _stops(session: Session, departures: set[int]) -> dict[int, list[tuple[DepartureStop, Stop]]]:
    found: dict[int, list[tuple[DepartureStop, Stop]]] = {departure: [] for departure in departures}
    for at, stop in session.execute(
            select(DepartureStop, Stop).join(Stop, Stop.id == DepartureStop.stop_id)
            .where(DepartureStop.departure_id.in_(departures), DepartureStop.kind == "board")
            .order_by(DepartureStop.departure_id, DepartureStop.seq)):
        found[at.departure_id].append((at, stop))
    return found


def _stop_of(stops: list[tuple[DepartureStop, Stop]], stop_id: UUID | None
             ) -> tuple[DepartureStop | None, Stop | None]:
    for at, stop in stops:
        if stop_id in (None, stop.id):
            return at, stop
    return None, None


def _pass(booking: Booking, departure: Departure, campaign: Campaign, name: str,
          where: tuple[DepartureStop | None, Stop | None], text: str, claims: codec.PassClaims) -> Pass:
    at, stop = where
    return Pass(
        booking_id=booking.id, text=text, revision=booking.revision, departure_id=departure.id,
        campaign_name=campaign.name, campaign_name_en=campaign.name_en, code=named(departure), mode=departure.mode,
        name=name, seat=booking.seat, lap_children=booking.lap_children, stop_id=stop.id if stop else None,
        stop=stop.name if stop else None, stop_en=(stop.name_en or stop.name) if stop else "",
        lon=stop.lon if stop else None, lat=stop.lat if stop else None,
        gather_at=at.gather_at if at else departure.departs_at,
        departs_at=at.departs_at if at else departure.departs_at, bay=at.bay if at else "", plate=departure.plate,
        crew_name=departure.crew_name, crew_phone=departure.crew_phone, hotline=campaign.hotline,
        valid_from=claims.valid_from, valid_until=claims.valid_until, order_number=booking.order_number)
