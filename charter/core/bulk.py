"""Many rows at once, in the session's own transaction: COPY into a table, and conditions on many values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, cast, func, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

from charter.core.db import Base

__all__ = ["analyze_grown", "any_of", "array_text", "copy_rows", "expect_growth", "insert_many"]

FEW = 20  # rows that a plain insert writes as fast


def any_of(column: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """The column is one of these values; one parameter however many they are, where IN has one for each."""
    return column == func.any(cast(bindparam(None, array_text(values), type_=Text()), ARRAY(column.type)))


def array_text(values: Iterable[Any]) -> str:
    """Texts, bytes, numbers, UUIDs and None as PostgreSQL writes an array of them; the driver's own way to send a list
    takes ten times as long."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return '"\\\\x' + value.hex() + '"'
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def insert_many(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of equal keys, with the model's own defaults for the columns that they leave out.

    Raises as an INSERT does, IntegrityError for a broken constraint.
    """
    if not rows:
        return
    if len(rows) < FEW:
        session.execute(insert(table), list(rows))
        return
    columns = {column.name: column for column in table.__table__.columns}
    defaults = {name: column.default for name, column in columns.items()
                if name not in rows[0] and column.default is not None}
    names = [*rows[0], *defaults]
    copy_rows(session, table, names, (
        [*row.values(), *(_default(default, row) for default in defaults.values())] for row in rows))


class _Context:
    """What a model's default may ask for: the values of its row."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row

    def get_current_parameters(self) -> dict[str, Any]:
        """The row's values."""
        return dict(self.row)


def _default(default: Any, row: Mapping[str, Any]) -> Any:
    return default.arg(_Context(row)) if default.is_callable else default.arg


def copy_rows(session: Session, table: type[Base], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows whose values stand in the order of `columns`; defaults of the model are the caller's to give."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.__tablename__), sql.SQL(", ").join(map(sql.Identifier, columns)))
    connection: Any = session.connection().connection.driver_connection
    try:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError.instance("COPY", None, error, psycopg.Error, hide_parameters=True) from error


def expect_growth(session: Session) -> None:
    """For this transaction: look rows up by indexes, whatever size the database thinks that the tables have.

    While an empty table is filled, foreign keys would be checked by the plan that was good for the empty one.
    """
    session.execute(text("SET LOCAL enable_seqscan = off"))
    session.execute(text("DISCARD PLANS"))


GROWN = text("SELECT relname FROM pg_stat_user_tables WHERE relname = ANY(CAST(:names AS text[])) "
             "AND n_mod_since_analyze > 1000 + n_live_tup / 2 ORDER BY relname")


def analyze_grown(session: Session, *tables: type[Base]) -> None:
    """Tell the database anew how large these tables are, where they have grown by half.

    After a long load: until the database sees by itself, it looks a million rows up as if there were ten.
    """
    names = [table.__tablename__ for table in tables]
    for name in session.scalars(GROWN, {"names": array_text(names)}).all():
        session.execute(text(f'ANALYZE "{name}"'))
