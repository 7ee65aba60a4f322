"""The shared strings of an .xlsx file, kept in one block of memory however many there are."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable

from charter.rosters.reader.limits import CELL_CHARACTERS
from charter.rosters.reader.xml import Attributes, feed, make_parser, prefix_of

__all__ = ["SharedStrings", "unescape"]

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Undo _x000D_, by which office programs write what XML cannot hold (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    found = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class SharedStrings:
    """Texts by number. A million texts as Python strings would take ten times the room."""

    def __init__(self, chunks: Iterable[bytes] = ()) -> None:
        self.block = bytearray()
        self.ends = array("L")
        self.pieces: list[str] = []
        self.length = 0
        self.aloud = 0  # depth of phonetic runs, whose text is no part of the cell's
        self.prefix: str | None = None
        parser = make_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self.parser = parser
        for _ in feed(parser, chunks) if chunks else ():
            pass

    def __len__(self) -> int:
        return len(self.ends)

    def text(self, number: int) -> str:
        """The text of this number; "" where there is none."""
        if not 0 <= number < len(self.ends):
            return ""
        begin = self.ends[number - 1] if number else 0
        return self.block[begin : self.ends[number]].decode("utf-8")

    def _start(self, tag: str, attributes: Attributes) -> None:
        if self.prefix is None:
            self.prefix = prefix_of(tag)
            self.item, self.piece, self.phonetic = (self.prefix + name for name in ("si", "t", "rPh"))
        elif tag == self.piece:
            if not self.aloud:
                self.parser.CharacterDataHandler = self._text
        elif tag == self.item:
            self.pieces, self.length = [], 0
        elif tag == self.phonetic:
            self.aloud += 1

    def _text(self, data: str) -> None:
        if self.length < CELL_CHARACTERS:
            self.pieces.append(data)
            self.length += len(data)

    def _end(self, tag: str) -> None:
        if tag == self.piece:
            self.parser.CharacterDataHandler = None
        elif tag == self.item:
            text = unescape("".join(self.pieces)[:CELL_CHARACTERS])
            self.block += text.encode("utf-8", "replace")
            self.ends.append(len(self.block))
        elif tag == self.phonetic:
            self.aloud -= 1
