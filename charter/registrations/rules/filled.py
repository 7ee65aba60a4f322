"""The whole phone form: from its steps as typed to what is handed in, or to what each step still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from charter.core.i18n import N_
from charter.core.problems import FieldProblem
from charter.people.rules import documents
from charter.places.table import DivisionTable
from charter.registrations.rules.joining import (
    Judgement,
    judge_agree,
    judge_companion,
    judge_way,
    judge_who,
    judge_with,
)
from charter.registrations.rules.modes import MODES
from charter.registrations.rules.request import Request

__all__ = ["Asked", "Filled", "LapChild", "fill"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the campaign asks for: its days from today on, the modes that it offers, and whether health is declared."""

    today: date
    days: tuple[date, ...]
    modes: tuple[str, ...] = MODES
    health: bool = False


@dataclass(frozen=True, slots=True)
class LapChild:
    """A child without a seat. The number is judged; the birth date is known."""

    name: str
    id_type: str
    id_number: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class Filled:
    """The form's people and answers. `problems` by step; nothing else may be used while there is one."""

    problems: Mapping[str, tuple[FieldProblem, ...]]
    main: Request | None = None
    employer: str = ""
    riders: tuple[Request, ...] = ()
    children: frozenset[int] = frozenset()  # places in `riders` of those under 14
    laps: tuple[LapChild, ...] = ()
    reach: str = "self"
    emergency: tuple[str, str] = ("", "")
    health: Mapping[str, str] = field(default_factory=dict)


def fill(written: Mapping[str, Any], phone: str, asked: Asked, table: DivisionTable) -> Filled:
    """Judge every step; `phone` is the proven one of who fills the form in."""
    employer = _step(written, "who").get("employer")
    who = judge_who(_step(written, "who"), today=asked.today, employers=[employer] if employer else [])
    way = judge_way(_step(written, "way"), today=asked.today, table=table, days=asked.days, offered=asked.modes)
    travel, modes = way.values["earliest"] or asked.days[0], way.values["modes"] or asked.modes
    people = [judge_companion(one, today=asked.today, travel=travel, modes=modes)
              for one in written.get("companions", ())]
    rest = judge_with(_step(written, "with"))
    minors = any(one.values["kind"] in ("child", "lap") for one in people)
    agree = judge_agree(_step(written, "agree"), children=minors, health=asked.health,
                        adults=any(one.values["kind"] == "adult" for one in people))
    together = _together(who, people)
    problems = {"who": who.problems, "way": way.problems, "agree": agree.problems,
                "with": (*rest.problems, *together,
                         *(replace(fault, field="companions") for one in people for fault in one.problems))}
    wrong = {step: found for step, found in problems.items() if found}
    return Filled(wrong) if wrong else _filled(who, way, people, rest, agree, phone)


def _filled(who: Judgement, way: Judgement, people: Sequence[Judgement], rest: Judgement, agree: Judgement,
            phone: str) -> Filled:
    seated = [one for one in people if one.values["kind"] != "lap"]
    needs = "、".join([*rest.values["needs"], *[rest.values["needs_more"]] * bool(rest.values["needs_more"])])
    more = agree.values.get("health_more") or ""
    health = {"answer": agree.values["health"], "more": more} if "health" in agree.values else {}
    return Filled(
        {}, _request(who, way, phone, needs), str(who.values["employer"]),
        tuple(_request(one, way, one.values["phone"] or phone, "") for one in seated),
        frozenset(place for place, one in enumerate(seated) if one.values["kind"] == "child"),
        tuple(_lap(one) for one in people if one.values["kind"] == "lap"), way.values["reach"],
        (rest.values["emergency_name"], rest.values["emergency_phone"]), health)


def _request(one: Judgement, way: Judgement, phone: str, needs: str) -> Request:
    document = one.values["id_number"]
    return Request(one.values["name"], document.id_type, document.number, phone, way.values["origin"], "",
                   way.values["earliest"], way.values["latest"], way.values["modes"], needs=needs,
                   household_book=bool(one.values.get("household_book")))


def _lap(one: Judgement) -> LapChild:
    document = one.values["id_number"]
    return LapChild(one.values["name"], document.id_type, document.number, one.values["birth_date"])


def _together(who: Judgement, people: Sequence[Judgement]) -> list[FieldProblem]:
    """Nobody stands twice in a party, and each adult holds one child at most."""
    found = [one.values["id_number"] for one in (who, *people) if one.values["id_number"] is not None]
    keys = [(one.id_type, documents.canonical(one.id_type, one.number)) for one in found]
    problems = []
    if len(set(keys)) < len(keys):
        problems.append(FieldProblem("companions", "twice", N_("有人填了两次，请核对证件号码")))
    kinds = [one.values["kind"] for one in people]
    if kinds.count("lap") > 1 + kinds.count("adult"):
        problems.append(FieldProblem("companions", "too_many_laps",
                                     N_("一位大人最多抱一个孩子，请给其他孩子选“要座位”")))
    return problems


def _step(written: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = written.get(name)
    return found if isinstance(found, Mapping) else {}
