"""The conflict desk: each doubled boarding with its two sides, what each phone saw, who looks after it, how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.models import ApiToken
from charter.boarding.models import BoardingConflict, Scan
from charter.bookings.models import Booking
from charter.campaigns.models import Departure, Stop
from charter.campaigns.naming import named
from charter.core.actor import Actor, Role
from charter.core.ids import uuid_or_none
from charter.people.models import Employer, Worker
from charter.registrations.models import Registration

__all__ = ["Case", "Side", "cases"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the boardings: which phone, when by the corrected and by its own clock, where, what it showed."""

    scan_id: str
    device: str
    at: datetime
    claimed: datetime
    doubtful: bool
    stop: str
    by_hand: bool
    shown: str
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """A doubled boarding; `owner` looks after it, `standing` is the scan that counts until a person says otherwise."""

    id: UUID
    departure_id: int
    departure: str
    name: str
    seat: str | None
    employer: str
    state: str
    owner: str
    outcome: str
    resolution: str
    resolved_at: datetime | None
    sides: Sequence[Side]

    @property
    def standing(self) -> str:
        """The scan that counts."""
        return self.sides[0].scan_id if self.sides else ""


def cases(session: Session, actor: Actor, campaign_id: UUID, *, state: str = "open", limit: int = 60,
          offset: int = 0) -> list[Case]:
    """The cases of a campaign that the actor may see, the newest first; one more than `limit` where there are more."""
    query = (select(BoardingConflict, Departure, Booking.seat, Worker.name, Employer.name)
             .join(Departure, Departure.id == BoardingConflict.departure_id)
             .join(Booking, (Booking.campaign_id == BoardingConflict.campaign_id)
                   & (Booking.id == BoardingConflict.booking_id))
             .join(Registration, (Registration.campaign_id == Booking.campaign_id)
                   & (Registration.id == Booking.registration_id))
             .join(Worker, Worker.id == Registration.worker_id).join(Employer, Employer.id == Registration.employer_id)
             .where(BoardingConflict.campaign_id == campaign_id, BoardingConflict.state == state))
    if actor.role == Role.DISTRICT_ORGANIZER:
        query = query.where(Employer.district_id == uuid_or_none(actor.scope("district") or ""))
    rows = session.execute(query.order_by(Departure.departs_at.desc(), BoardingConflict.id)
                           .limit(limit + 1).offset(offset)).all()
    sides = _sides(session, campaign_id, [scan for case, *_ in rows for scan in case.scan_ids])
    return [Case(case.id, departure.id, named(departure), name, seat, employer, case.state, case.owner, case.outcome,
                 case.resolution, case.resolved_at,
                 sorted((sides[one] for one in case.scan_ids if one in sides), key=lambda one: (one.at, one.scan_id)))
            for case, departure, seat, name, employer in rows]


def _sides(session: Session, campaign_id: UUID, scans: Sequence[str]) -> dict[str, Side]:
    rows = session.execute(
        select(Scan, Stop.name).outerjoin(Stop, Stop.id == Scan.stop_id)
        .where(Scan.campaign_id == campaign_id, Scan.scan_id.in_([UUID(one) for one in scans]))).all()
    tokens = {known for scan, _ in rows if (known := uuid_or_none(scan.device))}
    names = {str(key): name for key, name in session.execute(
        select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(tokens)))}
    return {str(scan.scan_id): Side(str(scan.scan_id), names.get(scan.device, ""), scan.corrected_at, scan.scanned_at,
                                    scan.time_doubtful, stop or "", scan.by_hand, scan.shown, scan.reason)
            for scan, stop in rows}
