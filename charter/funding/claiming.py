"""The fixed subsidy for own travel: bands by distance, claims, and the check that nobody is paid who rode free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, true
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.campaigns.models import Campaign
from charter.campaigns.setting_up import own_campaign
from charter.core import audit, clock, locks
from charter.core.actor import Actor, Role, current
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.funding import ledger
from charter.funding.models import TravelBand, TravelClaim
from charter.funding.problems import AlreadyClaimed
from charter.funding.rules.ledger import TRAVEL, Line, cost
from charter.funding.rules.travel import Band, Known, amount, refusal
from charter.people.models import Employer, Worker
from charter.places import distance
from charter.places import table as places
from charter.registrations.models import Registration

__all__ = ["ClaimIn", "ClaimRow", "answer", "bands", "both", "claim", "claims", "count_states", "my_claim",
           "offers_subsidy", "pay", "set_bands", "to_pay"]


@dataclass(frozen=True, slots=True)
class ClaimIn:
    """A claim as its worker makes it. `mode`: bus, train, flight or car; `card_tail`: the union card's last four."""

    origin: str
    mode: str
    travelled_on: date
    ticket: str
    card_tail: str
    member: bool


def bands(session: Session, campaign_id: UUID) -> list[Band]:
    """What is paid by distance, the nearest first; none where the campaign pays no own travel."""
    return [Band(row.from_km, row.fen) for row in session.scalars(
        select(TravelBand).where(TravelBand.campaign_id == campaign_id).order_by(TravelBand.from_km))]


def offers_subsidy(session: Session, campaign_id: UUID) -> bool:
    """Whether the campaign pays own travel at all."""
    return bool(session.scalar(select(exists().where(TravelBand.campaign_id == campaign_id))))


def set_bands(session: Session, campaign_id: UUID, wanted: Mapping[int, int]) -> None:
    """Set what is paid, whole fen by kilometres from which on; earlier claims keep their sum. Raises NotFound."""
    own_campaign(session, campaign_id, lock=True)
    session.execute(delete(TravelBand).where(TravelBand.campaign_id == campaign_id))
    session.add_all(TravelBand(campaign_id=campaign_id, from_km=km, fen=fen) for km, fen in wanted.items())
    audit.record(session, "travel_bands.set", "campaign", campaign_id, bands=len(wanted))


def my_claim(session: Session, campaign_id: UUID, worker_id: UUID) -> TravelClaim | None:
    """A worker's newest claim in a campaign, whatever became of it."""
    return session.scalars(select(TravelClaim).where(
        TravelClaim.campaign_id == campaign_id, TravelClaim.worker_id == worker_id)
        .order_by(TravelClaim.made_at.desc()).limit(1)).first()


def claim(session: Session, campaign_id: UUID, worker_id: UUID, values: ClaimIn) -> TravelClaim:
    """A worker claims the subsidy; checked at once, refused with its reason where nothing can be paid.

    The caller has seen to it that the worker is his own. Raises NotFound without a request in the campaign,
    AlreadyClaimed.
    """
    campaign = session.get(Campaign, campaign_id)
    employer = session.scalar(select(Registration.employer_id).where(
        Registration.campaign_id == campaign_id, Registration.worker_id == worker_id,
        Registration.state != "rejected").order_by(Registration.created_at.desc()).limit(1))
    if campaign is None or employer is None:
        raise NotFound
    locks.take(session, "travel_claim", [worker_id])
    if session.scalar(select(TravelClaim.id).where(
            TravelClaim.campaign_id == campaign_id, TravelClaim.worker_id == worker_id,
            TravelClaim.state.in_(("claimed", "confirmed", "paid")))):
        raise AlreadyClaimed
    km = round(distance.between(places.load(), values.origin, campaign.destination) or 0)
    fen = amount(bands(session, campaign_id), km)
    rode, seat = _rides(session, campaign_id, [worker_id]).get(worker_id, (False, False))
    code = refusal(Known(rode, seat, values.member, values.travelled_on, campaign.starts_on, campaign.ends_on), fen)
    made = TravelClaim(campaign_id=campaign_id, worker_id=worker_id, employer_id=employer, origin=values.origin,
                       mode=values.mode, travelled_on=values.travelled_on, ticket=values.ticket,
                       card_tail=values.card_tail, km=km, fen=fen or 0, state="refused" if code else "claimed",
                       code=code or "", answered_at=clock.now() if code else None)
    session.add(made)
    session.flush()
    audit.record(session, "travel.claimed", "travel_claim", made.id, code=made.code, fen=made.fen)
    return made


