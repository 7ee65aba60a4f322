"""What a way to solve a relaxation comes back with."""

from __future__ import annotations

from dataclasses import dataclass

from charter.planner.instance import Floats

__all__ = ["Descent"]


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """Values of columns and rows; `accurate`: the asked accuracy was reached; `exact`: nothing is left to find."""

    primal: Floats
    dual: Floats
    accurate: bool
    exact: bool = False
