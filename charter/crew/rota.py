"""A rota as a job: asked for, computed, looked at, then taken as it stands. Nothing changes before it is taken."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.campaigns.models import Corridor, Departure
from charter.core import audit, clock
from charter.core.deferral import defer
from charter.core.problems import NotFound
from charter.crew.duty import REST, put_on, span_of, tell_duties
from charter.crew.joining import campaign_for
from charter.crew.models import CrewDuty, CrewMember, CrewRota
from charter.crew.problems import NotInsured, PlaceTaken, RotaStale, TwoAtOnce
from charter.crew.rules.rota import Hand, Outcome, Problem, Shift
from charter.crew.rules.spans import LONG_KM, Span, days_of, need, nights_of

__all__ = ["claim", "fail", "finish", "problem_for", "progress", "start", "stop", "take"]

RUNS = ("planned", "open", "closed")
SECONDS = 25.0


def start(session: Session, campaign_id: UUID, first: date, last: date, seed: int = 0) -> UUID:
    """Have a rota made for the departures of these days; its id. What is arranged already stays as it is."""
    campaign = campaign_for(session, campaign_id)
    made = CrewRota(campaign_id=campaign.id, wanted={"first": first.isoformat(), "last": last.isoformat(),
                                                     "seed": seed, "seconds": SECONDS})
    session.add(made)
    session.flush()
    defer(session, "crew.rota", alone=f"rota {made.id}", rota_id=str(made.id))
    audit.record(session, "crew.rota_started", "crew_rota", made.id)
    return made.id


def stop(session: Session, rota_id: UUID) -> None:
    """End the search with the best rota so far. Raises NotFound."""
    _own(session, rota_id).stop_wanted = True


def claim(session: Session, rota_id: UUID) -> tuple[Problem, dict[str, Any]] | None:
    """The problem of a rota that is to be computed; None where it has ended."""
    row = session.get(CrewRota, rota_id, with_for_update=True)
    if row is None or row.state not in ("queued", "running"):
        return None
    row.state = "running"
    return problem_for(session, row), dict(row.wanted)


def progress(session: Session, rota_id: UUID, seconds: float, cost: int, bound: int) -> bool:
    """Write how far it is; whether somebody wants it to end."""
    row = session.get_one(CrewRota, rota_id, with_for_update=True)
    row.figures = {**row.figures, "seconds": seconds, "cost": cost, "bound": bound}
    return row.stop_wanted


def finish(session: Session, rota_id: UUID, problem: Problem, found: Outcome) -> None:
    """Keep what was found."""
    row = session.get_one(CrewRota, rota_id, with_for_update=True)
    if row.state != "running":
        return
    row.state, row.filled = "done", {key: list(keys) for key, keys in found.filled.items() if keys}
    row.figures = {"seconds": found.seconds, "cost": found.cost, "bound": found.bound, "empty": found.empty,
                   "empty_bound": found.empty_bound, "gap": round(found.gap, 5), "optimal": found.optimal,
                   "spread_min": found.spread_min, "shifts": len(problem.shifts), "hands": len(problem.hands),
                   "places": sum(shift.need for shift in problem.shifts)}


def fail(session: Session, rota_id: UUID) -> None:
    """It cannot be computed."""
    row = session.get(CrewRota, rota_id, with_for_update=True)
    if row is not None and row.state in ("queued", "running"):
        row.state = "failed"


def take(session: Session, rota_id: UUID) -> int:
    """Make the rota's duties real and tell everybody; how many. All or nothing. Raises NotFound, RotaStale."""
    row = _own(session, rota_id)
    if row.state != "done":
        raise RotaStale
    made: list[CrewDuty] = []
    held = Counter(session.scalars(select(CrewDuty.departure_id).where(
        CrewDuty.campaign_id == row.campaign_id, CrewDuty.ended_at.is_(None))))
    try:
        for key, members in sorted(row.filled.items()):
            if held[int(key)] + len(members) > 2:
                raise RotaStale
            made += [put_on(session, int(key), UUID(member), "rota") for member in members]
    except (NotFound, NotInsured, TwoAtOnce, PlaceTaken) as changed:
        raise RotaStale from changed
    row.state, row.taken_at = "taken", clock.now()
    tell_duties(session, made)
    audit.record(session, "crew.rota_taken", "crew_rota", row.id, duties=len(made))
    return len(made)


