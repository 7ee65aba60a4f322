"""The job queue's tables, as text from its library, frozen at version 3.10.0.

Later releases of the library bring numbered SQL files of their own, to be added as further revisions.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "queue_1"
down_revision = None
branch_labels = None
depends_on = None

TEXT = Path(__file__).resolve().parents[1] / "procrastinate-3.10.0.sql"
DROP_ALL = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT oid::regclass AS name FROM pg_class
        WHERE relname LIKE 'procrastinate\\_%' AND relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP EXECUTE 'DROP TABLE IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = 'public'::regnamespace
    LOOP EXECUTE 'DROP FUNCTION IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
    FOR found IN SELECT oid::regtype AS name FROM pg_type
        WHERE typname LIKE 'procrastinate\\_%' AND typtype IN ('e', 'c') AND typnamespace = 'public'::regnamespace
    LOOP EXECUTE 'DROP TYPE IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
END $$
"""


def upgrade() -> None:
    _run(TEXT.read_text(encoding="utf-8"))


def downgrade() -> None:
    _run(DROP_ALL)


def _run(script: str) -> None:
    """By the driver itself and without parameters: the text has `%` in it, which SQLAlchemy would take for places."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101 - an open migration has one
    driver.execute(script)
