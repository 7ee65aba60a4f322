"""The name list of a departure whose seats the carrier gives: as it goes out, with wishes and the carrier's spelling of
names, and what comes back of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.bookings.models import Booking, CarrierName, SeatWish
from charter.bookings.rules import returned
from charter.bookings.rules.returned import Given
from charter.bookings.service import set_carrier_seats
from charter.campaigns.models import Departure
from charter.campaigns.trip import own_departure
from charter.core import audit
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.core.sealed import Sealed
from charter.people.models import Worker, WorkerDocument
from charter.people.sealing import DOCUMENT_NUMBER, WORKER_PHONE
from charter.registrations.models import Registration

__all__ = ["CLOSED", "CarrierList", "Rider", "carrier_list", "clear", "preview", "spell", "take"]

CLOSED = ("closed", "boarding", "departed", "arrived")  # the carrier has the list: what changes now has a reason
WHY = "承运方名单"


@dataclass(frozen=True, slots=True)
class Rider:
    """One person of the list. `written` is the name as the carrier writes it; number and phone are guarded."""

    booking_id: int
    worker_id: UUID
    name: str
    written: str
    id_type: str
    last_four: str
    number: Sealed | None
    phone: Sealed | None
    wish: str
    together: bool
    party: UUID | None
    lap_children: int
    seat: str | None
    order: str


@dataclass(frozen=True, slots=True)
class CarrierList:
    """A departure with its people, in the order of parties and names."""

    departure: Departure
    riders: tuple[Rider, ...]

    @property
    def closed(self) -> bool:
        """Whether the carrier has the list already."""
        return self.departure.state in CLOSED


def carrier_list(session: Session, departure_id: int) -> CarrierList:
    """The people with a seat. Raises NotFound, also where the seats are ours."""
    departure = own_departure(session, departure_id)
    if departure.seating != "carrier":
        raise NotFound
    rows = session.execute(
        select(Booking, Registration, Worker, WorkerDocument, SeatWish, CarrierName.spelling)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Worker, Worker.id == Registration.worker_id)
        .outerjoin(WorkerDocument, WorkerDocument.worker_id == Worker.id)
        .outerjoin(SeatWish, (SeatWish.campaign_id == Registration.campaign_id)
                   & (SeatWish.registration_id == Registration.id))
        .outerjoin(CarrierName, (CarrierName.worker_id == Worker.id)
                   & (CarrierName.carrier_id == departure.carrier_id))
        .where(Booking.campaign_id == departure.campaign_id, Booking.departure_id == departure_id,
               Booking.state == "confirmed").order_by(Booking.id, WorkerDocument.id))
    found: dict[int, Rider] = {}
    for booking, request, worker, document, wish, spelling in rows:
        found.setdefault(booking.id, _rider(booking, request, worker, document, wish, spelling))
    return CarrierList(departure, tuple(sorted(found.values(), key=lambda one: (str(one.party or ""), one.name))))


def _rider(booking: Booking, request: Registration, worker: Worker, document: WorkerDocument | None,
           wish: SeatWish | None, spelling: str | None) -> Rider:
    number = DOCUMENT_NUMBER.view(document.id, document.number_sealed) if document and document.number_sealed else None
    phone = WORKER_PHONE.view(worker.id, worker.phone_sealed) if worker.phone_sealed else None
    return Rider(booking.id, worker.id, worker.name, spelling or worker.name, document.id_type if document else "",
                 document.last_four if document else "", number, phone, wish.place if wish else "any",
                 wish.together if wish else request.party_id is not None, request.party_id, booking.lap_children,
                 booking.seat, booking.order_number)


def clear(session: Session, found: CarrierList) -> dict[int, tuple[str, str]]:
    """Number and phone of each booking's person in clear; who read them and how many is written down."""
    guarded = [(one.booking_id, place, value) for one in found.riders
               for place, value in enumerate((one.number, one.phone)) if value is not None]
    opened = audit.reveal_many(session, [value for _, _, value in guarded], WHY, "departure", found.departure.id)
    texts: dict[int, list[str]] = defaultdict(lambda: ["", ""])
    for (booking_id, place, _), text in zip(guarded, opened, strict=True):
        texts[booking_id][place] = text.removeprefix("+86")
    return {key: (number, phone) for key, (number, phone) in texts.items()}


def preview(session: Session, departure_id: int, text: str) -> list[Given]:
    """What each row of the carrier's table would do; nothing is written. Raises NotFound, Invalid without a header."""
    found = carrier_list(session, departure_id)
    rows = returned.read(text[:500_000])
    if not rows:
        raise Invalid(errors=[FieldProblem("rows", "no_header", N_("没有找到表头，请连“座位”和“姓名”那一行一起粘贴"))])
    numbers = {key: number for key, (number, _) in clear(session, found).items()} if any(
        row.fields.get("document") and not row.fields.get("number") for row in rows) else {}
    names: dict[str, list[int]] = defaultdict(list)
    for one in found.riders:
        for name in {one.name, one.written}:
            names["".join(name.split())].append(one.booking_id)
    return returned.judge(rows, {str(one.booking_id): one.booking_id for one in found.riders},
                          {number.upper(): key for key, number in numbers.items() if number}, names,
                          {one.seat: one.booking_id for one in found.riders if one.seat})


def take(session: Session, departure_id: int, text: str, reason: str) -> int:
    """Write the seats and order numbers of all rows that are right; how many. Raises NotFound, Invalid (without a
    header, or where the list is closed and no reason is given).
    """
    departure = own_departure(session, departure_id, lock=True)
    good = [one for one in preview(session, departure_id, text) if not one.problem and one.booking_id is not None]
    if departure.state in CLOSED and not reason:
        raise Invalid(errors=[FieldProblem("reason", "missing", N_("名单已经截止，改动请写明原因"))])
    set_carrier_seats(session, departure.campaign_id, {one.booking_id: one.seat for one in good if one.booking_id},
                      {one.booking_id: one.order for one in good if one.booking_id and one.order})
    audit.record(session, "departure.seats_given", "departure", departure_id, reason=reason or None, count=len(good))
    return len(good)


def spell(session: Session, departure_id: int, spellings: Mapping[str, str]) -> None:
    """Keep how the carrier writes these people (by worker id); a name as it stands in the document is forgotten again.

    Raises NotFound.
    """
    found = carrier_list(session, departure_id)
    if found.departure.carrier_id is None:
        raise NotFound
    for one in _changed(found.riders, spellings):
        session.execute(insert(CarrierName).values(
            carrier_id=found.departure.carrier_id, worker_id=one.worker_id, spelling=spellings[str(one.worker_id)])
            .on_conflict_do_update(index_elements=["carrier_id", "worker_id"],
                                   set_={"spelling": spellings[str(one.worker_id)]}))
        audit.record(session, "carrier.name_spelled", "worker", one.worker_id)


def _changed(riders: Sequence[Rider], spellings: Mapping[str, str]) -> list[Rider]:
    return [one for one in riders
            if spellings.get(str(one.worker_id)) and spellings[str(one.worker_id)] != one.written]
