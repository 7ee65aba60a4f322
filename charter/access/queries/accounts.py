"""Accounts as those who look after them see them, and one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from charter.access import scopes
from charter.access.models import Account, ApiToken, LoginSession
from charter.access.service import second_factor
from charter.access.service.accounts import manageable
from charter.core import clock
from charter.core.actor import Actor, Role
from charter.core.problems import NotFound

__all__ = ["AccountView", "OwnAccount", "SessionView", "TokenView", "account", "accounts", "clerks_of", "mine",
           "tokens"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account; `state` is active, ended or expired."""

    id: UUID
    role: Role
    username: str
    name: str
    scope_kind: str | None
    scope_id: str | None
    scope_name: str
    second: bool
    state: str
    expires_at: datetime | None
    created_at: datetime
    last_sign_in_at: datetime | None
    sessions: int


@dataclass(frozen=True, slots=True)
class SessionView:
    """One signed-in browser; `key` is good for nothing but naming it in a form."""

    key: str
    agent: str
    began_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What somebody sees of his own account."""

    username: str | None
    second: bool
    codes_left: int
    sessions: tuple[SessionView, ...]


@dataclass(frozen=True, slots=True)
class TokenView:
    """One API token, never its text."""

    id: UUID
    name: str
    role: Role
    scope_kind: str | None
    scope_name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str
    mine: bool


def accounts(session: Session, actor: Actor, *, words: str = "", role: Role | None = None, state: str = "",
             limit: int, offset: int = 0) -> list[AccountView]:
    """Accounts by name; one more than `limit` where there is a next page."""
    query = select(Account).where(manageable(actor))
    if words:
        query = query.where(or_(func.strpos(func.lower(Account.username), words.lower()) > 0,
                                func.strpos(Account.name, words) > 0))
    if role is not None:
        query = query.where(Account.role == role)
    if state in ("active", "ended"):
        query = query.where(Account.active.is_(state == "active"))
    found = session.scalars(query.order_by(Account.role, Account.username).limit(limit + 1).offset(offset)).all()
    return _views(session, found)


def account(session: Session, actor: Actor, account_id: UUID) -> AccountView:
    """One account. Raises NotFound for missing and foreign alike."""
    found = session.scalar(select(Account).where(Account.id == account_id, manageable(actor)))
    if found is None:
        raise NotFound
    return _views(session, [found])[0]


def clerks_of(session: Session, actor: Actor, employer_id: UUID) -> list[AccountView]:
    """The clerks of one employer."""
    found = session.scalars(select(Account).where(
        manageable(actor), Account.scope_kind == "employer", Account.scope_id == str(employer_id))
        .order_by(Account.active.desc(), Account.username)).all()
    return _views(session, found)


def mine(session: Session, actor: Actor) -> OwnAccount:
    """The actor's own account and sessions."""
    own = session.get_one(Account, UUID(actor.account_id or ""))
    rows = session.scalars(select(LoginSession).where(
        LoginSession.account_id == own.id, LoginSession.ends_at > clock.now()).order_by(LoginSession.seen_at.desc()))
    found = tuple(SessionView(row.id_hash.hex(), row.agent, row.created_at, row.seen_at,
                              row.id_hash.hex() == actor.session_id) for row in rows)
    return OwnAccount(own.username, own.totp_sealed is not None, second_factor.left(session, own.id), found)


def tokens(session: Session, actor: Actor, *, limit: int, offset: int = 0) -> list[TokenView]:
    """Tokens that the actor made, all but the phones' for the security manager; the newest first."""
    query = select(ApiToken).where(ApiToken.role != Role.SCANNER)
    if actor.role != Role.SECURITY_MANAGER:
        query = query.where(ApiToken.made_by == (actor.account_id or "nobody"))
    query = query.order_by(ApiToken.created_at.desc(), ApiToken.id).limit(limit + 1).offset(offset)
    rows = session.scalars(query).all()
    names = scopes.names(session, ((row.scope_kind, row.scope_id) for row in rows))
    return [_token(row, names, actor) for row in rows]


def _token(row: ApiToken, names: dict[tuple[str, str], str], actor: Actor) -> TokenView:
    state = "revoked" if row.revoked_at else "expired" if row.expires_at <= clock.now() else "valid"
    return TokenView(row.id, row.name, Role(row.role), row.scope_kind,
                     names.get((row.scope_kind or "", row.scope_id or ""), ""), row.created_at, row.expires_at,
                     row.last_used_at, state, row.made_by == actor.account_id)


def _views(session: Session, found: Sequence[Account]) -> list[AccountView]:
    names = scopes.names(session, ((row.scope_kind, row.scope_id) for row in found))
    counted = session.execute(
        select(LoginSession.account_id, func.count()).where(
            LoginSession.account_id.in_([row.id for row in found]), LoginSession.ends_at > clock.now())
        .group_by(LoginSession.account_id))
    open_sessions = {row[0]: row[1] for row in counted}
    return [AccountView(
        row.id, Role(row.role), row.username or "", row.name, row.scope_kind, row.scope_id,
        names.get((row.scope_kind or "", row.scope_id or ""), ""), row.totp_sealed is not None, _state(row),
        row.expires_at, row.created_at, row.last_sign_in_at, open_sessions.get(row.id, 0)) for row in found]


def _state(row: Account) -> str:
    if not row.active:
        return "ended"
    return "expired" if row.expires_at is not None and row.expires_at <= clock.now() else "active"
