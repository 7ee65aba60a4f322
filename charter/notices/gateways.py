"""How a message leaves: the local adapter keeps it for trials, the https gateway hands it to whoever sends texts."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any, Protocol

from charter.core.outgoing import Line

__all__ = ["Gateway", "HttpsGateway", "LocalGateway", "Refused", "Unreachable", "gateway"]


class Refused(Exception):
    """The gateway will never take this message; `args` say its status."""


class Unreachable(Exception):
    """The gateway did not take it now; trying again later may help."""


class Gateway(Protocol):
    """Where messages go. `keeps_text`: sent texts can be looked at here, so the outbox does not erase them."""

    keeps_text: bool

    def send(self, key: str, phone: str, text: str, more: Mapping[str, Any] | None = None) -> str:
        """Hand over one message; the gateway's own number for it. `key` is the same at each try; `more`: the number of
        the template and its values, where the provider knows it.

        Raises Refused, Unreachable.
        """


class LocalGateway:
    """Sends nothing: the text stays in the outbox, for `flask --app wsgi notices show`."""

    keeps_text = True

    def send(self, key: str, phone: str, text: str, more: Mapping[str, Any] | None = None) -> str:
        """Taken at once."""
        return key


class HttpsGateway:
    """POST {"id", "to", "text"} as JSON to one address; 2xx has taken it, and may name its own "id". Of a template that
    the provider knows its number ("template") and the values ("values") go along.

    Each request is signed with the secret where there is one, and carries the message's id, the same at each try, so
    that a gateway that answered too late sends nothing twice.
    """

    keeps_text = False

    def __init__(self, address: str, trust: ssl.SSLContext | None = None, *, secret: str = "",
                 loopback: bool = False) -> None:
        self._line = Line(address, secret=secret, trust=trust, loopback=loopback)

    def send(self, key: str, phone: str, text: str, more: Mapping[str, Any] | None = None) -> str:
        """Raises Refused, Unreachable."""
        body = json.dumps({"id": key, "to": f"+86{phone}", "text": text, **(more or {})}, ensure_ascii=False).encode()
        try:
            answer = self._line.post(body, key)
        except (OSError, http.client.HTTPException) as fault:
            raise Unreachable(type(fault).__name__) from fault
        if answer.status in (408, 425, 429) or answer.status >= 500:
            raise Unreachable(str(answer.status))
        if answer.status == 409:
            return key  # it has this id already: an earlier try came through
        if not 200 <= answer.status < 300:
            raise Refused(str(answer.status))
        return _number(answer.body) or key


def gateway(setting: str, secret: str = "") -> Gateway:
    """The gateway that the settings CHARTER_SMS and CHARTER_SMS_SECRET name."""
    return LocalGateway() if setting == "local" else HttpsGateway(setting, secret=secret)


def _number(answer: bytes) -> str | None:
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    number = found.get("id") if isinstance(found, dict) else None
    return str(number)[:80] if isinstance(number, str | int) else None
