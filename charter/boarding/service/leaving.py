"""Head counts, the departure that seals the manifest, and the arrival."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding import manifest, queries
from charter.boarding.models import BoardingConflict, HeadCount, ManifestSnapshot, Scan
from charter.boarding.problems import CountDiffers, NotDeparted, NotDeparting
from charter.boarding.service import scans
from charter.boarding.trips import Trip, visible_trip
from charter.bookings.travel import mark_arrived
from charter.campaigns import running
from charter.campaigns.models import Departure
from charter.campaigns.running import leave
from charter.core import audit, clock, locks
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, Invalid, NotFound

__all__ = ["OUTCOMES", "Counted", "Sealed", "arrive", "count", "depart", "look_after", "resolve"]

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Counted:
    """A head count beside what the scans say; `difference` is counted - expected."""

    id: str
    counted: int
    expected: int
    difference: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """The manifest as it left."""

    departure_id: str
    version: int
    sealed_at: datetime
    digest: str


def count(session: Session, departure_id: int, actor: Actor, *, stop_id: str | None, counted: int,
          reason: str = "") -> Counted:
    """Keep a head count (lap children among the heads; driver and crew apart). Raises NotFound, Invalid."""
    found = visible_trip(session, departure_id, actor)
    stop = uuid_or_none(stop_id) if stop_id is not None else None
    wrong = []
    if stop_id is not None and stop not in found.stops:
        wrong.append(FieldProblem("stop_id", "unknown", N_("这个班次没有这个站点")))
    if not 0 <= counted <= MOST:
        wrong.append(FieldProblem("counted", "invalid", N_("请填写清点到的人数")))
    if len(reason) > 500:
        wrong.append(FieldProblem("reason", "too_long", N_("说明最多 500 字")))
    if wrong:
        raise Invalid(errors=wrong)
    locks.take(session, "boarding", [departure_id])
    expected = queries.state(session, found).figures.on_board
    made = HeadCount(departure_id=departure_id, stop_id=stop, counted=counted, expected=expected,
                     reason=reason.strip(), by=actor.caller[:64], at=clock.now())
    session.add(made)
    session.flush()
    audit.record(session, "heads.counted", "departure", departure_id, counted=counted, expected=expected)
    return Counted(str(made.id), counted, expected, counted - expected)


def depart(session: Session, departure_id: int, actor: Actor) -> Sealed:
    """Seal the manifest; the same again once it is sealed.

    Raises CountDiffers where the last count does not balance and has no reason, NotDeparting, NotFound.
    """
    found = visible_trip(session, departure_id, actor)
    locks.take(session, "boarding", [departure_id])
    kept = session.get(ManifestSnapshot, departure_id)
    if kept is None:
        kept = _seal(session, found, actor)
    return Sealed(str(departure_id), kept.version, kept.sealed_at, kept.digest.hex())


def arrive(session: Session, departure_id: int, actor: Actor) -> None:
    """Everybody who rode is where the departure ends; said again, it changes nothing. Raises NotFound, NotDeparted."""
    found = visible_trip(session, departure_id, actor)
    locks.take(session, "boarding", [departure_id])
    departure = session.get_one(Departure, departure_id, with_for_update=True)
    if departure.state == "arrived":
        return
    if found.sealed_at is None or departure.state != "departed":
        raise NotDeparted
    now = clock.now()
    rode = [int(booking) for booking, one in queries.state(session, found).states.items()
            if one.state in ("boarded", "alighted")]
    running.arrive(session, departure, now)
    mark_arrived(session, found.campaign_id, departure, rode, now)
    audit.record(session, "departure.arrived", "departure", departure_id, people=len(rode))


OUTCOMES = ("same_person", "second", "neither", "other")


def look_after(session: Session, departure_id: int, case_id: str, actor: Actor) -> None:
    """Somebody takes a case up; who took it first keeps it. Raises NotFound."""
    case = _case(session, departure_id, case_id, actor)
    if not case.owner:
        case.owner = (actor.name or actor.caller)[:64]
        audit.record(session, "conflict.taken", "boarding_conflict", case.id)


def resolve(session: Session, departure_id: int, case_id: str, actor: Actor, resolution: str,
            outcome: str = "other") -> None:
    """A person says how a doubled boarding was settled; where the first scan was wrong (`second`) or both were
    (`neither`), they are undone. Raises NotFound, Invalid without words.
    """
    case = _case(session, departure_id, case_id, actor)
    if not resolution.strip():
        raise Invalid(errors=[FieldProblem("resolution", "missing", N_("请写明怎样处理的"))])
    if outcome not in OUTCOMES:
        raise Invalid(errors=[FieldProblem("outcome", "invalid", N_("请选择结果"))])
    case.outcome = outcome
    case.state, case.resolution = "resolved", resolution.strip()[:500]
    case.resolved_by, case.resolved_at = actor.caller[:64], clock.now()
    session.flush()
    for scan in _wrong(session, case):
        scans.take_by_desk(session, actor, departure_id, {
            "scan_id": str(uuid4()), "departure_id": str(departure_id), "kind": "undo", "undoes": str(scan),
            "booking_id": str(case.booking_id), "scanned_at": case.resolved_at.isoformat(), "shown": "look"})
    audit.record(session, "conflict.resolved", "boarding_conflict", case.id, reason=case.resolution, outcome=outcome)


def _case(session: Session, departure_id: int, case_id: str, actor: Actor) -> BoardingConflict:
    visible_trip(session, departure_id, actor)
    known = uuid_or_none(case_id)
    case = session.get(BoardingConflict, known, with_for_update=True) if known else None
    if case is None or case.departure_id != departure_id:
        raise NotFound
    return case


def _wrong(session: Session, case: BoardingConflict) -> list[UUID]:
    """The scans that did not happen as they say, by how the case ended."""
    if case.outcome not in ("second", "neither"):
        return []
    found = session.scalars(select(Scan.scan_id).where(
        Scan.campaign_id == case.campaign_id, Scan.scan_id.in_([UUID(one) for one in case.scan_ids]))
        .order_by(Scan.corrected_at, Scan.scan_id)).all()
    return list(found[:1] if case.outcome == "second" else found)


def _seal(session: Session, found: Trip, actor: Actor) -> ManifestSnapshot:
    if found.state == "called_off":
        raise NotDeparting
    state = queries.state(session, found)
    if not state.balances:
        raise CountDiffers(counted=state.counted, on_board=state.figures.on_board)
    now = clock.now()
    departure = session.get_one(Departure, found.departure_id)
    seats = {person.booking_id: person.seat for person in manifest.people(session, found)}
    rows: list[dict[str, Any]] = [
        {"booking_id": booking, "seat": seats.get(booking),
         "state": "no_show" if one.state == "waiting" else one.state} for booking, one in state.states.items()]
    text = json.dumps([found.departure_id, state.version, now.isoformat(), rows], ensure_ascii=False, sort_keys=True)
    kept = ManifestSnapshot(departure_id=found.departure_id, version=state.version, sealed_at=now,
                            sealed_by=actor.caller[:64], digest=hashlib.sha256(text.encode()).digest(), rows=rows)
    session.add(kept)
    leave(session, departure, now)
    audit.record(session, "manifest.sealed", "departure", found.departure_id, version=state.version,
                 digest=kept.digest.hex())
    return kept
