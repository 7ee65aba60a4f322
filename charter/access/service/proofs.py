"""A phone proves with each request that it holds the key that it joined with: a copied token alone opens nothing.

The header `X-Device-Proof` is `time.id.signature`: milliseconds since the epoch by the server's clock, a UUID, and the
ECDSA P-256 signature (raw r and s, base64url) over method, path with query, time, id and the body's SHA-256.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.access.models import DeviceProof
from charter.core import clock
from charter.core.ids import uuid_or_none
from charter.core.problems import Problem

__all__ = ["ProofRefused", "once", "point", "signed", "taken"]

DOMAIN = b"charter-device-v1\0"
NEAR = timedelta(minutes=5)


class ProofRefused(Problem):
    """The request is not signed by the phone that the token belongs to, or by a clock that is off."""

    status, code, message = 401, "device_proof", "请用加入时的那部手机"


def point(written: str) -> bytes | None:
    """x and y of a P-256 key, 64 bytes, from base64; None where it is none."""
    try:
        raw = base64.b64decode(written, validate=True)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + raw)
    except (ValueError, binascii.Error):
        return None
    return raw if len(raw) == 64 else None


def signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of the key (x and y) signed this message."""
    if len(signature) != 64:
        return False
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + key)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def taken(key: bytes, header: str, method: str, path: str, body: bytes) -> UUID:
    """The id of a good proof of now. Raises ProofRefused."""
    time, _, rest = header.partition(".")
    name, _, encoded = rest.partition(".")
    message = DOMAIN + "\n".join([method, path, time, name, hashlib.sha256(body).hexdigest()]).encode()
    made, known = _moment(time), uuid_or_none(name)
    if made is None or known is None or abs(clock.now() - made) > NEAR or not signed(key, _bytes(encoded), message):
        raise ProofRefused(server_time=clock.now().isoformat())
    return known


def once(session: Session, device_id: UUID, proof: UUID) -> bool:
    """Whether this proof comes for the first time."""
    session.execute(delete(DeviceProof).where(DeviceProof.device_id == device_id,
                                              DeviceProof.at < clock.now() - 3 * NEAR))
    made = session.execute(insert(DeviceProof).values(device_id=device_id, id=proof, at=clock.now())
                           .on_conflict_do_nothing().returning(DeviceProof.id)).first()
    return made is not None


def _moment(written: str) -> datetime | None:
    if not written.isascii() or not written.isdigit() or len(written) > 14:
        return None
    return datetime.fromtimestamp(int(written) / 1000, UTC)


def _bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.encode() + b"=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return b""
