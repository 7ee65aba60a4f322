"""Who acts: role, scope, name. Set by the edge for a request, command or job; read by audit and queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from charter.core.problems import Problem

__all__ = ["MANAGERS", "NOBODY", "ORGANIZERS", "STAFF", "SYSTEM", "Actor", "Forbidden", "Role", "Unauthenticated",
           "acting", "current"]


class Role(StrEnum):
    """Every kind of caller; the API uses the same words."""

    WORKER = "worker"
    EMPLOYER = "employer"
    HOTLINE = "hotline"
    ORIGIN_PARTNER = "origin_partner"
    VOLUNTEER = "volunteer"
    SCANNER = "scanner"
    DISTRICT_ORGANIZER = "district_organizer"
    CITY_ORGANIZER = "city_organizer"
    ADMINISTRATOR = "administrator"
    SECURITY_MANAGER = "security_manager"
    AUDITOR = "auditor"
    FUNDS_AUDITOR = "funds_auditor"


ORGANIZERS = frozenset({Role.DISTRICT_ORGANIZER, Role.CITY_ORGANIZER})
MANAGERS = frozenset({Role.ADMINISTRATOR, Role.SECURITY_MANAGER, Role.AUDITOR})
STAFF = frozenset(Role) - {Role.WORKER, Role.SCANNER}


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller. `scope_kind` is campaign, district, employer, partner, worker, departure or None (everything).

    `account_id` names the account (or the token, for a caller that has none); `device` is the scanner's name.
    """

    role: Role | None
    account_id: str | None = None
    scope_kind: str | None = None
    scope_id: str | None = None
    name: str = ""
    token_id: str | None = None
    session_id: str | None = None
    fresh: bool = False  # a second factor was shown within the last 15 minutes

    @property
    def caller(self) -> str:
        """A stable name of the caller, for idempotency keys, cursors and limits."""
        return self.token_id or self.account_id or "nobody"

    def scope(self, kind: str) -> str | None:
        """The scope's id where the scope is of this kind."""
        return self.scope_id if self.scope_kind == kind else None


NOBODY = Actor(None)
SYSTEM = Actor(None, account_id="system", name="system")
_current: ContextVar[Actor] = ContextVar("charter_actor", default=SYSTEM)


def current() -> Actor:
    """The actor of this request, command or job."""
    return _current.get()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Act as `actor` inside the block."""
    token = _current.set(actor)
    try:
        yield actor
    finally:
        _current.reset(token)


class Unauthenticated(Problem):
    status, code, message = 401, "unauthenticated", "请先登录"


class Forbidden(Problem):
    status, code, message = 403, "forbidden", "您没有这项权限"
