"""What somebody asks of a plan, and the instance that says it to the planner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid
from charter.planning import compile as compiling
from charter.planning.problems import NothingToPlan
from charter.planning.results import left_behind
from charter.planning.rules.instance import Demand, instance_of
from charter.planning.standing import displaced, spent_fen, standing, to_leave_out

__all__ = ["Wanted", "compiled"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A plan as asked for.

    `without`: departures that shall not run; their people are seated elsewhere. `only_displaced`: and nobody else.
    `budget_fen`, `load_percent`: another budget or load factor than the campaign's, to compare.
    `locks` and `forbidden`: pairs of a registration and a standing departure.
    """

    without: tuple[int, ...] = ()
    only_displaced: bool = False
    budget_fen: int | None = None
    load_percent: int | None = None
    locks: tuple[tuple[UUID, int], ...] = ()
    forbidden: tuple[tuple[UUID, int], ...] = ()

    def options(self) -> dict[str, Any]:
        """As JSON, for the plan's row."""
        return {"without": [str(one) for one in self.without], "only_displaced": self.only_displaced,
                "budget_fen": self.budget_fen, "load_percent": self.load_percent,
                "locks": [[str(person), str(departure)] for person, departure in self.locks],
                "forbidden": [[str(person), str(departure)] for person, departure in self.forbidden]}


def compiled(session: Session, campaign: Campaign, wanted: Wanted) -> dict[str, Any]:
    """The instance. Raises NothingToPlan, NotFound for departures that cannot be left out, Invalid for locks that no
    plan can keep."""
    to_leave_out(session, campaign.id, wanted.without)
    moved = displaced(session, campaign.id, wanted.without)
    offers = compiling.offers(session, campaign, wanted.load_percent)
    most = max((seats for one in offers for seats in one.seats.values()), default=0)
    people = compiling.people(session, campaign.id, most, _wishes(wanted), moved, waiting=not wanted.only_displaced)
    lines = compiling.lines(session, campaign)
    stands = standing(session, campaign, wanted.without)
    if not people or not lines or not (offers or stands):
        raise NothingToPlan
    setting = compiling.setting(campaign)
    limit = wanted.budget_fen if wanted.budget_fen is not None else setting.budget_fen
    if limit is not None:
        limit = max(0, limit - spent_fen(session, campaign.id, wanted.without))
    instance = instance_of(replace(setting, budget_fen=limit), people, lines, offers, compiling.kilometres, stands)
    nobody = len(instance["groups"]) - len(people)
    instance["x_left_behind"] = left_behind(instance, people, lines) + [""] * nobody
    instance["x_moved"] = {str(person): str(booking.departure_id) for person, booking in moved.items()}
    _check_locks(wanted, people, instance)
    return instance


def _wishes(wanted: Wanted) -> compiling.Wishes:
    forbidden: dict[UUID, set[str]] = defaultdict(set)
    for person, departure in wanted.forbidden:
        forbidden[person].add(str(departure))
    return compiling.Wishes({person: str(departure) for person, departure in wanted.locks},
                            {person: frozenset(departures) for person, departures in forbidden.items()})


def _check_locks(wanted: Wanted, people: Sequence[Demand], instance: Mapping[str, Any]) -> None:
    """Locks that nothing can satisfy are said now, by name, and not found out from a plan."""
    with_option = {group for group, _, _ in instance["options"]}
    possible = {one for place, demand in enumerate(people) if place in with_option for one in demand.registrations}
    wrong = [FieldProblem(f"locks.{number}", "lock_impossible",
                          N_("%(person)s 不能乘坐锁定的班次：没有空座，或出发地、日期、方式不符"),
                          {"person": str(person)})
             for number, (person, _) in enumerate(wanted.locks) if str(person) not in possible]
    if wrong:
        raise Invalid(errors=wrong)
