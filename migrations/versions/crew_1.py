"""Who rides along: invitations, members, duties that exclude each other, rotas and swaps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "crew_1"
down_revision = "boarding_3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('crew_invitation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('cadre', 'volunteer', 'employer', 'coach_leader')", name=op.f('ck_crew_invitation_kind')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_crew_invitation_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crew_invitation'))
    )
    op.create_index(op.f('ix_crew_invitation_campaign_id'), 'crew_invitation', ['campaign_id'], unique=False)
    op.create_table('crew_rota',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('wanted', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('filled', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('figures', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('stop_wanted', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'taken')", name=op.f('ck_crew_rota_state')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_crew_rota_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crew_rota'))
    )
    op.create_index(op.f('ix_crew_rota_campaign_id'), 'crew_rota', ['campaign_id'], unique=False)
    op.create_table('crew_member',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('invitation_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('phone_tag', sa.LargeBinary(), nullable=True),
    sa.Column('unit', sa.String(length=80), nullable=False),
    sa.Column('days', postgresql.ARRAY(sa.Date()), nullable=False),
    sa.Column('nights', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('policy', sa.String(length=60), nullable=False),
    sa.Column('insured_from', sa.Date(), nullable=True),
    sa.Column('insured_to', sa.Date(), nullable=True),
    sa.Column('link_revision', sa.SmallInteger(), nullable=False),
    sa.Column('signed_up_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('cadre', 'volunteer', 'employer', 'coach_leader')", name=op.f('ck_crew_member_kind')),
    sa.CheckConstraint("state IN ('offered', 'accepted', 'refused', 'left')", name=op.f('ck_crew_member_state')),
    sa.CheckConstraint('(insured_from IS NULL) = (insured_to IS NULL) AND insured_from <= insured_to', name=op.f('ck_crew_member_insured')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_crew_member_campaign_id')),
    sa.ForeignKeyConstraint(['invitation_id'], ['crew_invitation.id'], name=op.f('fk_crew_member_invitation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crew_member')),
    sa.UniqueConstraint('campaign_id', 'phone_tag', name=op.f('uq_crew_member_campaign_id_phone_tag')),
    sa.UniqueConstraint('number', name=op.f('uq_crew_member_number'))
    )
    op.create_table('crew_duty',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('departure_id', sa.BigInteger(), nullable=False),
    sa.Column('place', sa.SmallInteger(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('member_number', sa.BigInteger(), nullable=False),
    sa.Column('person', postgresql.INT8RANGE(), sa.Computed("int8range(member_number, member_number, '[]'::text)", persisted=True), nullable=False),
    sa.Column('during', postgresql.TSTZRANGE(), nullable=False),
    sa.Column('source', sa.String(length=4), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('absent', sa.Boolean(), nullable=False),
    postgresql.ExcludeConstraint((sa.column('person'), '&&'), (sa.column('during'), '&&'), where=sa.text('ended_at IS NULL'), using='gist', name='ex_crew_duty_overlap'),
    sa.CheckConstraint("source IN ('hand', 'rota', 'swap')", name=op.f('ck_crew_duty_source')),
    sa.CheckConstraint('place BETWEEN 1 AND 4', name=op.f('ck_crew_duty_place')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_crew_duty_campaign_id')),
    sa.ForeignKeyConstraint(['departure_id'], ['departure.id'], name=op.f('fk_crew_duty_departure_id')),
    sa.ForeignKeyConstraint(['member_id'], ['crew_member.id'], name=op.f('fk_crew_duty_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crew_duty'))
    )
    op.create_index(op.f('ix_crew_duty_campaign_id'), 'crew_duty', ['campaign_id'], unique=False)
    op.create_index('ix_crew_duty_member', 'crew_duty', ['member_id'], unique=False)
    op.create_index('uq_crew_duty_place', 'crew_duty', ['departure_id', 'place'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('crew_swap',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('duty_id', sa.Uuid(), nullable=False),
    sa.Column('from_id', sa.Uuid(), nullable=False),
    sa.Column('to_id', sa.Uuid(), nullable=False),
    sa.Column('return_duty_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'agreed', 'refused', 'withdrawn')", name=op.f('ck_crew_swap_state')),
    sa.CheckConstraint('from_id <> to_id', name=op.f('ck_crew_swap_two')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_crew_swap_campaign_id')),
    sa.ForeignKeyConstraint(['duty_id'], ['crew_duty.id'], name=op.f('fk_crew_swap_duty_id')),
    sa.ForeignKeyConstraint(['from_id'], ['crew_member.id'], name=op.f('fk_crew_swap_from_id')),
    sa.ForeignKeyConstraint(['return_duty_id'], ['crew_duty.id'], name=op.f('fk_crew_swap_return_duty_id')),
    sa.ForeignKeyConstraint(['to_id'], ['crew_member.id'], name=op.f('fk_crew_swap_to_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crew_swap'))
    )
    op.create_index(op.f('ix_crew_swap_campaign_id'), 'crew_swap', ['campaign_id'], unique=False)
    op.create_index(op.f('ix_crew_swap_from_id'), 'crew_swap', ['from_id'], unique=False)
    op.create_index(op.f('ix_crew_swap_to_id'), 'crew_swap', ['to_id'], unique=False)
    op.create_index('uq_crew_swap_duty', 'crew_swap', ['duty_id'], unique=True, postgresql_where=sa.text("state = 'asked'"))


def downgrade() -> None:
    op.drop_index('uq_crew_swap_duty', table_name='crew_swap', postgresql_where=sa.text("state = 'asked'"))
    op.drop_index(op.f('ix_crew_swap_to_id'), table_name='crew_swap')
    op.drop_index(op.f('ix_crew_swap_from_id'), table_name='crew_swap')
    op.drop_index(op.f('ix_crew_swap_campaign_id'), table_name='crew_swap')
    op.drop_table('crew_swap')
    op.drop_index('uq_crew_duty_place', table_name='crew_duty', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index('ix_crew_duty_member', table_name='crew_duty')
    op.drop_index(op.f('ix_crew_duty_campaign_id'), table_name='crew_duty')
    op.drop_table('crew_duty')
    op.drop_table('crew_member')
    op.drop_index(op.f('ix_crew_rota_campaign_id'), table_name='crew_rota')
    op.drop_table('crew_rota')
    op.drop_index(op.f('ix_crew_invitation_campaign_id'), table_name='crew_invitation')
    op.drop_table('crew_invitation')
