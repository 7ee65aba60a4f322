"""Base45 (RFC 9285) of an even number of bytes, strictly: one text for one value, capital letters only."""

from __future__ import annotations

import struct

__all__ = ["decode", "encode"]

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
FOREIGN = 255
_VALUES = bytes(ALPHABET.find(chr(code)) % 256 for code in range(256))  # -1, of a foreign letter, becomes FOREIGN


def encode(data: bytes) -> str:
    """Three letters for every two bytes. Raises ValueError for an odd number of bytes."""
    if len(data) % 2:
        raise ValueError("an even number of bytes is expected")
    letters: list[str] = []
    for at in range(0, len(data), 2):
        rest, first = divmod(data[at] << 8 | data[at + 1], 45)
        third, second = divmod(rest, 45)
        letters += ALPHABET[first], ALPHABET[second], ALPHABET[third]
    return "".join(letters)


def decode(text: str) -> bytes:
    """The bytes. Raises ValueError for foreign letters, a broken length, and triplets above 65535."""
    if len(text) % 3:
        raise ValueError("the length is no multiple of three")
    values = text.encode("ascii", "replace").translate(_VALUES)
    if FOREIGN in values:
        raise ValueError("a letter outside base45")
    numbers = [first + 45 * second + 2025 * third
               for first, second, third in zip(values[::3], values[1::3], values[2::3], strict=True)]
    if max(numbers, default=0) > 0xFFFF:
        raise ValueError("a triplet above 65535")
    return struct.pack(f">{len(numbers)}H", *numbers)
