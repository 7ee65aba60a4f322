"""Rules with a from-time: what holds when, and the acts that make one or take one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Departure, Rule
from charter.campaigns.rules.ruling import KINDS, SPACINGS, Ruling
from charter.core import audit
from charter.core.forms import Reader
from charter.core.problems import NotFound

__all__ = ["RuleIn", "add_rule", "remove_rule", "rule_in", "rulings", "set_seats"]


@dataclass(frozen=True, slots=True)
class RuleIn:
    """A rule as typed."""

    kind: str
    value: Mapping[str, Any]
    from_at: datetime
    document: str

    @property
    def ruling(self) -> Ruling:
        """What counts of it."""
        return Ruling(self.kind, self.value, self.from_at)


def rule_in(kind: str, fields: Mapping[str, str]) -> RuleIn:
    """What was typed of a rule of this kind. Raises Invalid; NotFound for an unknown kind."""
    if kind not in KINDS:
        raise NotFound
    reader = Reader(fields)
    value: dict[str, Any]
    if kind == "load_factor":
        value = {"percent": reader.whole("value", 1, 100)}
    elif kind == "kept_rows":
        value = {"rows": reader.whole("value", 0, 10)}
    elif kind == "walk_on":
        value = {"allowed": reader.choice("value", ("yes", "no")) == "yes"}
    elif kind == "waiting":
        value = {"minutes": reader.whole("value", 0, 240)}
    else:
        value = {"pattern": reader.choice("value", SPACINGS)}
    found = RuleIn(kind, value, reader.moment("from_at"), reader.text("document", 80, least=0))
    reader.done()
    return found


def rulings(session: Session, campaign_id: UUID) -> list[Ruling]:
    """The rules of a campaign in the order in which they were made."""
    rows = session.scalars(select(Rule).where(Rule.campaign_id == campaign_id).order_by(Rule.created_at, Rule.id))
    return [Ruling(row.kind, row.value, row.from_at) for row in rows]


def add_rule(session: Session, campaign_id: UUID, wanted: RuleIn) -> UUID:
    """Keep a rule; its id."""
    made = Rule(campaign_id=campaign_id, kind=wanted.kind, value=dict(wanted.value), from_at=wanted.from_at,
                document=wanted.document)
    session.add(made)
    session.flush()
    audit.record(session, "rule.added", "rule", made.id, kind=wanted.kind)
    return made.id


def remove_rule(session: Session, campaign_id: UUID, rule_id: UUID) -> None:
    """Take a rule back. Raises NotFound."""
    found = session.get(Rule, rule_id, with_for_update=True)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound
    session.delete(found)
    session.flush()
    audit.record(session, "rule.removed", "rule", rule_id, kind=found.kind)


def set_seats(session: Session, seats: Sequence[tuple[int, int, list[str] | None]]) -> None:
    """Seats that may be sold, by departure; None leaves the printed ones that are kept free as they are."""
    for departure_id, total, kept in seats:
        found = session.get_one(Departure, departure_id)
        found.seats_total = total
        if kept is not None:
            found.kept_seats = kept
    session.flush()
