"""Unsent scans that another phone carries to the server: sealed for the server alone, signed by the phone they are of.

The text may be packed: codes on a screen are read one after the other, and each second counts.
A bundle is key number 2 | x and y of a fresh P-256 key 64 | nonce 12 | AES-256-GCM of (signature 64 | JSON text).
"""

from __future__ import annotations

import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["DOMAIN", "opened", "point_of", "private_half", "unpacked"]

DOMAIN = b"charter-handover-v1\0"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # n of P-256
HEAD, POINT, NONCE = 2, 64, 12
PACKED, MOST = 1, 2_000_000  # the first byte of a packed text; bytes that one may come to


def unpacked(text: bytes) -> bytes:
    """The JSON of a bundle's text: as it is, or raw deflate behind a byte 1. Raises ValueError beyond 2 MB."""
    if text[:1] != bytes([PACKED]):
        return text
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = stream.decompress(text[1:], MOST)
    except zlib.error as error:
        raise ValueError("the text does not unpack") from error
    if not stream.eof:
        raise ValueError("the text is too long or cut off")
    return plain


def private_half(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """The key that 32 secret bytes stand for."""
    return ec.derive_private_key(int.from_bytes(secret, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """x and y of the public half, 64 bytes."""
    numbers = key.public_key().public_numbers()
    return numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


def opened(key: ec.EllipticCurvePrivateKey, bundle: bytes) -> tuple[bytes, bytes]:
    """Signature and text of a bundle. Raises ValueError where it does not open."""
    fresh, rest = bundle[HEAD:HEAD + POINT], bundle[HEAD + POINT:]
    other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + fresh)
    shared = HKDF(SHA256(), 32, salt=fresh, info=b"handover").derive(key.exchange(ec.ECDH(), other))
    try:
        text = AESGCM(shared).decrypt(rest[:NONCE], rest[NONCE:], bundle[:HEAD])
    except InvalidTag as error:
        raise ValueError("the bundle does not open") from error
    return text[:64], text[64:]
