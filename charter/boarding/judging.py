"""Gathers what is known of each scan in a batch and asks the table of rules; a batch reads the database once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding import records
from charter.boarding.rules import states
from charter.boarding.rules.evidence import turned_away
from charter.boarding.rules.incoming import Sent
from charter.boarding.rules.verdicts import Boarded, Facts, Verdict, classify
from charter.boarding.trips import Trip, trip
from charter.bookings.models import Booking, BookingRevision
from charter.core import clock
from charter.passes.keys import verify_keys
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
class _Pass:
    refused: str | None
    claims: codec.PassClaims | None


class Judge:
    """Judges the scans of one batch one after the other; what it has judged counts for those that follow."""

    def __init__(self, session: Session, found: Trip, batch: Sequence[Sent]) -> None:
        self._session, self._trip = session, found
        keys = verify_keys(session, found.campaign_id)
        self._passes = {scan.pass_text: _read(scan.pass_text, keys) for scan in batch if scan.pass_text is not None}
        serials = {scan.booking for scan in batch} | {
            one.claims.serial for one in self._passes.values() if one.claims}
        self._bookings = {booking.id: booking for booking in session.scalars(
            select(Booking).where(Booking.campaign_id == found.campaign_id, Booking.id.in_(serials - {None})))}
        self._reported = set(session.execute(
            select(BookingRevision.booking_id, BookingRevision.revision)
            .where(BookingRevision.campaign_id == found.campaign_id, BookingRevision.booking_id.in_(self._bookings),
                   BookingRevision.reported_at.is_not(None))))
        self._scans: defaultdict[str, list[states.Scan]] = defaultdict(list)
        for scan in records.counting(session, found.departure_id):
            self._scans[scan.booking].append(scan)
        self._targets = {scan.scan_id: scan.booking for scans in self._scans.values() for scan in scans}
        self._elsewhere: dict[int, dict[str, Any] | None] = {}

    def __call__(self, sent: Sent, corrected: datetime, allowed: bool, device: str) -> Judged:
        """The verdict on one scan at its corrected time."""
        read = self._passes.get(sent.pass_text) if sent.pass_text is not None else None
        claims = read.claims if read else None
        serial = claims.serial if claims else sent.booking
        booking = self._bookings.get(serial) if serial else None
        facts = self._facts(sent, corrected, allowed, read, booking)
        verdict = classify(facts)
        number = booking.id if booking else self._undone(sent)
        if verdict.verdict != "stop" and number is not None:
            self._scans[str(number)].append(states.Scan(
                str(sent.scan_id), str(number), sent.kind, corrected, device, sent.by_hand,
                sent.shown in records.AWARE, str(sent.undoes) if sent.undoes else None,
                str(sent.stop_id) if sent.stop_id else None, turned_away(sent.kind, sent.shown, sent.reason)))
            self._targets[str(sent.scan_id)] = str(number)
        return Judged(verdict, number, claims.revision if claims else None)

    def _undone(self, sent: Sent) -> int | None:
        if sent.undoes is None or sent.by_hand or sent.pass_text:
            return None
        target = self._targets.get(str(sent.undoes))
        return int(target) if target else None

    def _facts(self, sent: Sent, at: datetime, allowed: bool, read: _Pass | None, booking: Booking | None) -> Facts:
        claims = read.claims if read else None
        rides = booking.departure_id if booking else claims.departure if claims else self._trip.departure_id
        own = rides == self._trip.departure_id
        first = states.boarded_before(self._scans[str(booking.id)], at) if booking else None
        return Facts(
            kind=sent.kind, at=at, device_allowed=allowed, refused=read.refused if read else None,
            valid_from=claims.valid_from if claims else None, valid_until=claims.valid_until if claims else None,
            own_departure=own, elsewhere=None if own or not booking else self._other(booking),
            standing=self._standing(booking, claims), revision_now=booking.revision if booking else None,
            seat_now=booking.seat if booking else None, sealed_at=self._trip.sealed_at,
            boarded=Boarded(first.scan_id, clock.local(first.at).isoformat(), first.stop_id, first.device)
            if first else None,
            stop_id=str(sent.stop_id) if sent.stop_id else None,
            booked_stop_id=str(booking.stop_id) if booking and booking.stop_id else None)

    def _standing(self, booking: Booking | None, claims: codec.PassClaims | None) -> str:
        if booking is None or booking.state in ("held", "expired"):
            return "missing"
        if claims and (booking.id, claims.revision) in self._reported:
            return "revoked"
        if booking.state == "cancelled":
            return "cancelled"
        if claims is None or claims.revision == booking.revision:
            return "current"
        return "superseded" if claims.revision < booking.revision else "newer"

    def _other(self, booking: Booking) -> dict[str, Any] | None:
        if booking.id not in self._elsewhere:
            self._elsewhere[booking.id] = elsewhere(self._session, booking)
        return self._elsewhere[booking.id]


def elsewhere(session: Session, booking: Booking) -> dict[str, Any] | None:
    """Where a booking rides: departure, bay and time of its own stop, and whether it is still here."""
    other = trip(session, booking.departure_id)
    if other is None:
        return None
    boards = [place for place in other.stops.values() if place.kind == "board"]
    place = next((place for place in boards if booking.stop_id in (None, place.id)), None)
    leaves = place.departs_at if place else other.departs_at
    return {"departure_id": str(other.departure_id), "bay": place.bay if place else "",
            "departs_at": clock.local(leaves).isoformat(), "still_here": other.state not in LEFT}


def _read(text: str, keys: dict[int, codec.VerifyKey]) -> _Pass:
    try:
        return _Pass(None, codec.read(text, keys).claims)
    except codec.Refused as refused:
        return _Pass(refused.code, refused.claims)
