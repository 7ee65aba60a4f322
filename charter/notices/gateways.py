"""How a message leaves: the local adapter keeps it for trials, the https gateway hands it to whoever sends texts."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Protocol
from urllib.parse import urlsplit

__all__ = ["Gateway", "HttpsGateway", "LocalGateway", "Refused", "Unreachable", "gateway"]

SECONDS = 10.0
ANSWER_BYTES = 64_000


class Refused(Exception):
    """The gateway will never take this message; `args` say its status."""


class Unreachable(Exception):
    """The gateway did not take it now; trying again later may help."""


class Gateway(Protocol):
    """Where messages go. `keeps_text`: sent texts can be looked at here, so the outbox does not erase them."""

    keeps_text: bool

    def send(self, key: str, phone: str, text: str) -> str:
        """Hand over one message; the gateway's own number for it. `key` is the same at each try.

        Raises Refused, Unreachable.
        """


class LocalGateway:
    """Sends nothing: the text stays in the outbox, for `flask --app wsgi notices show`."""

    keeps_text = True

    def send(self, key: str, phone: str, text: str) -> str:
        """Taken at once."""
        return key


class HttpsGateway:
    """POST {"id", "to", "text"} as JSON to one address; 2xx has taken it, and may name its own "id".

    Redirects are not followed and no proxy of the environment is used. `trust` says whose certificates are good.
    """

    keeps_text = False

    def __init__(self, address: str, trust: ssl.SSLContext | None = None) -> None:
        self._place = urlsplit(address)
        self._trust = trust or ssl.create_default_context()

    def send(self, key: str, phone: str, text: str) -> str:
        """Raises Refused, Unreachable."""
        body = json.dumps({"id": key, "to": f"+86{phone}", "text": text}, ensure_ascii=False).encode()
        try:
            status, answer = self._post(body)
        except (OSError, http.client.HTTPException) as fault:
            raise Unreachable(type(fault).__name__) from fault
        if status in (408, 425, 429) or status >= 500:
            raise Unreachable(str(status))
        if not 200 <= status < 300:
            raise Refused(str(status))
        return _number(answer) or key

    def _post(self, body: bytes) -> tuple[int, bytes]:
        line = http.client.HTTPSConnection(self._place.hostname or "", self._place.port or 443, timeout=SECONDS,
                                           context=self._trust)
        try:
            target = (self._place.path or "/") + (f"?{self._place.query}" if self._place.query else "")
            line.request("POST", target, body, {"Content-Type": "application/json; charset=utf-8"})
            answer = line.getresponse()
            return answer.status, answer.read(ANSWER_BYTES)
        finally:
            line.close()


def gateway(setting: str) -> Gateway:
    """The gateway that the setting CHARTER_SMS names."""
    return LocalGateway() if setting == "local" else HttpsGateway(setting)


def _number(answer: bytes) -> str | None:
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    number = found.get("id") if isinstance(found, dict) else None
    return str(number)[:80] if isinstance(number, str | int) else None
