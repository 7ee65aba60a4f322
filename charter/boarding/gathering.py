"""All that the scans of one batch are judged by, read in one trip to the database, under the departure's lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from charter.boarding import records
from charter.boarding.rules import states
from charter.boarding.rules.evidence import turned_away
from charter.boarding.rules.incoming import Sent
from charter.boarding.trips import OPENS
from charter.core import locks
from charter.core.bulk import array_text
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.core.trip import Step, trip
from charter.passes.rules import codec

__all__ = ["Batch", "Case", "Known", "Pass", "Ride", "Seat", "gather", "read_batch"]


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass as it was sent: its 92 bytes, or why it has none."""

    data: bytes | None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Scans that can be judged, None where one cannot, and the passes by their texts."""

    scans: Sequence[Sent | None]
    passes: dict[str, Pass]


@dataclass(frozen=True, slots=True)
class Ride:
    """The departure as scans meet it. `in_use`: the token that sends may."""

    departure_id: int
    campaign_id: UUID
    state: str
    opened: bool
    opens_at: datetime
    sealed_at: datetime | None
    stops: frozenset[UUID]
    in_use: bool


@dataclass(frozen=True, slots=True)
class Case:
    """What the desk has of a doubled boarding."""

    id: UUID
    scan_ids: list[str]
    state: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A booking as scans meet it; `reported` are the revisions that strangers have seen."""

    id: int
    departure_id: int
    state: str
    revision: int
    seat: str | None
    stop_id: UUID | None
    boarded_at: datetime | None
    reported: frozenset[int]
    case: Case | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before the batch: keys by number, bookings and counting scans that it concerns, first answers.

    Among the scans are the departure's undos that are still of no booking, since their scans have not come.
    """

    ride: Ride
    keys: dict[int, codec.VerifyKey]
    seats: dict[int, Seat]
    scans: list[states.Scan]
    answers: dict[UUID, tuple[int, dict[str, Any]]]


# One function of the database (migrations, boarding_known): each statement in it sees what was there once the lock was
# had, which the statements of one SELECT would not.
KNOWN = Step(text("""
    SELECT boarding_known(CAST(:departure AS bigint), CAST(:lock AS bigint), CAST(:token AS uuid),
                          CAST(:serials AS bigint[]), CAST(:targets AS uuid[]), CAST(:ids AS uuid[]))"""))


def read_batch(scans: Iterable[Sent | None]) -> Batch:
    """The passes of a batch, each text read once."""
    kept = list(scans)
    return Batch(kept, {found: _letters(found) for found in
                        {scan.pass_text for scan in kept if scan and scan.pass_text is not None}})


def gather(session: Session, departure_id: int, batch: Batch, token_id: str | None) -> Known:
    """Take the departure's lock, and read what the batch concerns. Raises NotFound without a departure."""
    good = [scan for scan in batch.scans if scan is not None]
    serials = {scan.booking for scan in good if scan.booking} | {
        codec.serial_claimed(one.data) for one in batch.passes.values() if one.data}
    token = uuid_or_none(token_id or "")
    found = trip(session, (KNOWN, {
        "departure": departure_id, "lock": locks.number("boarding", departure_id),
        "token": str(token) if token else None,
        "serials": array_text(serial for serial in serials if serial < 2**63),
        "targets": array_text({scan.undoes for scan in good if scan.undoes}),
        "ids": array_text({scan.scan_id for scan in good})}))[0][0]
    if found is None:
        raise NotFound
    return Known(_ride(departure_id, found["ride"]),
                 {number: codec.VerifyKey(number, bytes.fromhex(point), lost)
                  for number, point, lost in found["keys"] or ()},
                 {row[0]: _seat(row) for row in found["seats"] or ()}, [_scan(row) for row in found["scans"] or ()],
                 {UUID(row[0]): (row[1], row[2]) for row in found["answers"] or ()})


def _letters(written: str) -> Pass:
    try:
        return Pass(codec.letters(written))
    except codec.Refused as refused:
        return Pass(None, refused.code)


def _ride(departure_id: int, row: Any) -> Ride:
    campaign, state, opened, first, sealed_at, stops, in_use = row
    return Ride(departure_id, UUID(campaign), state, opened, datetime.fromisoformat(first) - OPENS, _moment(sealed_at),
                frozenset(map(UUID, stops)), in_use)


def _seat(row: Any) -> Seat:
    number, departure, state, revision, seat, stop, boarded_at, reported, case, scan_ids, case_state = row
    return Seat(number, departure, state, revision, seat, UUID(stop) if stop else None, _moment(boarded_at),
                frozenset(reported), Case(UUID(case), scan_ids, case_state) if case else None)


def _scan(row: Any) -> states.Scan:
    scan_id, booking, kind, at, device, by_hand, shown, undoes, stop_id, reason = row
    return states.Scan(scan_id, str(booking) if booking else "", kind, datetime.fromisoformat(at), device, by_hand,
                       shown in records.AWARE, undoes, stop_id, turned_away(kind, shown, reason))


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
