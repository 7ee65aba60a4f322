"""API tokens handed out on the desk: by organizers within their own scope, by the security manager for any role."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access import scopes
from charter.access.models import ApiToken
from charter.access.problems import field_wrong
from charter.access.service.tokens import SCOPE_OF_ROLE, create_token, revoke_token
from charter.core.actor import Actor, Role
from charter.core.i18n import N_
from charter.core.problems import NotFound

__all__ = ["MOST_DAYS", "hand_out", "take_back"]

MOST_DAYS = 366


def hand_out(session: Session, actor: Actor, role: Role, kind: str | None, scope: str, name: str, days: str) -> str:
    """A token's text, shown this once. Raises Invalid at fields `name`, `days`, `scope`; NotFound for a role that the
    actor may not hand on.
    """
    if role not in scopes.gives(actor) or kind not in SCOPE_OF_ROLE[role]:
        raise NotFound
    if not name:
        raise field_wrong("name", N_("请写明给哪个系统用"))
    if not (days.isascii() and days.isdigit() and 1 <= int(days[:6]) <= MOST_DAYS):
        raise field_wrong("days", N_("有效天数是 1 到 366 的整数"))
    key = scopes.resolve(session, actor, role, kind, scope)
    return create_token(session, role, kind, key, days=int(days), name=name[:80])[1]


def take_back(session: Session, actor: Actor, token_id: UUID) -> None:
    """Revoke a token that the actor made, or any as the security manager. Raises NotFound."""
    query = select(ApiToken.id).where(ApiToken.id == token_id)
    if actor.role != Role.SECURITY_MANAGER:
        query = query.where(ApiToken.made_by == (actor.account_id or "nobody"))
    if session.scalar(query) is None:
        raise NotFound
    revoke_token(session, token_id)
