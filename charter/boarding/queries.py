"""Boarding as it is read: figures and states of one departure, its cases, and what a phone needs beside its list."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding import manifest, records, trip_log
from charter.boarding.models import BoardingConflict, HeadCount
from charter.boarding.rules import states
from charter.boarding.trips import Trip, trip
from charter.campaigns.models import Campaign, Departure, DepartureStop
from charter.campaigns.naming import named
from charter.campaigns.rules.ruling import allowed_at, waiting_at
from charter.campaigns.ruling import rulings
from charter.core import clock
from charter.core.actor import Actor
from charter.core.ids import uuid_or_none
from charter.passes.models import PassKey

__all__ = ["State", "last_count", "scanning", "state", "trips_between"]


@dataclass(frozen=True, slots=True)
class State:
    """Where boarding stands. Heads count lap children; `counted` is the last head count or None."""

    version: int
    figures: states.Figures
    counted: int | None
    states: Mapping[str, states.BookingState]
    conflicts: list[BoardingConflict]
    explained: bool

    @property
    def balances(self) -> bool:
        """Whether the last count is what the scans say, or its difference was explained; true without a count."""
        return self.counted is None or self.counted == self.figures.on_board or self.explained

    def as_json(self) -> dict[str, Any]:
        """As the contract writes it."""
        figures = self.figures
        return {
            "version": self.version, "expected": figures.expected, "boarded_by_scan": figures.boarded_by_scan,
            "boarded_by_hand": figures.boarded_by_hand, "alighted": figures.alighted, "counted": self.counted,
            "items": [{"booking_id": booking, "state": found.state, "scan_id": found.scan_id}
                      for booking, found in self.states.items()],
            "conflicts": [{"id": str(case.id), "booking_id": str(case.booking_id), "scan_ids": case.scan_ids,
                           "state": case.state} for case in self.conflicts]}


def state(session: Session, found: Trip) -> State:
    """The state of one departure, computed from all its scans."""
    folded, _, listed = records.state_of(session, found.departure_id, sealed=found.sealed_at is not None)
    cases = session.scalars(select(BoardingConflict).where(BoardingConflict.departure_id == found.departure_id)
                            .order_by(BoardingConflict.id)).all()
    count = last_count(session, found.departure_id)
    extra = trip_log.walk_ons(trip_log.entries(session, found.departure_id))  # boarded by hand, though on no list
    figures = states.figures(folded, listed)
    figures = replace(figures, boarded_by_hand=figures.boarded_by_hand + extra)
    return State(manifest.version(session, found.departure_id), figures,
                 count.counted if count else None, folded, list(cases), bool(count and count.reason))


def last_count(session: Session, departure_id: int) -> HeadCount | None:
    """The newest head count."""
    return session.scalar(select(HeadCount).where(HeadCount.departure_id == departure_id)
                          .order_by(HeadCount.at.desc(), HeadCount.id).limit(1))


def scanning(session: Session, found: Trip) -> dict[str, Any]:
    """What a scanner's phone needs beside its list: stops, keys, the day's other departures, the server's clock."""
    campaign = session.get_one(Campaign, found.campaign_id)
    keys = session.scalars(select(PassKey).where(PassKey.campaign_id == found.campaign_id))
    return {
        "departure_id": str(found.departure_id), "campaign_id": str(found.campaign_id), "code": found.code,
        "hotline": campaign.hotline, "departs_at": clock.local(found.departs_at).isoformat(), "plate": found.plate,
        "not_after": clock.local(found.not_after).isoformat(), "server_time": clock.now().isoformat(),
        "sealed_at": found.sealed_at and found.sealed_at.isoformat(),
        "walk_on": allowed_at(rulings(session, found.campaign_id), "walk_on", clock.now()),
        "waiting_minutes": waiting_at(rulings(session, found.campaign_id), found.departs_at),
        "list_version": manifest.version(session, found.departure_id),
        "stops": [{"id": str(place.id), "name": place.name, "name_en": place.name_en, "bay": place.bay,
                   "gather_at": clock.local(place.gather_at).isoformat(),
                   "departs_at": clock.local(place.departs_at).isoformat()}
                  for place in found.stops.values() if place.kind == "board"],
        "gates": [{"id": str(place.id), "name": place.name, "name_en": place.name_en}
                  for place in found.stops.values() if place.kind != "board"],
        "keys": [{"number": key.number, "point": base64.b64encode(key.public).decode(),
                  "revoked": key.revoked_at is not None} for key in keys],
        "others": _others(session, found)}


def _others(session: Session, found: Trip) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Departure, DepartureStop).join(DepartureStop, DepartureStop.departure_id == Departure.id)
        .where(Departure.campaign_id == found.campaign_id, Departure.id != found.departure_id,
               DepartureStop.stop_id.in_(list(found.stops)), DepartureStop.kind == "board",
               Departure.departs_at.between(found.departs_at - timedelta(hours=12),
                                            found.departs_at + timedelta(hours=24)))
        .order_by(Departure.departs_at)).all()
    return [{"departure_id": str(departure.id), "code": named(departure), "bay": at.bay, "stop_id": str(at.stop_id),
             "departs_at": clock.local(at.departs_at).isoformat(),
             "still_here": departure.state not in ("departed", "arrived", "called_off")} for departure, at in rows]


def trips_between(session: Session, actor: Actor, first: datetime, last: datetime) -> list[Trip]:
    """The departures of the actor's campaign that leave between two moments."""
    found = session.scalars(select(Departure.id).where(
        Departure.campaign_id == uuid_or_none(actor.scope("campaign") or ""), Departure.state != "called_off",
        Departure.departs_at.between(first, last)).order_by(Departure.departs_at))
    return [one for one in (trip(session, departure) for departure in found.all()) if one]
