"""Acts of the set-up pages: campaigns, corridors, carriers and their offers, made and changed.

Each change says what it was made from (`was`); what another person changed meanwhile is never overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from charter.campaigns.copying import copy_setup
from charter.campaigns.forms import CampaignIn, CarrierIn, FleetIn, campaign_texts, carrier_texts, fleet_texts
from charter.campaigns.line_form import LineIn, line_texts
from charter.campaigns.models import Campaign, Carrier, Corridor, CorridorStop, Departure, Fleet, Stop
from charter.core import audit
from charter.core.actor import current
from charter.core.db import constraint_problem
from charter.core.forms import still
from charter.core.i18n import N_
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, Invalid, NotFound, Problem
from charter.people.models import Union
from charter.people.service import organizations

__all__ = ["InUse", "change_campaign", "create_campaign", "own_campaign", "remove_corridor", "remove_fleet",
           "save_carrier", "save_corridor", "save_fleet", "set_budget", "stops_of"]


class InUse(Problem):
    status, code, message = 409, "in_use", N_("已有班次在用，不能删除")


def _name_taken() -> Problem:
    return Invalid(errors=[FieldProblem("name", "taken", N_("已经有同名的了，请换一个名称"))])


constraint_problem("uq_carrier_name", _name_taken)
constraint_problem("uq_corridor_campaign_id_name", _name_taken)


def own_campaign(session: Session, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """A campaign that the caller may change. Raises NotFound."""
    found = session.get(Campaign, campaign_id, with_for_update=lock or None)
    if found is None or current().scope("campaign") not in (None, str(campaign_id)):
        raise NotFound
    return found


def create_campaign(session: Session, values: CampaignIn, union: str, like: str = "") -> UUID:
    """A new campaign of a federation (its id, or the name of the first one); the campaign's id. Raises Invalid.

    `like` is the id of a campaign whose lines and offers it begins with, or "".
    """
    made = Campaign(union_id=_union(session, union.strip(), values.hotline), **asdict(values))
    session.add(made)
    session.flush()
    audit.record(session, "campaign.created", "campaign", made.id)
    if like:
        copy_setup(session, _earlier(session, like), made)
    return made.id


def _earlier(session: Session, like: str) -> Campaign:
    key = uuid_or_none(like)
    found = session.get(Campaign, key) if key else None
    if found is None or current().scope("campaign") not in (None, str(found.id)):
        raise Invalid(errors=[FieldProblem("like", "invalid", N_("请选择一项"))])
    return found


def _union(session: Session, union: str, hotline: str) -> UUID:
    known = set(session.scalars(select(Union.id)))
    key = uuid_or_none(union)
    if key in known and key is not None:
        return key
    if known or not union:
        raise Invalid(errors=[FieldProblem("union", "missing", N_("请选择主办工会"))])
    return organizations.add_union(session, kind="city", name=union[:80], name_en=union[:120], hotline=hotline).id


def change_campaign(session: Session, campaign_id: UUID, values: CampaignIn, was: Mapping[str, str]) -> None:
    """Change what is said of a campaign; its budget has an act of its own. Raises NotFound, ChangedMeanwhile."""
    found = own_campaign(session, campaign_id, lock=True)
    still(campaign_texts(found), was)
    changed = []
    for name in (one.name for one in fields(values) if one.name != "budget_fen"):
        if getattr(found, name) != getattr(values, name):
            setattr(found, name, getattr(values, name))
            changed.append(name)
    audit.record(session, "campaign.changed", "campaign", campaign_id, fields=changed)


def set_budget(session: Session, campaign_id: UUID, budget_fen: int | None, was: Mapping[str, str]) -> None:
    """Set the budget, whole fen; None is none. Raises NotFound, ChangedMeanwhile."""
    found = own_campaign(session, campaign_id, lock=True)
    still(campaign_texts(found), was)
    found.budget_fen = budget_fen
    audit.record(session, "campaign.budget", "campaign", campaign_id, fen=budget_fen)


def stops_of(session: Session, corridor_id: UUID) -> list[tuple[CorridorStop, Stop]]:
    """A corridor's stops in driving order."""
    rows = session.execute(select(CorridorStop, Stop).join(Stop, Stop.id == CorridorStop.stop_id)
                           .where(CorridorStop.corridor_id == corridor_id).order_by(CorridorStop.seq))
    return [(at, stop) for at, stop in rows]


