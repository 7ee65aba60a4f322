"""JSON of seats: departures with what is left, bookings, requests with their bookings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session

from charter.bookings import queries, service
from charter.bookings.models import Booking
from charter.bookings.problems import DepartureFull, PartyDoesNotFit
from charter.core import clock
from charter.core.actor import Actor
from charter.core.api import Answer, Body, actor, answered, call, create, json_response, json_text, page_wanted
from charter.core.db import act, ask
from charter.core.i18n import N_, language
from charter.core.ids import uuid_or_none
from charter.core.kept import kept
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.core.routes import PUBLIC
from charter.people.queries import workers
from charter.registrations import queries as requests
from charter.registrations.forms import MAKERS, RegistrationMade

__all__ = ["bp"]

bp = Blueprint("bookings_api", __name__)
MODES = ("bus", "train", "flight")
STATES = ("planned", "open", "closed", "boarding", "departed", "arrived", "called_off")


class StopAnswer(Answer):
    """A stop where people get on."""

    id: str
    name: str
    division: str
    gather_at: datetime
    departs_at: datetime
    bay: str


class DepartureAnswer(Answer):
    """A published departure."""

    id: str
    campaign_id: str
    mode: str
    direction: str
    corridor: str
    date: date
    departs_at: datetime
    arrives_at: datetime
    state: str
    seats_total: int
    seats_left: int
    seating: str
    origins: list[str]
    stops: list[StopAnswer]


class DeparturesAnswer(Answer):
    """A page of departures."""

    items: list[DepartureAnswer]
    next: str | None


class BookingAnswer(Answer):
    """A booking."""

    id: str
    registration_id: str
    departure_id: str
    seat: str | None
    state: str
    revision: int
    hold_expires_at: datetime | None


class BookingsAnswer(Answer):
    """A page of bookings, or a party's."""

    items: list[BookingAnswer]
    next: str | None = None


class RegistrationAnswer(Answer):
    """A request with its bookings, one per leg. Of document and phone only the last four are shown; `employer` is its
    credit code, or its id where it has none."""

    id: str
    campaign_id: str
    state: str
    name: str
    id_type: str
    id_number: str
    phone: str | None
    employer: str
    employer_id: str
    employer_name: str
    origin: str
    origin_text: str
    earliest: date
    latest: date
    modes: list[str]
    party: str | None
    needs: str
    note: str
    answer_by: datetime | None
    bookings: list[BookingAnswer]


class RegistrationsAnswer(Answer):
    """A page of requests."""

    items: list[RegistrationAnswer]
    next: str | None


class BookingBody(Body):
    """One person (`registration_id`, `seat`) or a party (`registration_ids`, `seats`)."""

    registration_id: str | None = None
    seat: str | None = None
    registration_ids: list[str] | None = None
    seats: list[str] | None = None


class MoveBody(Body):
    """Where to."""

    departure_id: str | None = None
    seat: str | None = None


def _local(moment: datetime | None) -> datetime | None:
    return None if moment is None else clock.local(moment)


def booking_answer(found: queries.BookingView) -> BookingAnswer:
    """A booking as JSON."""
    return BookingAnswer(id=str(found.id), registration_id=str(found.registration_id),
                         departure_id=str(found.departure_id), seat=found.seat, state=found.state,
                         revision=found.revision, hold_expires_at=_local(found.hold_expires_at))


def _departure_answer(found: queries.DepartureView) -> DepartureAnswer:
    stops = [StopAnswer(id=str(stop.id), name=stop.name, division=stop.division, gather_at=clock.local(stop.gather_at),
                        departs_at=clock.local(stop.departs_at), bay=stop.bay) for stop in found.stops]
    return DepartureAnswer(
        id=str(found.id), campaign_id=str(found.campaign_id), mode=found.mode, direction=found.direction,
        corridor=found.corridor, date=found.date, departs_at=clock.local(found.departs_at),
        arrives_at=clock.local(found.arrives_at), state=found.state, seats_total=found.seats_total,
        seats_left=found.seats_left, seating=found.seating, origins=list(found.origins), stops=stops)


