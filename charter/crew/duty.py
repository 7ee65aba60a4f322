"""Duties: who of the members rides along which departure, put on and taken off by hand, and kept true when a departure
moves.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Departure
from charter.campaigns.trip import OVER, crew_texts, own_departure, set_crew
from charter.core import audit, clock
from charter.core.problems import NotFound
from charter.core.sealed import Sealed
from charter.crew.joining import PHONE
from charter.crew.links import member_code
from charter.crew.models import CrewDuty, CrewMember
from charter.crew.problems import NotInsured, PlaceTaken, TwoAtOnce
from charter.crew.rules.spans import Ride, Span, days_of, span
from charter.notices.service import Notice, tell_many

__all__ = ["MOST_PLACES", "REST", "follow", "insured", "mark_absent", "phone_of", "put_on",
           "put_on_and_tell", "rested", "ride_of", "show_on_pass", "span_of",
           "take_off", "tell_duties"]

MOST_PLACES = 4
REST = timedelta(hours=12)  # between two duties of one person


def ride_of(departure: Departure) -> Ride:
    """The ride with people aboard, on the campaign's clock."""
    return Ride(departure.mode, departure.direction, clock.local(departure.departs_at),
                clock.local(departure.arrives_at), departure.leg_kind == "feeder")


def span_of(departure: Departure) -> Span:
    """From leaving base to being back, on the campaign's clock."""
    return span(ride_of(departure))


def insured(member: CrewMember, wanted: Span) -> bool:
    """Whether his policy covers every day of a span."""
    days = days_of(wanted.start, wanted.end)
    return (member.insured_from is not None and member.insured_to is not None
            and member.insured_from <= days[0] and days[-1] <= member.insured_to)


def put_on(session: Session, departure_id: int, member_id: UUID, source: str = "hand") -> CrewDuty:
    """This member rides along, in the first free place.

    Raises NotFound, NotInsured, TwoAtOnce (with rest), PlaceTaken.
    """
    departure = own_departure(session, departure_id, lock=True)
    member = session.get(CrewMember, member_id, with_for_update=True)
    if member is None or member.campaign_id != departure.campaign_id or member.state != "accepted" \
            or departure.state in OVER:
        raise NotFound
    wanted = span_of(departure)
    if not insured(member, wanted):
        raise NotInsured
    if not rested(session, member_id, wanted):
        raise TwoAtOnce
    taken = set(session.scalars(select(CrewDuty.place).where(
        CrewDuty.departure_id == departure_id, CrewDuty.ended_at.is_(None))))
    free = next((place for place in range(1, MOST_PLACES + 1) if place not in taken), None)
    if free is None:
        raise PlaceTaken
    made = CrewDuty(campaign_id=departure.campaign_id, departure_id=departure_id, place=free, member_id=member_id,
                    member_number=member.number, during=Range(wanted.start, wanted.end), source=source)
    session.add(made)
    session.flush()
    audit.record(session, "crew.put_on", "departure", departure_id, member=str(member_id), source=source)
    show_on_pass(session, departure)
    return made


def put_on_and_tell(session: Session, departure_id: int, member_id: UUID) -> None:
    """The same, and a message to him. Raises what `put_on` raises."""
    tell_duties(session, [put_on(session, departure_id, member_id)])


def rested(session: Session, member_id: UUID, wanted: Span, *, but: UUID | None = None) -> bool:
    """Whether no other duty of his is nearer to this span than the rest allows."""
    near = select(CrewDuty.id).where(
        CrewDuty.member_id == member_id, CrewDuty.ended_at.is_(None),
        CrewDuty.during.op("&&")(func.tstzrange(wanted.start - REST, wanted.end + REST)))
    return session.scalar((near if but is None else near.where(CrewDuty.id != but)).limit(1)) is None


