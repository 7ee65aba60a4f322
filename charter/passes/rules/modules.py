"""The dark modules of a pass's QR, quickly: every pass has one shape (version 6, level M, 138 alphanumeric letters).

Within that shape a QR is linear over GF(2): the pictures of two texts differ by the pictures of the bits in which the
texts differ, laid over one another by XOR. Error correction is Reed-Solomon over GF(256) with the polynomial 0x11D;
blocks, order of codewords and of modules as in ISO/IEC 18004 (8.6, 8.7.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from charter.passes.rules.base45 import ALPHABET

__all__ = ["LETTERS", "SIDE", "Shape"]

SIDE, LETTERS = 41, 138
BLOCKS, DATA, CORRECTION = 4, 27, 16  # codewords of each block
FRONT = 13  # bits before the letters: mode and count
PAIR = 11  # bits of two letters
VALUES = {letter: number for number, letter in enumerate(ALPHABET)}


class Shape:
    """Draws passes; made from the picture of one text, its rows of modules, in the mask that all pictures have."""

    def __init__(self, text: str, picture: Sequence[Sequence[bool]]) -> None:
        masks = _masks()
        self._pairs = [[masks[FRONT + PAIR * pair + PAIR - 1 - bit] for bit in range(PAIR)]
                       for pair in range(LETTERS // 2)]
        self._zeros = 0
        whole = int("".join("1" if dark else "0" for row in picture for dark in row), 2)
        self._zeros = whole ^ self._laid(text)

    def rows(self, text: str) -> list[str]:
        """The rows of 138 letters, "1" for a dark module. Raises KeyError for letters that no pass has."""
        whole = f"{self._laid(text):0{SIDE * SIDE}b}"
        return [whole[at:at + SIDE] for at in range(0, SIDE * SIDE, SIDE)]

    def _laid(self, text: str) -> int:
        found = self._zeros
        for place, masks in enumerate(self._pairs):
            value = 45 * VALUES[text[2 * place]] + VALUES[text[2 * place + 1]]
            for mask in masks:
                if value & 1:
                    found ^= mask
                value >>= 1
        return found


def _masks() -> list[int]:
    """What each bit of the data changes in the picture."""
    order = [1 << (SIDE * SIDE - 1 - place) for place in _zigzag()]
    parity = [_parity(bit) for bit in range(8 * DATA)]
    masks = []
    for bit in range(8 * DATA * BLOCKS):
        block, within = divmod(bit, 8 * DATA)
        byte, shift = divmod(within, 8)
        mask = order[8 * (byte * BLOCKS + block) + shift]
        for place, correction in enumerate(parity[within]):
            first = 8 * (DATA * BLOCKS + place * BLOCKS + block)
            mask |= sum(order[first + at] for at in range(8) if correction >> (7 - at) & 1)
        masks.append(mask)
    return masks


def _parity(bit: int) -> list[int]:
    """The error correction of a block in which this bit alone is set."""
    rest = [0] * CORRECTION
    for byte in range(DATA):
        lead = rest[0] ^ (128 >> bit % 8 if byte == bit // 8 else 0)
        rest = [before ^ _times(lead, factor) for before, factor in zip([*rest[1:], 0], _generator(), strict=True)]
    return rest


@lru_cache(maxsize=1)
def _generator() -> list[int]:
    """The generator's factors below its highest: the product of (x - 2^i)."""
    found, root = [1], 1
    for _ in range(CORRECTION):
        found = [high ^ _times(low, root) for high, low in zip([*found, 0], [0, *found], strict=True)]
        root = _times(root, 2)
    return found[1:]


def _times(one: int, other: int) -> int:
    found = 0
    while other:
        if other & 1:
            found ^= one
        one = one << 1 ^ (0x11D if one & 128 else 0)
        other >>= 1
    return found


def _zigzag() -> Iterator[int]:
    """The places of the codewords' bits, two columns at a time from the right, up and down in turn."""
    up = True
    for right in range(SIDE - 1, 0, -2):
        columns = (right, right - 1) if right > 6 else (right - 1, right - 2)
        for row in range(SIDE - 1, -1, -1) if up else range(SIDE):
            yield from (row * SIDE + column for column in columns if not _fixed(row, column))
        up = not up


def _fixed(row: int, column: int) -> bool:
    """Finders with format, timing and the one alignment pattern of version 6."""
    corner = (row < 9 and (column < 9 or column >= SIDE - 8)) or (row >= SIDE - 8 and column < 9)
    return corner or 6 in (row, column) or (32 <= row <= 36 and 32 <= column <= 36)
