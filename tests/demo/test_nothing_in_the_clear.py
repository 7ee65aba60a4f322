"""A filled database, dumped, and the logs of filling it: no ID number and no phone of any worker stands in them."""

from __future__ import annotations

import logging

import psycopg

from charter.core import db, sealed
from charter.demo import make, sign_ins
from charter.people.models import Worker, WorkerDocument
from charter.people.sealing import DOCUMENT_NUMBER, WORKER_PHONE


def dumped(url):
    """Table and every row as text, as pg_dump writes them."""
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables "
                                   "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')").fetchall()
        for (name,) in names:
            with connection.cursor().copy(f"COPY {name} TO STDOUT") as rows:
                yield name, b"".join(bytes(part) for part in rows)


def written_as(text):
    """The text itself, and as the bytes of a binary column are dumped."""
    return text.encode(), text.encode().hex().encode(), text.encode("utf-16-le").hex().encode()


def test_no_number_and_no_phone_stands_in_the_dump_or_in_a_log(client, database, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)
    try:
        campaign_id = make.make(120, 11, lambda line: None)
        accounts = db.act(sign_ins.collect, campaign_id, "http://127.0.0.1:8000")["accounts"]
    finally:
        logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    with db.transaction() as session:
        secrets = {DOCUMENT_NUMBER.open_bytes(found.id, found.number_sealed).decode()
                   for found in session.query(WorkerDocument) if found.number_sealed}
        secrets |= {WORKER_PHONE.open_bytes(found.id, found.phone_sealed).decode()
                    for found in session.query(Worker) if found.phone_sealed}
    assert len(secrets) > 200
    held = {row["phone"] for row in accounts if "phone" in row} | {row["id_number"] for row in accounts
                                                                   if "id_number" in row}
    assert held <= secrets, "what the sign-ins say is among them"
    tokens = {row["token"] for row in accounts} | {row["password"] for row in accounts if "password" in row}
    tokens |= {row["totp_secret"] for row in accounts if "totp_secret" in row}
    found = [(name, secret) for name, content in dumped(database) for secret in secrets | tokens
             if any(form in content for form in written_as(secret))]
    assert found == []
    assert len(caplog.text) > 1_000, "statements were logged"
    assert [secret for secret in secrets | tokens if secret in caplog.text] == []
    one = next(iter(secrets))
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE public.leak (t text)")
        connection.execute("INSERT INTO public.leak VALUES (%s)", (one,))
        connection.commit()
    assert any(one.encode() in content for _, content in dumped(database)), "a leak would be seen"


def test_two_swapped_rows_do_not_open(database):
    from bookings.factories import riders, scene
    with db.transaction() as session:
        riders(session, scene(session), 2)
    with db.transaction() as session:
        one, other = session.query(WorkerDocument).all()
        one.number_sealed, other.number_sealed = other.number_sealed, one.number_sealed
        for row in (one, other):
            try:
                DOCUMENT_NUMBER.view(row.id, row.number_sealed)
            except ValueError:
                continue
            raise AssertionError("another row's value opened")
    assert sealed.ring().active == 1
