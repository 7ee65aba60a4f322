"""Who rides along in the demo: people who signed up by links, most accepted and insured, a rota that was taken for the
next days and one to look at for the days after.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Departure
from charter.core import clock
from charter.core.db import act, ask
from charter.crew import joining, rota
from charter.crew.links import invitation_code, named
from charter.crew.rules.improving import make_rota
from charter.crew.rules.spans import days_to_give

__all__ = ["arrange"]

LINKS = (("市总工会机关", "cadre"), ("湖里区志愿者协会", "volunteer"), ("用工企业带队人员", "employer"),
         ("车长报名", "coach_leader"))
SURNAMES = "林陈黄吴郑蔡许杨洪苏"
GIVEN = ("志强", "美玲", "国栋", "秀珍", "文斌", "丽华", "建平", "素云", "伟民", "玉兰")
SECONDS = 6.0


def arrange(campaign_id: UUID, seed: int) -> str:
    """Sign up as many as the trips need and some more; take a rota for two days."""
    campaign, trips = ask(_campaign, campaign_id)
    rng = random.Random(seed)  # noqa: S311 - invented
    codes = [invitation_code(act(joining.invite, campaign_id, name, kind, campaign.ends_on)) for name, kind in LINKS]
    days = days_to_give(campaign.starts_on, campaign.ends_on)
    members = [_sign_up(rng, number, codes, days) for number in range(max(16, min(trips, 300)))]
    accepted = members[: len(members) * 9 // 10]
    act(joining.decide, campaign_id, accepted, True)
    act(joining.insure, campaign_id, accepted[: len(accepted) * 19 // 20], "PICC-2030-0001",
        days[0] - timedelta(days=3), days[-1] + timedelta(days=3))
    first = clock.today() + timedelta(days=2)
    taken = _rota(campaign_id, first, first + timedelta(days=1), seed)
    duties = act(rota.take, taken)
    _rota(campaign_id, first + timedelta(days=2), campaign.ends_on, seed)
    return f"{len(members)} people signed up to ride along, {duties} duties"


def _campaign(session: Session, campaign_id: UUID) -> tuple[Campaign, int]:
    count = session.scalar(select(func.count()).select_from(Departure).where(Departure.campaign_id == campaign_id)) or 0
    return session.get_one(Campaign, campaign_id), count


def _sign_up(rng: random.Random, number: int, codes: list[str], days: list[date]) -> UUID:
    begin = rng.randrange(0, max(1, len(days) // 3))
    given = joining.SignUp(SURNAMES[number % 10] + GIVEN[number // 10 % 10], f"154{30_000_000 + number:08d}",
                           ("市总工会", "湖里区总工会", "")[number % 3],
                           tuple(days[begin:begin + rng.randrange(9, len(days) + 1)]), rng.random() < 0.9)
    member = named(act(joining.sign_up, codes[min(number % 7, 3)], given))
    assert member is not None  # noqa: S101 - just made
    return member[0]


def _rota(campaign_id: UUID, first: date, last: date, seed: int) -> UUID:
    """The job's own steps, with less time."""
    made = act(rota.start, campaign_id, first, max(first, last), seed)
    found = act(rota.claim, made)
    assert found is not None  # noqa: S101 - just made
    act(rota.finish, made, found[0], make_rota(found[0], seconds=SECONDS, seed=seed))
    return made
