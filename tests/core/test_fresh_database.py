import database as databases
import psycopg
from sqlalchemy import text


def test_a_test_has_a_database_of_its_own(session, database):
    assert session.scalar(text("SELECT current_database()")) == databases.name_of(database)


def test_a_copy_of_the_template_has_the_queue(database):
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)