def problem_for(session: Session, row: CrewRota) -> Problem:
    """What is still open on those days, and everybody who was accepted with what he bears already."""
    first, last = date.fromisoformat(row.wanted["first"]), date.fromisoformat(row.wanted["last"])
    shifts = _shifts(session, row.campaign_id, first, last)
    duties: dict[UUID, list[tuple[Span, bool]]] = {}
    for member, departure, far in session.execute(
            select(CrewDuty.member_id, Departure, Corridor.distance_km).join(Departure, Departure.id ==
                                                                            CrewDuty.departure_id)
            .join(Corridor, Corridor.id == Departure.corridor_id)
            .where(CrewDuty.campaign_id == row.campaign_id, CrewDuty.ended_at.is_(None))):
        duties.setdefault(member, []).append((span_of(departure), far >= LONG_KM))
    members = session.scalars(select(CrewMember).where(
        CrewMember.campaign_id == row.campaign_id, CrewMember.state == "accepted").order_by(CrewMember.id)).all()
    return Problem(tuple(shifts), tuple(_hand(member, duties.get(member.id, [])) for member in members),
                   int(REST.total_seconds() // 60))


def _shifts(session: Session, campaign_id: UUID, first: date, last: date) -> list[Shift]:
    people = (select(Booking.departure_id, func.count().label("people")).where(
        Booking.campaign_id == campaign_id, Booking.state.in_(LIVING)).group_by(Booking.departure_id).subquery())
    held = (select(CrewDuty.departure_id, func.count().label("held")).where(
        CrewDuty.campaign_id == campaign_id, CrewDuty.ended_at.is_(None)).group_by(CrewDuty.departure_id).subquery())
    rows = session.execute(
        select(Departure, Corridor.distance_km, people.c.people, held.c.held)
        .join(Corridor, Corridor.id == Departure.corridor_id)
        .outerjoin(people, people.c.departure_id == Departure.id).outerjoin(held, held.c.departure_id == Departure.id)
        .where(Departure.campaign_id == campaign_id, Departure.date.between(first, last), Departure.state.in_(RUNS),
               Departure.departs_at > clock.now()).order_by(Departure.departs_at, Departure.id))
    found = []
    for departure, far, count, has in rows:
        typed = bool(departure.crew_name) and not has  # somebody was written in by hand
        left = need(count if count is not None else departure.seats_total) - (has or 0) - typed
        if left > 0:
            found.append(_shift(departure, left, far >= LONG_KM))
    return found


def _shift(departure: Departure, left: int, long: bool) -> Shift:
    wanted = span_of(departure)
    return Shift(str(departure.id), _minute(wanted.start), _minute(wanted.end), left, _numbers(wanted),
                 nights_of(wanted.start, wanted.end), long)


def _hand(member: CrewMember, duties: list[tuple[Span, bool]]) -> Hand:
    spans = [wanted for wanted, _ in duties]
    bears = (sum(-(-wanted.minutes // 720) for wanted in spans),
             sum(nights_of(wanted.start, wanted.end) for wanted in spans), sum(far for _, far in duties))
    covered: frozenset[int] = frozenset()
    if member.insured_from is not None and member.insured_to is not None:
        covered = frozenset(range(member.insured_from.toordinal(), member.insured_to.toordinal() + 1))
    return Hand(str(member.id), frozenset(day.toordinal() for day in member.days), member.nights, covered, bears,
                sum(wanted.minutes for wanted in spans),
                tuple((_minute(wanted.start), _minute(wanted.end)) for wanted in spans))


def _numbers(wanted: Span) -> frozenset[int]:
    return frozenset(day.toordinal() for day in days_of(wanted.start, wanted.end))


def _minute(moment: datetime) -> int:
    return int((moment - datetime(2020, 1, 1, tzinfo=clock.ZONE)) // timedelta(minutes=1))


def _own(session: Session, rota_id: UUID) -> CrewRota:
    row = session.get(CrewRota, rota_id, with_for_update=True)
    if row is None:
        raise NotFound
    campaign_for(session, row.campaign_id)
    return row
