"""An .xlsx package written as a stream, with the few parts that a plain workbook needs and no others."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import IO
from xml.sax.saxutils import escape, quoteattr

__all__ = ["MAIN", "Package", "cell", "column_name", "inert"]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def column_name(number: int) -> str:
    """0 is A, 16383 is XFD."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def inert(text: str) -> str:
    """Text as XML can hold it. It stands in a text cell, which no program takes for a formula."""
    return escape(NOT_XML.sub("", text)[:32_767])


def cell(row: int, column: int, kind: str, value: str, style: int = 0) -> str:
    """One cell: `kind` is "s" (number of a shared string), "n" a number, "b", "e", or "t" for text."""
    place = f'<c r="{column_name(column)}{row}"' + (f' s="{style}"' if style else "")
    if value == "" and kind != "t":
        return place + "/>"
    if kind == "t":
        return f'{place} t="inlineStr"><is><t xml:space="preserve">{inert(value)}</t></is></c>'
    mark = "" if kind == "n" else f' t="{kind}"'
    return f"{place}{mark}><v>{escape(value)}</v></c>"


@dataclass
class Package:
    """The zip at hand. Sheets are written first, one by one; `close` writes what tells of them."""

    out: IO[bytes]
    sheets: list[tuple[str, bool]] = field(default_factory=list)  # name, hidden
    strings: bool = False
    epoch_1904: bool = False

    def __post_init__(self) -> None:
        self.zip = zipfile.ZipFile(self.out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def sheet(self, name: str, pieces: Iterable[bytes], *, hidden: bool = False) -> None:
        """Write a sheet's part from its pieces."""
        self.sheets.append((self._free_name(name), hidden))
        with self.zip.open(f"xl/worksheets/sheet{len(self.sheets)}.xml", "w") as part:
            gathered = bytearray()
            for piece in pieces:
                gathered += piece
                if len(gathered) > 1 << 18:
                    part.write(gathered)
                    gathered.clear()
            part.write(gathered)

    def shared_strings(self, chunks: Iterable[bytes]) -> None:
        """Copy the texts that cells point at."""
        self.strings = True
        with self.zip.open("xl/sharedStrings.xml", "w") as part:
            for chunk in chunks:
                part.write(chunk)

    def close(self, styles: bytes) -> None:
        """Write the workbook around the sheets."""
        self.zip.writestr("xl/styles.xml", styles)
        for name, text in (("xl/workbook.xml", self._workbook()), ("xl/_rels/workbook.xml.rels", self._relations()),
                           ("_rels/.rels", _rels([("officeDocument", "xl/workbook.xml")])),
                           ("[Content_Types].xml", self._types())):
            self.zip.writestr(name, HEAD + text)
        self.zip.close()

    def _free_name(self, name: str) -> str:
        wanted = NOT_A_NAME.sub(" ", NOT_XML.sub("", name)).strip().strip("'")[:31] or "Sheet1"
        taken, number = {known.casefold() for known, _ in self.sheets}, 2
        found = wanted
        while found.casefold() in taken:
            found, number = f"{wanted[:27]} {number}", number + 1
        return found

    def _workbook(self) -> str:
        state = ("", ' state="hidden"')
        sheets = "".join(f'<sheet name={quoteattr(name)} sheetId="{number}"{state[hidden]} r:id="rId{number}"/>'
                         for number, (name, hidden) in enumerate(self.sheets, 1))
        epoch = '<workbookPr date1904="1"/>' if self.epoch_1904 else ""
        return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{epoch}<sheets>{sheets}</sheets></workbook>'

    def _relations(self) -> str:
        targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(self.sheets) + 1)]
        return _rels([*targets, ("styles", "styles.xml"), *[("sharedStrings", "sharedStrings.xml")] * self.strings])

    def _types(self) -> str:
        parts = [("xl/workbook.xml", "sheet.main"), ("xl/styles.xml", "styles"),
                 *[("xl/sharedStrings.xml", "sharedStrings")] * self.strings,
                 *[(f"xl/worksheets/sheet{number}.xml", "worksheet") for number in range(1, len(self.sheets) + 1)]]
        overrides = "".join(f'<Override PartName="/{name}" ContentType="{TYPE}.{kind}+xml"/>' for name, kind in parts)
        return (f'<Types xmlns="{PACKAGE}/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>')


def _rels(targets: list[tuple[str, str]]) -> str:
    make: Callable[[int, str, str], str] = lambda number, kind, target: (  # noqa: E731
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>')
    found = "".join(make(number, kind, target) for number, (kind, target) in enumerate(targets, 1))
    return f'<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'
