"""The database session, and the two verbs of the edge: `act` (one transaction, tried again) and `ask` (read only).

Services take a session and never commit. A named constraint that an act breaks becomes the problem that a room
registered for it with `constraint_problem`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import DateTime, Engine, MetaData, create_engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = ["Base", "act", "ask", "bind", "constraint_problem", "engine", "glance", "transaction", "unbind",
           "when_unbound"]

P = ParamSpec("P")
T = TypeVar("T")
RETRIED = {"40001", "40P01"}  # serialization failure, deadlock: the whole act may be tried again
LOCKED = "55P03"  # a lock was not to be had within its time limit
TRIES = 4


class Busy(Problem):
    status, code, message = 503, "busy", N_("现在人太多，请稍后再试")


class Base(DeclarativeBase):
    """Base of every table; constraints get predictable names, so that each can stand beside its problem."""

    metadata = MetaData(naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    })
    type_annotation_map = {datetime: DateTime(timezone=True)}  # noqa: RUF012 - SQLAlchemy reads the plain dict


_engine: Engine | None = None
_sessions: sessionmaker[Session] | None = None
_readers: sessionmaker[Session] | None = None
_glancers: sessionmaker[Session] | None = None
_leaving: list[Callable[[], None]] = []
_problems: dict[str, Callable[[], Problem]] = {}


def bind(url: str, *, pool_size: int = 8) -> Engine:
    """Connect this process to the database at `url` (postgresql://...). Binding again replaces the engine."""
    global _engine, _sessions, _readers, _glancers
    unbind()
    _engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=pool_size,
                            max_overflow=pool_size, hide_parameters=True,
                            connect_args={"application_name": "charter", "options": "-c timezone=UTC"})
    _sessions = sessionmaker(_engine, expire_on_commit=False)
    _readers = sessionmaker(_engine.execution_options(postgresql_readonly=True), expire_on_commit=False)
    _glancers = sessionmaker(_engine.execution_options(isolation_level="AUTOCOMMIT"), expire_on_commit=False)
    return _engine


def unbind() -> None:
    """Close every pooled connection of this process."""
    global _engine, _sessions, _readers, _glancers
    for leave in _leaving:
        leave()
    if _engine is not None:
        _engine.dispose()
    _engine = _sessions = _readers = _glancers = None


def when_unbound(leave: Callable[[], None]) -> None:
    """Call this too when the process lets go of its database."""
    _leaving.append(leave)


def engine() -> Engine:
    """The bound engine. Raises RuntimeError before `bind`."""
    if _engine is None:
        raise RuntimeError("no database is bound")
    return _engine


def constraint_problem(name: str, problem: Callable[[], Problem]) -> None:
    """Say which problem an act raises when it breaks the named constraint."""
    _problems[name] = problem


@contextmanager
def transaction(*, read_only: bool = False) -> Iterator[Session]:
    """One session in one transaction; commits at the end, rolls back on any exception."""
    with _made(_readers if read_only else _sessions) as session, session.begin():
        yield session


def _made(maker: sessionmaker[Session] | None) -> Session:
    if maker is None:
        raise RuntimeError("no database is bound")
    return maker()


def act(service: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one business act in one transaction of its own and commit it.

    The whole act is tried again (up to 4 times) after a serialization failure or a deadlock, and after its connection
    was lost before the commit. Raises the act's own problems; a broken named constraint raises the problem registered
    for it.
    """
    for attempt in range(TRIES):
        done = False
        try:
            with transaction() as session:
                found = service(session, *args, **kwargs)
                done = True
            return found
        except DBAPIError as error:
            # Lost in the commit: it may have been done, so nobody but the caller knows whether to ask again.
            again = _sqlstate(error) in RETRIED or (error.connection_invalidated and not done)
            if again and attempt < TRIES - 1:
                continue
            raise _translated(error) from error
    raise AssertionError("unreachable")


def ask(query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Answer one question in a read-only transaction, again where the connection was lost."""
    try:
        return _answer(query, *args, **kwargs)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return _answer(query, *args, **kwargs)


def glance(query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Answer a question of a single SELECT with no transaction around it: one trip to the database instead of three."""
    try:
        return _glimpse(query, *args, **kwargs)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return _glimpse(query, *args, **kwargs)


def _answer(query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    with transaction(read_only=True) as session:
        return query(session, *args, **kwargs)


def _glimpse(query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    with _made(_glancers) as session:
        return query(session, *args, **kwargs)


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _translated(error: DBAPIError) -> Exception:
    if _sqlstate(error) == LOCKED:
        return Busy(retry_after=1)
    if not isinstance(error, IntegrityError):
        return error
    diag: Any = getattr(error.orig, "diag", None)
    found = _problems.get(getattr(diag, "constraint_name", None) or "")
    return found() if found else error
