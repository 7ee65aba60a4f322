"""From nothing to a campaign that is planned, booked and boarding, by the public faces of the other rooms."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns import service as campaigns
from charter.campaigns.departing import add_extra
from charter.campaigns.models import Corridor, Fleet, VehicleType
from charter.campaigns.vehicle_types import load_vehicle_types
from charter.core import clock
from charter.core.actor import SYSTEM, Actor, Role, acting
from charter.core.db import act, ask
from charter.demo import lately, lists, money, network, papers, play, riding, troubles, world
from charter.demo.persons import Person, people
from charter.passes import keys
from charter.people.models import Employer
from charter.people.service import organizations
from charter.places import table as places
from charter.planning import jobs as planning_jobs
from charter.planning import publishing
from charter.planning import service as planning
from charter.rosters import jobs as rosters_jobs
from charter.rosters import queries
from charter.rosters import service as rosters

__all__ = ["make"]

DAYS = 14
LISTS_AT_ONCE = 2
BUDGET_FEN = 60_000  # a head
MADE_BEFORE = 6  # days before today on which the campaign was made
Say = Callable[[str], None]


def make(workers: int, seed: int, say: Say) -> UUID:
    """The demo campaign, made some days ago and played until now; its id."""
    with clock.travel(-timedelta(days=MADE_BEFORE)):
        campaign_id = _prepare(workers, seed, say)
    say(f"played: {play.play(campaign_id, seed, say)}")
    say(f"dressed: {act(lately.dress, campaign_id, seed)}")
    say(f"crew: {riding.arrange(campaign_id, seed)}")
    say(f"desk: {troubles.trouble(campaign_id)}")
    say(f"money: {act(money.fill, campaign_id)}")
    say(f"papers: {act(papers.fill, campaign_id)}")
    return campaign_id


def _prepare(workers: int, seed: int, say: Say) -> UUID:
    rng = random.Random(seed)  # noqa: S311 - invented people, the same ones for the same seed
    table = places.load()
    counties = world.choose_counties(table, rng, workers)
    campaign_id, districts = act(_set_up, counties, workers)
    say(f"campaign set up: {len(counties)} counties")
    firms = world.make_firms(rng, counties, workers, table)
    crowd = people(rng, clock.today(), sorted({code for firm in firms for code in firm.hires_from}))
    taken = _take_lists(rng, campaign_id, districts, firms, crowd, say)
    say(f"lists read: {taken} workers of {len(firms)} employers registered")
    plan_id = act(planning.start, campaign_id, time_limit_s=10 if workers <= 1_000 else 60, seed=seed).id
    planning_jobs.run(str(plan_id))
    plan = act(publishing.publish, plan_id)
    say(f"plan published: {plan.figures}")
    say(f"extra departures: {', '.join(act(_extra, campaign_id))}")
    first = clock.today() + timedelta(days=MADE_BEFORE + 2)
    late = lately.come_late(rng, campaign_id, firms, crowd, table, first, DAYS - MADE_BEFORE - 2,
                            partial(_hand_in, campaign_id, districts))
    say(f"came late: {late}")
    return campaign_id


def _set_up(session: Session, counties: list[str], workers: int) -> tuple[UUID, dict[str, UUID]]:
    load_vehicle_types(session)
    city = organizations.add_union(session, kind="city", name="厦门市总工会（演示）", name_en="City federation (demo)",
                                   hotline="0592-12351")
    districts = {}
    for code in world.DISTRICTS:
        name = (places.load().get(code) or places.load().parents(code)[-1]).name
        own = organizations.add_union(session, kind="district", name=f"{name}总工会（演示）", name_en=f"{code} union",
                                      hotline="0592-12351", parent_id=city.id)
        districts[code] = organizations.add_district(session, code=code, name=name, name_en=code, union_id=own.id).id
    first = clock.today() + timedelta(days=1)
    campaign = campaigns.create_campaign(
        session, name="返岗直通车（演示）", name_en="Back to work (demo)", direction="to_work", union_id=city.id,
        destination=world.CITY, starts_on=first, ends_on=first + timedelta(days=DAYS - 1), hotline="0592-12351",
        budget_fen=workers * BUDGET_FEN, demo=True)
    network.build_network(session, campaign, counties, places.load(), workers)
    keys.ensure(session, campaign.id)
    return campaign.id, districts


def _extra(session: Session, campaign_id: UUID) -> list[str]:
    """A coach and a flight with every seat free, for whoever comes late."""
    made = []
    day = clock.today() + timedelta(days=MADE_BEFORE + 4)
    for mode in ("bus", "flight"):
        corridor = session.scalars(select(Corridor).where(
            Corridor.campaign_id == campaign_id, Corridor.mode == mode, Corridor.feeder.is_(False))
            .order_by(Corridor.name).limit(1)).one()
        fleet = session.scalars(
            select(Fleet).join(VehicleType, VehicleType.id == Fleet.vehicle_type_id)
            .where(Fleet.campaign_id == campaign_id, VehicleType.mode == mode, Fleet.feeder.is_(False))
            .order_by(VehicleType.passenger_seats.desc()).limit(1)).one()
        made.append(add_extra(session, corridor.id, fleet.id, day, f"{corridor.name[:14]} {day:%m%d}-加").code)
    return made


def _take_lists(rng: random.Random, campaign_id: UUID, districts: dict[str, UUID], firms: list[world.Firm],
                crowd: Iterator[Person], say: Say) -> int:
    table, first = places.load(), clock.today() + timedelta(days=1)
    taken = 0
    with ThreadPoolExecutor(LISTS_AT_ONCE) as clerks:
        hand_in = partial(_hand_in, campaign_id, districts)
        written = (lists.write_list(rng, firm, world.make_riders(rng, firm, crowd, first, DAYS), table)
                   for firm in firms)
        for place, new in enumerate(clerks.map(hand_in, firms, written), 1):
            taken += new
            if place % 50 == 0:
                say(f"lists {place} of {len(firms)}")
    return taken


def _employer(session: Session, districts: dict[str, UUID], firm: world.Firm) -> UUID:
    known = session.scalar(select(Employer.id).where(Employer.credit_code == firm.credit_code))
    return known or organizations.add_employer(session, name=firm.name, credit_code=firm.credit_code,
                                               district_id=districts[firm.district], gate=firm.gate).id


def _hand_in(campaign_id: UUID, districts: dict[str, UUID], firm: world.Firm, written: lists.ListFile) -> int:
    """One clerk's list, by the acts and the job that serve every clerk; how many people it brought."""
    employer = act(_employer, districts, firm)
    with acting(Actor(Role.EMPLOYER, account_id="demo", scope_kind="employer", scope_id=str(employer))) as clerk:
        batch = act(rosters.upload, clerk, campaign_id, None, written.name, written.content)
        rosters_jobs.run(str(batch.id))
        act(rosters.commit, batch.id)
    rosters_jobs.run(str(batch.id))
    return int(ask(queries.batch, SYSTEM, batch.id).changes["new"])
