"""Unions, districts, employers, partners, workers and their documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "people_1"
down_revision = "core_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('partner',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('divisions', postgresql.ARRAY(sa.String(length=6)), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner')),
    sa.UniqueConstraint('name', name=op.f('uq_partner_name'))
    )
    op.create_table('trade_union',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('hotline', sa.String(length=20), nullable=False),
    sa.CheckConstraint("kind IN ('city', 'district')", name=op.f('ck_trade_union_kind')),
    sa.ForeignKeyConstraint(['parent_id'], ['trade_union.id'], name=op.f('fk_trade_union_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trade_union')),
    sa.UniqueConstraint('name', name=op.f('uq_trade_union_name'))
    )
    op.create_table('worker',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('phone_tag', sa.LargeBinary(), nullable=True),
    sa.Column('phone_proven_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('household_book', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worker')),
    sa.UniqueConstraint('number', name=op.f('uq_worker_number'))
    )
    op.create_index(op.f('ix_worker_phone_tag'), 'worker', ['phone_tag'], unique=False)
    op.create_table('district',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('union_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['union_id'], ['trade_union.id'], name=op.f('fk_district_union_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_district')),
    sa.UniqueConstraint('code', name=op.f('uq_district_code'))
    )
    op.create_table('worker_document',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('worker_id', sa.Uuid(), nullable=False),
    sa.Column('id_type', sa.String(length=20), nullable=False),
    sa.Column('number_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('tag', sa.LargeBinary(), nullable=True),
    sa.Column('last_four', sa.String(length=4), nullable=False),
    sa.Column('confirmed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_worker_document_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worker_document')),
    sa.UniqueConstraint('tag', name=op.f('uq_worker_document_tag'))
    )
    op.create_index(op.f('ix_worker_document_worker_id'), 'worker_document', ['worker_id'], unique=False)
    op.create_table('employer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_pinyin', sa.String(length=400), nullable=False),
    sa.Column('credit_code', sa.String(length=18), nullable=True),
    sa.Column('district_id', sa.Uuid(), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('gate_lon', sa.Double(), nullable=True),
    sa.Column('gate_lat', sa.Double(), nullable=True),
    sa.Column('contact_name', sa.String(length=50), nullable=False),
    sa.Column('contact_phone', sa.String(length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['district_id'], ['district.id'], name=op.f('fk_employer_district_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employer')),
    sa.UniqueConstraint('credit_code', name=op.f('uq_employer_credit_code'))
    )
    op.create_index(op.f('ix_employer_district_id'), 'employer', ['district_id'], unique=False)
    op.create_index(op.f('ix_employer_name'), 'employer', ['name'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_employer_name'), table_name='employer')
    op.drop_index(op.f('ix_employer_district_id'), table_name='employer')
    op.drop_table('employer')
    op.drop_index(op.f('ix_worker_document_worker_id'), table_name='worker_document')
    op.drop_table('worker_document')
    op.drop_table('district')
    op.drop_index(op.f('ix_worker_phone_tag'), table_name='worker')
    op.drop_table('worker')
    op.drop_table('trade_union')
    op.drop_table('partner')
