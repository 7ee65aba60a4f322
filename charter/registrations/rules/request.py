"""A registration as written, field by field, to a judged request: the same codes as in an employer's list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from charter.core.problems import FieldProblem, Invalid
from charter.people.rules.documents import Document, judge_id
from charter.people.rules.judged import Judged
from charter.people.rules.names import judge_name
from charter.people.rules.phones import judge_phone
from charter.people.rules.text import MAX_LONG, MAX_SHORT, judge_plain
from charter.places.table import DivisionTable
from charter.registrations.rules.dates import judge_date, judge_window
from charter.registrations.rules.modes import MODES, judge_modes
from charter.registrations.rules.origins import judge_origin

__all__ = ["Request", "judge_request"]


@dataclass(frozen=True, slots=True)
class Request:
    """A judged request. Dates are calendar days in Asia/Shanghai, both included."""

    name: str
    id_type: str
    id_number: str
    phone: str
    origin: str
    origin_text: str
    earliest: date
    latest: date
    modes: tuple[str, ...]
    party: str = ""
    needs: str = ""
    note: str = ""
    upgraded: bool = field(default=False, kw_only=True)  # the number was written with 15 digits
    household_book: bool = field(default=False, kw_only=True)  # no card, but a number in the book


class _Form:
    """Collects values and problems."""

    def __init__(self) -> None:
        self.problems: list[FieldProblem] = []

    def take(self, judged: Judged[Any]) -> Any:
        if judged.problem is not None:
            self.problems.append(judged.problem)
        return judged.value


def judge_request(written: Mapping[str, Any], *, today: date, table: DivisionTable, first: date,
                  last: date) -> Request:
    """Judge texts by field name (modes may be a list). Missing days are the campaign's `first` and `last`.

    Raises Invalid with every field's problem.
    """
    form = _Form()
    name = form.take(judge_name(_text(written, "name")))
    number = judge_id(_text(written, "id_number"), written.get("id_type") or None, today=today)
    document: Document | None = form.take(number)
    phone = form.take(judge_phone(_text(written, "phone")))
    origin = judge_origin(_text(written, "origin"), table)
    form.take(origin)
    earliest = form.take(judge_date(written.get("earliest") or None, field="earliest", today=today)) or first
    latest = form.take(judge_date(written.get("latest") or None, field="latest", today=today)) or last
    order = judge_window(earliest, latest)
    if order is not None:
        form.problems.append(order)
    chosen = form.take(judge_modes(_joined(written.get("modes")))) or MODES
    extra: dict[str, Any] = {name: form.take(judge_plain(_text(written, name), field=name, limit=limit)) or ""
                             for name, limit in (("party", MAX_SHORT), ("needs", MAX_LONG), ("note", MAX_LONG))}
    if form.problems or document is None:
        raise Invalid(errors=form.problems)
    return Request(name, document.id_type, document.number, phone, str(origin.value), origin.text, earliest, latest,
                   tuple(chosen), upgraded=any(one.code == "id_15_to_18" for one in number.repairs), **extra)


def _text(written: Mapping[str, Any], field: str) -> str:
    value = written.get(field)
    return value if isinstance(value, str) else ""


def _joined(value: str | Sequence[str] | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    words = {"bus": "大巴", "train": "火车", "flight": "飞机"}
    return "、".join(words.get(word, word) for word in value)
