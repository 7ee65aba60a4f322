"""An .xls file: its sheets in order, number formats, shared strings. Macros and drawings are never looked at."""

from __future__ import annotations

from pathlib import Path

import olefile

from charter.rosters.reader.biff import CONTINUE, StringTable, records, wide_text
from charter.rosters.reader.cells import EPOCH_1900, EPOCH_1904, Book, Sheet, is_date_format
from charter.rosters.reader.limits import Refusal
from charter.rosters.reader.xls_sheet import XlsBook, XlsSheet

__all__ = ["open_xls"]

BOF, EOF, FILEPASS, CODEPAGE, DATEMODE, BOUNDSHEET, FORMAT, XF, SST = (
    0x0809, 0x000A, 0x002F, 0x0042, 0x0022, 0x0085, 0x041E, 0x00E0, 0x00FC)
BIFF8, BIFF5 = 0x0600, 0x0500
WORKSHEET = 0
CODEPAGES = {936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 1200: "utf-16-le", 65001: "utf-8"}


def open_xls(path: Path) -> Book:
    """The book; raises `Refusal` for an encrypted one."""
    with olefile.OleFileIO(str(path)) as ole:
        stream = ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read()
    globals_ = _Globals(stream)
    book = XlsBook(stream, globals_.wide, globals_.codepage, globals_.strings(), globals_.dates(), globals_.epoch_1904)
    sheets: list[Sheet] = [XlsSheet(name, hidden, book, position) for name, hidden, position in globals_.sheets]
    return Book(sheets, EPOCH_1904 if globals_.epoch_1904 else EPOCH_1900)


class _Globals:
    """The first part of the stream: what the sheets have in common."""

    def __init__(self, stream: bytes) -> None:
        self.wide = True
        self.codepage = "gb18030"
        self.epoch_1904 = False
        self.sheets: list[tuple[str, bool, int]] = []
        self.formats: dict[int, str] = {}
        self.styles: list[int] = []
        self.table: list[bytes] = []
        before = 0
        for number, record in enumerate(records(stream)):
            if number == 0:
                self._begin(record.kind, record.data)
            elif record.kind == EOF:
                break
            elif record.kind == CONTINUE:
                if before == SST:
                    self.table.append(record.data)
                continue
            else:
                self._note(record.kind, record.data)
            before = record.kind

    def _begin(self, kind: int, data: bytes) -> None:
        version = int.from_bytes(data[:2], "little")
        if kind != BOF or version not in (BIFF8, BIFF5):
            raise Refusal("damaged")
        self.wide = version == BIFF8

    def _note(self, kind: int, data: bytes) -> None:
        if kind == FILEPASS:
            raise Refusal("encrypted")
        if kind == CODEPAGE:
            number = int.from_bytes(data[:2], "little")
            self.codepage = CODEPAGES.get(number, "gb18030" if not 1250 <= number <= 1258 else f"cp{number}")
        elif kind == DATEMODE:
            self.epoch_1904 = data[:2] == b"\x01\x00"
        elif kind == BOUNDSHEET and data[5] == WORKSHEET:
            self.sheets.append((self._short(data, 6), bool(data[4] & 3), int.from_bytes(data[:4], "little")))
        elif kind == FORMAT:
            number = int.from_bytes(data[:2], "little")
            self.formats[number] = wide_text(data, 2) if self.wide else self._short(data, 2)
        elif kind == XF:
            self.styles.append(int.from_bytes(data[2:4], "little"))
        elif kind == SST:
            self.table = [data]

    def _short(self, data: bytes, position: int) -> str:
        if self.wide:
            return wide_text(data, position, short=True)
        return data[position + 1 : position + 1 + data[position]].decode(self.codepage, "replace")

    def strings(self) -> list[str]:
        """The shared strings, by number."""
        return StringTable(self.table).texts if self.table else []

    def dates(self) -> bytearray:
        """One byte a cell style: 1 where it shows a day."""
        return bytearray(is_date_format(number, self.formats.get(number)) for number in self.styles)
