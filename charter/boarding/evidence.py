"""What stands behind a case: its scans as the phones made them, with what each volunteer saw and answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.models import ApiToken, Device
from charter.boarding.models import BoardingConflict, Scan
from charter.core.ids import uuid_or_none

__all__ = ["Seen", "evidence"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One scan of a case. `phone` is its name, "" for the desk; `shown` the code that the phone showed; `reason` as
    sent (`words.reason_told` says it to a reader)."""

    at: datetime
    phone: str
    kind: str
    shown: str
    reason: str
    by_hand: bool
    time_doubtful: bool


def evidence(session: Session, cases: Sequence[BoardingConflict]) -> Mapping[UUID, list[Seen]]:
    """The scans of each case by corrected time: those that make it, and what else was noted of the same booking with an
    answer."""
    if not cases:
        return {}
    owner = {case.booking_id: case.id for case in cases}
    wanted = {one for case in cases for one in case.scan_ids}
    rows = session.scalars(select(Scan).where(
        Scan.departure_id.in_({case.departure_id for case in cases}), Scan.booking_id.in_(owner))
        .order_by(Scan.corrected_at, Scan.scan_id)).all()
    names = _names(session, {row.device for row in rows})
    made: defaultdict[UUID, list[Seen]] = defaultdict(list)
    for row in rows:
        if row.booking_id is not None and (str(row.scan_id) in wanted or row.reason):
            made[owner[row.booking_id]].append(Seen(
                row.corrected_at, names.get(row.device, ""), row.kind, row.shown, row.reason, row.by_hand,
                row.time_doubtful))
    return made


def _names(session: Session, devices: set[str]) -> dict[str, str]:
    tokens = {found for one in devices if (found := uuid_or_none(one))}
    rows = session.execute(select(ApiToken.id, ApiToken.name, Device.name)
                           .outerjoin(Device, Device.id == ApiToken.device_id).where(ApiToken.id.in_(tokens)))
    return {str(token): device or name for token, name, device in rows}
