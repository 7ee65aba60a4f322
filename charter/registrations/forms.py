"""Shapes that calls of this room and of bookings share."""

from __future__ import annotations

from charter.core.actor import Role
from charter.core.api import Answer

__all__ = ["MAKERS", "RegistrationMade"]

MAKERS = frozenset({Role.WORKER, Role.EMPLOYER, Role.ORIGIN_PARTNER, Role.HOTLINE, Role.DISTRICT_ORGANIZER,
                    Role.CITY_ORGANIZER})


class RegistrationMade(Answer):
    """A request's id and state."""

    id: str
    state: str
