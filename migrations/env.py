"""Runs the migrations, and compares them with the models of all rooms."""

from __future__ import annotations

import os
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine, text

from charter.core.cluster import running
from charter.core.db import Base
from charter.core.schema import load_models

ONE_AT_A_TIME = 0x63686172  # "char": two processes that start together must not migrate together


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """The queue's own tables come as text from its library; no model describes them."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def migrate(connection: Connection) -> None:
    """Run the wanted steps in one transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata, include_name=include_name)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ONE_AT_A_TIME})
        context.run_migrations()


def main(url: str) -> None:
    """Migrate the database at `url`."""
    if context.config.attributes.get("compare", True):
        load_models()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()


given = context.config.attributes.get("url") or os.environ.get("DATABASE_URL")
if given:
    main(given)
else:
    with running(Path(os.environ.get("CHARTER_DATA", "var/data"))) as embedded:
        main(embedded.url())
