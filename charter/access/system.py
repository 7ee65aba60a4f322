"""How the installation is doing, for the administrator: no person, no secret. Rooms above add lines of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from charter.core import clock, schema
from charter.core.audit import AuditEvent, AuditSeal
from charter.core.db import engine
from charter.core.deferral import worker_lives
from charter.core.i18n import N_
from charter.core.key_use import KeyUse, key_use
from charter.core.settings import TABLE
from charter.notices.models import Outbox

__all__ = ["Health", "Line", "Picture", "health", "offer", "picture", "shown_settings"]

SECRET = frozenset({"CHARTER_KEYS", "DATABASE_URL"})
QUEUES = {"todo": N_("等待"), "doing": N_("进行中"), "failed": N_("失败"), "succeeded": N_("完成")}
LATE = 60  # seconds after which an event should stand in the chain


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to look at: `state` is go, look or stop; `note` is a message id with `values`."""

    name: str
    state: str
    note: str
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Health:
    """Whether each part works."""

    migrated: bool
    revisions: tuple[str, ...]
    worker: bool
    unsealed: int
    oldest_waiting: datetime | None


@dataclass(frozen=True, slots=True)
class Picture:
    """Counts of jobs and messages by state, root keys in use, and the lines of other rooms."""

    jobs: dict[str, int]
    messages: dict[str, int]
    keys: list[KeyUse]
    lines: list[Line]


_listers: list[Callable[[Session], list[Line]]] = []


def offer(lister: Callable[[Session], list[Line]]) -> None:
    """Add a room's lines; the same one twice stands once."""
    if lister not in _listers:
        _listers.append(lister)


def health(session: Session) -> Health:
    """The state of database, migrations, job workers and the audit chain."""
    revisions = tuple(session.scalars(text("SELECT version_num FROM alembic_version ORDER BY 1")))
    late = session.scalar(
        select(func.count()).select_from(AuditEvent).outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.seq.is_(None), AuditEvent.at < func.now() - text(f"interval '{LATE} seconds'")))
    waiting = session.scalar(select(func.min(Outbox.created_at)).where(Outbox.state == "waiting",
                                                                       Outbox.next_try_at <= clock.now()))
    behind = schema.behind(engine().url.render_as_string(hide_password=False))
    return Health(not behind, revisions, worker_lives(session), late or 0, waiting)


def picture(session: Session) -> Picture:
    """Figures of queue, outbox and keys."""
    jobs = {str(state): count for state, count in session.execute(
        text("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"))}
    messages = {row[0]: row[1] for row in session.execute(select(Outbox.state, func.count()).group_by(Outbox.state))}
    return Picture(jobs, messages, key_use(session), [line for lister in _listers for line in lister(session)])


def shown_settings(given: dict[str, str]) -> list[tuple[str, str, str]]:
    """Name, value and meaning of every setting; of a secret only whether it is given."""
    shown = []
    for option in TABLE:
        value = given.get(option.name, "")
        if option.name in SECRET:
            value = N_("（已设置，不显示）") if value else ""
        shown.append((option.name, value or option.default, option.meaning))
    return shown
