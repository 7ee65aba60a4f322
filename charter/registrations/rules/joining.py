"""What a worker types into the four steps of the phone's form, judged step by step.

A step is kept as it was typed; its values exist only where every field of it is right. Field names are those of the
form, so that a message stands at its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from charter.core.i18n import N_
from charter.core.problems import FieldProblem
from charter.people.rules import documents
from charter.people.rules.documents import Document, judge_id
from charter.people.rules.judged import Judged
from charter.people.rules.names import judge_name
from charter.people.rules.phones import judge_phone
from charter.people.rules.text import MAX_SHORT, judge_plain
from charter.places.table import DivisionTable
from charter.registrations.rules.dates import judge_date, judge_window
from charter.registrations.rules.modes import MODES

__all__ = ["HEALTH_ANSWERS", "KINDS", "LAYERS", "MAX_COMPANIONS", "NEEDS", "REACH", "Judgement", "document_of",
           "judge_agree", "judge_companion", "judge_way", "judge_who", "judge_with", "lap_limit"]

KINDS = ("adult", "child", "lap")  # with a seat, a child with a seat, a child on a lap
REACH = ("self", "feeder", "later", "evening")  # how the worker gets to the stop; all but self are counted as demand
NEEDS = (N_("行动不便"), N_("孕期"), N_("容易晕车"), N_("行李多"), N_("清真餐"))
LAYERS = ("use", "sensitive", "sharing")  # each is asked for alone; "child" and "family" where somebody rides along
HEALTH_ANSWERS = ("well", "unwell")
MAX_COMPANIONS = 9  # ten people of one phone
HOUSEHOLD_BOOK = "household_book"
LAP_BELOW = {"bus": 6, "train": 6, "flight": 2}  # years; road-traffic rules art. 55, railway 2023, civil aviation


@dataclass(frozen=True, slots=True)
class Judgement:
    """A step's values by field (None where missing or wrong) and what is wrong with it."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: tuple[FieldProblem, ...] = ()


class _Step:
    def __init__(self, written: Mapping[str, Any]) -> None:
        self.written = written
        self.values: dict[str, Any] = {}
        self.problems: list[FieldProblem] = []

    def text(self, name: str) -> str:
        value = self.written.get(name)
        return value if isinstance(value, str) else ""

    def many(self, name: str) -> list[str]:
        value = self.written.get(name)
        return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []

    def take(self, name: str, judged: Judged[Any]) -> Any:
        if judged.problem is not None:
            self.problems.append(judged.problem)
        self.values[name] = judged.value
        return judged.value

    def wrong(self, name: str, code: str, message: str, **params: Any) -> None:
        self.problems.append(FieldProblem(name, code, message, params))

    def one_of(self, name: str, known: Sequence[str], message: str) -> None:
        chosen = self.text(name)
        self.values[name] = chosen if chosen in known else None
        if chosen not in known:
            self.wrong(name, "missing", message)

    def judged(self) -> Judgement:
        return Judgement(self.values, tuple(self.problems))


def document_of(written: Mapping[str, Any], *, today: date) -> Document | None:
    """The document that a step's `id_type` and `id_number` name, or None where they are not right yet."""
    step = _Step(written)
    return judge_id(step.text("id_number"), _declared(step.text("id_type")), today=today).value


def judge_who(written: Mapping[str, Any], *, today: date, employers: Sequence[str]) -> Judgement:
    """Fields name, id_type, id_number, employer (one of `employers`, ids as text)."""
    step = _Step(written)
    step.take("name", judge_name(step.text("name")))
    document = step.take("id_number", judge_id(step.text("id_number"), _declared(step.text("id_type")), today=today))
    if document is not None and documents.is_child(document.id_type, document.number, today):
        step.wrong("id_number", "child_alone", N_("未满14岁的孩子由大人报名，请在“和谁一起走”里填写孩子"))
    step.one_of("employer", employers, N_("请查找并选择您的用工单位"))
    return step.judged()


def judge_way(written: Mapping[str, Any], *, today: date, table: DivisionTable, days: Sequence[date],
              offered: Sequence[str] = MODES) -> Judgement:
    """Fields origin (a county's code), earliest, latest (days of the campaign), modes, reach."""
    step = _Step(written)
    place = table.get(step.text("origin"))
    step.values["origin"] = place.code if place is not None and place.leaf else None
    if step.values["origin"] is None:
        step.wrong("origin", "missing", N_("请查找并选择您出发的县（市、区）"))
    for name in ("earliest", "latest"):
        day = step.take(name, judge_date(step.text(name) or None, field=name, today=today))
        if day not in days and not any(problem.field == name for problem in step.problems):
            step.wrong(name, "missing", N_("请选一天"))
    if not step.problems and (order := judge_window(step.values["earliest"], step.values["latest"])) is not None:
        step.problems.append(order)
    chosen = [mode for mode in offered if mode in step.many("modes")]
    step.values["modes"] = tuple(chosen) or None
    if not chosen:
        step.wrong("modes", "missing", N_("至少选一种您愿意坐的交通工具"))
    step.one_of("reach", REACH, N_("请选您怎么到上车点"))
    return step.judged()


