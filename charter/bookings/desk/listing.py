"""The list of people: filtered, sorted, a page at a time, each with the seats that he has; figures by state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from charter.bookings.desk.filters import PAGE, Wanted
from charter.bookings.desk.scope import listed, masked, masked_name
from charter.bookings.desk.searching import matching
from charter.bookings.models import Booking
from charter.bookings.queries import living
from charter.campaigns.choosing import campaign_of
from charter.campaigns.models import Campaign, Departure
from charter.core import clock
from charter.core.actor import Actor
from charter.core.bulk import any_of
from charter.people.models import Employer, Worker, WorkerDocument
from charter.registrations.models import Registration, Reply

__all__ = ["Figures", "Page", "PersonRow", "SeatRow", "conditions", "every", "figures", "page", "rows",
           "seats_of"]

PORTION = 5_000


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A living booking of a listed person."""

    booking_id: int
    departure_id: int
    code: str
    mode: str
    departs_at: datetime
    departure_state: str
    seat: str | None
    state: str
    boarded: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line: no phone, and of the document the last four; a masked reader gets neither that nor the name."""

    id: UUID
    name: str
    last_four: str
    employer: str
    origin: str
    earliest: date
    latest: date
    modes: tuple[str, ...]
    state: str
    source: str
    party_id: UUID | None
    lap_children: int
    answer_by: datetime | None
    late: bool
    seats: tuple[SeatRow, ...]
    coming: bool = False  # he has answered so
    pass_by: str = ""  # who hands him his pass


@dataclass(frozen=True, slots=True)
class Figures:
    """People of one reader's scope by state, how many in all that still count, and promised answers overdue."""

    states: dict[str, int]
    people: int
    late: int
    silent: int = 0  # have a seat and have not said that they come


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list and what stands around it."""

    campaign: Campaign
    figures: Figures
    rows: tuple[PersonRow, ...]
    total: int
    pages: int


def page(session: Session, actor: Actor, wanted: Wanted) -> Page:
    """What the list shows for these filters. Raises NotFound for a foreign campaign."""
    campaign = campaign_of(session, actor, wanted.campaign, wanted.kept)
    where = conditions(actor, campaign, wanted)
    total = session.scalar(_joined(select(func.count())).where(*where)) or 0
    found = rows(session, actor, where, wanted.sort, limit=PAGE, offset=(wanted.page - 1) * PAGE)
    return Page(campaign, figures(session, actor, campaign), tuple(found), total,
                max(-(-total // PAGE), 1))


def figures(session: Session, actor: Actor, campaign: Campaign) -> Figures:
    """Count this reader's people."""
    late = func.count().filter(_is_late())
    counted = session.execute(select(Registration.state, func.count(), late).where(
        Registration.campaign_id == campaign.id, listed(actor)).group_by(Registration.state)).all()
    states = {str(state): int(number) for state, number, _ in counted}
    gone = states.get("withdrawn", 0) + states.get("rejected", 0)
    silent = session.scalar(select(func.count()).select_from(Registration).where(
        Registration.campaign_id == campaign.id, listed(actor), *_silent()))
    return Figures(states, sum(states.values()) - gone, sum(int(one[2]) for one in counted), silent or 0)


def rows(session: Session, actor: Actor, where: Sequence[ColumnElement[bool]], sort: str, *, limit: int,
         offset: int = 0) -> list[PersonRow]:
    """Lines of the list with their seats, by two statements."""
    found = session.execute(_lines(where, sort).limit(limit).offset(offset)).all()
    seats = seats_of(session, [row[0].id for row in found])
    return [_row(actor, row, seats) for row in found]


def every(session: Session, actor: Actor, where: Sequence[ColumnElement[bool]], sort: str) -> Iterator[PersonRow]:
    """All lines of the list, read by a cursor in portions, so that their number costs no memory."""
    for part in session.execute(_lines(where, sort).execution_options(yield_per=PORTION)).partitions():
        seats = seats_of(session, [row[0].id for row in part])
        yield from (_row(actor, row, seats) for row in part)


def _lines(where: Sequence[ColumnElement[bool]], sort: str) -> Any:
    # Several documents may belong to one person; the list shows the tail of one of them.
    tail = (select(WorkerDocument.last_four).where(WorkerDocument.worker_id == Worker.id)
            .order_by(WorkerDocument.id).limit(1).correlate(Worker).scalar_subquery())
    query = _joined(select(Registration, Worker.name, func.coalesce(tail, ""), Employer.name,
                           _answered().label("coming"))).where(*where)
    return query.order_by(*_order(sort))