@call(bp, "GET", "/api/v1/campaigns/<uuid:campaign_id>/departures", roles=PUBLIC, answer=DeparturesAnswer,
      query=("date", "mode", "origin", "state", "cursor", "limit"))
def departures(campaign_id: UUID) -> Response:
    """Published departures of a campaign, by time."""
    key = (request.full_path, actor().caller, language())
    return json_response(kept(key, lambda: json_text(_departures(campaign_id))))


def _departures(campaign_id: UUID) -> DeparturesAnswer:
    wanted = page_wanted()
    rows = ask(queries.departures, campaign_id, day=_day(), mode=_one_of("mode", MODES),
               origin=request.args.get("origin"), state=_one_of("state", STATES), limit=wanted.limit,
               after=wanted.after)
    shown, after = wanted.page(rows, lambda row: (row.departs_at.isoformat(), row.id))
    return DeparturesAnswer(items=[_departure_answer(row) for row in shown], next=after)


def _day() -> date | None:
    written = request.args.get("date")
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Invalid(errors=[FieldProblem("date", "date_invalid", N_("日期应写成 2026-02-12 这样"))]) from error


def _one_of(name: str, known: tuple[str, ...]) -> str | None:
    written = request.args.get(name)
    if written is not None and written not in known:
        raise Invalid(errors=[FieldProblem(name, "invalid", N_("没有这个选项"))])
    return written


@call(bp, "POST", "/api/v1/departures/<departure:departure_id>/bookings", roles=MAKERS, body=BookingBody,
      answer=BookingAnswer, status=201, creates=True)
def make_booking(departure_id: int, body: BookingBody) -> Response:
    """Hold a place for a person, or places for a party (all or none)."""
    if body.registration_ids is not None:
        ids = [_uuid(written) for written in body.registration_ids]
        wrong = not 1 <= len(ids) <= 50 or len(set(ids)) < len(ids)
        wrong = wrong or (body.seats is not None and len(body.seats) != len(ids))
        if wrong or body.registration_id is not None or body.seat is not None:
            raise Invalid(errors=[FieldProblem("registration_ids", "invalid", N_("请写明每一个人"))])
        return _create(ids[0], _held_party, service.hold_party, departure_id, ids, body.seats)
    if body.registration_id is None or body.seats is not None:
        raise Invalid(errors=[FieldProblem("registration_id", "missing", N_("必须填写"))])
    return _create(_uuid(body.registration_id), _held, service.hold, departure_id, _uuid(body.registration_id),
                   body.seat)


def _create(first: UUID, show: Any, service_act: Any, *args: Any) -> Response:
    """Book; whom there is no room for is told where he can wait."""
    try:
        return create(201, show, service_act, *args)
    except (DepartureFull, PartyDoesNotFit) as full:
        full.extra["waiting_list"] = url_for("waiting_api.wait", registration_id=first)
        raise


def _uuid(written: str) -> UUID:
    key = uuid_or_none(written)
    if key is None:
        raise NotFound
    return key


def _held(_: Session, found: Booking) -> BookingAnswer:
    return booking_answer(queries.view(found))


def _held_party(_: Session, found: list[Booking]) -> dict[str, Any]:
    return {"items": [booking_answer(queries.view(booking)).model_dump(mode="json") for booking in found]}


@call(bp, "GET", "/api/v1/departures/<departure:departure_id>/bookings", roles=MAKERS, answer=BookingsAnswer,
      query=("cursor", "limit"))
def departure_bookings(departure_id: int) -> BookingsAnswer:
    """The bookings of a departure that the caller may see."""
    wanted = page_wanted()
    rows = ask(queries.of_departure, actor(), departure_id, limit=wanted.limit, after=wanted.after)
    shown, after = wanted.page(rows, lambda row: (str(row.id),))
    return BookingsAnswer(items=[booking_answer(row) for row in shown], next=after)


