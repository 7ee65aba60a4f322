"""Signs of invented travel over a campaign, each explained once and with paper."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from charter.boarding.models import Scan
from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Departure
from charter.campaigns.trip import own_departure
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.funding.models import DepartureCost, Settlement, SettlementLine
from charter.insight import filing
from charter.insight.models import SignExplained
from charter.insight.problems import ExplainedAlready
from charter.insight.rules.signs import SHARED, TOGETHER, Trip, fastest, found_in
from charter.people.models import Worker
from charter.registrations.models import Registration

__all__ = ["SignRow", "explain", "sign", "signs"]

GONE = ("departed", "arrived")


@dataclass(frozen=True, slots=True)
class SignRow:
    """One sign at one departure, with its number, and how it was explained."""

    departure_id: int
    code: str
    date: date
    kind: str
    number: int
    words: str | None
    paper_id: UUID | None
    explained_at: datetime | None


def signs(session: Session, campaign: Campaign, only: int | None = None) -> list[SignRow]:
    """The signs of departures that have left, what is not explained first, then by day."""
    query = select(Departure).where(Departure.campaign_id == campaign.id, Departure.state.in_(GONE))
    if only is not None:
        query = query.where(Departure.id == only)
    departures = {row.id: row for row in session.scalars(query.order_by(Departure.date, Departure.code))}
    explained = {(row.departure_id, row.kind): row for row in session.scalars(
        select(SignExplained).join(Departure, Departure.id == SignExplained.departure_id)
        .where(Departure.campaign_id == campaign.id))}
    rows = []
    for key, trip in _trips(session, campaign, departures).items():
        for kind, number in found_in(trip).items():
            said, row = explained.get((key, kind)), departures[key]
            rows.append(SignRow(key, row.code, row.date, kind, number, said.words if said else None,
                                said.paper_id if said else None, said.explained_at if said else None))
    return sorted(rows, key=lambda row: (row.words is not None, row.date, row.code, row.kind))


def _trips(session: Session, campaign: Campaign, departures: dict[int, Departure]) -> dict[int, Trip]:
    rode, hand, bursts, late = _boarded(session, campaign)
    phones, twice = _phones(session, campaign), _twice(session, campaign)
    billed = set(session.scalars(select(DepartureCost.departure_id).join(
        Departure, Departure.id == DepartureCost.departure_id).where(
        Departure.campaign_id == campaign.id, DepartureCost.kind == "charter", DepartureCost.actual_fen > 0)))
    return {key: Trip(row.seats_total, rode[key], hand[key], key in billed and row.leg_kind == "main", bursts.get(key),
                      late[key], phones.get(key, 0), twice[key]) for key, row in departures.items()}


def _boarded(session: Session, campaign: Campaign) -> tuple[Counter[int], Counter[int], dict[int, float], Counter[int]]:
    """People on board, those by hand, the shortest time for ten of one phone, boardings after the settlement."""
    rode: Counter[int] = Counter({row[0]: row[1] for row in session.execute(
        select(Booking.departure_id, func.count(Booking.boarded_at)).where(Booking.campaign_id == campaign.id)
        .group_by(Booking.departure_id))})
    settled: dict[int, datetime] = {row[0]: row[1] for row in session.execute(
        select(SettlementLine.departure_id, Settlement.made_at)
        .join(Settlement, Settlement.id == SettlementLine.settlement_id)
        .where(Settlement.campaign_id == campaign.id, SettlementLine.living))}
    hand: Counter[int] = Counter()
    late: Counter[int] = Counter()
    times: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    seen: set[tuple[int, int]] = set()
    for departure, booking, device, by_hand, at, received in session.execute(
            select(Scan.departure_id, Scan.booking_id, Scan.device, Scan.by_hand, Scan.corrected_at, Scan.received_at)
            .where(Scan.campaign_id == campaign.id, Scan.kind == "board", Scan.verdict == "go",
                   Scan.booking_id.is_not(None)).order_by(Scan.corrected_at)):
        if departure in settled and received > settled[departure]:
            late[departure] += 1
        if (departure, booking or 0) in seen:
            continue
        seen.add((departure, booking or 0))
        if by_hand:
            hand[departure] += 1
        else:
            times[departure, device].append(at)
    bursts: dict[int, float] = {}
    for (departure, _), found in times.items():
        span = fastest(found)
        if span is not None:
            bursts[departure] = min(span, bursts.get(departure, span))
    return rode, hand, bursts, late


def _phones(session: Session, campaign: Campaign) -> dict[int, int]:
    """By departure: the most people on board who gave one phone number."""
    rows = session.execute(
        select(Booking.departure_id, func.count())
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Worker, Worker.id == Registration.worker_id)
        .where(Booking.campaign_id == campaign.id, Booking.boarded_at.is_not(None), Worker.phone_tag.is_not(None))
        .group_by(Booking.departure_id, Worker.phone_tag).having(func.count() >= SHARED))
    found: dict[int, int] = {}
    for departure, count in rows:
        found[departure] = max(count, found.get(departure, 0))
    return found


def _twice(session: Session, campaign: Campaign) -> Counter[int]:
    """By departure: people who were scanned on board of another main vehicle that left within a day of it."""
    other, ride, trip = aliased(Booking), aliased(Departure), aliased(Departure)
    rows = session.execute(
        select(trip.id, func.count(Booking.worker_number.distinct()))
        .select_from(Booking).join(trip, trip.id == Booking.departure_id)
        .join(other, (other.campaign_id == Booking.campaign_id) & (other.worker_number == Booking.worker_number)
              & (other.id != Booking.id))
        .join(ride, ride.id == other.departure_id)
        .where(Booking.campaign_id == campaign.id, Booking.boarded_at.is_not(None), other.boarded_at.is_not(None),
               trip.leg_kind == "main", ride.leg_kind == "main", ride.id != trip.id,
               ride.departs_at.between(trip.departs_at - TOGETHER, trip.departs_at + TOGETHER))
        .group_by(trip.id))
    return Counter({row[0]: row[1] for row in rows})


def sign(session: Session, departure_id: int, kind: str) -> SignRow:
    """One sign of one departure. Raises NotFound."""
    campaign = session.get_one(Campaign, own_departure(session, departure_id).campaign_id)
    found = next((row for row in signs(session, campaign, departure_id) if row.kind == kind), None)
    if found is None:
        raise NotFound
    return found


def explain(session: Session, departure_id: int, kind: str, words: str, name: str, data: bytes) -> None:
    """Explain a sign, once, with a paper that goes into the departure's file.

    Raises NotFound, Invalid without words or paper, ExplainedAlready, SameFile.
    """
    found = sign(session, departure_id, kind)
    if found.words is not None:
        raise ExplainedAlready
    if not words:
        raise Invalid(errors=[FieldProblem("words", "missing", N_("请写明原因"))])
    paper = filing.add(session, departure_id, "other", name, data)
    session.add(SignExplained(departure_id=departure_id, kind=kind, words=words, paper_id=paper,
                              explained_by=current().caller[:64], explained_at=clock.now()))
    session.flush()
    audit.record(session, "sign.explained", "departure", departure_id, kind=kind, number=found.number)
