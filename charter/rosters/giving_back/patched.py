"""The employer's own .xlsx copied as a stream: rows, widths and looks stay, bad cells turn red, reasons are added.

Only cells, styles, texts, merges, widths and drop-downs come along: no formula, link, macro, picture or foreign part.
A formula leaves the value that it showed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from lxml import etree

from charter.rosters.giving_back.marks import HEADINGS, KEY_HEADINGS, Marks, SheetMarks
from charter.rosters.giving_back.package import MAIN, Package, cell
from charter.rosters.giving_back.styles import Styles, Unpatchable, parser
from charter.rosters.reader.cells import EPOCH_1904
from charter.rosters.reader.xlsx import open_xlsx, parts_of
from charter.rosters.reader.xlsx_sheet import XlsxSheet, column_number
from charter.rosters.reader.zips import Parts

__all__ = ["Unpatchable", "write_patched"]

STYLES_BYTES = 20_000_000
REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}\Z")
DECLARED = re.compile(rb'<row((?: xmlns(?::[\w.-]+)?="[^"]*")*)')
ODD = re.compile(rb'<(?:[\w.-]+:)?(?:f|AlternateContent|extLst)[\s/>]| (?:cm|vm)="')  # never copied as it stands
LAST_CELL = re.compile(rb'<c (?:[^>]* )?r="([A-Z]{1,3})[0-9]+"')
LIST_SOURCE = re.compile(r'"[^"]*"\Z|[\w$:.!\' ]+\Z')
ROW_ATTRIBUTES = ("ht", "customHeight", "hidden", "customFormat", "s", "outlineLevel", "collapsed")
IGNORABLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"
LAST_COLUMN = 16_383


def write_patched(source: Path, marks: Marks, out: IO[bytes]) -> None:
    """Write the marked copy. Raises Unpatchable where the workbook is not written as office programs write it."""
    parts = Parts(source)
    styles_part, strings_part = parts_of(parts)
    if styles_part is None or styles_part not in parts:
        raise Unpatchable
    styles = Styles(parts.read(styles_part, STYLES_BYTES))
    book = open_xlsx(source)
    package = Package(out, epoch_1904=book.epoch == EPOCH_1904)
    for sheet in book.sheets:
        if isinstance(sheet, XlsxSheet):
            copy = _Copy(sheet, marks.of(sheet.name, hidden=sheet.hidden), marks.heading, styles)
            package.sheet(sheet.name, copy.pieces(), hidden=sheet.hidden)
    if strings_part is not None and strings_part in parts:
        package.shared_strings(parts.chunks(strings_part))
    package.close(styles.content())


class _Copy:
    """One sheet's part, read once and written once."""

    def __init__(self, sheet: XlsxSheet, marks: SheetMarks | None, heading: str, styles: Styles) -> None:
        self.sheet, self.marks, self.heading, self.styles = sheet, marks, heading, styles
        self.reused = False  # there is a column of reasons from an earlier time
        self.why, self.key = self._new_columns(marks) if marks is not None else (-1, -1)
        self.waiting = sorted(marks.rows) if marks is not None else []  # marked rows that are yet to come
        self.declared: bytes | None = None
        self.row = 0

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the new part. Raises Unpatchable."""
        head: list[Any] = []
        ends: dict[str, bytes] = {}
        yield b""
        for event, element in self._events():
            name = etree.QName(element).localname
            if event == "start":
                if name == "sheetData":
                    yield self._head(element.getroottree().getroot(), head)
            elif name == "row":
                yield from self._rows_before(element)
                yield self._row(element)
                _drop(element)
            elif name in ("sheetViews", "sheetFormatPr", "cols"):
                head.append(element)
            elif name in ("mergeCells", "dataValidations"):
                ends[name] = _end(name, element)
        yield from (self._made(row, {}) for row in self.waiting)
        yield b"</sheetData>" + ends.get("mergeCells", b"") + ends.get("dataValidations", b"") + b"</worksheet>"

    def _events(self) -> Iterator[tuple[str, Any]]:
        tags = [f"{{{MAIN}}}{name}" for name in ("worksheet", "sheetData", "row", "sheetViews", "sheetFormatPr", "cols",
                                                 "mergeCells", "dataValidations")]
        stream: Any = _Stream(self.sheet.parts.chunks(self.sheet.part))
        seen = False
        try:
            for event, element in etree.iterparse(stream, events=("start", "end"), tag=tags, **parser()):
                seen = seen or element.tag == tags[1]
                yield event, element
        except etree.XMLSyntaxError as error:
            raise Unpatchable from error
        if not seen:
            raise Unpatchable

    def _new_columns(self, marks: SheetMarks) -> tuple[int, int]:
        """The column of reasons (that of an earlier time, or the first right of the header), and that of keys."""
        last, why = max(marks.places.values(), default=0), -1
        for event, element in self._events():
            if event != "end" or not element.tag.endswith("}row"):
                continue
            if int(element.get("r", "0")) >= marks.header_row:
                for column, one in _cells(element):
                    if marks.again and self._text(one) in HEADINGS:
                        self.reused, why = True, column
                    if len(one):
                        last = max(last, column)
                break
            _drop(element)
        why = why if self.reused else min(last + 1, LAST_COLUMN)
        return why, max(last, why) + 1 if marks.keys and max(last, why) < LAST_COLUMN else -1

    def _text(self, one: Any) -> str:
        kind, value = _value(one)
        if kind == "s" and value.isascii() and value.isdigit() and len(value) < 10:
            return self.sheet.shared.texts.text(int(value)).strip()
        return value.strip()

    def _head(self, root: Any, head: list[Any]) -> bytes:
        if etree.QName(root).localname != "worksheet" or root.prefix is not None:
            raise Unpatchable
        spaces = "".join(f' xmlns{":" + prefix if prefix else ""}="{uri}"' for prefix, uri in root.nsmap.items()
                         if '"' not in uri and "<" not in uri and "&" not in uri)
        ignorable = root.get(IGNORABLE)
        mark = f' mc:Ignorable="{ignorable}"' if ignorable and root.nsmap.get("mc") and '"' not in ignorable else ""
        parts = {etree.QName(element).localname: element for element in head}
        made = [f"<worksheet{spaces}{mark}>".encode()]
        made += [_bare(parts[name]) for name in ("sheetViews", "sheetFormatPr") if name in parts]
        if self.why >= 0:
            made.append(_columns(parts.get("cols"), self.why + 1, self.key + 1))
        elif "cols" in parts:
            made.append(_bare(parts["cols"]))
        return b"".join([*made, b"<sheetData>"])

    def _rows_before(self, element: Any) -> Iterator[bytes]:
        """Marked rows that have no cells of their own, since merged ones cover them."""
        number = element.get("r", "")
        self.row = int(number) if number.isascii() and number.isdigit() else self.row + 1
        while self.waiting and self.waiting[0] < self.row:
            yield self._made(self.waiting.pop(0), {})
        if self.waiting and self.waiting[0] == self.row:
            self.waiting.pop(0)

    def _row(self, element: Any) -> bytes:
        marked = self.marks is not None and (self.row == self.marks.header_row or self.row in self.marks.rows)
        said = etree.tostring(element, encoding="UTF-8", with_tail=False)
        if self.declared is None:
            found = DECLARED.match(said)
            self.declared = found[0] if found else b"?"
        # Where reasons stood before, those of mended rows go.
        old = self.reused and not marked and any(column == self.why for column, _ in _cells(element))
        if marked or old or not said.startswith(self.declared) or ODD.search(said) or element.get("r") is None:
            return self._made(self.row, dict(_cells(element)), element)
        said = b"<row" + bytes(said[len(self.declared):])
        if (key := self._key(self.row)) and said.endswith(b"</row>"):
            if _last_column(said) >= self.key:
                return self._made(self.row, dict(_cells(element)), element)
            return said[:-6] + cell(self.row, self.key, "t", key).encode() + b"</row>"
        return said

    def _key(self, row: int) -> str:
        if self.marks is None or self.key < 0:
            return ""
        if row == self.marks.header_row:
            return KEY_HEADINGS[HEADINGS.index(self.heading)]
        return self.marks.keys.get(row, "")

    def _made(self, row: int, cells: Mapping[int, Any], element: Any = None) -> bytes:
        """A row written anew from its plain values."""
        bad = self.marks.bad_columns(row) if self.marks is not None else set()
        made = {column: self._cell(row, column, cells.get(column), column in bad)
                for column in sorted({*cells, *bad} - {self.why})}
        reason, header = "", self.marks is not None and row == self.marks.header_row
        if self.marks is not None and row in self.marks.rows:
            reason = self.marks.rows[row][1]
        if not self.reused and self.why in cells:  # a remark that somebody wrote right of the list
            reason = "  ".join(word for word in (reason, self._text(cells[self.why])) if word)
        if header or reason:
            made[self.why] = cell(row, self.why, "t", self.heading if header else reason, self.styles.why)
        if key := self._key(row):
            made[self.key] = cell(row, self.key, "t", key)
        kept = "" if element is None else "".join(
            f' {name}="{element.get(name)}"' for name in ROW_ATTRIBUTES
            if re.fullmatch(r"[\w.]{1,20}", element.get(name, "")))
        return f'<row r="{row}"{kept}>{"".join(made[column] for column in sorted(made))}</row>'.encode()

    def _cell(self, row: int, column: int, one: Any, bad: bool) -> str:
        style = one.get("s", "0") if one is not None else "0"
        number = int(style) if style.isascii() and style.isdigit() and len(style) < 8 else 0
        kind, value = _value(one) if one is not None else ("n", "")
        return cell(row, column, kind, value, self.styles.bad(number) if bad else min(number, self.styles.own - 1))


def _value(one: Any) -> tuple[str, str]:
    """Kind and text of a cell: a shared string's number, a number, or text. What a formula showed counts."""
    kind, value = one.get("t", "n"), ""
    for child in one:
        name = etree.QName(child).localname
        if name == "v":
            value = child.text or ""
        elif name == "is":
            value = "".join(piece.text or "" for piece in child.iter(f"{{{MAIN}}}t")
                            if etree.QName(piece.getparent()).localname != "rPh")
    if kind in ("n", "b", "e", "s", "d"):
        return kind, value
    return "t", value