@call(bp, "GET", "/api/v1/bookings/<serial:booking_id>", roles=MAKERS, answer=BookingAnswer)
def booking(booking_id: int) -> BookingAnswer:
    """One booking."""
    return booking_answer(ask(queries.find, actor(), booking_id))


@call(bp, "POST", "/api/v1/bookings/<serial:booking_id>/confirm", roles=MAKERS, answer=BookingAnswer)
def confirm_booking(booking_id: int) -> BookingAnswer:
    """Confirm a held place; again gives the same."""
    return booking_answer(queries.view(act(service.confirm, booking_id)))


@call(bp, "POST", "/api/v1/bookings/<serial:booking_id>/cancel", roles=MAKERS, answer=BookingAnswer)
def cancel_booking(booking_id: int) -> BookingAnswer:
    """Give a place back; again gives the same."""
    return booking_answer(queries.view(act(service.cancel, booking_id)))


@call(bp, "POST", "/api/v1/bookings/<serial:booking_id>/move", roles=MAKERS, body=MoveBody, answer=BookingAnswer)
def move_booking(booking_id: int, body: MoveBody) -> BookingAnswer:
    """Move to another seat or departure; the revision rises."""
    to = body.departure_id
    if to is not None and not (to.isascii() and to.isdigit() and len(to) <= 15):
        raise NotFound
    return booking_answer(queries.view(act(service.move, booking_id, int(to) if to else None, body.seat)))


def _with_bookings(session: Session, caller: Actor, rows: list[requests.RegistrationView]) -> list[RegistrationAnswer]:
    found: dict[UUID, list[queries.BookingView]] = {}
    for campaign_id in {row.campaign_id for row in rows}:
        found |= queries.of_registrations(session, campaign_id, [row.id for row in rows])
    phones = {key: str(phone) for key, phone in workers.phones_of(session, [row.worker_id for row in rows]).items()}
    return [RegistrationAnswer(
        id=str(row.id), campaign_id=str(row.campaign_id),
        state="offered" if any(one.offered for one in found.get(row.id, [])) else row.state,
        name=row.name, id_type=row.id_type,
        id_number=f"***{row.last_four}", phone=phones.get(row.worker_id),
        employer=row.employer_code or str(row.employer_id), employer_id=str(row.employer_id),
        employer_name=row.employer, origin=row.origin, origin_text=row.origin_text, earliest=row.earliest,
        latest=row.latest, modes=list(row.modes), party=row.party, needs=row.needs, note=row.note,
        answer_by=_local(row.answer_by), bookings=[booking_answer(one) for one in found.get(row.id, [])])
        for row in rows]


@call(bp, "GET", "/api/v1/registrations/<uuid:registration_id>", roles=MAKERS, answer=RegistrationAnswer)
def registration(registration_id: UUID) -> RegistrationAnswer:
    """One request, with its bookings."""
    return ask(lambda session: _with_bookings(session, actor(), [requests.find(session, actor(), registration_id)])[0])


@call(bp, "GET", "/api/v1/campaigns/<uuid:campaign_id>/registrations", roles=MAKERS, answer=RegistrationsAnswer,
      query=("cursor", "limit"))
def registrations(campaign_id: UUID) -> Response:
    """Requests of a campaign that the caller may see, in the order they came."""
    wanted = page_wanted()
    rows = ask(requests.listing, actor(), campaign_id, limit=wanted.limit, after=wanted.after)
    shown, after = wanted.page(rows, lambda row: (row.created_at.isoformat(), str(row.id)))
    return answered(RegistrationsAnswer(items=ask(_with_bookings, actor(), shown), next=after))


@call(bp, "POST", "/api/v1/registrations/<uuid:registration_id>/withdraw", roles=MAKERS, answer=RegistrationMade)
def withdraw_registration(registration_id: UUID) -> RegistrationMade:
    """The person does not come: seats are given back. Again gives the same."""
    found = act(service.withdraw_registration, registration_id)
    return RegistrationMade(id=str(found.id), state=found.state)
