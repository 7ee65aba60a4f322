"""A plan for people: its vehicles, who rides in one and why, who stays behind and why, and what publishing sends."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Carrier, Corridor, Departure, Fleet, VehicleType
from charter.core.problems import NotFound
from charter.people.models import Employer, Worker
from charter.planning.models import Plan
from charter.planning.results import moves, riders
from charter.planning.service import unpacked
from charter.registrations.models import Registration

__all__ = ["LineRow", "MoveRow", "PersonRow", "VehicleRow", "by_employer", "left_behind", "lines", "loads", "moved",
           "people_of", "vehicle", "vehicle_rows", "vehicles"]


@dataclass(frozen=True, slots=True)
class VehicleRow:
    """A vehicle of a plan, named by `position` and `copy`; `line` is its corridor, money in whole fen."""

    position: int
    copy: int
    line: str
    corridor: str
    corridor_en: str
    day: date
    mode: str
    vehicle: str
    vehicle_en: str
    carrier: str
    people: int
    seats: int
    fen: int

    @property
    def fen_a_head(self) -> int:
        """Whole fen for each who rides."""
        return round(self.fen / max(self.people, 1))


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in a plan, with what he asked for; `code` is why he stays behind."""

    registration_id: UUID
    name: str
    employer: str
    origin: str
    earliest: date
    latest: date
    modes: tuple[str, ...]
    together: bool
    code: str = ""


def vehicles(session: Session, plan: Plan) -> list[VehicleRow]:
    """The plan's vehicles by day and corridor; none where it has no result."""
    rows = vehicle_rows(session, plan).values()
    return sorted(rows, key=lambda row: (row.day, row.mode, row.corridor, row.position, row.copy))


def vehicle_rows(session: Session, plan: Plan) -> dict[tuple[int, int], VehicleRow]:
    """The plan's vehicles by position and copy."""
    if plan.plan_gz is None:
        return {}
    departures, seated = _parsed(plan.instance_gz, plan.plan_gz)
    known = _Names(session, plan.campaign_id)
    return {(d, copy): known.row(departures[d], d, copy, len(ids)) for (d, copy), ids in seated.items() if ids}


@dataclass(frozen=True, slots=True)
class LineRow:
    """What a plan does on one corridor."""

    id: str
    name: str
    name_en: str
    vehicles: int
    people: int
    fen: int


def lines(rows: Iterable[VehicleRow]) -> list[LineRow]:
    """The corridors of a plan's vehicles, by name."""
    found: dict[str, list[VehicleRow]] = defaultdict(list)
    for row in rows:
        found[row.line].append(row)
    made = [LineRow(key, some[0].corridor, some[0].corridor_en, len(some), sum(row.people for row in some),
                    sum(row.fen for row in some)) for key, some in found.items()]
    return sorted(made, key=lambda one: one.name)


@lru_cache(maxsize=4)
def _parsed(instance_gz: bytes | None, plan_gz: bytes) -> tuple[list[dict[str, Any]], dict[tuple[int, int], list[str]]]:
    """The plan's departures, and who rides in each; a large plan is read once, not for each page."""
    instance = unpacked(instance_gz)
    return instance["departures"], riders(instance, unpacked(plan_gz))


def loads(plan: Plan) -> Iterator[tuple[Mapping[str, Any], Sequence[str]]]:
    """Each vehicle of a plan as its instance writes it, feeders too, with the requests that ride in it."""
    for instance_gz, plan_gz in ((plan.instance_gz, plan.plan_gz), (plan.feeder_instance_gz, plan.feeder_plan_gz)):
        if plan_gz is not None:
            departures, seated = _parsed(instance_gz, plan_gz)
            yield from ((departures[d], ids) for (d, _), ids in seated.items() if ids)


