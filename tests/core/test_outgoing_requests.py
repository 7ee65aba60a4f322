"""What leaves this installation goes to public https addresses only, and ends in time."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time

import pytest

from charter.core import outgoing
from charter.core.certificate import self_signed
from charter.core.outgoing import BadAddress, Line, public, signature


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.0.0.8", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1",
    "::ffff:127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::a00:1", "2002:0a00:0001::1", "2001:db8::1"])
def test_an_inside_address_is_never_public(address):
    assert not public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:223.5.5.5", "64:ff9b::df05:505"])
def test_an_address_of_the_open_internet_is(address):
    assert public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", [
    "http://sms.example.com/", "https://8.8.8.8/", "https://[2400:3200::1]/", "https://user:pw@sms.example.com/",
    "https:///send", "ftp://sms.example.com", "https://0x7f000001/", "https://2130706433/",
    "https://sms.example.com/" + "a" * 2_000])
def test_an_address_that_is_no_named_https_one_is_refused(address):
    with pytest.raises(BadAddress):
        Line(address)


def test_one_bad_address_of_a_name_refuses_all(monkeypatch):
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, 443)) for found in ("223.5.5.5", "10.0.0.1")]
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(BadAddress):
        Line("https://sms.example.com/").post(b"{}", "1")


def test_a_peer_that_drips_is_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr(outgoing, "SECONDS", 1.0)
    certificate, key = self_signed(["localhost"])
    (tmp_path / "cert.pem").write_bytes(certificate)
    (tmp_path / "key.pem").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    listening = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def drip():
        plain, _ = listening.accept()
        try:
            with context.wrap_socket(plain, server_side=True) as line:
                line.recv(10_000)
                line.sendall(b"HTTP/1.1 200 OK\r\n")
                while not done.is_set():
                    line.sendall(b"X-More: 1\r\n")
                    time.sleep(0.05)
        except OSError:
            pass
    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    line = Line(f"https://localhost:{listening.getsockname()[1]}/", loopback=True,
                trust=ssl.create_default_context(cafile=str(tmp_path / "cert.pem")))
    with pytest.raises((OSError, outgoing.http.client.HTTPException)):
        line.post(b"{}", "1")
    done.set()
    thread.join(10)
    listening.close()


def test_a_signature_is_that_of_the_webhook_standard():
    assert signature(b"secret", "msg_1", 1_700_000_000, b"{}") == "v1,A5oIrJxXPB/PkULSoVu0e4khvPiqpF9vljmhkSKg0FI="
