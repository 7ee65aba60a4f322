"""Everybody of a departure gets his seat in another vehicle; a changed seat raises the pass's revision."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from charter.bookings.models import LIVING, Booking

__all__ = ["seat_anew"]

ASIDE = 100_000  # slots beyond every vehicle, where people stand while the others sit down


def seat_anew(session: Session, departure_id: int, wanted: Mapping[int, tuple[int, str | None]]) -> list[Booking]:
    """Give each living booking its slot and printed seat; those whose seat changed. All of them must be named."""
    rows = {row.id: row for row in session.scalars(select(Booking).where(
        Booking.departure_id == departure_id, Booking.state.in_(LIVING)).order_by(Booking.slot).with_for_update())}
    session.execute(update(Booking).where(Booking.departure_id == departure_id, Booking.state.in_(LIVING))
                    .values(slot=Booking.slot + ASIDE).execution_options(synchronize_session=False))
    changed = {key for key, row in rows.items() if row.seat != wanted[key][1]}
    pending, taken = set(changed), {row.seat for row in rows.values() if row.seat is not None}
    while pending:
        moves = [key for key in sorted(pending) if wanted[key][1] is None or wanted[key][1] not in taken]
        if not moves:  # they only change places among each other: one stands up first
            moves, parked = [min(pending)], True
        else:
            parked = False
        for key in moves:
            row, seat = rows[key], None if parked else wanted[key][1]
            if seat is not None and seat in taken:
                continue
            taken.discard(row.seat)
            session.execute(update(Booking).where(Booking.campaign_id == row.campaign_id, Booking.id == key)
                            .values(seat=seat).execution_options(synchronize_session=False))
            session.refresh(row)
            if seat is not None:
                taken.add(seat)
            if not parked:
                pending.discard(key)
    for key, row in rows.items():
        session.execute(update(Booking).where(Booking.campaign_id == row.campaign_id, Booking.id == key)
                        .values(slot=wanted[key][0]).execution_options(synchronize_session=False))
        session.refresh(row)
    return [rows[key] for key in sorted(changed)]
