"""Each vehicle of a day has one number, which stands on sign, pass, message and list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "campaigns_4"
down_revision = "campaigns_3"
branch_labels = None
depends_on = None

# The database gives the number, so that no way of making a departure can forget it; it stays for the whole day.
NUMBER = """
CREATE FUNCTION departure_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.date = OLD.date THEN
        NEW.number := OLD.number;
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('departure_number|' || NEW.campaign_id || '|' || NEW.date, 0));
    SELECT coalesce(max(d.number), 0) + 1 INTO NEW.number FROM departure d
    WHERE d.campaign_id = NEW.campaign_id AND d.date = NEW.date AND d.id <> NEW.id;
    RETURN NEW;
END $$
"""
GIVEN = """
UPDATE departure SET number = given.number FROM (
    SELECT id, row_number() OVER (PARTITION BY campaign_id, date ORDER BY departs_at, code, id) AS number
    FROM departure) given
WHERE given.id = departure.id
"""


def upgrade() -> None:
    op.add_column("departure", sa.Column("number", sa.Integer(), nullable=True))
    op.execute(GIVEN)
    op.alter_column("departure", "number", nullable=False)
    op.execute(NUMBER)
    op.execute("CREATE TRIGGER departure_number BEFORE INSERT OR UPDATE ON departure FOR EACH ROW "
               "EXECUTE FUNCTION departure_number()")


def downgrade() -> None:
    op.execute("DROP TRIGGER departure_number ON departure")
    op.execute("DROP FUNCTION departure_number")
    op.drop_column("departure", "number")
