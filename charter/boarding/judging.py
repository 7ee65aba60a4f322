"""Asks the table of rules about each scan of a batch, by what was gathered for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from charter.boarding import records
from charter.boarding.gathering import Batch, Known, Pass, Seat
from charter.boarding.rules import states
from charter.boarding.rules.evidence import turned_away
from charter.boarding.rules.incoming import Sent
from charter.boarding.rules.verdicts import Boarded, Facts, Verdict, classify
from charter.boarding.trips import trip
from charter.core import clock
from charter.passes.rules import codec

__all__ = ["Judge", "Judged", "elsewhere"]

LEFT = ("departed", "arrived", "called_off")


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and the booking and revision that the scan turned out to be of."""

    verdict: Verdict
    booking: int | None
    revision: int | None


@dataclass(frozen=True, slots=True)
class _Read:
    refused: str | None
    claims: codec.PassClaims | None


class Judge:
    """Judges the scans of one batch one after the other; what it has judged counts for those that follow."""

    def __init__(self, session: Session, known: Known, batch: Batch) -> None:
        self._session, self._known, self._ride = session, known, known.ride
        self._passes = {text: _read(one, known.keys) for text, one in batch.passes.items()}
        self._scans: defaultdict[str, list[states.Scan]] = defaultdict(list)
        self._targets: dict[str, str] = {}
        self.fresh: list[states.Scan] = []  # the scans of this batch that count, those of no booking too
        for scan in records.owned(known.scans):
            self._remember(scan)
        self._elsewhere: dict[int, dict[str, Any] | None] = {}

    def _remember(self, scan: states.Scan) -> None:
        self._scans[scan.booking].append(scan)
        self._targets[scan.scan_id] = scan.booking

    def __call__(self, sent: Sent, corrected: datetime, allowed: bool, device: str) -> Judged:
        """The verdict on one scan at its corrected time."""
        read = self._passes.get(sent.pass_text) if sent.pass_text is not None else None
        claims = read.claims if read else None
        serial = claims.serial if claims else sent.booking
        booking = self._known.seats.get(serial) if serial else None
        facts = self._facts(sent, corrected, allowed, read, booking)
        verdict = classify(facts)
        number = booking.id if booking else self._undone(sent)
        if verdict.verdict != "stop":
            counts = states.Scan(str(sent.scan_id), str(number) if number else "", sent.kind, corrected, device,
                                 sent.by_hand, sent.shown in records.AWARE, str(sent.undoes) if sent.undoes else None,
                                 str(sent.stop_id) if sent.stop_id else None,
                                 turned_away(sent.kind, sent.shown, sent.reason))
            self.fresh.append(counts)
            if number:
                self._remember(counts)
        return Judged(verdict, number, claims.revision if claims else None)

    def _undone(self, sent: Sent) -> int | None:
        if sent.undoes is None or sent.by_hand or sent.pass_text:
            return None
        target = self._targets.get(str(sent.undoes))
        return int(target) if target else None

    def _facts(self, sent: Sent, at: datetime, allowed: bool, read: _Read | None, booking: Seat | None) -> Facts:
        claims = read.claims if read else None
        rides = booking.departure_id if booking else claims.departure if claims else self._ride.departure_id
        own = rides == self._ride.departure_id
        first = states.boarded_before(self._scans[str(booking.id)], at) if booking else None
        return Facts(
            kind=sent.kind, at=at, device_allowed=allowed, refused=read.refused if read else None,
            valid_from=claims.valid_from if claims else None, valid_until=claims.valid_until if claims else None,
            own_departure=own, elsewhere=None if own or not booking else self._other(booking),
            standing=self._standing(booking, claims), revision_now=booking.revision if booking else None,
            seat_now=booking.seat if booking else None, sealed_at=self._ride.sealed_at,
            boarded=Boarded(first.scan_id, clock.local(first.at).isoformat(), first.stop_id, first.device)
            if first else None,
            stop_id=str(sent.stop_id) if sent.stop_id else None,
            booked_stop_id=str(booking.stop_id) if booking and booking.stop_id else None)

    def _standing(self, booking: Seat | None, claims: codec.PassClaims | None) -> str:
        if booking is None or booking.state in ("held", "expired"):
            return "missing"
        if claims and claims.revision in booking.reported:
            return "revoked"
        if booking.state == "cancelled":
            return "cancelled"
        if claims is None or claims.revision == booking.revision:
            return "current"
        return "superseded" if claims.revision < booking.revision else "newer"

    def _other(self, booking: Seat) -> dict[str, Any] | None:
        if booking.id not in self._elsewhere:
            self._elsewhere[booking.id] = elsewhere(self._session, booking.departure_id, booking.stop_id)
        return self._elsewhere[booking.id]


def elsewhere(session: Session, departure_id: int, stop_id: UUID | None) -> dict[str, Any] | None:
    """Where a booking rides: departure, bay and time of its own stop, and whether it is still here."""
    other = trip(session, departure_id)
    if other is None:
        return None
    boards = [place for place in other.stops.values() if place.kind == "board"]
    place = next((place for place in boards if stop_id in (None, place.id)), None)
    leaves = place.departs_at if place else other.departs_at
    return {"departure_id": str(other.departure_id), "bay": place.bay if place else "",
            "departs_at": clock.local(leaves).isoformat(), "still_here": other.state not in LEFT}


def _read(one: Pass, keys: dict[int, codec.VerifyKey]) -> _Read:
    if one.data is None:
        return _Read(one.refused, None)
    try:
        return _Read(None, codec.judge(one.data, keys).claims)
    except codec.Refused as refused:
        return _Read(refused.code, refused.claims)
