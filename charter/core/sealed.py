"""Sealed fields: ID numbers and phones at rest, and the keyed tags by which they are found again.

One root key ring from the environment or a secret file, never the database; one derived key per purpose. Stored
bytes: version 1 | key number 2 | nonce 12 | AES-256-GCM text and tag, bound to table, column and row, so that a
value copied elsewhere does not open. The only way out is `reveal`, which writes audit.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["PURPOSES", "KeyRing", "Sealed", "SealedField", "configure", "derived", "mac", "new_ring", "ring", "tag"]

PURPOSES = frozenset({
    "seal/worker_document.number", "seal/worker.phone", "seal/companion.number", "seal/account.phone",
    "seal/account.totp", "seal/roster_batch.file", "seal/roster_batch.sample", "seal/roster_row.content",
    "seal/health_declaration.answers",
    "seal/outbox.content", "seal/outbox.phone", "seal/outbox.values", "seal/registration.emergency",
    "seal/head_count.reason",
    "seal/registration_draft.content", "seal/people_search.words", "seal/device.secret", "seal/unlock_card.secret",
    "seal/crew_member.phone", "seal/trip_entry.person", "seal/departure_paper.content",
    "seal/people_undo.before",
    "tag/id_number", "tag/phone", "tag/tail", "tag/address", "tag/login",
    "seal/login_session.note", "seal/code_challenge.phone", "otp", "totp-offer", "recovery",
    "pass-key-wrap", "pin", "handover", "cursor", "audit", "webhook-wrap", "session", "link", "csrf",
})
VERSION = 1


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Root keys by number, newest first; the first one is active. 32 bytes each."""

    roots: tuple[tuple[int, bytes], ...]

    @classmethod
    def parse(cls, written: str) -> KeyRing:
        """From '2:base64,1:base64'. Raises ValueError for anything else."""
        roots = []
        for part in written.split(","):
            number, _, encoded = part.strip().partition(":")
            root = base64.b64decode(encoded, validate=True)
            if not number.isascii() or not number.isdigit() or not 0 < int(number) < 2**16 or len(root) != 32:
                raise ValueError("each key is NUMBER:BASE64 of 32 bytes")
            roots.append((int(number), root))
        if len({number for number, _ in roots}) != len(roots):
            raise ValueError("a key number stands twice")
        return cls(tuple(roots))

    @property
    def active(self) -> int:
        """The number of the key that new values are sealed with."""
        return self.roots[0][0]

    @property
    def oldest(self) -> int:
        """The number of the key that marks are made with."""
        return min(number for number, _ in self.roots)

    def root(self, number: int) -> bytes:
        """The root of that number. Raises KeyError where it has been retired."""
        return dict(self.roots)[number]


def new_ring() -> str:
    """A fresh ring of one key, as written."""
    return "1:" + base64.b64encode(os.urandom(32)).decode()


_ring: KeyRing | None = None


def configure(written: str) -> None:
    """Use this ring in this process. Raises ValueError when it is not one."""
    global _ring
    _ring = KeyRing.parse(written)
    derived.cache_clear()
    _cipher.cache_clear()


def ring() -> KeyRing:
    """The configured ring. Raises RuntimeError before `configure`."""
    if _ring is None:
        raise RuntimeError("no keys are configured")
    return _ring


@lru_cache(maxsize=256)
def derived(purpose: str, number: int | None = None) -> bytes:
    """The 32-byte key of one purpose (HKDF-SHA256), of the active root unless numbered."""
    if purpose not in PURPOSES:
        raise ValueError(f"no such purpose: {purpose}")
    root = ring().root(ring().active if number is None else number)
    return HKDF(SHA256(), 32, salt=b"charter", info=purpose.encode()).derive(root)


@lru_cache(maxsize=256)
def _cipher(purpose: str, number: int) -> AESGCM:
    """The cipher of one purpose and key: a long list seals half a million values."""
    return AESGCM(derived(purpose, number))


def mac(purpose: str, message: bytes | str) -> bytes:
    """HMAC-SHA256 under the purpose's key of the ring's oldest root (the lowest number).

    What was marked before a new key came is found by the same mark afterwards, so nobody is registered twice.
    """
    data = message.encode() if isinstance(message, str) else message
    return hmac.digest(derived(purpose, ring().oldest), data, "sha256")


def tag(purpose: str, canonical: str) -> bytes:
    """16 bytes by which a canonical value is found without opening any (`tag/...` purposes only)."""
    return mac(f"tag/{purpose}", canonical)[:16]


class Sealed:
    """A sealed value in hand. Printing, logging, JSON and pickling show at most its last four characters."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self.masked

    __str__ = __repr__

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return (str, (self.masked,))

    @property
    def last_four(self) -> str:
        """The last four characters, the most that any page shows."""
        return self._text[-4:]

    @property
    def masked(self) -> str:
        """'***1234'."""
        return "***" + self.last_four

    def same_as(self, text: str) -> bool:
        """Whether this is that text, compared in constant time."""
        return hmac.compare_digest(self._text.encode(), text.encode())

    def ends_with(self, text: str, length: int) -> bool:
        """Whether `text` is just the last `length` characters, compared in constant time."""
        return len(text) == length and hmac.compare_digest(self._text[-length:].encode(), text.encode())


@dataclass(frozen=True, slots=True)
class SealedField:
    """One sealed column: `SealedField("worker", "phone")` seals under purpose `seal/worker.phone`."""

    table: str
    column: str

    @property
    def purpose(self) -> str:
        return f"seal/{self.table}.{self.column}"

    def seal(self, row: UUID | int | str, text: str) -> bytes:
        """The stored bytes of `text` in the row of that id."""
        return self.seal_bytes(row, text.encode())

    def seal_bytes(self, row: UUID | int | str, content: bytes) -> bytes:
        """The stored bytes of any content in the row of that id."""
        number, nonce = ring().active, os.urandom(12)
        head = bytes([VERSION]) + number.to_bytes(2, "big")
        return head + nonce + _cipher(self.purpose, number).encrypt(nonce, content, self._bound(row))

    def view(self, row: UUID | int | str, stored: bytes) -> Sealed:
        """The value, still guarded. Raises ValueError where the bytes were changed or moved."""
        return Sealed(self.open_bytes(row, stored).decode())

    def open_bytes(self, row: UUID | int | str, stored: bytes) -> bytes:
        """Content for a machine's use (a parser, a gateway), never for a page."""
        if len(stored) < 31 or stored[0] != VERSION:
            raise ValueError("not a sealed value")
        number = int.from_bytes(stored[1:3], "big")
        try:
            return _cipher(self.purpose, number).decrypt(stored[3:15], stored[15:], self._bound(row))
        except (InvalidTag, KeyError) as error:
            raise ValueError("a sealed value does not open") from error

    def _bound(self, row: UUID | int | str) -> bytes:
        return f"charter|{self.table}|{self.column}|{row}".encode()


def opened(values: Iterable[Sealed]) -> list[str]:
    """The clear texts; for `core.audit.reveal` alone."""
    return [value._text for value in values]
