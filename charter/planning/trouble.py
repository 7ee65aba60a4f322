"""Trouble for many: a departure is late, or does not run. Everybody concerned is told inside the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking
from charter.bookings.service import empty, reschedule
from charter.campaigns.models import Campaign, Departure, DepartureStop, Stop
from charter.campaigns.trip import OVER, mark_called_off, own_departure
from charter.core import audit, clock, i18n
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, Problem
from charter.notices.service import tell
from charter.people.models import Worker
from charter.people.sealing import WORKER_PHONE
from charter.planning.asking import Wanted
from charter.planning.models import Plan
from charter.planning.service import start
from charter.registrations.models import Registration

__all__ = ["AlreadyOver", "PeopleOnBoard", "Touched", "call_off", "delay", "seat_elsewhere", "take_out",
           "touched"]

MOST_MINUTES = 48 * 60
QUICK_SECONDS = 5  # a plan for one vehicle's people is small


class AlreadyOver(Problem):
    status, code, message = 409, "departure_over", N_("这个班次已经发车、到达或取消")


class PeopleOnBoard(Problem):
    status, code, message = 409, "people_on_board", N_("已有人上车，请先在上车页面登记他们下车，再取消班次")


@dataclass(frozen=True, slots=True)
class Touched:
    """What trouble of a departure touches: people, those with a phone, who is to be called, feeders, who is aboard."""

    departure: Departure
    campaign: Campaign
    people: int
    with_phone: int
    to_call: tuple[str, ...]
    feeders: tuple[str, ...]
    on_board: int


def touched(session: Session, departure_id: int) -> Touched:
    """Who and what a delay or a calling off touches. Raises NotFound."""
    found = own_departure(session, departure_id)
    rows = session.execute(
        select(Worker.name, Worker.phone_sealed.is_not(None), Booking.boarded_at)
        .join(Registration, Registration.worker_id == Worker.id)
        .join(Booking, (Booking.campaign_id == Registration.campaign_id)
              & (Booking.registration_id == Registration.id))
        .where(Booking.departure_id == departure_id, Booking.state.in_(LIVING)).order_by(Booking.slot)).all()
    return Touched(found, session.get_one(Campaign, found.campaign_id), len(rows), sum(phone for _, phone, _ in rows),
                   tuple(name for name, phone, _ in rows if not phone),
                   tuple(feeder.code for feeder in _feeders(session, found)),
                   sum(at is not None for _, _, at in rows))


def call_off(session: Session, departure_id: int, typed: str) -> int:
    """The departure does not run: seats are given back, people are told and wait for another seat; how many are told.

    `typed` is the departure's code, as a confirmation. With a flight or train its feeders are called off.
    Raises NotFound, AlreadyOver, PeopleOnBoard, Invalid.
    """
    found = own_departure(session, departure_id, lock=True)
    if found.state in OVER:
        raise AlreadyOver
    if "".join(typed.split()) != "".join(found.code.split()):
        raise Invalid(errors=[FieldProblem("typed", "differs", N_("和班次名称不一样，请再输一遍"))])
    if session.scalar(select(func.count()).where(Booking.departure_id == departure_id, Booking.state.in_(LIVING),
                                                 Booking.boarded_at.is_not(None))):
        raise PeopleOnBoard
    return take_out(session, found)


def take_out(session: Session, found: Departure) -> int:
    """The departure does not run, nor do its feeders; who is still on it loses the seat and is told; how many are."""
    feeders = _feeders(session, found)
    given_up = empty(session, found)
    mark_called_off(session, found, clock.now())
    for feeder in feeders:
        empty(session, feeder)
        mark_called_off(session, feeder, clock.now())
    return _tell(session, found, given_up, "called_off", {})


def seat_elsewhere(session: Session, departure_id: int) -> Plan:
    """Ask for a plan that seats the people of this departure elsewhere; published, it calls the departure off.

    Raises NotFound, AlreadyOver, NothingToPlan where nobody sits on it.
    """
    found = own_departure(session, departure_id)
    if found.state in OVER or found.leg_kind != "main":
        raise AlreadyOver
    return start(session, found.campaign_id, Wanted(without=(departure_id,), only_displaced=True),
                 time_limit_s=QUICK_SECONDS, name=found.code)


def delay(session: Session, departure_id: int, minutes: int) -> int:
    """The departure leaves so many minutes later; its people are told where and when they gather; how many are told.

    Raises NotFound, AlreadyOver, Invalid.
    """
    found = own_departure(session, departure_id, lock=True)
    if found.state in OVER:
        raise AlreadyOver
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(errors=[FieldProblem("minutes", "invalid", N_("请填写 1 到 2880 的分钟数"))])
    reschedule(session, departure_id, found.departs_at + timedelta(minutes=minutes))
    riding = session.scalars(select(Booking).where(Booking.departure_id == departure_id, Booking.state == "confirmed",
                                                   Booking.boarded_at.is_(None))).all()
    return _tell(session, found, riding, "delayed", {"minutes": str(minutes)})


def _feeders(session: Session, main: Departure) -> list[Departure]:
    if main.leg_kind != "main" or main.journey_id is None:
        return []
    return list(session.scalars(select(Departure).where(
        Departure.journey_id == main.journey_id, Departure.leg_kind == "feeder", Departure.state.not_in(OVER))
        .order_by(Departure.code)))


def _tell(session: Session, departure: Departure, bookings: Sequence[Booking], template: str,
          values: dict[str, str]) -> int:
    """Messages are Chinese, and each states the whole present trip."""
    people = {booking.registration_id: booking for booking in bookings}
    rows = session.execute(
        select(Registration.id, Worker.id, Worker.name, Worker.phone_sealed)
        .join(Worker, Worker.id == Registration.worker_id)
        .where(Registration.campaign_id == departure.campaign_id, Registration.id.in_(list(people)),
               Worker.phone_sealed.is_not(None))).all()
    phones = audit.reveal_many(session, [WORKER_PHONE.view(worker, sealed) for _, worker, _, sealed in rows if sealed],
                               "班次变动通知", "departure", departure.id)
    hotline = session.get_one(Campaign, departure.campaign_id).hotline
    stops = _stops(session, departure.id)
    with i18n.reading("zh"):
        for (registration, _, name, _), phone in zip(rows, phones, strict=True):
            booking = people[registration]
            stop, gather = stops.get(booking.stop_id) or stops.get(None) or ("", departure.departs_at)
            told: dict[str, Any] = {"name": name, "departure": departure.code, "stop": stop, "hotline": hotline,
                                    "moment": clock.local(gather).strftime("%m月%d日 %H:%M")}
            tell(session, phone, template, told | values, campaign_id=departure.campaign_id,
                 unique_key=f"{template}|{booking.id}|{departure.departs_at.timestamp():.0f}",
                 about=f"trip|{booking.id}")
    return len(rows)


def _stops(session: Session, departure_id: int) -> dict[Any, tuple[str, datetime]]:
    """Name and gather time of each boarding stop; the first one also under None."""
    rows = session.execute(
        select(Stop.id, Stop.name, DepartureStop.gather_at).join(Stop, Stop.id == DepartureStop.stop_id)
        .where(DepartureStop.departure_id == departure_id, DepartureStop.kind == "board")
        .order_by(DepartureStop.seq.desc()))
    found: dict[Any, tuple[str, datetime]] = {}
    for key, name, at in rows:
        found[key] = found[None] = (name, at)
    return found
