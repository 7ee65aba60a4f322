"""One SELECT on a connection of its own, outside any transaction and read only: what every request asks first.

Beside it a session costs a multiple of the question itself. No more connections are kept than ask at the same time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from charter.core import db
from charter.core.trip import Step

__all__ = ["peek"]

OPTIONS = "-c timezone=UTC -c default_transaction_read_only=on"

_idle: list[psycopg.Connection[tuple[Any, ...]]] = []


def peek(step: Step, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows of a SELECT, asked again where the kept connection was lost. Raises sqlalchemy's errors."""
    try:
        return _rows(step, values)
    except psycopg.OperationalError:
        _close()
    try:
        return _rows(step, values)
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True,
                                  connection_invalidated=True, dialect=db.engine().dialect) from error


def _rows(step: Step, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    connection = _taken()
    try:
        found = connection.execute(*step.written(values)).fetchall()
    except BaseException:
        connection.close()
        raise
    _idle.append(connection)
    return found


def _taken() -> psycopg.Connection[tuple[Any, ...]]:
    with contextlib.suppress(IndexError):
        return _idle.pop()
    address = db.engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, application_name="charter", options=OPTIONS)


def _close() -> None:
    while True:
        try:
            _idle.pop().close()
        except IndexError:
            return


db.when_unbound(_close)