def judge_companion(written: Mapping[str, Any], *, today: date, travel: date, modes: Sequence[str]) -> Judgement:
    """Fields kind, name, id_type, id_number, phone (adults, may be empty), birth_date (where the number holds none)."""
    step = _Step(written)
    step.one_of("kind", KINDS, N_("请选是大人还是孩子"))
    step.take("name", judge_name(step.text("name")))
    declared = step.text("id_type")
    document = step.take("id_number", judge_id(step.text("id_number"), _declared(declared), today=today))
    step.values["household_book"] = declared == HOUSEHOLD_BOOK
    step.values["phone"] = ""
    if step.text("phone").strip() and step.values["kind"] == "adult":
        step.values["phone"] = step.take("phone", judge_phone(step.text("phone"))) or ""
    _judge_age(step, document, today, travel, modes)
    return step.judged()


def _judge_age(step: _Step, document: Document | None, today: date, travel: date, modes: Sequence[str]) -> None:
    """The kind must fit the age on the first day of travel; a lap child's birth date must be known."""
    kind = step.values["kind"]
    if document is None or kind is None:
        return
    born = documents.birth_date(document.id_type, document.number)
    if born is None and kind != "adult":
        born = step.take("birth_date", judge_date(step.text("birth_date") or None, field="birth_date", today=today))
        if born is None or born > today:
            if not any(problem.field == "birth_date" for problem in step.problems):
                step.wrong("birth_date", "missing", N_("请填孩子的出生日期，例如 2022-05-01"))
            return
    step.values["birth_date"] = born
    years = None if born is None else documents.age(born, travel)
    if years is None:
        return
    if kind == "adult" and years < documents.CHILD_BELOW:
        step.wrong("kind", "is_child", N_("未满14岁，请选“孩子”"))
    elif kind != "adult" and years >= documents.CHILD_BELOW:
        step.wrong("kind", "is_adult", N_("已满14岁，请选“大人”"))
    elif kind == "lap" and years >= (limit := lap_limit(modes)):
        step.wrong("kind", "needs_seat", N_("您选的交通工具上，满%(years)s岁的孩子要有自己的座位"), years=limit)


def lap_limit(modes: Sequence[str]) -> int:
    """Years from which a child needs a seat in one of these modes (bus and train 6, aircraft 2)."""
    return min((LAP_BELOW[mode] for mode in modes if mode in LAP_BELOW), default=6)


def judge_with(written: Mapping[str, Any]) -> Judgement:
    """Fields needs (known words), needs_more, emergency_name, emergency_phone."""
    step = _Step(written)
    step.values["needs"] = [word for word in NEEDS if word in step.many("needs")]
    step.take("needs_more", judge_plain(step.text("needs_more"), field="needs_more", limit=MAX_SHORT))
    step.take("emergency_name", judge_name(step.text("emergency_name"), field="emergency_name"))
    step.take("emergency_phone", judge_phone(step.text("emergency_phone"), field="emergency_phone"))
    return step.judged()


def judge_agree(written: Mapping[str, Any], *, children: bool, adults: bool, health: bool) -> Judgement:
    """Fields use, sensitive, sharing; child where children ride, family where other adults do, health where asked."""
    step = _Step(written)
    for layer in (*LAYERS, *["child"] * children, *["family"] * adults):
        step.values[layer] = step.text(layer) == "yes"
        if not step.values[layer]:
            step.wrong(layer, "missing", N_("这一项需要您同意，我们才能安排乘车"))
    if health:
        step.one_of("health", HEALTH_ANSWERS, N_("请如实选一项"))
        step.take("health_more", judge_plain(step.text("health_more"), field="health_more", limit=MAX_SHORT))
        if step.values["health"] == "unwell" and not step.values["health_more"]:
            step.wrong("health_more", "missing", N_("请写明情况，方便我们照顾您"))
    return step.judged()


def _declared(chosen: str) -> str | None:
    """A household book holds a resident's number."""
    return "resident_id" if chosen == HOUSEHOLD_BOOK else chosen or None
