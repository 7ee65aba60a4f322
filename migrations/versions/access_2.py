"""Claims of employers not known yet, tries on a phone's persons, whose token and which browser it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "access_2"
down_revision = "people_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("person_tries", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("login_session", sa.Column("agent", sa.String(length=80), server_default="", nullable=False))
    op.add_column("api_token", sa.Column("made_by", sa.String(length=64), server_default="", nullable=False))
    op.add_column("invitation", sa.Column("account_until", sa.DateTime(timezone=True), nullable=True))
    op.execute("DELETE FROM employer_claim")  # no page wrote any yet
    op.alter_column("employer_claim", "employer_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column("employer_claim", sa.Column("credit_code", sa.String(length=18), nullable=False))
    op.add_column("employer_claim", sa.Column("employer_name", sa.String(length=120), nullable=False))
    op.add_column("employer_claim", sa.Column("district_id", sa.Uuid(), nullable=False))
    op.create_foreign_key(op.f("fk_employer_claim_district_id"), "employer_claim", "district", ["district_id"], ["id"])
    op.create_index(op.f("ix_employer_claim_district_id"), "employer_claim", ["district_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_employer_claim_district_id"), table_name="employer_claim")
    op.drop_constraint(op.f("fk_employer_claim_district_id"), "employer_claim", type_="foreignkey")
    for column in ("district_id", "employer_name", "credit_code"):
        op.drop_column("employer_claim", column)
    op.execute("DELETE FROM employer_claim WHERE employer_id IS NULL")
    op.alter_column("employer_claim", "employer_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("invitation", "account_until")
    op.drop_column("api_token", "made_by")
    op.drop_column("login_session", "agent")
    op.drop_column("account", "person_tries")
