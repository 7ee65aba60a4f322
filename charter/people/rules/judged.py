"""What a rule says about one field as written: the value, the safe repairs that led to it, or the problem.

Every judge function of people, places and registrations answers with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from charter.core.problems import FieldProblem, Repair

__all__ = ["Judged"]

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Judged(Generic[Value]):
    """The verdict on one field.

    `value` is None where the field is empty or wrong. `text` is the field as written without outer blanks and
    invisible characters: what a rejected row keeps for a wrong field. `repairs` holds at most one entry per code, each
    from the text as written to the final value; a wrong field lists only what led to `text`. `problem` is None for a
    good field.
    """

    value: Value | None
    text: str
    repairs: tuple[Repair, ...] = ()
    problem: FieldProblem | None = None
