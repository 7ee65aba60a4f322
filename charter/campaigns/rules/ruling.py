"""What rules with a from-time come to at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = ["KINDS", "SPACINGS", "Limits", "Ruling", "limits_at"]

KINDS = ("load_factor", "kept_rows", "spacing")
SPACINGS = ("window", "alternate", "none")


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule as it counts: its kind, what it says, from when it holds. Of one kind the newest one begun counts."""

    kind: str
    value: Mapping[str, Any]
    from_at: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds at one moment: rows kept free, load factor in percent of the approved number, spacing pattern."""

    rows: int = 0
    percent: int = 100
    pattern: str = "none"


def limits_at(rules: Iterable[Ruling], until: datetime) -> Limits:
    """The limits of the rules that have begun before `until`; `rules` in the order in which they were made."""
    found = {rule.kind: rule.value for rule in sorted(rules, key=lambda one: one.from_at) if rule.from_at < until}
    return Limits(int(found.get("kept_rows", {}).get("rows", 0)), int(found.get("load_factor", {}).get("percent", 100)),
                  str(found.get("spacing", {}).get("pattern", "none")))