def take_off(session: Session, duty_id: UUID) -> int:
    """He does not ride along after all; the departure. Raises NotFound."""
    found = session.get(CrewDuty, duty_id, with_for_update=True)
    if found is None or found.ended_at is not None:
        raise NotFound
    departure = own_departure(session, found.departure_id, lock=True)
    found.ended_at = clock.now()
    session.flush()
    audit.record(session, "crew.taken_off", "departure", departure.id, member=str(found.member_id))
    show_on_pass(session, departure)
    return departure.id


def mark_absent(session: Session, duty_id: UUID, absent: bool) -> int:
    """He did not come (or did): only who came gets hours; the departure. Raises NotFound."""
    found = session.get(CrewDuty, duty_id, with_for_update=True)
    if found is None or found.ended_at is not None:
        raise NotFound
    departure = own_departure(session, found.departure_id)
    found.absent = absent
    audit.record(session, "crew.absent", "departure", departure.id, member=str(found.member_id), absent=absent)
    return departure.id


def show_on_pass(session: Session, departure: Departure) -> None:
    """Name and phone of the first place stand on the passes."""
    row = session.execute(
        select(CrewMember).join(CrewDuty, CrewDuty.member_id == CrewMember.id)
        .where(CrewDuty.departure_id == departure.id, CrewDuty.ended_at.is_(None))
        .order_by(CrewDuty.place).limit(1)).scalar_one_or_none()
    name, phone = "", ""
    if row is not None and row.phone_sealed:
        name, phone = row.name, audit.reveal(session, phone_of(row), "乘车码上的带车人", "departure", departure.id)
    set_crew(session, departure, name, phone, crew_texts(departure))


def phone_of(member: CrewMember) -> Sealed:
    """A member's phone, guarded."""
    return PHONE.view(member.id, member.phone_sealed or b"")


def tell_duties(session: Session, duties: list[CrewDuty]) -> None:
    """A message to each of them about a duty that he has now."""
    ids = [duty.id for duty in duties]
    rows = session.execute(
        select(CrewDuty, CrewMember, Departure).join(CrewMember, CrewMember.id == CrewDuty.member_id)
        .join(Departure, Departure.id == CrewDuty.departure_id)
        .where(CrewDuty.id.in_(ids), CrewMember.phone_sealed.is_not(None))).all()
    phones = audit.reveal_many(session, [phone_of(member) for _, member, _ in rows], "带车任务通知", "crew",
                               len(rows))
    tell_many(session, [Notice(phone, "crew_duty", {
        "departure": departure.code, "start": f"{span_of(departure).start:%m-%d %H:%M}",
        "end": f"{span_of(departure).end:%m-%d %H:%M}", "code": member_code(member.id, member.link_revision)},
        f"crew_duty|{duty.id}|{departure.departs_at:%m%d%H%M}") for (duty, member, departure), phone
        in zip(rows, phones, strict=True)], campaign_id=duties[0].campaign_id if duties else None)


def follow(session: Session) -> int:
    """Duties of departures that moved or were called off move or end with them; how many changed. For the sweep.

    One that now overlaps another stays as it was: the desk lists it.
    """
    rows = session.execute(
        select(CrewDuty, Departure).join(Departure, Departure.id == CrewDuty.departure_id)
        .join(Campaign, Campaign.id == CrewDuty.campaign_id)
        .where(CrewDuty.ended_at.is_(None), Campaign.state != "closed", Departure.state.not_in(("departed", "arrived")))
        .order_by(CrewDuty.id).with_for_update(of=CrewDuty, skip_locked=True)).all()
    changed = 0
    for duty, departure in rows:
        wanted = span_of(departure)
        if departure.state == "called_off":
            duty.ended_at = clock.now()
            changed += 1
        elif (duty.during.lower, duty.during.upper) != (wanted.start, wanted.end):
            changed += _moved(session, duty, wanted)
    return changed


def _moved(session: Session, duty: CrewDuty, wanted: Span) -> bool:
    try:
        with session.begin_nested():
            duty.during = Range(wanted.start, wanted.end)
            session.flush()
    except IntegrityError:
        session.refresh(duty)
        return False
    return True
