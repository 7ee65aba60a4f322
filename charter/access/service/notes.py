"""Secrets that are shown once (a link, a token, recovery codes): kept sealed in the session until they are read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from charter.access.models import LoginSession
from charter.core import clock
from charter.core.sealed import SealedField

__all__ = ["Note", "drop", "leave", "read"]

NOTE = SealedField("login_session", "note")
LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Note:
    """`kind` is invitation, token or recovery; `back` the page to go on to."""

    kind: str
    values: tuple[str, ...]
    back: str


def leave(session: Session, session_id: str | None, note: Note) -> None:
    """Keep it for this session's next page; the one before it is gone."""
    if session_id is None:
        return
    written = json.dumps([note.kind, note.values, note.back])
    state = {"note": NOTE.seal(session_id, written).hex(), "until": (clock.now() + LASTS).isoformat()}
    session.execute(update(LoginSession).where(LoginSession.id_hash == bytes.fromhex(session_id)).values(state=state))


def read(session: Session, session_id: str) -> Note | None:
    """What is to be shown, for ten minutes at most."""
    state = session.scalar(select(LoginSession.state).where(LoginSession.id_hash == bytes.fromhex(session_id)))
    if not state or "note" not in state or datetime.fromisoformat(state["until"]) <= clock.now():
        return None
    kind, values, back = json.loads(NOTE.open_bytes(session_id, bytes.fromhex(state["note"])))
    return Note(kind, tuple(values), back)


def drop(session: Session, session_id: str) -> str:
    """Its reader has written it down: gone for good. Where to go on to."""
    found = read(session, session_id)
    session.execute(update(LoginSession).where(LoginSession.id_hash == bytes.fromhex(session_id)).values(state={}))
    return found.back if found else "/"
