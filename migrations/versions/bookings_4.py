"""A held booking has no pass, so nothing is called to keep its revision."""

from __future__ import annotations

from alembic import op

revision = "bookings_4"
down_revision = "bookings_3"
branch_labels = None
depends_on = None

KEEP = ("CREATE TRIGGER booking_keep AFTER INSERT OR UPDATE ON booking FOR EACH ROW {when}"
        "EXECUTE FUNCTION booking_keep_revision()")


def upgrade() -> None:
    op.execute("DROP TRIGGER booking_keep ON booking")
    op.execute(KEEP.format(when="WHEN (NEW.state = 'confirmed') "))


def downgrade() -> None:
    op.execute("DROP TRIGGER booking_keep ON booking")
    op.execute(KEEP.format(when=""))
