"""Members, their duties, rotas and swaps as pages show them; of phones the last four."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from charter.bookings.models import LIVING, Booking
from charter.campaigns.models import Campaign, Corridor, Departure, DepartureStop, Stop
from charter.core import clock
from charter.core.problems import NotFound
from charter.crew.duty import REST, phone_of, ride_of, span_of
from charter.crew.models import CrewDuty, CrewInvitation, CrewMember, CrewRota, CrewSwap
from charter.crew.rules.spans import Span, certified

__all__ = ["DutyRow", "InvitationRow", "MemberCounts", "MemberRow", "RotaLine", "Sheet", "SwapRow", "candidates_for",
           "counts", "duties_of", "duties_on", "invitations", "member_row", "members", "names_on", "rota_lines",
           "rota_of", "rotas", "sheet", "swaps_of"]

STATES = ("offered", "accepted", "refused", "left")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member as the desk lists him. `minutes`: on duty, open duties included."""

    id: UUID
    name: str
    kind: str
    unit: str
    last_four: str
    days: tuple[date, ...]
    nights: bool
    state: str
    policy: str
    insured_from: date | None
    insured_to: date | None
    duties: int
    minutes: int
    signed_up_at: datetime


@dataclass(frozen=True, slots=True)
class MemberCounts:
    """How many signed up and wait, were accepted, are accepted and have no insurance; the spread of hours."""

    offered: int
    accepted: int
    uninsured: int
    least_min: int
    most_min: int


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty: the whole span, the ride with people, who else is there."""

    id: UUID
    departure_id: int
    code: str
    mode: str
    state: str
    start: datetime
    end: datetime
    departs_at: datetime
    arrives_at: datetime
    stop: str
    plate: str
    drivers: str
    people: int
    others: tuple[str, ...]
    certified_min: int
    absent: bool

    @property
    def minutes(self) -> int:
        return Span(self.start, self.end).minutes


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation, and how many signed up by it."""

    id: UUID
    name: str
    kind: str
    until: date
    over: bool
    signed_up: int


@dataclass(frozen=True, slots=True)
class RotaLine:
    """One departure of a rota with those whom it names."""

    departure_id: int
    code: str
    departs_at: datetime
    arrives_at: datetime
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SwapRow:
    """One swap as a member sees it: `mine` where he asked; what he gives and what he gets."""

    id: UUID
    mine: bool
    other: str
    code: str
    start: datetime
    back: str
    state: str


def _listed(campaign_id: UUID) -> Select[Any, Any, Any]:
    span = func.extract("epoch", func.upper(CrewDuty.during) - func.lower(CrewDuty.during))
    done = (select(CrewDuty.member_id, func.count().label("duties"), func.sum(span).label("seconds"))
            .where(CrewDuty.campaign_id == campaign_id, CrewDuty.ended_at.is_(None), CrewDuty.absent.is_(False))
            .group_by(CrewDuty.member_id).subquery())
    return (select(CrewMember, func.coalesce(done.c.duties, 0), func.coalesce(done.c.seconds, 0))
            .outerjoin(done, done.c.member_id == CrewMember.id).where(CrewMember.campaign_id == campaign_id))


def members(session: Session, campaign_id: UUID, *, state: str = "", kind: str = "", words: str = "",
            uninsured: bool = False, limit: int = 100, offset: int = 0) -> list[MemberRow]:
    """Members by name; one more than wanted."""
    query = _listed(campaign_id)
    if state:
        query = query.where(CrewMember.state == state)
    if kind:
        query = query.where(CrewMember.kind == kind)
    if uninsured:
        query = query.where(CrewMember.insured_to.is_(None) | (CrewMember.insured_to < clock.today()))
    for word in words.split()[:4]:
        query = query.where(or_(CrewMember.name.icontains(word, autoescape=True),
                                CrewMember.unit.icontains(word, autoescape=True)))
    rows = session.execute(query.order_by(CrewMember.name, CrewMember.id).limit(limit + 1).offset(offset))
    return [_row(*row) for row in rows]


def member_row(session: Session, campaign_id: UUID, member_id: UUID) -> MemberRow:
    """One member. Raises NotFound."""
    row = session.execute(_listed(campaign_id).where(CrewMember.id == member_id)).first()
    if row is None:
        raise NotFound
    return _row(*row)


