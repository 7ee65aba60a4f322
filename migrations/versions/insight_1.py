"""Issues of the daily brief, frozen once they are signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "insight_1"
down_revision = "funding_2"
branch_labels = None
depends_on = None

FROZEN = """
CREATE FUNCTION charter_issued_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'issued' THEN
        RAISE EXCEPTION 'an issued report does not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


def upgrade() -> None:
    op.create_table('report_issue',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.SmallInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('head', sa.String(length=40), nullable=False),
    sa.Column('office', sa.String(length=60), nullable=False),
    sa.Column('signer', sa.String(length=30), nullable=False),
    sa.Column('story', sa.String(length=2000), nullable=False),
    sa.Column('report_to', sa.String(length=200), nullable=False),
    sa.Column('send_to', sa.String(length=200), nullable=False),
    sa.Column('copy_to', sa.String(length=200), nullable=False),
    sa.Column('copies', sa.SmallInteger(), nullable=False),
    sa.Column('figures', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('again', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('reasons', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=True),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.String(length=64), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'issued') = (approved_by IS NOT NULL)", name=op.f('ck_report_issue_approved')),
    sa.CheckConstraint("state IN ('draft', 'issued')", name=op.f('ck_report_issue_state')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_report_issue_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_issue')),
    sa.UniqueConstraint('campaign_id', 'year', 'number', name=op.f('uq_report_issue_campaign_id_year_number'))
    )

    op.execute(FROZEN)
    op.execute("CREATE TRIGGER report_issue_issued BEFORE UPDATE OR DELETE ON report_issue "
               "FOR EACH ROW EXECUTE FUNCTION charter_issued_report()")


def downgrade() -> None:
    op.drop_table('report_issue')
    op.execute("DROP FUNCTION charter_issued_report")
