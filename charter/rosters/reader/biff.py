"""Records of an .xls stream (MS-XLS, BIFF8, and BIFF5 of 1995): their borders, strings and numbers."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from charter.rosters.reader.limits import CELL_CHARACTERS, Refusal

__all__ = ["Record", "StringTable", "narrow_text", "packed_number", "records", "wide_text"]

CONTINUE = 0x003C
HEAD = struct.Struct("<HH")


class Record(NamedTuple):
    """One record: its kind, where it begins in the stream, its bytes."""

    kind: int
    position: int
    data: bytes


def records(stream: bytes, position: int = 0) -> Iterator[Record]:
    """The records from a position to the end of the stream; a record that is cut off is damage."""
    end = len(stream)
    while position + 4 <= end:
        kind, length = HEAD.unpack_from(stream, position)
        if position + 4 + length > end:
            raise Refusal("damaged")
        yield Record(kind, position, stream[position + 4 : position + 4 + length])
        position += 4 + length


def packed_number(packed: int) -> float:
    """An RK value (MS-XLS 2.5.217): 30 bits of a double or of a whole number, perhaps in hundredths."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        value = float(struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0])
    return value / 100 if packed & 1 else value


def wide_text(data: bytes, position: int, *, short: bool = False) -> str:
    """A BIFF8 string that lies in one record: its length in one byte (`short`) or two, its flags, its characters."""
    count = data[position] if short else int.from_bytes(data[position : position + 2], "little")
    position += 1 if short else 2
    flags = data[position]
    position += 1 + (2 if flags & 8 else 0) + (4 if flags & 4 else 0)
    if flags & 1:
        return data[position : position + 2 * count].decode("utf-16-le", "replace")
    return data[position : position + count].decode("latin-1")


def narrow_text(data: bytes, position: int, codepage: str) -> str:
    """A BIFF5 string: its length in two bytes, its bytes in the book's code page."""
    count = int.from_bytes(data[position : position + 2], "little")
    return data[position + 2 : position + 2 + count].decode(codepage, "replace")


class StringTable:
    """The shared strings (SST, MS-XLS 2.4.265), which may go on in any number of CONTINUE records: where characters are
    cut, the next record begins with their width."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks = chunks
        self.chunk = 0
        self.position = 8
        self.texts: list[str] = []
        unique = int.from_bytes(chunks[0][4:8], "little")
        while len(self.texts) < unique and self._more():
            self.texts.append(self._text())

    def _more(self) -> bool:
        while self.chunk < len(self.chunks) and self.position >= len(self.chunks[self.chunk]):
            self.chunk, self.position = self.chunk + 1, 0
        return self.chunk < len(self.chunks)

    def _take(self, count: int) -> bytes:
        """Bytes that may be cut anywhere."""
        found = b""
        while len(found) < count and self._more():
            piece = self.chunks[self.chunk][self.position : self.position + count - len(found)]
            self.position += len(piece)
            found += piece
        if len(found) < count:
            raise Refusal("damaged")
        return found

    def _skip(self, count: int) -> None:
        while count and self._more():
            step = min(count, len(self.chunks[self.chunk]) - self.position)
            self.position += step
            count -= step

    def _text(self) -> str:
        count, flags = struct.unpack("<HB", self._take(3))
        runs = int.from_bytes(self._take(2), "little") if flags & 8 else 0
        extra = int.from_bytes(self._take(4), "little") if flags & 4 else 0
        pieces: list[bytes] = []
        left = count
        while left:
            if self.position >= len(self.chunks[self.chunk]):
                if not self._more():
                    raise Refusal("damaged")
                flags = self._take(1)[0]
            width = 2 if flags & 1 else 1
            fit = min(left, (len(self.chunks[self.chunk]) - self.position) // width)
            if not fit:
                raise Refusal("damaged")
            piece = self._take(fit * width)
            pieces.append(piece if width == 2 else piece.decode("latin-1").encode("utf-16-le"))
            left -= fit
        self._skip(4 * runs + extra)
        return b"".join(pieces).decode("utf-16-le", "replace")[:CELL_CHARACTERS]
