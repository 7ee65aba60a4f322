"""Base45 (RFC 9285) of an even number of bytes, strictly: one text for one value, capital letters only."""

from __future__ import annotations

__all__ = ["decode", "encode"]

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


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
    data = bytearray()
    for at in range(0, len(text), 3):
        try:
            first, second, third = (_VALUES[letter] for letter in text[at:at + 3])
        except KeyError as error:
            raise ValueError("a letter outside base45") from error
        number = first + 45 * second + 2025 * third
        if number > 0xFFFF:
            raise ValueError("a triplet above 65535")
        data += number.to_bytes(2, "big")
    return bytes(data)
