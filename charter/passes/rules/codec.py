"""The pass in the QR: 28 bytes that say whose seat it is, 64 bytes of signature, 138 letters of base45.

ECDSA on P-256 with SHA-256, deterministic, low s only, raw r||s: browsers' WebCrypto reads it, also on cheap phones.
The JavaScript twin is `charter/boarding/static/boarding/codec.js`; both run `config/boarding-vectors.json`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from charter.passes.rules import base45

__all__ = ["DOMAIN", "LETTERS", "ORDER", "PassClaims", "Refused", "SignedPass", "VerifyKey", "check_window",
           "judge", "letters", "pack", "read", "serial_claimed", "sign", "signature", "unpack", "verify_key"]

DOMAIN = b"charter-pass-v1\0"
VERSION = 1
LETTERS = 138
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # n of P-256 (FIPS 186-4, D.1.2.3)
LAP_CHILD = 1
_FRONT = struct.Struct(">BHQ")  # version, key number, booking serial
_BACK = struct.Struct(">HIHHB")  # revision, not before, validity, seat, flags; departure (6 bytes) stands between


@dataclass(frozen=True, slots=True)
class PassClaims:
    """What a pass says. Times in whole minutes since the epoch (UTC); `seat` 0 is a seat that the carrier gives."""

    key_number: int
    serial: int
    departure: int
    revision: int
    not_before: int
    valid_minutes: int
    seat: int
    lap_child: bool

    @property
    def valid_from(self) -> datetime:
        """First moment of the window, UTC."""
        return datetime.fromtimestamp(self.not_before * 60, UTC)

    @property
    def valid_until(self) -> datetime:
        """Last moment of the window, UTC."""
        return self.valid_from + timedelta(minutes=self.valid_minutes)


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """The public half of a signing key: its number, and x and y as 32 bytes each, one behind the other."""

    number: int
    point: bytes
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class SignedPass:
    """A pass whose signature is good. The signature is what opens the booking's row of the sealed manifest."""

    claims: PassClaims
    signature: bytes


class Refused(Exception):
    """The text is no good pass; `code` is the verdict's code, `claims` what it says where that can be believed."""

    def __init__(self, code: str, claims: PassClaims | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.claims = claims


def pack(claims: PassClaims) -> bytes:
    """The 28 bytes, big-endian. Raises struct.error or OverflowError where a number does not fit its place."""
    return (_FRONT.pack(VERSION, claims.key_number, claims.serial) + claims.departure.to_bytes(6, "big")
            + _BACK.pack(claims.revision, claims.not_before, claims.valid_minutes, claims.seat,
                         LAP_CHILD if claims.lap_child else 0))


def unpack(payload: bytes) -> PassClaims:
    """The claims of 28 bytes of version 1, whoever signed them. Raises ValueError for another length or version."""
    if len(payload) != 28 or payload[0] != VERSION:
        raise ValueError("not a payload of version 1")
    _, key_number, serial = _FRONT.unpack_from(payload)
    revision, not_before, valid_minutes, seat, flags = _BACK.unpack_from(payload, 17)
    return PassClaims(key_number, serial, int.from_bytes(payload[11:17], "big"), revision, not_before, valid_minutes,
                      seat, bool(flags & LAP_CHILD))


def sign(key: ec.EllipticCurvePrivateKey, claims: PassClaims) -> str:
    """The 138 letters of the QR; the same claims and key give the same letters each time."""
    return base45.encode(pack(claims) + signature(key, claims))


def signature(key: ec.EllipticCurvePrivateKey, claims: PassClaims) -> bytes:
    """The 64 bytes r||s, s low, the same each time; row and key of the sealed manifest are made from them."""
    r, s = decode_dss_signature(key.sign(DOMAIN + pack(claims), ec.ECDSA(SHA256(), deterministic_signing=True)))
    return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")


def verify_key(number: int, key: ec.EllipticCurvePublicKey, *, revoked: bool = False) -> VerifyKey:
    """The public half as it is listed for phones."""
    point = key.public_numbers()
    return VerifyKey(number, point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big"), revoked)


def read(text: str, keys: Mapping[int, VerifyKey]) -> SignedPass:
    """The pass that the text is, by the campaign's keys; the checks run in the contract's order.

    Raises Refused with `unreadable`, `unknown_key`, `bad_signature` or `revoked` (the key was).
    """
    return judge(letters(text), keys)


def judge(data: bytes, keys: Mapping[int, VerifyKey]) -> SignedPass:
    """The same of 92 bytes. Raises Refused with `unknown_key`, `bad_signature` or `revoked`."""
    payload, signature = data[:28], data[28:]
    key = keys.get(int.from_bytes(payload[1:3], "big")) if payload[0] == VERSION else None
    if key is None:
        raise Refused("unknown_key")
    if not _signed_by(key.point, payload, signature):
        raise Refused("bad_signature")
    claims = unpack(payload)
    if key.revoked:
        raise Refused("revoked", claims)
    return SignedPass(claims, signature)


def check_window(claims: PassClaims, at: datetime) -> str | None:
    """`not_yet_valid`, `expired`, or None inside the window (both ends included)."""
    if at < claims.valid_from:
        return "not_yet_valid"
    return "expired" if at > claims.valid_until else None


def serial_claimed(data: bytes) -> int:
    """Whose pass the 92 bytes say to be, before anybody has looked at the signature."""
    return int.from_bytes(data[3:11], "big")


def letters(text: str) -> bytes:
    """The 92 bytes of a QR's 138 letters. Raises Refused with `unreadable`."""
    if len(text) != LETTERS:
        raise Refused("unreadable")
    try:
        return base45.decode(text)
    except ValueError as error:
        raise Refused("unreadable") from error


def _signed_by(point: bytes, payload: bytes, signature: bytes) -> bool:
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < ORDER and 0 < s <= ORDER // 2):
        return False
    try:
        _public(point).verify(encode_dss_signature(r, s), DOMAIN + payload, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=256)
def _public(point: bytes) -> ec.EllipticCurvePublicKey:
    x, y = int.from_bytes(point[:32], "big"), int.from_bytes(point[32:], "big")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
