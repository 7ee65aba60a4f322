"""Cases, what was only spoken, and a day's log, as the desk reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Departure
from charter.core import clock
from charter.duty.models import DutyCase, DutyEntry

__all__ = ["CaseRow", "LogLine", "Touched", "cases", "entries", "log", "spoken", "touched"]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in the list; `late` where its hour has passed."""

    case: DutyCase
    codes: tuple[str, ...]
    late: bool
    spoken: int


@dataclass(frozen=True, slots=True)
class Touched:
    """A departure that a case touches, as it is now."""

    id: int
    code: str
    state: str
    seated: int
    boarded: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log with its case."""

    entry: DutyEntry
    number: int | None
    title: str


def cases(session: Session, campaign_id: UUID, *, closed: bool = False, limit: int = 100) -> list[CaseRow]:
    """Open cases by their hour, or closed ones, the newest first."""
    query = select(DutyCase).where(DutyCase.campaign_id == campaign_id)
    query = (query.where(DutyCase.closed_at.is_not(None)).order_by(DutyCase.closed_at.desc()) if closed
             else query.where(DutyCase.closed_at.is_(None)).order_by(DutyCase.answer_by, DutyCase.number))
    rows = session.scalars(query.limit(limit)).all()
    ids = {key for row in rows for key in row.departures}
    codes = {row[0]: row[1] for row in session.execute(select(Departure.id, Departure.code).where(
        Departure.id.in_(ids)))}
    open_words = {row[0]: row[1] for row in session.execute(
        select(DutyEntry.case_id, func.count()).where(DutyEntry.campaign_id == campaign_id, DutyEntry.kind ==
                                                      "approval", DutyEntry.paper == "").group_by(DutyEntry.case_id))}
    now = clock.now()
    return [CaseRow(row, tuple(codes.get(key, "") for key in row.departures),
                    row.closed_at is None and row.answer_by < now, open_words.get(row.id, 0)) for row in rows]


def spoken(session: Session, campaign_id: UUID) -> list[LogLine]:
    """Approvals that were only spoken, the oldest first."""
    return _lines(session, DutyEntry.campaign_id == campaign_id, DutyEntry.kind == "approval", DutyEntry.paper == "")


def entries(session: Session, case_id: UUID) -> Sequence[DutyEntry]:
    """Every line of a case, by time."""
    return session.scalars(select(DutyEntry).where(DutyEntry.case_id == case_id).order_by(DutyEntry.at)).all()


def log(session: Session, campaign_id: UUID, day: date) -> list[LogLine]:
    """The log of one day, by time."""
    begin, end = clock.day_bounds(day)
    return _lines(session, DutyEntry.campaign_id == campaign_id, DutyEntry.at >= begin, DutyEntry.at < end)


def touched(session: Session, case: DutyCase) -> list[Touched]:
    """The departures of a case: how many have a seat, how many are on board now."""
    rows = session.execute(
        select(Departure.id, Departure.code, Departure.state,
               func.count(Booking.id).filter(Booking.state == "confirmed"),
               func.count(Booking.id).filter(Booking.boarded_at.is_not(None), Booking.arrived_at.is_(None)))
        .outerjoin(Booking, Booking.departure_id == Departure.id).where(Departure.id.in_(case.departures))
        .group_by(Departure.id).order_by(Departure.departs_at))
    return [Touched(*row) for row in rows]


def _lines(session: Session, *where: object) -> list[LogLine]:
    rows = session.execute(select(DutyEntry, DutyCase.number, DutyCase.title).outerjoin(
        DutyCase, DutyCase.id == DutyEntry.case_id).where(*where).order_by(DutyEntry.at))  # type: ignore[arg-type]
    return [LogLine(entry, number, title or "") for entry, number, title in rows]
