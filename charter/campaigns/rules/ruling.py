"""What rules with a from-time come to at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = ["KINDS", "SPACINGS", "WAITING_MINUTES", "Limits", "Ruling", "allowed_at", "limits_at", "waiting_at"]

KINDS = ("load_factor", "kept_rows", "spacing", "walk_on", "waiting")
WAITING_MINUTES = 15  # that a vehicle waits for somebody, where no rule says otherwise
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


def allowed_at(rules: Iterable[Ruling], kind: str, at: datetime) -> bool:
    """Whether a rule of yes or no (`walk_on`: people of no list may get on at a stop) says yes at that moment."""
    found = _begun(rules, kind, at)
    return bool(found and found.get("allowed"))


def waiting_at(rules: Iterable[Ruling], at: datetime) -> int:
    """Minutes after a stop's planned departure until who has not come is released."""
    return int((_begun(rules, "waiting", at) or {}).get("minutes", WAITING_MINUTES))


def _begun(rules: Iterable[Ruling], kind: str, at: datetime) -> Mapping[str, Any] | None:
    """What the newest rule of a kind that has begun says."""
    begun = [rule for rule in sorted(rules, key=lambda one: one.from_at) if rule.kind == kind and rule.from_at <= at]
    return begun[-1].value if begun else None
