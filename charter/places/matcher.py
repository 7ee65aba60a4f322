"""From an origin as people write it to a county's code. Pure; never guesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from charter.places.table import DivisionTable

__all__ = ["Match", "match"]


@dataclass(frozen=True, slots=True)
class Match:
    """`code` of the county (or city without counties), and whether province, city or suffix were missing; else the
    `problem`, and for an ambiguous text the codes of the places it may mean (`choices`, at most 30)."""

    code: str | None
    completed: bool = False
    problem: Literal["origin_unknown", "origin_ambiguous"] | None = None
    choices: tuple[str, ...] = ()


def match(table: DivisionTable, text: str) -> Match:
    """Find the one county that the text names. Answers are remembered per table and text."""
    raise NotImplementedError
