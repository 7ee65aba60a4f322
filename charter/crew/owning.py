"""What a member's own page asks for beside his duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Departure
from charter.core.problems import NotFound
from charter.crew.links import of_calendar
from charter.crew.models import CrewMember
from charter.crew.swapping import candidates

__all__ = ["Choice", "by_calendar", "campaign_of", "swap_choices"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who could take a duty: by himself, or for one of his own (`back`) that leaves at `departs_at`."""

    value: str
    name: str
    unit: str
    back: str
    departs_at: datetime | None


def campaign_of(session: Session, campaign_id: UUID) -> Campaign:
    """The campaign of a member."""
    return session.get_one(Campaign, campaign_id)


def by_calendar(session: Session, code: str) -> CrewMember:
    """Whose calendar it is. Raises NotFound; a link that was replaced is dead."""
    key = of_calendar(code)
    found = session.get(CrewMember, key[0]) if key else None
    if found is None or key is None or found.link_revision != key[1] or found.state in ("refused", "left"):
        raise NotFound
    return found


def swap_choices(session: Session, member: CrewMember, duty_id: UUID) -> list[Choice]:
    """Who could take this duty. Raises NotFound."""
    found = []
    for other, back in candidates(session, member, duty_id):
        departure = session.get(Departure, back.departure_id) if back else None
        found.append(Choice(f"{other.id}|{back.id if back else ''}", other.name, other.unit,
                            departure.code if departure else "", departure.departs_at if departure else None))
    return found
