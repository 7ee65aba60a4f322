"""Requests, parties, companions, consents, health declarations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "registrations_1"
down_revision = "campaigns_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('party',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=True),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_party_campaign_id')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_party_employer_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'id', name=op.f('pk_party'))
    )
    op.create_index('uq_party_label', 'party', ['campaign_id', 'employer_id', 'label'], unique=True, postgresql_where=sa.text("label <> ''"))
    op.create_table('registration',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('worker_id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=False),
    sa.Column('origin', sa.String(length=6), nullable=False),
    sa.Column('origin_text', sa.String(length=200), nullable=False),
    sa.Column('earliest', sa.Date(), nullable=False),
    sa.Column('latest', sa.Date(), nullable=False),
    sa.Column('modes', postgresql.ARRAY(sa.String(length=8)), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=True),
    sa.Column('needs', sa.String(length=1000), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('emergency_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('state_reason', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.Column('lap_children', sa.SmallInteger(), nullable=False),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('received','needs_decision','confirmed','planned','offered','booked','boarded','arrived','left_behind','withdrawn','rejected')", name=op.f('ck_registration_state')),
    sa.CheckConstraint('cardinality(modes) >= 1', name=op.f('ck_registration_modes')),
    sa.CheckConstraint('earliest <= latest', name=op.f('ck_registration_dates')),
    sa.ForeignKeyConstraint(['campaign_id', 'party_id'], ['party.campaign_id', 'party.id'], name=op.f('fk_registration_campaign_id_party_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_registration_campaign_id')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_registration_employer_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_registration_worker_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'id', name=op.f('pk_registration'))
    )
    op.create_index('ix_registration_employer', 'registration', ['campaign_id', 'employer_id'], unique=False)
    op.create_index('ix_registration_id', 'registration', ['id'], unique=False)
    op.create_index('ix_registration_origin', 'registration', ['campaign_id', 'origin'], unique=False)
    op.create_index(op.f('ix_registration_worker_id'), 'registration', ['worker_id'], unique=False)
    op.create_index('uq_registration_worker', 'registration', ['campaign_id', 'worker_id'], unique=True, postgresql_where=sa.text("state NOT IN ('withdrawn', 'rejected', 'needs_decision')"))
    op.create_table('companion',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.Column('id_type', sa.String(length=20), nullable=False),
    sa.Column('number_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('number_tag', sa.LargeBinary(), nullable=True),
    sa.Column('birth_date', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id', 'registration_id'], ['registration.campaign_id', 'registration.id'], name=op.f('fk_companion_campaign_id_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('campaign_id', 'id', name=op.f('pk_companion'))
    )
    op.create_index(op.f('ix_companion_number_tag'), 'companion', ['number_tag'], unique=False)
    op.create_index(op.f('ix_companion_registration_id'), 'companion', ['registration_id'], unique=False)
    op.create_table('consent',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('layer', sa.String(length=12), nullable=False),
    sa.Column('version', sa.String(length=16), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_by', sa.String(length=16), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("layer IN ('use', 'sensitive', 'child', 'sharing')", name=op.f('ck_consent_layer')),
    sa.ForeignKeyConstraint(['campaign_id', 'registration_id'], ['registration.campaign_id', 'registration.id'], name=op.f('fk_consent_campaign_id_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('campaign_id', 'registration_id', 'layer', name=op.f('pk_consent'))
    )
    op.create_table('health_declaration',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('answers_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id', 'registration_id'], ['registration.campaign_id', 'registration.id'], name=op.f('fk_health_declaration_campaign_id_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('campaign_id', 'registration_id', name=op.f('pk_health_declaration'))
    )


def downgrade() -> None:
    op.drop_table('health_declaration')
    op.drop_table('consent')
    op.drop_index(op.f('ix_companion_registration_id'), table_name='companion')
    op.drop_index(op.f('ix_companion_number_tag'), table_name='companion')
    op.drop_table('companion')
    op.drop_index('uq_registration_worker', table_name='registration', postgresql_where=sa.text("state NOT IN ('withdrawn', 'rejected', 'needs_decision')"))
    op.drop_index(op.f('ix_registration_worker_id'), table_name='registration')
    op.drop_index('ix_registration_origin', table_name='registration')
    op.drop_index('ix_registration_id', table_name='registration')
    op.drop_index('ix_registration_employer', table_name='registration')
    op.drop_table('registration')
    op.drop_index('uq_party_label', table_name='party', postgresql_where=sa.text("label <> ''"))
    op.drop_table('party')
