"""The ledger and its triggers, shares, budgets, contracts, settlements, subsidies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "funding_2"
down_revision = "funding_1"
branch_labels = None
depends_on = None

INSERT_ONLY = ("ledger_entry", "ledger_line")
LATE_LINE = """
CREATE FUNCTION charter_ledger_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT xact FROM ledger_entry WHERE id = NEW.entry_id) IS DISTINCT FROM pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'an entry takes no later lines' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_ledger_line_late';
    END IF;
    RETURN NEW;
END $$
"""
BALANCED = """
CREATE FUNCTION charter_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric; sides int; owes bool; others bool;
BEGIN
    SELECT coalesce(sum(l.fen), 0), count(*), bool_or(a.kind = 'carrier'),
           bool_or(a.kind NOT IN ('carrier', 'cost', 'bank')) OR bool_or(a.campaign_id <> NEW.campaign_id)
      INTO total, sides, owes, others
      FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id WHERE l.entry_id = NEW.id;
    IF total <> 0 OR sides < 2 THEN
        RAISE EXCEPTION 'entry % does not balance', NEW.number USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_ledger_entry_balanced';
    END IF;
    IF owes AND others THEN
        RAISE EXCEPTION 'a carrier is paid by the campaign alone' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_ledger_entry_carrier';
    END IF;
    IF NEW.reverses_id IS NOT NULL AND EXISTS (
        SELECT account_id FROM ledger_line WHERE entry_id IN (NEW.id, NEW.reverses_id)
        GROUP BY account_id HAVING sum(fen) <> 0) THEN
        RAISE EXCEPTION 'entry % is no mirror', NEW.number USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_ledger_entry_mirror';
    END IF;
    RETURN NULL;
