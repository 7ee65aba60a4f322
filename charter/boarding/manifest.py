"""The list of a departure: in clear for the desk, and sealed for phones, where each row opens only by its own pass.

Row and key come from the pass's signature (HKDF-SHA256), so that a stolen phone shows at most what it has scanned.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from charter.boarding.judging import elsewhere
from charter.boarding.trips import Trip
from charter.bookings.models import Booking, BookingRevision
from charter.core.actor import Actor, Role
from charter.core.ids import uuid_or_none
from charter.passes.queries import Issued, issued
from charter.passes.rules.seats import seat_number
from charter.people.models import Employer, Worker, WorkerDocument
from charter.registrations.models import Registration

__all__ = ["Person", "people", "seal_row", "sealed_rows", "version"]

PADDED_TO = 64  # bytes: all texts of one list are padded to one multiple of this


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list. `party` is the id of those who ride together, `last_four` of the identity document."""

    booking_id: str
    name: str
    last_four: str
    seat: str | None
    stop: str | None
    stop_id: str | None
    party: str | None
    party_size: int
    lap_children: int
    needs: str
    revision: int
    employer: str


def version(session: Session, departure_id: int) -> int:
    """The list's number: rises with every seat, stop, cancelling or report that concerns the departure; never falls."""
    ever = select(BookingRevision.booking_id).where(BookingRevision.departure_id == departure_id)
    revisions, reported = session.execute(
        select(func.count(), func.count(BookingRevision.reported_at)).select_from(BookingRevision)
        .where(BookingRevision.booking_id.in_(ever))).one()
    ended = session.scalar(select(func.count()).select_from(Booking)
                           .where(Booking.id.in_(ever), Booking.state == "cancelled"))
    return int(revisions) + int(reported) + int(ended or 0)


def people(session: Session, found: Trip, actor: Actor | None = None) -> list[Person]:
    """The confirmed people of a departure by seat and name; a district organizer's own people only."""
    rows = session.execute(_lines().where(Booking.departure_id == found.departure_id, Booking.state == "confirmed",
                                          _scope(actor))).all()
    parties = Counter(registration.party_id for _, registration, *_ in rows)
    made = [_person(found, booking, registration, name, tail, employer, parties)
            for booking, registration, name, tail, employer in rows]
    return sorted(made, key=_by_seat)


def sealed_rows(session: Session, found: Trip, list_version: int) -> list[dict[str, str]]:
    """One row for every pass ever issued for the departure, sorted by row id, all boxes of one length."""
    passes = issued(session, found.departure_id)
    rows = session.execute(_lines().where(Booking.id.in_({one.booking_id for one in passes}))).all()
    parties = Counter(registration.party_id for booking, registration, *_ in rows
                      if booking.departure_id == found.departure_id and booking.state == "confirmed")
    lines = {booking.id: (booking, _person(found, booking, registration, name, tail, employer, parties))
             for booking, registration, name, tail, employer in rows}
    together = _together(found, lines.values())
    texts = [_entry(session, found, one, *lines[one.booking_id], together) for one in passes]
    length = -(-max((len(text) for text in texts), default=0) // PADDED_TO) * PADDED_TO
    made = [seal_row(one.signature, found.departure_id, list_version, text.ljust(length))
            for one, text in zip(passes, texts, strict=True)]
    return sorted(made, key=lambda row: row["row"])


def seal_row(signature: bytes, departure_id: int, list_version: int, text: bytes) -> dict[str, str]:
    """Row id and box of one entry, both in base64: box = nonce 12 | AES-256-GCM text and tag."""
    row = hashlib.sha256(b"row" + signature).digest()[:16]
    salt = departure_id.to_bytes(6, "big") + list_version.to_bytes(4, "big")
    key = HKDF(SHA256(), 32, salt=salt, info=b"entry").derive(signature)
    nonce = os.urandom(12)
    box = nonce + AESGCM(key).encrypt(nonce, text, None)
    return {"row": base64.b64encode(row).decode(), "box": base64.b64encode(box).decode()}


def _by_seat(person: Person) -> tuple[int, str, str]:
    return seat_number(person.seat), person.seat or "", person.name


def _together(found: Trip, lines: Iterable[tuple[Booking, Person]]) -> Mapping[str | None, list[Person]]:
    """Who rides on this departure, by party; nobody under None."""
    made: defaultdict[str | None, list[Person]] = defaultdict(list)
    for booking, person in lines:
        if person.party and booking.departure_id == found.departure_id and booking.state == "confirmed":
            made[person.party].append(person)
    return {party: sorted(members, key=_by_seat) for party, members in made.items()}


def _entry(session: Session, found: Trip, one: Issued, booking: Booking, person: Person,
           together: Mapping[str | None, list[Person]]) -> bytes:
    rides = booking.departure_id == found.departure_id
    standing = "current"
    if one.reported:
        standing = "revoked"
    elif booking.state != "confirmed":
        standing = "cancelled"
    elif one.revision != booking.revision:
        standing = "superseded"
    entry: dict[str, Any] = {"booking_id": person.booking_id, "standing": standing, "own": rides}
    if standing in ("current", "superseded") and rides:
        entry |= {"name": person.name, "last_four": person.last_four, "seat": person.seat, "stop_id": person.stop_id,
                  "party": person.party, "party_size": person.party_size, "lap_children": person.lap_children,
                  "needs": person.needs, "revision": person.revision,
                  "members": [_member(other) for other in together.get(person.party, []) if other is not person]}
    elif standing in ("current", "superseded"):
        entry["elsewhere"] = elsewhere(session, booking.departure_id, booking.stop_id)
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()


def _member(person: Person) -> dict[str, Any]:
    """One of the party: a single scan shows and boards them all."""
    return {"booking_id": person.booking_id, "name": person.name, "last_four": person.last_four, "seat": person.seat,
            "stop_id": person.stop_id, "lap_children": person.lap_children}


def _lines() -> Any:
    tail = (select(WorkerDocument.last_four).where(WorkerDocument.worker_id == Worker.id).limit(1)
            .order_by(WorkerDocument.id).scalar_subquery())
    return (select(Booking, Registration, Worker.name, tail, Employer.name)
            .join(Registration, (Registration.campaign_id == Booking.campaign_id)
                  & (Registration.id == Booking.registration_id))
            .join(Worker, Worker.id == Registration.worker_id)
            .join(Employer, Employer.id == Registration.employer_id))


def _scope(actor: Actor | None) -> ColumnElement[bool]:
    if actor is None or actor.role != Role.DISTRICT_ORGANIZER:
        return true()
    return Employer.district_id == uuid_or_none(actor.scope("district") or "")


def _person(found: Trip, booking: Booking, registration: Registration, name: str, tail: str | None, employer: str,
            parties: Mapping[UUID | None, int]) -> Person:
    place = found.stops.get(booking.stop_id) if booking.stop_id else None
    party = registration.party_id
    return Person(str(booking.id), name, tail or "", booking.seat, place.name if place else None,
                  str(booking.stop_id) if booking.stop_id else None, str(party) if party else None,
                  parties[party] if party else 1, booking.lap_children, registration.needs, booking.revision, employer)