def _rides(session: Session, campaign_id: UUID, workers: Sequence[UUID]) -> dict[UUID, tuple[bool, bool]]:
    """Whether each rode on a chartered vehicle of the campaign, and whether he holds a seat on one."""
    rows = session.execute(
        select(Registration.worker_id, func.bool_or(Booking.boarded_at.is_not(None)),
               func.bool_or(Booking.boarded_at.is_(None) & Booking.state.in_(LIVING)))
        .join(Booking, (Booking.campaign_id == Registration.campaign_id)
              & (Booking.registration_id == Registration.id))
        .where(Registration.campaign_id == campaign_id, Registration.worker_id.in_(workers))
        .group_by(Registration.worker_id))
    return {worker: (bool(rode), bool(seat)) for worker, rode, seat in rows}


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with the person and the employer; `rode`: on a chartered vehicle, where nothing may be paid."""

    id: UUID
    name: str
    employer: str
    origin: str
    mode: str
    travelled_on: date
    km: int
    fen: int
    state: str
    code: str
    card_tail: str
    ticket: str
    rode: bool


def _own(actor: Actor) -> ColumnElement[bool]:
    if actor.role != Role.DISTRICT_ORGANIZER:
        return true()
    return Employer.district_id == uuid_or_none(actor.scope("district") or "")


def _rode() -> ColumnElement[bool]:
    return exists().where(
        Booking.campaign_id == TravelClaim.campaign_id, Booking.boarded_at.is_not(None),
        Booking.registration_id == Registration.id, Registration.campaign_id == TravelClaim.campaign_id,
        Registration.worker_id == TravelClaim.worker_id)


def claims(session: Session, actor: Actor, campaign_id: UUID, *, state: str = "", limit: int = 100,
           offset: int = 0) -> list[ClaimRow]:
    """The claims that a reader may see, the oldest first; one more than wanted."""
    query = (select(TravelClaim, Worker.name, Employer.name, _rode())
             .join(Worker, Worker.id == TravelClaim.worker_id).join(Employer, Employer.id == TravelClaim.employer_id)
             .where(TravelClaim.campaign_id == campaign_id, _own(actor)))
    if state:
        query = query.where(TravelClaim.state == state)
    rows = session.execute(query.order_by(TravelClaim.made_at, TravelClaim.id).limit(limit + 1).offset(offset))
    return [ClaimRow(row.id, name, employer, row.origin, row.mode, row.travelled_on, row.km, row.fen, row.state,
                     row.code, row.card_tail, row.ticket, rode) for row, name, employer, rode in rows]


def count_states(session: Session, actor: Actor, campaign_id: UUID) -> dict[str, tuple[int, int]]:
    """How many claims and how much in whole fen, by state."""
    rows = session.execute(
        select(TravelClaim.state, func.count(), func.coalesce(func.sum(TravelClaim.fen), 0))
        .join(Employer, Employer.id == TravelClaim.employer_id)
        .where(TravelClaim.campaign_id == campaign_id, _own(actor)).group_by(TravelClaim.state))
    return {state: (count, int(fen)) for state, count, fen in rows}


def answer(session: Session, actor: Actor, claim_id: UUID, *, member: bool) -> None:
    """The federation confirms that he is its member, or refuses; checked anew. Raises NotFound."""
    found = session.scalar(select(TravelClaim).join(Employer, Employer.id == TravelClaim.employer_id).where(
        TravelClaim.id == claim_id, TravelClaim.state == "claimed", _own(actor)).with_for_update(of=TravelClaim))
    if found is None or actor.scope("campaign") not in (None, str(found.campaign_id)):
        raise NotFound
    campaign = session.get_one(Campaign, found.campaign_id)
    rode, seat = _rides(session, found.campaign_id, [found.worker_id]).get(found.worker_id, (False, False))
    code = refusal(Known(rode, seat, member, found.travelled_on, campaign.starts_on, campaign.ends_on), found.fen)
    found.state, found.code = ("refused", code) if code else ("confirmed", "")
    found.answered_at, found.answered_by = clock.now(), actor.caller[:64]
    audit.record(session, "travel.answered", "travel_claim", found.id, code=found.code)


def both(session: Session, campaign_id: UUID) -> list[ClaimRow]:
    """Who rode free and holds a living claim too: the list that must be empty."""
    rows = session.execute(
        select(TravelClaim, Worker.name, Employer.name, true())
        .join(Worker, Worker.id == TravelClaim.worker_id).join(Employer, Employer.id == TravelClaim.employer_id)
        .where(TravelClaim.campaign_id == campaign_id, TravelClaim.state.in_(("claimed", "confirmed", "paid")), _rode())
        .order_by(Employer.name, Worker.name, TravelClaim.id))
    return [ClaimRow(row.id, name, employer, row.origin, row.mode, row.travelled_on, row.km, row.fen, row.state,
                     row.code, row.card_tail, row.ticket, rode) for row, name, employer, rode in rows]


def to_pay(session: Session, campaign_id: UUID) -> list[TravelClaim]:
    """The confirmed claims of people who have not ridden free meanwhile."""
    return list(session.scalars(select(TravelClaim).where(
        TravelClaim.campaign_id == campaign_id, TravelClaim.state == "confirmed", ~_rode()).order_by(TravelClaim.id)))


def pay(session: Session, campaign_id: UUID) -> int:
    """Book all confirmed claims as one sum; how many. Who rode free meanwhile is refused instead. Raises NotFound."""
    own_campaign(session, campaign_id)
    locks.take(session, "travel_pay", [campaign_id])
    now, caller = clock.now(), current().caller[:64]
    for row in session.scalars(select(TravelClaim).where(
            TravelClaim.campaign_id == campaign_id, TravelClaim.state == "confirmed", _rode()).with_for_update()):
        row.state, row.code, row.answered_at, row.answered_by = "refused", "rode_free", now, caller
    session.flush()
    found = to_pay(session, campaign_id)
    total = sum(row.fen for row in found)
    if not found:
        return 0
    entry = ledger.post(session, campaign_id, "travel", (Line(cost("travel"), total), Line(TRAVEL, -total)),
                        ledger.Said(item="travel", note=str(len(found))))
    for row in found:
        row.state, row.entry_id = "paid", entry
    audit.record(session, "travel.booked", "campaign", campaign_id, people=len(found), fen=total)
    return len(found)