END $$
"""
OPENING = (  # bills that were written before there was a ledger
    """
    INSERT INTO ledger_account (id, campaign_id, kind, item, party_id)
    SELECT gen_random_uuid(), campaign_id, kind, item, party FROM (
        SELECT DISTINCT d.campaign_id, 'cost' AS kind, c.kind AS item, NULL::uuid AS party
          FROM departure_cost c JOIN departure d ON d.id = c.departure_id WHERE c.actual_fen > 0
        UNION SELECT DISTINCT d.campaign_id, 'carrier', '', CASE WHEN c.kind = 'charter' THEN d.carrier_id END
          FROM departure_cost c JOIN departure d ON d.id = c.departure_id WHERE c.actual_fen > 0) AS wanted
    """,
    """
    INSERT INTO ledger_entry (id, campaign_id, number, day, kind, item, departure_id, document, note, booked_at,
                              booked_by)
    SELECT gen_random_uuid(), d.campaign_id,
           row_number() OVER (PARTITION BY d.campaign_id ORDER BY c.updated_at, c.id),
           (c.updated_at AT TIME ZONE 'Asia/Shanghai')::date, 'bill', c.kind, d.id, '', '', c.updated_at, 'system'
      FROM departure_cost c JOIN departure d ON d.id = c.departure_id WHERE c.actual_fen > 0
    """,
    """
    INSERT INTO ledger_line (entry_id, seq, account_id, fen)
    SELECT e.id, side.seq, a.id, side.sign * c.actual_fen
      FROM ledger_entry e JOIN departure d ON d.id = e.departure_id
      JOIN departure_cost c ON c.departure_id = d.id AND c.kind = e.item
      CROSS JOIN (VALUES (1, 1), (2, -1)) AS side (seq, sign)
      JOIN ledger_account a ON a.campaign_id = d.campaign_id AND CASE side.seq
           WHEN 1 THEN a.kind = 'cost' AND a.item = c.kind
           ELSE a.kind = 'carrier' AND a.party_id IS NOT DISTINCT FROM CASE WHEN c.kind = 'charter' THEN d.carrier_id END
           END
    """)


def upgrade() -> None:
    op.create_table('budget',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('payer', sa.String(length=8), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=True),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("payer IN ('city', 'district', 'employer', 'worker')", name=op.f('ck_budget_payer')),
    sa.CheckConstraint('fen >= 0', name=op.f('ck_budget_fen')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_budget_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget')),
    sa.UniqueConstraint('campaign_id', 'payer', 'party_id', name=op.f('uq_budget_campaign_id_payer_party_id'), postgresql_nulls_not_distinct=True)
    )
    op.create_table('charter_contract',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('carrier_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('quotes', sa.SmallInteger(), nullable=False),
    sa.Column('why_one', sa.String(length=200), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("quotes > 1 OR why_one <> ''", name=op.f('ck_charter_contract_quotes')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_charter_contract_campaign_id')),
    sa.ForeignKeyConstraint(['carrier_id'], ['carrier.id'], name=op.f('fk_charter_contract_carrier_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_charter_contract')),
    sa.UniqueConstraint('campaign_id', 'number', name=op.f('uq_charter_contract_campaign_id_number'))
    )
    op.create_table('ledger_account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('item', sa.String(length=16), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("kind IN ('cost', 'due', 'borne', 'carrier', 'aid', 'travel', 'bank')", name=op.f('ck_ledger_account_kind')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_ledger_account_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_account')),
    sa.UniqueConstraint('campaign_id', 'kind', 'item', 'party_id', name=op.f('uq_ledger_account_campaign_id_kind_item_party_id'), postgresql_nulls_not_distinct=True)
    )
    op.create_table('ledger_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('item', sa.String(length=16), nullable=False),
    sa.Column('departure_id', sa.BigInteger(), nullable=True),
    sa.Column('settlement_id', sa.Uuid(), nullable=True),
    sa.Column('document', sa.String(length=60), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('reverses_id', sa.Uuid(), nullable=True),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('booked_by', sa.String(length=64), nullable=False),
    sa.Column('xact', sa.BigInteger(), server_default=sa.text('pg_current_xact_id()::text::bigint'), nullable=False),
    sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f('ck_ledger_entry_reversal')),
    sa.CheckConstraint("kind IN ('bill','share','payment','receipt','subsidy','travel','reversal')", name=op.f('ck_ledger_entry_kind')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_ledger_entry_campaign_id')),
    sa.ForeignKeyConstraint(['reverses_id'], ['ledger_entry.id'], name=op.f('fk_ledger_entry_reverses_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('campaign_id', 'number', name=op.f('uq_ledger_entry_campaign_id_number')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_ledger_entry_reverses_id'))
    )
    op.create_index('ix_ledger_entry_departure', 'ledger_entry', ['departure_id', 'kind'], unique=False)
    op.create_table('share_rule',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.SmallInteger(), nullable=False),
    sa.Column('payer', sa.String(length=8), nullable=False),
    sa.Column('basis', sa.String(length=8), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('min_km', sa.Integer(), nullable=False),
    sa.Column('max_km', sa.Integer(), nullable=True),
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("basis IN ('vehicle', 'head', 'percent', 'rest')", name=op.f('ck_share_rule_basis')),
    sa.CheckConstraint("payer IN ('city', 'district', 'employer', 'worker')", name=op.f('ck_share_rule_payer')),
    sa.CheckConstraint("value >= 0 AND (basis <> 'percent' OR value <= 10000)", name=op.f('ck_share_rule_value')),
    sa.CheckConstraint('min_km >= 0 AND (max_km IS NULL OR max_km > min_km)', name=op.f('ck_share_rule_band')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_share_rule_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share_rule'))
    )
    op.create_index(op.f('ix_share_rule_campaign_id'), 'share_rule', ['campaign_id'], unique=False)
    op.create_table('travel_band',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('from_km', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('from_km >= 0 AND fen > 0', name=op.f('ck_travel_band_amounts')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_travel_band_campaign_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'from_km', name=op.f('pk_travel_band'))
    )
    op.create_table('employer_subsidy',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('reversal_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('fen > 0 AND people >= 0', name=op.f('ck_employer_subsidy_amounts')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_employer_subsidy_campaign_id')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_employer_subsidy_employer_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_employer_subsidy_entry_id')),
    sa.ForeignKeyConstraint(['reversal_id'], ['ledger_entry.id'], name=op.f('fk_employer_subsidy_reversal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employer_subsidy'))
    )
    op.create_index('ix_employer_subsidy_campaign', 'employer_subsidy', ['campaign_id', 'employer_id'], unique=False)
    op.create_table('ledger_line',
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.SmallInteger(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('fen <> 0', name=op.f('ck_ledger_line_fen')),
    sa.ForeignKeyConstraint(['account_id'], ['ledger_account.id'], name=op.f('fk_ledger_line_account_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_ledger_line_entry_id')),
    sa.PrimaryKeyConstraint('entry_id', 'seq', name=op.f('pk_ledger_line'))
    )
    op.create_index('ix_ledger_line_account', 'ledger_line', ['account_id'], unique=False)
    op.create_table('settlement',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('carrier_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.CheckConstraint("state IN ('made', 'paid', 'reversed')", name=op.f('ck_settlement_state')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_settlement_campaign_id')),
    sa.ForeignKeyConstraint(['carrier_id'], ['carrier.id'], name=op.f('fk_settlement_carrier_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_settlement_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlement')),
    sa.UniqueConstraint('campaign_id', 'number', name=op.f('uq_settlement_campaign_id_number'))
    )
    op.create_index(op.f('ix_settlement_carrier_id'), 'settlement', ['carrier_id'], unique=False)
    op.create_table('travel_claim',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('worker_id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=False),
    sa.Column('origin', sa.String(length=6), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('travelled_on', sa.Date(), nullable=False),
    sa.Column('ticket', sa.String(length=40), nullable=False),
    sa.Column('card_tail', sa.String(length=4), nullable=False),
    sa.Column('km', sa.Integer(), nullable=False),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(length=64), nullable=True),
    sa.Column('entry_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("mode IN ('bus', 'train', 'flight', 'car')", name=op.f('ck_travel_claim_mode')),
    sa.CheckConstraint("state IN ('claimed','confirmed','paid','refused','withdrawn')", name=op.f('ck_travel_claim_state')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_travel_claim_campaign_id')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_travel_claim_employer_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_travel_claim_entry_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_travel_claim_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_travel_claim'))
    )
    op.create_index(op.f('ix_travel_claim_employer_id'), 'travel_claim', ['employer_id'], unique=False)
    op.create_index('ix_travel_claim_state', 'travel_claim', ['campaign_id', 'state', 'made_at'], unique=False)
    op.create_index(op.f('ix_travel_claim_worker_id'), 'travel_claim', ['worker_id'], unique=False)
    op.create_index('uq_travel_claim_person', 'travel_claim', ['campaign_id', 'worker_id'], unique=True, postgresql_where=sa.text("state IN ('claimed', 'confirmed', 'paid')"))
    op.create_table('contract_departure',
    sa.Column('departure_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('contract_id', sa.Uuid(), nullable=False),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('fen >= 0', name=op.f('ck_contract_departure_fen')),
    sa.ForeignKeyConstraint(['contract_id'], ['charter_contract.id'], name=op.f('fk_contract_departure_contract_id')),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_contract_departure_departure_id')),
    sa.PrimaryKeyConstraint('departure_id', name=op.f('pk_contract_departure'))
    )
    op.create_index(op.f('ix_contract_departure_contract_id'), 'contract_departure', ['contract_id'], unique=False)
    op.create_table('settlement_line',
    sa.Column('settlement_id', sa.Uuid(), nullable=False),
    sa.Column('departure_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('living', sa.Boolean(), nullable=False),
    sa.Column('contract_fen', sa.BigInteger(), nullable=True),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('sold', sa.Integer(), nullable=False),
    sa.Column('rode', sa.Integer(), nullable=False),
    sa.Column('manifest_version', sa.BigInteger(), nullable=False),
    sa.Column('manifest_digest', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_settlement_line_departure_id')),
    sa.ForeignKeyConstraint(['settlement_id'], ['settlement.id'], name=op.f('fk_settlement_line_settlement_id')),
    sa.PrimaryKeyConstraint('settlement_id', 'departure_id', name=op.f('pk_settlement_line'))
    )
    op.create_index('uq_settlement_line_living', 'settlement_line', ['departure_id'], unique=True, postgresql_where=sa.text('living'))
    op.create_table('share_by_hand',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('payer', sa.String(length=8), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=True),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("payer IN ('city', 'district', 'employer', 'worker')", name=op.f('ck_share_by_hand_payer')),
    sa.CheckConstraint('fen > 0', name=op.f('ck_share_by_hand_fen')),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_share_by_hand_departure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share_by_hand')),
    sa.UniqueConstraint('departure_id', 'payer', 'party_id', name=op.f('uq_share_by_hand_departure_id_payer_party_id'), postgresql_nulls_not_distinct=True)
    )

    for statement in OPENING:
        op.execute(statement)
    op.execute(LATE_LINE)
    op.execute(BALANCED)
    op.execute("CREATE TRIGGER ledger_line_late BEFORE INSERT ON ledger_line "
               "FOR EACH ROW EXECUTE FUNCTION charter_ledger_line()")
    op.execute("CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON ledger_entry "
               "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION charter_ledger_entry()")
    for table in INSERT_ONLY:
        op.execute(f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                   "FOR EACH STATEMENT EXECUTE FUNCTION charter_refuse()")


def downgrade() -> None:
    op.drop_table('share_by_hand')
    op.drop_index('uq_settlement_line_living', table_name='settlement_line', postgresql_where=sa.text('living'))
    op.drop_table('settlement_line')
    op.drop_index(op.f('ix_contract_departure_contract_id'), table_name='contract_departure')
    op.drop_table('contract_departure')
    op.drop_index('uq_travel_claim_person', table_name='travel_claim', postgresql_where=sa.text("state IN ('claimed', 'confirmed', 'paid')"))
    op.drop_index(op.f('ix_travel_claim_worker_id'), table_name='travel_claim')
    op.drop_index('ix_travel_claim_state', table_name='travel_claim')
    op.drop_index(op.f('ix_travel_claim_employer_id'), table_name='travel_claim')
    op.drop_table('travel_claim')
    op.drop_index(op.f('ix_settlement_carrier_id'), table_name='settlement')
    op.drop_table('settlement')
    op.drop_index('ix_ledger_line_account', table_name='ledger_line')
    op.drop_table('ledger_line')
    op.drop_index('ix_employer_subsidy_campaign', table_name='employer_subsidy')
    op.drop_table('employer_subsidy')
    op.drop_table('travel_band')
    op.drop_index(op.f('ix_share_rule_campaign_id'), table_name='share_rule')
    op.drop_table('share_rule')
    op.drop_index('ix_ledger_entry_departure', table_name='ledger_entry')
    op.drop_table('ledger_entry')
    op.drop_table('ledger_account')
    op.drop_table('charter_contract')
    op.drop_table('budget')
    op.execute("DROP FUNCTION charter_ledger_line")
    op.execute("DROP FUNCTION charter_ledger_entry")
