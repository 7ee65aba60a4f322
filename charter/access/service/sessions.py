"""Server-side sessions: a 256-bit cookie stored hashed; 30 minutes idle and 12 hours at most for staff."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from flask import Response, has_request_context, request
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from charter.access.models import Account, LoginSession
from charter.core import clock
from charter.core.actor import NOBODY, Actor, Role
from charter.core.db import act, glance
from charter.core.problems import NotFound
from charter.core.routes import session_cookie

__all__ = ["COOKIE", "begin", "by_cookie", "choose_worker", "end", "end_all", "end_of_worker", "end_own", "forget",
           "id_of", "remember", "renew", "without_worker"]  # fmt: skip

COOKIE = "session"
STAFF_IDLE, STAFF_LIFE = timedelta(minutes=30), timedelta(hours=12)
WORKER_IDLE, WORKER_LIFE = timedelta(days=14), timedelta(days=60)
FRESH = timedelta(minutes=15)
BROWSERS = (("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
            ("Safari", "Safari"))
SYSTEMS = (("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
           ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


def begin(session: Session, account: Account, *, second_factor: bool, worker_id: UUID | None = None) -> str:
    """A new session of the account; the returned text goes into the cookie.

    `second_factor`: all that the account has to prove itself with was shown just now (the password alone, where it has
    no second factor); the session is fresh for 15 minutes.
    """
    text = secrets.token_urlsafe(32)
    now = clock.now()
    session.execute(delete(LoginSession).where(LoginSession.account_id == account.id, LoginSession.ends_at <= now))
    life = WORKER_LIFE if account.role == Role.WORKER else STAFF_LIFE
    session.add(LoginSession(id_hash=_hash(text), account_id=account.id, worker_id=worker_id, ends_at=now + life,
                             second_factor_at=now if second_factor else None, agent=_agent()))
    account.last_sign_in_at = now
    return text


def renew(session: Session, session_id: str, *, fresh: bool = False, worker_id: UUID | None = None) -> str:
    """The same session under a new name, for the cookie; what it may do has just changed. Raises NotFound."""
    text = secrets.token_urlsafe(32)
    changed: dict[str, object] = {"id_hash": _hash(text), "state": {}}
    changed |= {"second_factor_at": clock.now()} if fresh else {}
    changed |= {"worker_id": worker_id} if worker_id else {}
    done = session.execute(update(LoginSession).where(LoginSession.id_hash == bytes.fromhex(session_id))
                           .values(changed).returning(LoginSession.account_id)).first()
    if done is None:
        raise NotFound
    return text


def id_of(text: str) -> str:
    """The id of the session whose cookie this is."""
    return _hash(text).hex()


def _agent() -> str:
    """Browser and system in a word each, as their owner knows them."""
    written = request.headers.get("User-Agent", "") if has_request_context() else ""
    found = [next((word for mark, word in marks if mark in written), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in found if word)


def by_cookie() -> Actor:
    """The actor of this request's session, or NOBODY."""
    text = request.cookies.get(session_cookie(COOKIE), "")
    if not 40 <= len(text) <= 64:
        return NOBODY
    found = glance(_find, text)
    if found is None:
        return NOBODY
    login, account = found
    if clock.now() - login.seen_at > timedelta(minutes=1):
        act(_seen, login.id_hash)
    return _actor(login, account)


def choose_worker(session: Session, session_id: str, worker_id: UUID) -> None:
    """Say which person of the phone this session acts for."""
    session.execute(update(LoginSession).where(LoginSession.id_hash == bytes.fromhex(session_id))
                    .values(worker_id=worker_id))


def without_worker(session: Session, session_id: str) -> str:
    """Go on as nobody yet: somebody new is registered from this phone. The session's new cookie."""
    text = renew(session, session_id)
    session.execute(update(LoginSession).where(LoginSession.id_hash == _hash(text)).values(worker_id=None))
    return text


def end(session: Session, session_id: str) -> None:
    """End one session."""
    session.execute(delete(LoginSession).where(LoginSession.id_hash == bytes.fromhex(session_id)))


def end_own(session: Session, actor: Actor, key: str, *, this_too: bool = False) -> None:
    """End one session of the actor's account (`key` is its id), or where none is named all others, or really all."""
    if this_too or not key:
        end_all(session, UUID(actor.account_id or ""), but=None if this_too else actor.session_id)
        return
    try:
        wanted = bytes.fromhex(key)
    except ValueError:
        return
    session.execute(delete(LoginSession).where(LoginSession.account_id == UUID(actor.account_id or ""),
                                               LoginSession.id_hash == wanted))


def end_all(session: Session, account_id: UUID, *, but: str | None = None) -> None:
    """End every session of an account: its password, role or phone changed. `but` is one that may go on."""
    session.execute(delete(LoginSession).where(LoginSession.account_id == account_id,
                                               LoginSession.id_hash != bytes.fromhex(but or "")))


def end_of_worker(session: Session, worker_id: UUID) -> None:
    """End every session that acts for this person: the phone is no longer his."""
    session.execute(delete(LoginSession).where(LoginSession.worker_id == worker_id))


def remember(response: Response, text: str, *, lasting: bool = False) -> Response:
    """Put the session into the browser; a `lasting` one (a worker's own phone) outlives its closing."""
    response.set_cookie(session_cookie(COOKIE), text, httponly=True, samesite="Lax", secure=request.is_secure, path="/",
                        max_age=WORKER_LIFE if lasting else None)
    return response


def forget(response: Response) -> Response:
    """Take the session out of the browser, with all that pages kept there."""
    response.delete_cookie(session_cookie(COOKIE), path="/", secure=request.is_secure, httponly=True)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _find(session: Session, text: str) -> tuple[LoginSession, Account] | None:
    row = session.execute(
        select(LoginSession, Account).join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.id_hash == _hash(text), LoginSession.ends_at > clock.now(), Account.active)).first()
    if row is None:
        return None
    login, account = row
    idle = WORKER_IDLE if account.role == Role.WORKER else STAFF_IDLE
    if login.seen_at < clock.now() - idle or (account.expires_at and account.expires_at <= clock.now()):
        return None
    return login, account


def _seen(session: Session, id_hash: bytes) -> None:
    session.execute(update(LoginSession).where(LoginSession.id_hash == id_hash).values(seen_at=clock.now()))


def _actor(login: LoginSession, account: Account) -> Actor:
    fresh = login.second_factor_at is not None and clock.now() - login.second_factor_at <= FRESH
    worker = account.role == Role.WORKER
    return Actor(
        Role(account.role), account_id=str(account.id), name=account.name, session_id=login.id_hash.hex(), fresh=fresh,
        scope_kind="worker" if worker else account.scope_kind,
        scope_id=(str(login.worker_id) if login.worker_id else None) if worker else account.scope_id)
