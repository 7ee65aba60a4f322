"""Judges one record: its worker, the safe repairs, at most one problem per field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Repair
from charter.people.rules.document_words import declared_kind
from charter.people.rules.documents import Document, judge_id
from charter.people.rules.judged import Judged
from charter.people.rules.names import judge_name
from charter.people.rules.phones import judge_phone
from charter.people.rules.text import MAX_LONG, MAX_SHORT, clean, judge_plain
from charter.places.table import DivisionTable
from charter.registrations.rules.dates import EPOCH_1900, judge_date, judge_window
from charter.registrations.rules.modes import judge_modes
from charter.registrations.rules.origins import judge_origin
from charter.rosters.reader.cells import DATE, FORMULA, NUMBER, Cell, cell_text

__all__ = ["RowJudge", "Verdict"]

REMEMBERED = 20_000  # texts of origins, dates and modes, which repeat from row to row
TRIMMING = ("invisible_characters", "trimmed")  # the repairs after which a wrong field is shown
FORMULA_MESSAGE = N_("这一格是公式；请改为直接填写内容（复制后“选择性粘贴”为数值）")


class Verdict:
    """What one row came to, field by field."""

    __slots__ = ("problems", "repairs", "worker")

    def __init__(self) -> None:
        self.worker: dict[str, Any] = {}
        self.repairs: list[Repair] = []
        self.problems: list[FieldProblem] = []

    def take(self, field: str, judged: Judged[Any]) -> Any:
        """Note a field's verdict; gives its value, None where it is wrong or empty."""
        self.worker[field] = judged.value if judged.problem is None else judged.text or None
        self.repairs.extend(judged.repairs)
        if judged.problem is not None:
            self.problems.append(judged.problem)
            return None
        return judged.value

    def reject(self, problem: FieldProblem, judged: Judged[Any]) -> None:
        """A field that was good by itself is wrong beside others: it holds its trimmed text again, and of its repairs
        only what led to that."""
        self.worker[problem.field] = judged.text
        self.repairs = [replace(repair, after=judged.text) if repair.field == problem.field else repair
                        for repair in self.repairs if repair.field != problem.field or repair.code in TRIMMING]
        self.problems.append(problem)


class RowJudge:
    """Judges the rows of one file by a table of places; dates without a year are counted from `today`."""

    def __init__(self, *, today: date, divisions: DivisionTable, epoch: date = EPOCH_1900) -> None:
        self.today, self.divisions = today, divisions
        self.epoch = epoch
        self.judge_modes: Callable[[str], Judged[tuple[str, ...]]] = lru_cache(REMEMBERED)(judge_modes)
        self.judge_origin: Callable[[str], Judged[str]] = lru_cache(REMEMBERED)(self._origin)
        self.judge_date: Callable[[str, str, str], Judged[date]] = lru_cache(REMEMBERED)(self._date)

    def judge(self, cells: Mapping[str, Cell]) -> Verdict:
        """The verdict on one record, before it is compared with the rows above."""
        verdict = Verdict()
        verdict.take("name", self._text_field("name", cells.get("name"), judge_name))
        self._document(verdict, cells)
        verdict.take("phone", self._text_field("phone", cells.get("phone"), judge_phone))
        place = cells.get("origin")
        origin = _formula("origin", place) or self.judge_origin(cell_text(place))
        verdict.take("origin", origin)
        verdict.worker["origin_text"] = origin.text or None
        self._window(verdict, cells)
        chosen = cells.get("modes")
        modes = verdict.take("modes", _formula("modes", chosen) or self.judge_modes(cell_text(chosen)))
        if modes is not None:
            verdict.worker["modes"] = list(modes)
        for field, limit in (("party", MAX_SHORT), ("needs", MAX_LONG), ("note", MAX_LONG)):
            cell = cells.get(field)
            if cell is None:
                verdict.worker[field] = None
            else:
                verdict.take(field, _formula(field, cell) or judge_plain(cell_text(cell), field=field, limit=limit))
        return verdict

    def _text_field(self, field: str, cell: Cell | None, judge: Callable[..., Judged[Any]]) -> Judged[Any]:
        return _formula(field, cell) or judge(cell_text(cell), field=field)

    def _document(self, verdict: Verdict, cells: Mapping[str, Cell]) -> None:
        """The document by the 证件类型 cell, where that is good, else by its number's form."""
        declared = cells.get("id_type")
        kind: str | None = None
        verdict.worker["id_type"] = None
        if declared is not None:
            kind = verdict.take("id_type", _formula("id_type", declared) or judge_plain(
                cell_text(declared), field="id_type", limit=MAX_SHORT))
            verdict.repairs = [repair for repair in verdict.repairs if repair.field != "id_type"]
        cell = cells.get("id_number")
        numeric = isinstance(cell, tuple) and cell[0] == NUMBER
        judged = _formula("id_number", cell) or judge_id(cell_text(cell), kind, today=self.today, numeric=numeric)
        document: Document | None = verdict.take("id_number", judged)
        if document is not None:
            verdict.worker["id_number"] = document.number
        if kind is not None:
            verdict.worker["id_type"] = (declared_kind(kind) or kind).partition(":")[0]
        elif document is not None and verdict.worker["id_type"] is None:
            verdict.worker["id_type"] = document.id_type

    def _window(self, verdict: Verdict, cells: Mapping[str, Cell]) -> None:
        """Both ends, then their order."""
        judged = {field: self._end(field, cells.get(field)) for field in ("earliest", "latest")}
        days = {field: verdict.take(field, one) for field, one in judged.items()}
        for field, day in days.items():
            if day is not None:
                verdict.worker[field] = day.isoformat()
        problem = judge_window(days["earliest"], days["latest"])
        if problem is not None:
            verdict.reject(problem, judged["latest"])

    def _end(self, field: str, cell: Cell | None) -> Judged[Any]:
        if cell is None:
            return Judged(None, "")
        if isinstance(cell, str):
            return self.judge_date(field, "", cell)
        return _formula(field, cell) or self.judge_date(field, *cell)

    def _date(self, field: str, kind: str, text: str) -> Judged[date]:
        value: str | float | date = text
        if kind == NUMBER:
            value = float(text)
        elif kind == DATE:
            value = _day(text)
        return judge_date(value, field=field, today=self.today, epoch=self.epoch)

    def _origin(self, text: str) -> Judged[str]:
        return judge_origin(text, self.divisions)


def _formula(field: str, cell: Cell | None) -> Judged[Any] | None:
    if cell is None or isinstance(cell, str) or cell[0] != FORMULA:
        return None
    return Judged(None, clean(cell[1]).trimmed, (), FieldProblem(field, "formula", FORMULA_MESSAGE))


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
