"""A campaign begins with the lines and offers of an earlier one; the other way round where it goes the other way."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Corridor, CorridorStop, Fleet, Stop
from charter.core import audit
from charter.core.ids import new_uuid

__all__ = ["copy_setup"]


def copy_setup(session: Session, source: Campaign, target: Campaign) -> int:
    """Copy corridors with their stops, and offers; how many corridors. Rules and departures stay where they are.

    Where the two go opposite ways, each line is driven backwards: who got off gets on, minutes count from there.
    """
    stops = _stops(session, source.id, target.id)
    backwards = source.direction != target.direction
    lines = session.scalars(select(Corridor).where(Corridor.campaign_id == source.id).order_by(Corridor.name)).all()
    for line in lines:
        made = Corridor(id=new_uuid(), campaign_id=target.id, name=line.name, name_en=line.name_en, mode=line.mode,
                        origins=list(line.origins), distance_km=line.distance_km, duration_min=line.duration_min,
                        feeder=line.feeder)
        session.add(made)
        session.flush()
        _drive(session, line.id, made.id, stops, backwards)
    for fleet in session.scalars(select(Fleet).where(Fleet.campaign_id == source.id)):
        session.add(Fleet(campaign_id=target.id, carrier_id=fleet.carrier_id, vehicle_type_id=fleet.vehicle_type_id,
                          size=fleet.size, base_fen=fleet.base_fen, per_km_fen=fleet.per_km_fen, feeder=fleet.feeder))
    session.flush()
    audit.record(session, "campaign.copied", "campaign", target.id, source=str(source.id), corridors=len(lines))
    return len(lines)


def _stops(session: Session, source: UUID, target: UUID) -> dict[UUID, UUID]:
    """A copy of each stop that a line of the source has; its id by the source's."""
    found: dict[UUID, UUID] = {}
    used = select(CorridorStop.stop_id).join(Corridor, Corridor.id == CorridorStop.corridor_id).where(
        Corridor.campaign_id == source)
    for stop in session.scalars(select(Stop).where(Stop.id.in_(used)).order_by(Stop.id)):
        found[stop.id] = new_uuid()
        session.add(Stop(id=found[stop.id], campaign_id=target, name=stop.name, name_en=stop.name_en,
                         division=stop.division, kind=stop.kind, lon=stop.lon, lat=stop.lat))
    session.flush()
    return found


def _drive(session: Session, source: UUID, target: UUID, stops: dict[UUID, UUID], backwards: bool) -> None:
    rows = session.scalars(select(CorridorStop).where(CorridorStop.corridor_id == source)
                           .order_by(CorridorStop.seq)).all()
    last = max((row.offset_min for row in rows), default=0)
    other = {"board": "alight", "alight": "board"}
    for seq, row in enumerate(reversed(rows) if backwards else rows, 1):
        session.add(CorridorStop(
            corridor_id=target, seq=seq, stop_id=stops[row.stop_id], kind=other[row.kind] if backwards else row.kind,
            offset_min=last - row.offset_min if backwards else row.offset_min))
