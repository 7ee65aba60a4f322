"""What happened after the plan was published: a late list, workers who register by themselves, somebody listed twice,
crew and plates for the next days, the first bills."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Departure
from charter.campaigns.trip import crew_texts, set_vehicle, vehicle_texts
from charter.core import clock
from charter.core.actor import Actor, Role
from charter.core.db import act
from charter.crew.service import Riding, assign
from charter.demo import lists, world
from charter.demo.persons import Person
from charter.funding.models import DepartureCost
from charter.funding.service import set_actual
from charter.people.models import Employer
from charter.places.table import DivisionTable
from charter.registrations.rules.request import Request
from charter.registrations.service import register

__all__ = ["come_late", "dress"]

CREW = ("林志强", "陈美玲", "黄国栋", "吴秀珍", "郑文斌", "蔡丽华", "许建平", "杨素云", "洪伟民", "苏玉兰")
HandIn = Callable[[world.Firm, lists.ListFile], int]


def come_late(rng: random.Random, campaign_id: UUID, firms: list[world.Firm], crowd: Iterator[Person],
              table: DivisionTable, first: date, days: int, hand_in: HandIn) -> str:
    """A list that came after the plan, with somebody on it whom another firm has listed; a few people on their own."""
    late = world.make_firms(rng, sorted({code for firm in firms for code in firm.hires_from}), 120, table)[0]
    riders = world.make_riders(rng, world.with_riders(late, max(8, sum(firm.riders for firm in firms) // 100)), crowd,
                               first, days)
    shared = next(crowd)
    other = world.with_riders(firms[0], 1)
    doubled = world.make_riders(rng, other, iter([shared]), first, days)
    hand_in(other, lists.write_clean(other, doubled, table))
    taken = hand_in(late, lists.write_list(rng, late, riders + doubled, table))
    alone = [world.make_riders(rng, world.with_riders(firms[1], 1), crowd, first, days)[0] for _ in range(5)]
    for rider in alone:
        act(_register_alone, campaign_id, firms[1].name, rider)
    return f"{taken} on a late list, {len(alone)} by themselves"


def _register_alone(session: Session, campaign_id: UUID, employer: str, rider: world.Rider) -> None:
    firm = session.scalars(select(Employer).where(Employer.name == employer)).one()
    request = Request(rider.person.name, "resident_id", rider.person.id_number, rider.person.phone, rider.origin, "",
                      rider.earliest, rider.latest, rider.modes)
    register(session, Actor(Role.WORKER, account_id="demo", scope_kind="worker"), campaign_id, firm.id, request)


def dress(session: Session, campaign_id: UUID, seed: int) -> str:
    """Crew and plates for what has left and leaves by tomorrow (some are still missing), bills for what has arrived."""
    rng = random.Random(seed)  # noqa: S311 - invented
    rows = session.scalars(select(Departure).where(
        Departure.campaign_id == campaign_id, Departure.date <= clock.today() + timedelta(days=1))
        .order_by(Departure.departs_at, Departure.id)).all()
    near = [row for place, row in enumerate(rows) if place % 9 != 8]
    for place, row in enumerate(near):
        if row.state in ("open", "boarding", "closed"):
            name, phone = CREW[place % len(CREW)], f"154{20_000_000 + place:08d}"
            assign(session, [Riding(row.id, name, phone, crew_texts(row))])
            set_vehicle(session, row.id, f"闽D{rng.randrange(10_000, 99_999)}", "", vehicle_texts(row))
    billed = _bills(session, rng, [row.id for row in rows if row.state == "arrived"])
    return f"{len(near)} departures near, {billed} bills"


def _bills(session: Session, rng: random.Random, ids: list[int]) -> int:
    planned = session.execute(select(DepartureCost.departure_id, DepartureCost.planned_fen)
                              .where(DepartureCost.departure_id.in_(ids))).all()
    for departure, fen in planned:
        set_actual(session, departure, 100 * round(fen * rng.uniform(0.97, 1.04) / 100))
    return len(planned)
