"""An .ods file (OpenDocument 1.3), read as a stream: repeated blank rows and columns are counted, never made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from charter.rosters.reader.cells import EPOCH_1900, Book, Row, Sheet
from charter.rosters.reader.limits import Refusal
from charter.rosters.reader.ods_walk import OFFICE, STYLE, TABLE, OdsWalk
from charter.rosters.reader.xml import Attributes, feed, make_parser
from charter.rosters.reader.zips import Parts

__all__ = ["open_ods"]

CONTENT = "content.xml"


class OdsSheet:
    """One table of the document; `rows` may be walked once or again."""

    def __init__(self, name: str, hidden: bool, parts: Parts, index: int, elements: int) -> None:
        self.name, self.hidden, self.elements = name, hidden, elements
        self.wanted: set[int] | None = None
        self.parts, self.index = parts, index

    def about(self) -> int:
        """Row elements; a repeated one, which mostly is blank, counts once."""
        return self.elements

    def rows(self) -> Iterator[Row]:
        """The rows with content or merges."""
        walk = OdsWalk(self, self.index)
        for _ in feed(walk.parser, self.parts.chunks(CONTENT)):
            yield from walk.take()
            if walk.over:
                return


class _Contents:
    """The tables' names, which of them are hidden, and the day from which serial numbers count."""

    def __init__(self) -> None:
        self.depth = 0
        self.sheet_depth = -1
        self.style = ""
        self.hidden_styles: set[str] = set()
        self.tables: list[tuple[str, str]] = []
        self.rows: list[int] = []
        self.epoch = EPOCH_1900

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        if tag == OFFICE + "spreadsheet":
            self.sheet_depth = self.depth
        elif tag == TABLE + "table-row":
            if self.rows:
                self.rows[-1] += 1
        elif tag == STYLE + "style":
            self.style = attributes.get(STYLE + "name", "")
        elif tag == STYLE + "table-properties":
            if attributes.get(TABLE + "display") == "false":
                self.hidden_styles.add(self.style)
        elif tag == TABLE + "table" and self.depth == self.sheet_depth + 1:
            self.tables.append((attributes.get(TABLE + "name", ""), attributes.get(TABLE + "style-name", "")))
            self.rows.append(0)
        elif tag == TABLE + "null-date":
            self.epoch = _day(attributes.get(TABLE + "date-value", "")) or EPOCH_1900

    def end(self, tag: str) -> None:
        self.depth -= 1


def open_ods(path: Path) -> Book:
    """The book, its tables in order."""
    parts = Parts(path)
    contents = _Contents()
    parser = make_parser(separator=" ")
    parser.StartElementHandler = contents.start
    parser.EndElementHandler = contents.end
    for _ in feed(parser, parts.chunks(CONTENT)):
        pass
    if contents.sheet_depth < 0:
        raise Refusal("damaged")
    sheets: list[Sheet] = [OdsSheet(name, style in contents.hidden_styles, parts, index,
                                    contents.rows[index])
                           for index, (name, style) in enumerate(contents.tables)]
    return Book(sheets, contents.epoch)


def _day(text: str) -> str:
    """The ISO date at the beginning of a text, "" where there is none."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""