def save_corridor(session: Session, campaign_id: UUID, corridor_id: UUID | None, values: LineIn,
                  was: Mapping[str, str]) -> UUID:
    """Make a corridor, or change one; departures that run keep their own stops. Raises NotFound, ChangedMeanwhile."""
    own_campaign(session, campaign_id)
    found = _corridor(session, campaign_id, corridor_id, was) if corridor_id else Corridor(campaign_id=campaign_id)
    found.name, found.name_en, found.mode = values.name, values.name_en, values.mode
    found.feeder = values.feeder
    found.origins, found.distance_km, found.duration_min = list(values.origins), values.distance_km, values.duration_min
    session.add(found)
    session.flush()
    session.execute(delete(CorridorStop).where(CorridorStop.corridor_id == found.id))
    for seq, wanted in enumerate(values.stops, 1):
        stop = session.scalar(select(Stop).where(Stop.campaign_id == campaign_id, Stop.name == wanted.name,
                                                 Stop.division == wanted.division))
        if stop is None:
            stop = Stop(campaign_id=campaign_id, name=wanted.name, division=wanted.division, kind=wanted.place,
                        lon=wanted.lon, lat=wanted.lat)
            session.add(stop)
            session.flush()
        session.add(CorridorStop(corridor_id=found.id, seq=seq, stop_id=stop.id, kind=wanted.kind,
                                 offset_min=wanted.offset_min))
    audit.record(session, "corridor.changed" if corridor_id else "corridor.added", "corridor", found.id)
    return found.id


def _corridor(session: Session, campaign_id: UUID, corridor_id: UUID, was: Mapping[str, str]) -> Corridor:
    found = session.get(Corridor, corridor_id, with_for_update=True)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound
    still(line_texts(found, stops_of(session, corridor_id)), was)
    return found


def remove_corridor(session: Session, campaign_id: UUID, corridor_id: UUID) -> None:
    """Take a corridor out on which nothing runs. Raises NotFound, InUse."""
    own_campaign(session, campaign_id)
    found = _corridor(session, campaign_id, corridor_id, {})
    if session.scalar(select(func.count()).select_from(Departure).where(Departure.corridor_id == corridor_id)):
        raise InUse
    session.execute(delete(CorridorStop).where(CorridorStop.corridor_id == corridor_id))
    session.delete(found)
    audit.record(session, "corridor.removed", "corridor", corridor_id)


def save_carrier(session: Session, carrier_id: UUID | None, values: CarrierIn, was: Mapping[str, str]) -> UUID:
    """Make a carrier, or change one. Raises NotFound, ChangedMeanwhile; Invalid for a name that is taken."""
    found = session.get(Carrier, carrier_id, with_for_update=True) if carrier_id else Carrier()
    if found is None:
        raise NotFound
    if carrier_id:
        still(carrier_texts(found), was)
    found.name, found.name_en = values.name, values.name_en
    found.home_division, found.phone = values.home_division, values.phone
    session.add(found)
    session.flush()
    audit.record(session, "carrier.changed" if carrier_id else "carrier.added", "carrier", found.id)
    return found.id


def save_fleet(session: Session, campaign_id: UUID, fleet_id: UUID | None, values: FleetIn,
               was: Mapping[str, str]) -> UUID:
    """Make an offer, or change one. Raises NotFound, ChangedMeanwhile."""
    own_campaign(session, campaign_id)
    found = _fleet(session, campaign_id, fleet_id) if fleet_id else Fleet(campaign_id=campaign_id)
    if fleet_id:
        still(fleet_texts(found), was)
    found.carrier_id, found.vehicle_type_id = UUID(values.carrier), UUID(values.vehicle_type)
    found.size, found.base_fen, found.per_km_fen = values.size, values.base_fen, values.per_km_fen
    found.feeder = values.feeder
    session.add(found)
    session.flush()
    audit.record(session, "fleet.changed" if fleet_id else "fleet.added", "fleet", found.id, size=found.size)
    return found.id


def _fleet(session: Session, campaign_id: UUID, fleet_id: UUID) -> Fleet:
    found = session.get(Fleet, fleet_id, with_for_update=True)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound
    return found


def remove_fleet(session: Session, campaign_id: UUID, fleet_id: UUID) -> None:
    """Take an offer out of which nothing is chartered. Raises NotFound, InUse."""
    own_campaign(session, campaign_id)
    found = _fleet(session, campaign_id, fleet_id)
    if session.scalar(select(func.count()).select_from(Departure).where(Departure.fleet_id == fleet_id)):
        raise InUse
    session.delete(found)
    audit.record(session, "fleet.removed", "fleet", fleet_id)
