"""Workbooks written cell by cell, so that a test decides every byte that matters; and numbers of invented people.

A cell is a text, `N("raw number")`, `D(serial)` shown as a day, `F(cached)` a formula, `B(True)`, or None.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

__all__ = ["B", "Cell", "D", "F", "N", "RawSheet", "check", "raw_book", "resident"]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643, written out


class N(str):
    """A number cell, as its text in the file."""


class D(str):
    """A number cell shown as a day."""


@dataclass(frozen=True)
class F:
    """A formula with its cached value."""

    cached: str = ""


@dataclass(frozen=True)
class B:
    """A truth value."""

    value: bool


Cell = str | F | B | None


@dataclass
class RawSheet:
    """`rows` by number; `merges` like "A2:A4"; `after` is XML behind the cells, `before` XML in front of them."""

    rows: Mapping[int, Sequence[Cell]]
    name: str = "名单"
    state: str = ""
    merges: Sequence[str] = ()
    before: str = ""
    after: str = ""
    hidden_rows: Sequence[int] = ()


def check(first17: str) -> str:
    """The check character of a resident number."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def resident(order: int, born: str = "19900101", region: str = "511922") -> str:
    """A number that is right by GB 11643; `order` counts up to 999."""
    first = f"{region}{born}{order:03d}"
    return first + check(first)


def raw_book(path: Path, *sheets: RawSheet, date1904: bool = False, extra: Mapping[str, bytes] | None = None) -> Path:
    """Write the book; `extra` are parts to add or replace."""
    places = list(enumerate(sheets, 1))
    names = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{at}" r:id="r{at}"'
        f"{f' state={quoteattr(sheet.state)}' if sheet.state else ''}/>"
        for at, sheet in places
    )
    epoch = '<workbookPr date1904="1"/>' if date1904 else ""
    links = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>' for at, _ in places
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.x+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{epoch}<sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}<Relationship Id="s" '
        f'Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
    } | {f"xl/worksheets/sheet{at}.xml": _sheet(sheet) for at, sheet in places}
    content = {name: text.encode() for name, text in parts.items()} | dict(extra or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in content.items():
            book.writestr(name, data)
    return path


def _sheet(sheet: RawSheet) -> str:
    rows = "".join(
        f'<row r="{number}"{" hidden=" + quoteattr("1") if number in sheet.hidden_rows else ""}>'
        + "".join(_cell(f"{_letters(at)}{number}", cell) for at, cell in enumerate(cells))
        + "</row>"
        for number, cells in sorted(sheet.rows.items())
    )
    merged = "".join(f'<mergeCell ref="{place}"/>' for place in sheet.merges)
    behind = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{MAIN}">{sheet.before}<sheetData>{rows}</sheetData>{behind}{sheet.after}</worksheet>'


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else _letters(column // 26 - 1) + chr(65 + column % 26)


def _cell(place: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, F):
        return f'<c r="{place}" t="str"><f>A1</f><v>{escape(cell.cached)}</v></c>'
    if isinstance(cell, B):
        return f'<c r="{place}" t="b"><v>{int(cell.value)}</v></c>'
    if isinstance(cell, N | D):
        return f'<c r="{place}" s="{int(isinstance(cell, D))}"><v>{cell}</v></c>'
    text = "".join(f"_x{ord(letter):04X}_" if ord(letter) < 32 and letter not in "\t\n" else letter for letter in cell)
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