def seats_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, tuple[SeatRow, ...]]:
    """The living bookings of these requests, in the order of travel."""
    made: dict[UUID, list[SeatRow]] = defaultdict(list)
    for row in session.execute(
            select(Booking.registration_id, Booking.id, Departure.id, Departure.code, Departure.mode,
                   Departure.departs_at, Departure.state, Booking.seat, Booking.state, Booking.boarded_at)
            .join(Departure, Departure.id == Booking.departure_id)
            .where(any_of(Booking.registration_id, list(ids)), living()).order_by(Departure.departs_at, Booking.id)):
        made[row[0]].append(SeatRow(row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9] is not None))
    return {key: tuple(value) for key, value in made.items()}


def _joined(query: Any) -> Any:
    return (query.select_from(Registration).join(Worker, Worker.id == Registration.worker_id)
            .join(Employer, Employer.id == Registration.employer_id))


def _row(actor: Actor, row: Any, seats: dict[UUID, tuple[SeatRow, ...]]) -> PersonRow:
    found, name, last_four, employer, coming = row
    hidden = masked(actor)
    late = found.state in ("received", "needs_decision") and bool(found.answer_by and found.answer_by < clock.now())
    return PersonRow(
        found.id, masked_name(name) if hidden else name, "" if hidden else last_four, employer, found.origin,
        found.earliest, found.latest, tuple(found.modes), found.state, found.source, found.party_id,
        found.lap_children, found.answer_by, late, seats.get(found.id, ()), coming, found.pass_by)


def _answered() -> ColumnElement[bool]:
    """Whether somebody has said by his link that he comes."""
    return exists().where(Reply.campaign_id == Registration.campaign_id, Reply.registration_id == Registration.id,
                          Reply.kind == "coming")


def _silent() -> list[ColumnElement[bool]]:
    """Who has a seat and has not answered, nor is on board."""
    return [Registration.state.in_(("offered", "booked")), ~_answered()]


def _is_late() -> ColumnElement[bool]:
    return and_(Registration.state.in_(("received", "needs_decision")), Registration.answer_by < clock.now())


def conditions(actor: Actor, campaign: Campaign, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The reader's scope and the filters, as conditions on the list's tables."""
    made = [Registration.campaign_id == campaign.id, listed(actor)]
    if wanted.state:
        made.append(Registration.state == wanted.state)
    if wanted.origins is not None:
        made.append(Registration.origin.in_(wanted.origins))
    if wanted.employer:
        made.append(_employer(wanted.employer))
    if wanted.mode:
        made.append(Registration.modes.contains([wanted.mode]))
    if wanted.day:
        made.append(_travels_on(wanted.day))
    if wanted.seat:
        seated = _books()
        made.append(seated if wanted.seat == "yes" else ~seated)
    if wanted.departure:
        made.append(_books(func.strpos(Departure.code, wanted.departure) > 0))
    if wanted.late:
        made.append(_is_late())
    if wanted.silent:
        made += _silent()
    if wanted.search:
        made.append(matching(wanted.search))
    return made


def _books(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether somebody has a seat, on such a departure."""
    return (select(Booking.id).join(Departure, Departure.id == Booking.departure_id)
            .where(Booking.campaign_id == Registration.campaign_id, Booking.registration_id == Registration.id,
                   living(), *which).correlate(Registration).exists())


def _travels_on(day: date) -> ColumnElement[bool]:
    """Whether somebody's seat is of that day or, having none yet, whether he could travel then."""
    return or_(_books(Departure.date == day),
               and_(~_books(), Registration.earliest <= day, Registration.latest >= day))


def _employer(words: str) -> ColumnElement[bool]:
    bare = words.replace(" ", "")
    return or_(func.strpos(Employer.name, bare) > 0, Employer.credit_code == bare.upper(),
               func.strpos(Employer.name_pinyin, bare.lower()) > 0)


def _order(sort: str) -> list[Any]:
    ways: dict[str, list[Any]] = {
        "name": [Worker.name_pinyin, Worker.name], "origin": [Registration.origin], "day": [Registration.earliest],
        "employer": [Employer.name_pinyin, Employer.name], "state": [Registration.state]}
    return [*ways.get(sort, [Registration.created_at.desc()]), Registration.id]