def vehicle(session: Session, plan: Plan, position: int, copy: int) -> tuple[VehicleRow, list[PersonRow]]:
    """One vehicle of a plan and who rides in it. Raises NotFound."""
    if plan.plan_gz is None:
        raise NotFound
    departures, seated = _parsed(plan.instance_gz, plan.plan_gz)
    ids = seated.get((position, copy))
    if not ids:
        raise NotFound
    row = _Names(session, plan.campaign_id).row(departures[position], position, copy, len(ids))
    return row, people_of(session, plan.campaign_id, dict.fromkeys(ids, ""))


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Somebody whose departure the plan leaves out: from which departure to which (code, or line and day of a new
    vehicle); no `to` where he has no seat."""

    name: str
    employer: str
    origin: str
    to: str
    new: bool


def moved(session: Session, plan: Plan) -> list[MoveRow]:
    """Who moves from where to where, by the departures left."""
    if plan.plan_gz is None or not plan.options.get("without"):
        return []
    found = moves(unpacked(plan.instance_gz), unpacked(plan.plan_gz))
    people = {str(one.registration_id): one
              for one in people_of(session, plan.campaign_id, {one.registration_id: "" for one in found})}
    codes = {str(key): code for key, code in session.execute(
        select(Departure.id, Departure.code).where(Departure.campaign_id == plan.campaign_id))}
    lines = _Names(session, plan.campaign_id).corridors
    rows = []
    for one in found:
        new = f"{lines[one.corridor].name} {one.day}" if one.corridor in lines else ""
        rows.append(MoveRow(people[one.registration_id].name, people[one.registration_id].employer,
                            codes.get(one.origin, ""), codes.get(one.to or "", new), one.to is None and bool(new)))
    return rows


def left_behind(session: Session, plan: Plan, code: str, limit: int, offset: int) -> list[PersonRow]:
    """Who stays behind, of one reason or of all; one more than wanted."""
    found = [one for one in plan.left_behind if code in ("", one["code"])][offset:offset + limit + 1]
    return people_of(session, plan.campaign_id, {one["registration_id"]: one["code"] for one in found})


def people_of(session: Session, campaign_id: UUID, codes: Mapping[str, str]) -> list[PersonRow]:
    """These requests by employer and name, each with its code."""
    keys = [UUID(one) for one in codes]
    found = []
    for start in range(0, len(keys), 5_000):
        found += [_person(row, name, employer, codes[str(row.id)]) for row, name, employer in session.execute(
            select(Registration, Worker.name, Employer.name)
            .join(Worker, Worker.id == Registration.worker_id).join(Employer, Employer.id == Registration.employer_id)
            .where(Registration.campaign_id == campaign_id, Registration.id.in_(keys[start:start + 5_000])))]
    return sorted(found, key=lambda one: (one.employer, one.origin, one.name))


def _person(row: Registration, name: str, employer: str, code: str) -> PersonRow:
    return PersonRow(row.id, name, employer, row.origin, row.earliest, row.latest, tuple(row.modes),
                     row.party_id is not None, code)


def by_employer(people: Iterable[PersonRow]) -> list[tuple[str, int]]:
    """How many of each employer, most first."""
    return Counter(one.employer for one in people).most_common()


class _Names:
    """The words of corridors and offers of a campaign, read once."""

    def __init__(self, session: Session, campaign_id: UUID) -> None:
        self.corridors = {str(row.id): row for row in session.scalars(
            select(Corridor).where(Corridor.campaign_id == campaign_id))}
        self.fleets = {str(key): (kind, carrier) for key, kind, carrier in session.execute(
            select(Fleet.id, VehicleType, Carrier.name).join(VehicleType, VehicleType.id == Fleet.vehicle_type_id)
            .join(Carrier, Carrier.id == Fleet.carrier_id).where(Fleet.campaign_id == campaign_id))}

    def row(self, wanted: Mapping[str, Any], position: int, copy: int, people: int) -> VehicleRow:
        """One vehicle; what has been removed since is named by a dash."""
        corridor = self.corridors.get(wanted["x_corridor"])
        kind, carrier = self.fleets.get(wanted["x_fleet"], (None, "—"))
        line = (corridor.name, corridor.name_en or corridor.name) if corridor else ("—", "—")
        return VehicleRow(
            position, copy, wanted["x_corridor"], *line, date.fromisoformat(wanted["x_date"]), wanted["mode"],
            kind.name if kind else "—", kind.name_en if kind else "—", carrier, people, wanted["capacity"],
            round(wanted["fixed_cost"] * 100))