def _cells(element: Any) -> Iterator[tuple[int, Any]]:
    column = -1
    for one in element.iterchildren(f"{{{MAIN}}}c"):
        found = REFERENCE.match(one.get("r", ""))
        column = column_number(found[1]) if found else column + 1
        if column <= LAST_COLUMN:
            yield column, one


def _bare(element: Any) -> bytes:
    for extra in [one for one in element.iter() if etree.QName(one).localname in ("extLst", "pivotSelection")]:
        extra.getparent().remove(extra)
    found: bytes = etree.tostring(element, encoding="UTF-8", with_tail=False)
    return found


def _columns(cols: Any, why: int, key: int) -> bytes:
    """The widths, with those of the columns of reasons and of keys (from 1, 0 for none) where none are given."""
    given = {(int(one.get("min")), int(one.get("max"))): _bare(one) for one in (() if cols is None else cols)
             if one.get("min", "").isdigit() and one.get("max", "").isdigit()}
    for number, looks in ((why, 'width="60"'), (key, 'width="9" hidden="1"')):
        if number and not any(first <= number <= last for first, last in given):
            given[number, number] = f'<col min="{number}" max="{number}" {looks} customWidth="1"/>'.encode()
    return b"<cols>" + b"".join(given[place] for place in sorted(given)) + b"</cols>"


def _last_column(row: bytes) -> int:
    """The column of a row's last cell; -1 where it has no reference."""
    found = LAST_CELL.match(row, row.rfind(b"<c "))
    return column_number(found[1].decode()) if found else LAST_COLUMN


def _end(name: str, element: Any) -> bytes:
    """Merges as they are; of the validations the drop-downs alone, which run nothing."""
    if name == "dataValidations":
        for one in list(element):
            source = one.find(f"{{{MAIN}}}formula1")
            if one.get("type") != "list" or source is None or not LIST_SOURCE.match(source.text or ""):
                element.remove(one)
        element.set("count", str(len(element)))
    return _bare(element) if len(element) else b""


def _drop(element: Any) -> None:
    """Forget a row that was written."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


class _Stream:
    """Chunks as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks = chunks

    def read(self, _size: int = -1) -> bytes:
        """The next chunk."""
        return next(self.chunks, b"")
