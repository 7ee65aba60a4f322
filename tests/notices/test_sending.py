"""Messages leave the outbox once the gateway has taken them, and wait where it has not; over real TLS."""

from __future__ import annotations

import json
import ssl
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select

from charter.core import clock, db
from charter.core.certificate import self_signed
from charter.core.outgoing import signature
from charter.notices.gateways import HttpsGateway, LocalGateway
from charter.notices.models import Outbox
from charter.notices.queries import newest_to
from charter.notices.sending import send_waiting
from charter.notices.service import tell

PHONE = "13800000001"


class Operator:
    """A texting service on loopback that answers as it is told."""

    def __init__(self, folder):
        self.answers, self.heard, self.headers = [], [], []
        operator = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                operator.heard.append(body)
                operator.headers.append(dict(self.headers))
                status = operator.answers.pop(0) if operator.answers else 200
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "https://elsewhere.invalid/")
                self.end_headers()
                self.wfile.write(json.dumps({"id": f"op-{len(operator.heard)}"}).encode())

            def log_message(self, *_):
                pass
        certificate, key = self_signed(["localhost"])
        (folder / "cert.pem").write_bytes(certificate)
        (folder / "key.pem").write_bytes(key)
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.address = f"https://localhost:{self.server.server_port}/send"
        self.trust = ssl.create_default_context(cafile=str(folder / "cert.pem"))
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def end(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def operator(tmp_path):
    made = Operator(tmp_path)
    yield made
    made.end()


def code(number=1):
    db.act(tell, PHONE, "sign_in_code", {"code": "123456"}, unique_key=f"code|{number}")


def row():
    return db.ask(lambda session: session.scalars(select(Outbox)).one())


def test_a_message_that_the_gateway_takes_is_sent_once_and_its_text_erased(database, operator):
    code()
    gateway = HttpsGateway(operator.address, operator.trust, loopback=True)
    assert send_waiting(gateway) == 1
    assert send_waiting(gateway) == 0
    assert [(heard["to"], "123456" in heard["text"]) for heard in operator.heard] == [(f"+86{PHONE}", True)]
    found = row()
    assert (found.state, found.gateway_id, found.content_sealed) == ("sent", "op-1", None)


def test_a_busy_gateway_is_asked_again_later_with_the_same_id(database, operator):
    code()
    operator.answers = [503, 200]
    gateway = HttpsGateway(operator.address, operator.trust, loopback=True)
    assert send_waiting(gateway) == 0
    assert row().state == "waiting"
    assert send_waiting(gateway) == 0, "not before its time"
    with clock.travel(timedelta(seconds=20)):
        assert send_waiting(gateway) == 1
    assert len({heard["id"] for heard in operator.heard}) == 1


@pytest.mark.parametrize("status", [302, 400])
def test_a_gateway_that_refuses_is_not_asked_again(database, operator, status):
    code()
    operator.answers = [status]
    gateway = HttpsGateway(operator.address, operator.trust, loopback=True)
    assert send_waiting(gateway) == 0
    with clock.travel(timedelta(days=2)):
        assert send_waiting(gateway) == 0
    assert (row().state, row().content_sealed, len(operator.heard)) == ("failed", None, 1)


def test_a_gateway_with_a_strange_certificate_gets_nothing(database, operator):
    code()
    assert send_waiting(HttpsGateway(operator.address, loopback=True)) == 0
    assert (row().state, operator.heard) == ("waiting", [])


def test_a_code_that_is_too_old_is_not_sent_any_more(database, operator):
    code()
    with clock.travel(timedelta(minutes=6)):
        assert send_waiting(HttpsGateway(operator.address, operator.trust, loopback=True)) == 0
    assert (row().state, operator.heard) == ("failed", [])


def test_a_message_whose_sender_died_is_sent_by_another(database, operator):
    class Killed(BaseException):
        pass

    class Dying(LocalGateway):
        def send(self, key, phone, text, more=None):
            raise Killed

    db.act(tell, PHONE, "seat_given", {}, unique_key="seat|1")
    with pytest.raises(Killed):
        send_waiting(Dying())
    assert row().state == "sending"
    gateway = HttpsGateway(operator.address, operator.trust, loopback=True)
    assert send_waiting(gateway) == 0
    with clock.travel(timedelta(minutes=11)):
        assert send_waiting(gateway) == 1


def test_the_local_adapter_keeps_the_text_to_be_looked_at(database):
    code()
    assert send_waiting() == 1
    assert row().state == "sent"
    assert "123456" in db.ask(newest_to, PHONE, 1)[0]


def test_each_request_is_signed_so_that_the_gateway_knows_us(database, operator):
    code()
    assert send_waiting(HttpsGateway(operator.address, operator.trust, secret="s3cret", loopback=True)) == 1
    told = {name.lower(): value for name, value in operator.headers[0].items()}
    body = json.dumps(operator.heard[0], ensure_ascii=False).encode()
    assert told["webhook-id"] == operator.heard[0]["id"]
    assert told["webhook-signature"] == signature(b"s3cret", told["webhook-id"], int(told["webhook-timestamp"]), body)


def test_a_gateway_that_took_it_before_is_not_a_failure(database, operator):
    code()
    operator.answers = [409]
    assert send_waiting(HttpsGateway(operator.address, operator.trust, loopback=True)) == 1
    assert row().state == "sent"


def test_this_machine_is_called_only_where_the_caller_says_so(database, operator):
    code()
    assert send_waiting(HttpsGateway(operator.address, operator.trust)) == 0
    assert (row().state, operator.heard) == ("waiting", [])
