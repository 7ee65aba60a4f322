"""Requests that leave this installation: https to a checked address, signed, bounded in time and size.

The name is resolved here, every address that it stands for must be a public one, and the connection goes to just the
address that was checked. No redirects are followed and no proxy of the environment is used.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from charter.core import clock

__all__ = ["Answer", "BadAddress", "Line", "signature"]

CONNECT_SECONDS = 3.0
SECONDS = 10.0
ANSWER_BYTES = 64_000
MOST_LETTERS = 2_000
TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))  # NAT64
OURS = (ipaddress.ip_network("192.0.0.0/24"), ipaddress.ip_network("fec0::/10"))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class BadAddress(OSError):
    """The address is not one that may be called."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, and at most 64 kB."""

    status: int
    body: bytes


def signature(secret: bytes, key: str, at: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `key.at.body`, as the webhook standard writes it; `at` in seconds."""
    signed = hmac.new(secret, f"{key}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


class Line:
    """A way to one https address. With `loopback` it may be this machine, and only that (for tests).

    `secret` signs each request; `trust` says whose certificates are good. Raises BadAddress for an address that is no
    https one with a host name.
    """

    def __init__(self, address: str, *, secret: str = "", trust: ssl.SSLContext | None = None,
                 loopback: bool = False) -> None:
        self._place = _place(address)
        self._secret, self._loopback = secret.encode(), loopback
        self._trust = trust or ssl.create_default_context()

    def post(self, body: bytes, key: str, kind: str = "application/json; charset=utf-8") -> Answer:
        """Send `body` under `key`, the same at each try. Raises OSError (BadAddress too) and HTTPException."""
        at = int(clock.now().timestamp())
        headers = {"Content-Type": kind, "webhook-id": key, "webhook-timestamp": str(at)}
        if self._secret:
            headers["webhook-signature"] = signature(self._secret, key, at, body)
        target = (self._place.path or "/") + (f"?{self._place.query}" if self._place.query else "")
        with self._open() as line:
            line.request("POST", target, body, headers)
            answer = line.getresponse()
            return Answer(answer.status, answer.read(ANSWER_BYTES))

    @contextlib.contextmanager
    def _open(self) -> Iterator[http.client.HTTPSConnection]:
        host, port = self._place.hostname or "", self._place.port or 443
        plain = socket.create_connection((self._checked(host, port), port), timeout=CONNECT_SECONDS)
        end = threading.Timer(SECONDS, _cut, [plain])  # a peer that sends a letter now and then ends here
        end.daemon = True
        end.start()
        line = http.client.HTTPSConnection(host, port, timeout=SECONDS)
        try:
            plain.settimeout(SECONDS)
            line.sock = self._trust.wrap_socket(plain, server_hostname=host)
            yield line
        finally:
            end.cancel()
            line.close()
            plain.close()

    def _checked(self, host: str, port: int) -> str:
        """One address of the name, after all of them were looked at; one bad one refuses all."""
        found = [ipaddress.ip_address(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not found or not all(self._may(one) for one in found):
            raise BadAddress(host)
        return str(found[0])

    def _may(self, address: Address) -> bool:
        return address.is_loopback if self._loopback else public(address)


def public(address: Address) -> bool:
    """Whether an address is one of the open internet, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and any(address in network for network in TRANSLATED):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return public(inner)
    strange = address.is_multicast or address.is_reserved or any(
        address in network for network in OURS if network.version == address.version)
    return address.is_global and not strange


def _place(address: str) -> SplitResult:
    place = urlsplit(address)
    host = place.hostname or ""
    named = host and not host.replace(".", "").isdecimal() and ":" not in host and not host.startswith("0x")
    if place.scheme != "https" or not named or place.username or place.password or len(address) > MOST_LETTERS:
        raise BadAddress(host)
    return place


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
