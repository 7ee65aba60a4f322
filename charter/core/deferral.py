"""Hand a job to the queue from inside an act: it is there when the act commits, and never was when it does not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import text
from sqlalchemy.orm import Session

__all__ = ["SILENT_SECONDS", "defer", "worker_lives"]

SILENT_SECONDS = 20
"""A job worker that has not been heard of for so long is taken for dead, and its jobs are taken up by another."""

# Never opened: each job goes through the caller's own connection. Which task a name means is the worker's knowledge.
_queue = App(connector=PsycopgConnector())


def defer(session: Session, task: str, *, at: datetime | None = None, alone: str | None = None,
          one_by_one: str | None = None, **arguments: Any) -> int | None:  # fmt: skip
    """Queue the named task with JSON arguments, in the session's transaction; its job id.

    `at` is the earliest time. `alone`: with an equal word no second job may wait; None comes back where one does.
    `one_by_one`: jobs with an equal word do not run at the same time.
    """
    connection = session.connection().connection.driver_connection
    wanted = _queue.configure_task(task, connection=connection, schedule_at=at, lock=one_by_one, queueing_lock=alone)
    if alone is None:
        return int(wanted.defer(**arguments))
    try:
        with session.begin_nested():  # a refused job must not spoil the act
            session.connection()  # only now is the savepoint made
            return int(wanted.defer(**arguments))
    except AlreadyEnqueued:
        return None


def worker_lives(session: Session) -> bool:
    """Whether any job worker has been heard of lately."""
    return bool(session.scalar(text("SELECT EXISTS (SELECT FROM procrastinate_workers "
                                    "WHERE last_heartbeat > now() - make_interval(secs => :silent))"),
                               {"silent": SILENT_SECONDS}))
