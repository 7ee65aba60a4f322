"""Several statements in one trip to the database, for the acts that hundreds of people make in the same minute.

The statements go out together and their answers come back together (psycopg's pipeline), inside the session's own
transaction; half of what a short act costs is waiting for the next answer. Everything else uses the session alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

import psycopg
from sqlalchemy import ClauseElement
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from charter.core.db import engine

__all__ = ["Step", "together", "trip", "trips"]


class Step:
    """A statement with named places, written once and sent often. No value of it is made by a column's default."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._written: tuple[str, dict[str, Any], dict[str, Callable[[Any], Any]]] | None = None

    def written(self, values: Mapping[str, object]) -> tuple[str, dict[str, Any]]:
        """The SQL and its parameters as the driver takes them."""
        sql, fixed, makers = self._written or self._write()
        filled = {**fixed, **values}
        return sql, {name: makers[name](value) if name in makers and value is not None else value
                     for name, value in filled.items()}

    def _write(self) -> tuple[str, dict[str, Any], dict[str, Callable[[Any], Any]]]:
        dialect = engine().dialect
        compiled = self._statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what a statement that is not DDL becomes
        makers: dict[str, Callable[[Any], Any]] = {}
        for name, bind in compiled.binds.items():
            maker = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if maker is not None:
                makers[name] = maker
        self._written = str(compiled), dict(compiled.params), makers
        return self._written


def trip(session: Session, *steps: tuple[Step, Mapping[str, object]]) -> list[tuple[Any, ...]]:
    """Send all statements, after what the session has still to write; the rows of the last one, if it gives any.

    Raises sqlalchemy's errors, as the session itself would.
    """
    return trips(session, *steps)[-1]


def trips(session: Session, *steps: tuple[Step, Mapping[str, object]]) -> list[list[tuple[Any, ...]]]:
    """The same, with the rows of every statement (none where it gives none)."""
    session.flush()
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)  # noqa: S101 - bind() knows no other driver
    try:
        with connection.pipeline() if len(steps) > 1 else nullcontext():
            sent = [connection.execute(*step.written(values)) for step, values in steps]
        return [cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else [] for cursor in sent]
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True,
                                  connection_invalidated=connection.closed, dialect=engine().dialect) from error


_joined: dict[tuple[int, ...], tuple[str, tuple[Step, ...]]] = {}  # the statements that several steps make together


def together(session: Session, *steps: tuple[Step, Mapping[str, object]]) -> None:
    """Write by all steps in one statement: none sees what another one writes, and no two may write one row.

    Raises as `trip`.
    """
    written = [step.written(values) for step, values in steps]
    key = tuple(id(step) for step, _ in steps)
    if key not in _joined:
        parts = [sql.replace("%(", f"%(s{place}_") for place, (sql, _) in enumerate(written)]
        first = ", ".join(f"w{place} AS ({part})" for place, part in enumerate(parts[:-1]))
        _joined[key] = (f"WITH {first} {parts[-1]}" if first else parts[-1]), tuple(step for step, _ in steps)
    values = {f"s{place}_{name}": value for place, (_, given) in enumerate(written) for name, value in given.items()}
    trip(session, (_Written(_joined[key][0]), values))


class _Written(Step):
    """A statement as the driver takes it."""

    def __init__(self, sql: str) -> None:
        self._written = (sql, {}, {})
