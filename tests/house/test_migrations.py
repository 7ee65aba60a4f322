"""The migrations go up, down to nothing and up again, and make just what the models say."""

from __future__ import annotations

import database as databases
import psycopg

from charter.core import schema


def tables(url):
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")}


def test_up_down_to_nothing_and_up_again(postgres):
    with databases.fresh(postgres, template="template1") as url:
        schema.upgrade(url)
        made = tables(url)
        assert "booking" in made
        assert not schema.behind(url)
        schema.downgrade(url)
        assert tables(url) == set()
        assert schema.behind(url)
        schema.upgrade(url)
        assert tables(url) == made
        schema.check(url)
