"""JSON of plans: ask for one, watch it, stop it, publish it, and take its files to check them elsewhere."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response
from pydantic import Field
from sqlalchemy.orm import Session

from charter.core.actor import Role
from charter.core.api import Answer, Body, answered, call, create
from charter.core.db import act, ask
from charter.core.i18n import gettext
from charter.planning import publishing, queries, service
from charter.planning.asking import Wanted
from charter.planning.models import Plan
from charter.planning.results import REASONS, moves

__all__ = ["bp"]

bp = Blueprint("planning_api", __name__)
CITY = frozenset({Role.CITY_ORGANIZER})
DepartureId = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,14}$")]


class WishBody(Body):
    """A person and a standing departure: locked to it, or kept from it."""

    registration_id: UUID
    departure_id: DepartureId

    def pair(self) -> tuple[UUID, int]:
        """As the service takes it."""
        return self.registration_id, int(self.departure_id)


class PlanBody(Body):
    """How long to search, from which seed; what to leave out, to try and to keep. Money in yuan."""

    time_limit_s: float = Field(default=60, ge=1, le=3600)
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    name: str = Field(default="", max_length=80)
    without: list[DepartureId] = Field(default_factory=list, max_length=50)
    only_displaced: bool = False
    budget: Decimal | None = Field(default=None, ge=0, le=10**10, decimal_places=2)
    load_percent: int | None = Field(default=None, ge=1, le=100)
    locks: list[WishBody] = Field(default_factory=list, max_length=1000)
    forbidden: list[WishBody] = Field(default_factory=list, max_length=1000)

    def wanted(self) -> Wanted:
        """What it asks for."""
        return Wanted(tuple(int(one) for one in self.without), self.only_displaced,
                      None if self.budget is None else int(self.budget * 100), self.load_percent,
                      tuple(one.pair() for one in self.locks), tuple(one.pair() for one in self.forbidden))


class ProgressAnswer(Answer):
    """Yuan."""

    seconds: float
    best: float | None
    bound: float | None
    gap: float | None


class LeftAnswer(Answer):
    """Who has no seat, and why."""

    registration_id: str
    code: str
    message: str


class PlanAnswer(Answer):
    """A plan."""

    id: str
    state: str
    progress: ProgressAnswer
    figures: dict[str, Any]
    left_behind: list[LeftAnswer]


class MoveAnswer(Answer):
    """Somebody who would move; without `to_departure` into a new vehicle of that corridor and date, or nowhere."""

    registration_id: str
    from_departure: str
    to_departure: str | None
    corridor: str | None
    date: str | None


class MovesAnswer(Answer):
    """All of them; a plan without departures to leave out moves nobody."""

    items: list[MoveAnswer]


def _shown(_: Session, plan: Plan) -> PlanAnswer:
    return PlanAnswer(
        id=str(plan.id), state=plan.state, figures=plan.figures,
        progress=ProgressAnswer(seconds=plan.seconds, best=plan.best, bound=plan.bound, gap=plan.gap),
        left_behind=[_left(one["registration_id"], one["code"]) for one in plan.left_behind])


def _left(registration_id: str, code: str) -> LeftAnswer:
    word = REASONS[code]
    return LeftAnswer(registration_id=registration_id, code=code, message=gettext(word))


def _answer(service_: Any, plan_id: UUID) -> PlanAnswer:
    return act(lambda session: _shown(session, service_(session, plan_id)))


@call(bp, "POST", "/api/v1/campaigns/<uuid:campaign_id>/plans", roles=CITY, body=PlanBody, answer=PlanAnswer,
      status=202, creates=True)
def start_plan(campaign_id: UUID, body: PlanBody) -> Response:
    """Ask for a plan; it is queued."""
    return create(202, _shown, service.start, campaign_id, body.wanted(), time_limit_s=body.time_limit_s,
                  seed=body.seed, name=body.name)


@call(bp, "GET", "/api/v1/plans/<uuid:plan_id>", roles=CITY, answer=PlanAnswer)
def show_plan(plan_id: UUID) -> PlanAnswer:
    """A plan with its progress, figures and who is left behind."""
    return ask(lambda session: _shown(session, queries.plan(session, plan_id)))


@call(bp, "POST", "/api/v1/plans/<uuid:plan_id>/stop", roles=CITY, answer=PlanAnswer)
def stop_plan(plan_id: UUID) -> PlanAnswer:
    """End the search with the best plan so far."""
    return _answer(service.stop, plan_id)


@call(bp, "POST", "/api/v1/plans/<uuid:plan_id>/publish", roles=CITY, answer=PlanAnswer)
def publish_plan(plan_id: UUID) -> PlanAnswer:
    """Charter the vehicles and seat the people."""
    return _answer(publishing.publish, plan_id)


@call(bp, "GET", "/api/v1/plans/<uuid:plan_id>/moves", roles=CITY, answer=MovesAnswer)
def show_moves(plan_id: UUID) -> MovesAnswer:
    """Who would move from which departure to which, where the plan leaves departures out."""
    return ask(_moves, plan_id)


def _moves(session: Session, plan_id: UUID) -> MovesAnswer:
    plan = queries.plan(session, plan_id)
    found = moves(service.unpacked(plan.instance_gz), service.unpacked(plan.plan_gz))
    return MovesAnswer(items=[MoveAnswer(registration_id=one.registration_id, from_departure=one.origin,
                                         to_departure=one.to, corridor=one.corridor, date=one.day) for one in found])


@call(bp, "GET", "/api/v1/plans/<uuid:plan_id>/instance", roles=CITY)
def show_instance(plan_id: UUID) -> Response:
    """The instance that the plan was made from."""
    return answered(ask(lambda session: service.unpacked(queries.plan(session, plan_id).instance_gz)))


@call(bp, "GET", "/api/v1/plans/<uuid:plan_id>/plan", roles=CITY)
def show_result(plan_id: UUID) -> Response:
    """The plan's rows, objective and bound."""
    return answered(ask(lambda session: service.unpacked(queries.plan(session, plan_id).plan_gz)))
