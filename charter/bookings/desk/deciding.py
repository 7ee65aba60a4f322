"""Cases: one person handed in twice, or under another name. An organizer sees both sides and decides; both are told.

A clerk learns that his request was judged, never who else handed the person in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from charter.access.models import Account
from charter.access.service.codes import PHONE as ACCOUNT_PHONE
from charter.bookings.desk.acting import why
from charter.bookings.desk.listing import SeatRow, seats_of
from charter.bookings.models import LIVING, Booking
from charter.bookings.service.release import release
from charter.campaigns.choosing import campaign_of
from charter.campaigns.models import Campaign
from charter.core import audit, clock, i18n
from charter.core.actor import Actor, Role
from charter.core.problems import NotFound
from charter.notices.service import tell
from charter.people.models import Employer, Worker, WorkerDocument
from charter.people.rules.phones import judge_phone
from charter.people.sealing import WORKER_PHONE
from charter.registrations.models import Registration
from charter.registrations.problems import WrongState
from charter.registrations.queries import visible_registrations
from charter.registrations.settling import end, keep, rename

__all__ = ["Case", "Cases", "Side", "cases", "decide"]

MOST = 100
GONE = ("withdrawn", "rejected", "needs_decision")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the requests; `open_to` says whether the reader may open its page."""

    id: UUID
    employer: str
    origin: str
    earliest: date
    latest: date
    state: str
    source: str
    created_at: datetime
    seats: tuple[SeatRow, ...]
    open_to: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A waiting request, the living one of the same person where there is one, and the name that differs or "".

    `other_phone`: it came by another phone than the one that the person has proven.
    """

    name: str
    last_four: str
    other_name: str
    other_phone: bool
    waiting: Side
    earlier: Side | None
    answer_by: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Cases:
    """The page: at most 100 cases, those promised first standing first, of `total`."""

    campaign: Campaign
    cases: tuple[Case, ...]
    total: int


def cases(session: Session, actor: Actor, wanted: str | None, kept: str | None) -> Cases:
    """What this organizer has to decide: cases with at least one side in his scope."""
    campaign = campaign_of(session, actor, wanted, kept)
    query = _query(actor).where(Registration.campaign_id == campaign.id)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(Registration.answer_by, Registration.created_at).limit(MOST)).all()
    seats = seats_of(session, [key for row in rows for key in (row[0].id, row[1].id if row[1] else None) if key])
    return Cases(campaign, tuple(_case(actor, row, seats) for row in rows), total)


def _query(actor: Actor) -> Any:
    other, employer, others = aliased(Registration), aliased(Employer), aliased(Employer)
    tail = (select(WorkerDocument.last_four).where(WorkerDocument.worker_id == Worker.id)
            .order_by(WorkerDocument.id).limit(1).correlate(Worker).scalar_subquery())
    return (select(Registration, other, Worker, func.coalesce(tail, "").label("tail"),
                   employer.name.label("here"), others.name.label("there"),
                   employer.district_id.label("district"), others.district_id.label("other_district"))
            .join(Worker, Worker.id == Registration.worker_id)
            .join(employer, employer.id == Registration.employer_id)
            .outerjoin(other, (other.campaign_id == Registration.campaign_id)
                       & (other.worker_id == Registration.worker_id) & other.state.not_in(GONE))
            .outerjoin(others, others.id == other.employer_id)
            .where(Registration.state == "needs_decision", or_(
                visible_registrations(actor), _in_district(actor, others))))


def _in_district(actor: Actor, employer: Any) -> ColumnElement[bool]:
    """Whether the other side's employer is of this organizer's district."""
    found: ColumnElement[bool] = employer.district_id == UUID(actor.scope("district") or str(UUID(int=0)))
    return found


def _case(actor: Actor, row: Any, seats: dict[UUID, tuple[SeatRow, ...]]) -> Case:
    waiting, earlier, worker, tail, here, there, district, other_district = row
    own = actor.scope("district")

    def side(found: Registration, employer: str, of: UUID) -> Side:
        return Side(found.id, employer, found.origin, found.earliest, found.latest, found.state, found.source,
                    found.created_at, seats.get(found.id, ()), own in (None, str(of)))
    return Case(worker.name, tail, waiting.other_name, waiting.state_reason == "phone", side(waiting, here, district),
                side(earlier, there, other_district) if earlier is not None else None, waiting.answer_by,
                bool(waiting.answer_by and waiting.answer_by < clock.now()))


def decide(session: Session, actor: Actor, waiting_id: UUID, kept: str, renamed: bool, reason: str) -> None:
    """Keep the `waiting` request or the `earlier` one; `renamed` takes over the name that was handed in.

    The other side's seats are given back; both employers and the person are told. Raises NotFound for a foreign or
    missing case, Invalid without a reason, WrongState where it was decided meanwhile or somebody rides already.
    """
    said = why(actor, "decide", reason)
    row = session.execute(_query(actor).where(Registration.id == waiting_id)).first()
    if row is None or kept not in ("waiting", "earlier"):
        raise NotFound
    keys = sorted([row[0].id, *([row[1].id] if row[1] else [])])
    locked = {found.id: found for found in session.scalars(
        select(Registration).where(Registration.id.in_(keys)).order_by(Registration.id).with_for_update()
        .execution_options(populate_existing=True))}
    waiting, earlier = locked[row[0].id], locked[row[1].id] if row[1] else None
    if waiting.state != "needs_decision" or (earlier is not None and earlier.state in GONE):
        raise WrongState
    stays, goes = (waiting, earlier) if kept == "waiting" else (earlier, waiting)
    if goes is not None:
        _give_back(session, goes)
        end(session, goes, said)
    if stays is not None:
        keep(session, stays, said)
    if renamed and waiting.other_name:
        rename(session, row[2], waiting.other_name)
    _tell(session, row[2], stays, goes)


def _give_back(session: Session, found: Registration) -> None:
    for booking in session.scalars(select(Booking).where(
            Booking.campaign_id == found.campaign_id, Booking.registration_id == found.id,
            Booking.state.in_(LIVING)).with_for_update()):
        if booking.boarded_at is not None:
            raise WrongState
        release(session, booking)


def _tell(session: Session, worker: Worker, stays: Registration | None, goes: Registration | None) -> None:
    key = next(found.id for found in (stays, goes) if found is not None)
    with i18n.reading("zh"):
        if stays is not None and worker.phone_sealed is not None:
            employer, campaign = session.get_one(Employer, stays.employer_id), session.get_one(
                Campaign, stays.campaign_id)
            phone = audit.reveal(session, WORKER_PHONE.view(worker.id, worker.phone_sealed), "核实结果通知",
                                 "notice", key)
            tell(session, phone, "case_decided",
                 {"name": worker.name, "employer": employer.name, "hotline": campaign.hotline},
                 unique_key=f"case_decided|{key}|{_stamp()}", campaign_id=stays.campaign_id)
        for found, template in ((stays, "case_kept"), (goes, "case_ended")):
            if found is None or (found is goes and stays is not None and stays.employer_id == goes.employer_id):
                continue
            for place, phone in enumerate(_clerks(session, found.employer_id, found.id)):
                tell(session, phone, template, {"name": worker.name},
                     unique_key=f"{template}|{found.id}|{place}|{_stamp()}", campaign_id=found.campaign_id)


def _stamp() -> int:
    return int(clock.now().timestamp())


def _clerks(session: Session, employer_id: UUID, about: UUID) -> Sequence[str]:
    """The phones of an employer's clerks: the contact's, else those of the accounts."""
    contact = judge_phone(session.get_one(Employer, employer_id).contact_phone).value
    if contact:
        return [contact]
    accounts = session.scalars(select(Account).where(
        Account.role == Role.EMPLOYER, Account.scope_id == str(employer_id), Account.active,
        Account.phone_sealed.is_not(None)).order_by(Account.id).limit(3))
    guarded = [ACCOUNT_PHONE.view(one.id, one.phone_sealed) for one in accounts if one.phone_sealed]
    return audit.reveal_many(session, guarded, "核实结果通知", "notice", about)
