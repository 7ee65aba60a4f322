"""Finding people: a name's spelling, the last four of a document, requests by state; the name that differs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from charter.people.rules.pinyin import spelled

revision = "people_2"
down_revision = "registrations_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('worker', sa.Column('name_pinyin', sa.String(length=200), server_default='', nullable=False))
    op.create_index('ix_worker_document_last_four', 'worker_document', ['last_four'], unique=False)
    op.add_column('registration', sa.Column('other_name', sa.String(length=50), server_default='', nullable=False))
    op.create_index('ix_registration_state', 'registration', ['campaign_id', 'state'], unique=False)
    op.create_index('ix_registration_created', 'registration', ['campaign_id', 'created_at', 'id'], unique=False)
    worker = sa.table('worker', sa.column('id', sa.Uuid()), sa.column('name', sa.String()), sa.column('name_pinyin', sa.String()))
    connection = op.get_bind()
    for key, name in connection.execute(sa.select(worker.c.id, worker.c.name)).all():
        connection.execute(sa.update(worker).where(worker.c.id == key).values(name_pinyin=spelled(name or '')))


def downgrade() -> None:
    op.drop_index('ix_registration_created', table_name='registration')
    op.drop_index('ix_registration_state', table_name='registration')
    op.drop_column('registration', 'other_name')
    op.drop_index('ix_worker_document_last_four', table_name='worker_document')
    op.drop_column('worker', 'name_pinyin')
