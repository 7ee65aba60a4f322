"""Which budgets a plan would break: its vehicles with their people, beside what stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Corridor
from charter.funding import budgets
from charter.funding.rules.shares import Cost, Heads
from charter.people.models import Employer
from charter.planning import reading
from charter.planning.models import FINISHED, Plan
from charter.registrations.models import Registration

__all__ = ["warnings"]


def warnings(session: Session, plan: Plan) -> list[budgets.Warned]:
    """The budgets that would not hold once the plan is published; none for one that is, or has no result."""
    if plan.state not in FINISHED or plan.plan_gz is None:
        return []
    return budgets.warnings(session, session.get_one(Campaign, plan.campaign_id), _costs(session, plan))


def _costs(session: Session, plan: Plan) -> Iterator[Cost]:
    firms: dict[str, tuple[UUID, UUID]] = {str(key): (firm, district) for key, firm, district in session.execute(
        select(Registration.id, Registration.employer_id, Employer.district_id)
        .join(Employer, Employer.id == Registration.employer_id).where(Registration.campaign_id == plan.campaign_id))}
    lengths = {str(key): km for key, km in session.execute(
        select(Corridor.id, Corridor.distance_km).where(Corridor.campaign_id == plan.campaign_id))}
    for wanted, ids in reading.loads(plan):
        people = Counter(firms[one] for one in ids if one in firms)
        fen = 0 if "x_departure" in wanted else round(wanted["fixed_cost"] * 100)
        yield Cost(fen, wanted["mode"],
                   lengths.get(wanted.get("x_corridor", ""), 0),
                   tuple(Heads(employer, district, count) for (employer, district), count in people.items()))
