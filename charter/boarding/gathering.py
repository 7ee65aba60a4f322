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
from charter.core.trip import Step, trips
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


RIDE = Step(text("""
    SELECT d.campaign_id, d.state, d.boarding_opened_at IS NOT NULL, coalesce(s.first, d.departs_at), d.departed_at,
           coalesce(s.ids, '{}'), t.id IS NOT NULL, coalesce(k.numbers, '{}'), coalesce(k.points, '{}'),
           coalesce(k.revoked, '{}')
    FROM departure d
    LEFT JOIN api_token t ON t.id = CAST(:token AS uuid) AND t.revoked_at IS NULL
    LEFT JOIN LATERAL (SELECT array_agg(stop_id) AS ids, min(gather_at) FILTER (WHERE kind = 'board') AS first
                       FROM departure_stop WHERE departure_id = d.id) s ON true
    LEFT JOIN LATERAL (SELECT array_agg(number) AS numbers, array_agg(public) AS points,
                              array_agg(revoked_at IS NOT NULL) AS revoked
                       FROM pass_key WHERE campaign_id = d.campaign_id) k ON true
    WHERE d.id = CAST(:departure AS bigint)"""))
CONCERNED = """
    SELECT unnest(CAST(:serials AS bigint[]))
    UNION SELECT booking_id FROM scan WHERE departure_id = CAST(:departure AS bigint)
        AND campaign_id = (SELECT campaign_id FROM departure WHERE id = CAST(:departure AS bigint))
        AND scan_id = ANY(CAST(:targets AS uuid[]))"""
SEATS = Step(text(f"""
    SELECT b.id, b.departure_id, b.state, b.revision, b.seat, b.stop_id, b.boarded_at,
           ARRAY(SELECT r.revision FROM booking_revision r WHERE r.campaign_id = b.campaign_id AND r.booking_id = b.id
                 AND r.reported_at IS NOT NULL),
           c.id, c.scan_ids, c.state
    FROM booking b
    LEFT JOIN boarding_conflict c ON c.departure_id = CAST(:departure AS bigint) AND c.booking_id = b.id
    WHERE b.id IN ({CONCERNED})
      AND b.campaign_id = (SELECT campaign_id FROM departure WHERE id = CAST(:departure AS bigint))"""))  # noqa: S608
SCAN = "scan_id, booking_id, kind, corrected_at, device, by_hand, shown, undoes, stop_id, reason"
SCANS = Step(text(f"""
    SELECT {SCAN} FROM scan WHERE departure_id = CAST(:departure AS bigint) AND verdict IN ('go', 'look')
        AND booking_id IN ({CONCERNED})
    UNION ALL
    SELECT {SCAN} FROM scan WHERE departure_id = CAST(:departure AS bigint) AND verdict IN ('go', 'look')
        AND booking_id IS NULL AND kind = 'undo'"""))  # noqa: S608
ANSWERS = Step(text("""
    SELECT scan_id, departure_id, answer FROM scan WHERE scan_id = ANY(CAST(:ids AS uuid[]))
        AND campaign_id = (SELECT campaign_id FROM departure WHERE id = CAST(:departure AS bigint))"""))


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
    values = {"departure": departure_id, "serials": array_text(serial for serial in serials if serial < 2**63),
              "targets": array_text({scan.undoes for scan in good if scan.undoes})}
    token = uuid_or_none(token_id or "")
    _, ride, seats, scans, answers = trips(
        session, locks.step("boarding", [departure_id]),
        (RIDE, {"departure": departure_id, "token": str(token) if token else None}), (SEATS, values), (SCANS, values),
        (ANSWERS, {"departure": departure_id, "ids": array_text({scan.scan_id for scan in good})}))
    if not ride:
        raise NotFound
    campaign, state, opened, first, sealed_at, stops, in_use, numbers, points, revoked = ride[0]
    keys = {number: codec.VerifyKey(number, point, lost)
            for number, point, lost in zip(numbers, points, revoked, strict=True)}
    return Known(Ride(departure_id, campaign, state, opened, first - OPENS, sealed_at, frozenset(stops), in_use), keys,
                 {row[0]: _seat(row) for row in seats}, [_scan(row) for row in scans],
                 {row[0]: (row[1], row[2]) for row in answers})


def _letters(written: str) -> Pass:
    try:
        return Pass(codec.letters(written))
    except codec.Refused as refused:
        return Pass(None, refused.code)


def _seat(row: Any) -> Seat:
    number, departure, state, revision, seat, stop, boarded_at, reported, case, scan_ids, case_state = row
    return Seat(number, departure, state, revision, seat, stop, boarded_at, frozenset(reported),
                Case(case, scan_ids, case_state) if case else None)


def _scan(row: Any) -> states.Scan:
    scan_id, booking, kind, at, device, by_hand, shown, undoes, stop_id, reason = row
    return states.Scan(str(scan_id), str(booking) if booking else "", kind, at, device, by_hand,
                       shown in records.AWARE, str(undoes) if undoes else None, str(stop_id) if stop_id else None,
                       turned_away(kind, shown, reason))