def _row(one: CrewMember, duties: int, seconds: Any) -> MemberRow:
    last = phone_of(one).last_four if one.phone_sealed else ""
    return MemberRow(one.id, one.name, one.kind, one.unit, last, tuple(one.days), one.nights, one.state, one.policy,
                     one.insured_from, one.insured_to, duties, int(seconds) // 60, one.signed_up_at)


def counts(session: Session, campaign_id: UUID) -> MemberCounts:
    """The figures above the list."""
    rows = [_row(*row) for row in session.execute(_listed(campaign_id))]
    accepted = [row for row in rows if row.state == "accepted"]
    minutes = [row.minutes for row in accepted]
    return MemberCounts(sum(row.state == "offered" for row in rows), len(accepted),
                        sum(row.insured_to is None or row.insured_to < clock.today() for row in accepted),
                        min(minutes, default=0), max(minutes, default=0))


def duties_of(session: Session, member_id: UUID) -> list[DutyRow]:
    """A member's duties, by time."""
    found = session.execute(
        select(CrewDuty, Departure).join(Departure, Departure.id == CrewDuty.departure_id)
        .where(CrewDuty.member_id == member_id, CrewDuty.ended_at.is_(None))
        .order_by(func.lower(CrewDuty.during))).all()
    ids = [departure.id for _, departure in found]
    with_me = names_on(session, ids)
    people = {row[0]: row[1] for row in session.execute(
        select(Booking.departure_id, func.count()).where(Booking.departure_id.in_(ids), Booking.state.in_(LIVING))
        .group_by(Booking.departure_id))}
    stops = _first_stops(session, ids)
    return [_duty(duty, departure, [name for key, name in with_me.get(departure.id, []) if key != member_id],
                  people.get(departure.id, 0), stops.get(departure.id, "")) for duty, departure in found]


def _duty(duty: CrewDuty, departure: Departure, others: list[str], people: int, stop: str) -> DutyRow:
    return DutyRow(duty.id, departure.id, departure.code, departure.mode, departure.state, duty.during.lower,
                   duty.during.upper, departure.departs_at, departure.arrives_at, stop, departure.plate,
                   departure.drivers, people, tuple(others), certified(ride_of(departure)), duty.absent)


def _first_stops(session: Session, ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(select(DepartureStop.departure_id, Stop.name).join(Stop, Stop.id == DepartureStop.stop_id)
                           .where(DepartureStop.departure_id.in_(ids)).order_by(DepartureStop.seq.desc()))
    return {row[0]: row[1] for row in rows}


def names_on(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[UUID, str]]]:
    """Who rides along these departures: member and name, by place."""
    found: dict[int, list[tuple[UUID, str]]] = {}
    for key, member, name in session.execute(
            select(CrewDuty.departure_id, CrewMember.id, CrewMember.name)
            .join(CrewMember, CrewMember.id == CrewDuty.member_id)
            .where(CrewDuty.departure_id.in_(ids), CrewDuty.ended_at.is_(None)).order_by(CrewDuty.place)):
        found.setdefault(key, []).append((member, name))
    return found


def duties_on(session: Session, departure_id: int) -> list[tuple[UUID, UUID, str, bool]]:
    """Duties on one departure by place: duty, member, name, whether he did not come."""
    rows = session.execute(
        select(CrewDuty.id, CrewMember.id, CrewMember.name, CrewDuty.absent)
        .join(CrewMember, CrewMember.id == CrewDuty.member_id)
        .where(CrewDuty.departure_id == departure_id, CrewDuty.ended_at.is_(None)).order_by(CrewDuty.place))
    return [(duty, member, name, absent) for duty, member, name, absent in rows]


def candidates_for(session: Session, departure_id: int) -> list[tuple[UUID, str, int]]:
    """Accepted members who are insured and free around a departure: id, name, minutes on duty; who has fewest first."""
    departure = session.get(Departure, departure_id)
    if departure is None:
        raise NotFound
    wanted = span_of(departure)
    busy = select(CrewDuty.member_id).where(
        CrewDuty.ended_at.is_(None), CrewDuty.campaign_id == departure.campaign_id,
        CrewDuty.during.op("&&")(func.tstzrange(wanted.start - REST, wanted.end + REST)))
    rows = [_row(*row) for row in session.execute(_listed(departure.campaign_id).where(
        CrewMember.state == "accepted", CrewMember.insured_from <= wanted.start.date(),
        CrewMember.insured_to >= wanted.end.date(), CrewMember.id.not_in(busy)))]
    return [(row.id, row.name, row.minutes) for row in sorted(rows, key=lambda row: (row.minutes, row.name))]


def invitations(session: Session, campaign_id: UUID) -> list[InvitationRow]:
    """The campaign's invitations, the newest first."""
    rows = session.execute(
        select(CrewInvitation, func.count(CrewMember.id)).outerjoin(
            CrewMember, CrewMember.invitation_id == CrewInvitation.id)
        .where(CrewInvitation.campaign_id == campaign_id).group_by(CrewInvitation.id)
        .order_by(CrewInvitation.made_at.desc()))
    return [InvitationRow(one.id, one.name, one.kind, one.until, one.ended_at is not None or one.until < clock.today(),
                          count) for one, count in rows]


def rotas(session: Session, campaign_id: UUID) -> Sequence[CrewRota]:
    """The campaign's newest rotas."""
    return session.scalars(select(CrewRota).where(CrewRota.campaign_id == campaign_id)
                           .order_by(CrewRota.made_at.desc()).limit(30)).all()


def rota_of(session: Session, campaign_id: UUID, rota_id: UUID) -> CrewRota:
    """One rota. Raises NotFound."""
    found = session.get(CrewRota, rota_id)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound
    return found


def rota_lines(session: Session, row: CrewRota) -> list[RotaLine]:
    """What a rota says, by time; departures for which it found nobody have no names."""
    names = {str(key): name for key, name in session.execute(
        select(CrewMember.id, CrewMember.name).where(CrewMember.campaign_id == row.campaign_id))}
    first, last = date.fromisoformat(row.wanted["first"]), date.fromisoformat(row.wanted["last"])
    found = session.scalars(select(Departure).where(
        Departure.campaign_id == row.campaign_id, Departure.date.between(first, last),
        or_(Departure.crew_name == "", Departure.id.in_([int(key) for key in row.filled])),
        Departure.state.in_(("planned", "open", "closed"))).order_by(Departure.departs_at, Departure.id))
    return [RotaLine(one.id, one.code, one.departs_at, one.arrives_at,
                     tuple(names.get(key, "") for key in row.filled.get(str(one.id), []))) for one in found]


def swaps_of(session: Session, member_id: UUID) -> list[SwapRow]:
    """Swaps that a member asked for or was asked for, the newest first."""
    back, asker, asked, other = aliased(CrewDuty), aliased(CrewMember), aliased(CrewMember), aliased(Departure)
    rows = session.execute(
        select(CrewSwap, asker, asked, Departure, other.code)
        .join(asker, asker.id == CrewSwap.from_id).join(asked, asked.id == CrewSwap.to_id)
        .join(CrewDuty, CrewDuty.id == CrewSwap.duty_id).join(Departure, Departure.id == CrewDuty.departure_id)
        .outerjoin(back, back.id == CrewSwap.return_duty_id).outerjoin(other, other.id == back.departure_id)
        .where(or_(CrewSwap.from_id == member_id, CrewSwap.to_id == member_id))
        .order_by(CrewSwap.asked_at.desc()).limit(30))
    return [SwapRow(swap.id, swap.from_id == member_id, (to if swap.from_id == member_id else by).name, departure.code,
                    departure.departs_at, code or "", swap.state) for swap, by, to, departure, code in rows]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A duty sheet: the departure, its stops with the people at each, the campaign's hotline."""

    departure: Departure
    corridor: str
    campaign: Campaign
    stops: tuple[tuple[DepartureStop, str, int], ...]
    people: int


def sheet(session: Session, departure_id: int) -> Sheet:
    """What a crew member has in hand. Raises NotFound."""
    row = session.execute(
        select(Departure, Corridor.name, Campaign).join(Corridor, Corridor.id == Departure.corridor_id)
        .join(Campaign, Campaign.id == Departure.campaign_id).where(Departure.id == departure_id)).first()
    if row is None:
        raise NotFound
    people: dict[UUID | None, int] = {row[0]: row[1] for row in session.execute(
        select(Booking.stop_id, func.count()).where(Booking.departure_id == departure_id, Booking.state.in_(LIVING))
        .group_by(Booking.stop_id))}
    stops = session.execute(select(DepartureStop, Stop.name).join(Stop, Stop.id == DepartureStop.stop_id)
                            .where(DepartureStop.departure_id == departure_id).order_by(DepartureStop.seq)).all()
    return Sheet(row[0], row[1], row[2], tuple((one, name, people.get(one.stop_id, 0)) for one, name in stops),
                 sum(people.values()))
