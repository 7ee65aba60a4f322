"""The head of the audit chain, signed, in a file outside the database: who cuts the chain's end or writes all of it
anew is found out by whoever keeps the file.

One line each: sequence number, hash, moment, Ed25519 signature. The private half comes from the key ring, not from the
database.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.core import clock
from charter.core.audit import AuditSeal
from charter.core.db import ask
from charter.core.sealed import derived, ring
from charter.core.settings import current

__all__ = ["Anchor", "anchor", "compare", "drop", "read"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the chain's head was at a moment."""

    seq: int
    hash: str
    at: str
    key: int
    signature: str

    @property
    def line(self) -> str:
        return f"{self.seq} {self.hash} {self.at} {self.key} {self.signature}"


def drop() -> Anchor | None:
    """Append the head of the chain to the file that CHARTER_ANCHORS names; None where there is nothing new, or no file
    is named. For the sweep.
    """
    path = current().anchors
    if path is None:
        return None
    head = ask(_head)
    written = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    if head is None or (written and written[-1].split(" ", 1)[0] == str(head[0])):
        return None
    made = anchor(*head)
    with open(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="ascii") as file:
        file.write(made.line + "\n")
        file.flush()
        os.fsync(file.fileno())
    return made


def anchor(seq: int, digest: bytes) -> Anchor:
    """The signed head."""
    at, number = clock.now().isoformat(timespec="seconds"), ring().active
    return Anchor(seq, digest.hex(), at, number, _private(number).sign(_signed(seq, digest.hex(), at)).hex())


def read(path: Path) -> list[Anchor]:
    """Every line of a file. Raises ValueError with the number of a line that is none, or is not signed by us."""
    found = []
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        parts = line.split(" ")
        try:
            one = Anchor(int(parts[0]), parts[1], parts[2], int(parts[3]), parts[4])
            _private(one.key).public_key().verify(bytes.fromhex(one.signature), _signed(one.seq, one.hash, one.at))
        except (ValueError, IndexError, KeyError, InvalidSignature) as wrong:
            raise ValueError(f"line {number} is not signed by this installation") from wrong
        found.append(one)
    return found


def compare(session: Session, anchors: Iterable[Anchor]) -> int | None:
    """The first anchor's number whose event is gone or another one in the chain; None where all hold."""
    for one in sorted(anchors, key=lambda found: found.seq):
        kept = session.scalar(select(AuditSeal.hash).where(AuditSeal.seq == one.seq))
        if kept is None or kept.hex() != one.hash:
            return one.seq
    return None


def _head(session: Session) -> tuple[int, bytes] | None:
    row = session.execute(select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq.desc()).limit(1)).first()
    return (row.seq, row.hash) if row else None


def _private(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derived("audit", number))


def _signed(seq: int, digest: str, at: str) -> bytes:
    return f"charter audit anchor|{seq}|{digest}|{at}".encode()
