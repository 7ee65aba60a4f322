"""Files for the tests of the roster reader: synthetic people, and writers for the kinds that no library here writes."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter

from charter.people.rules.documents import check_character

TODAY = date(2027, 1, 20)
HEADER = ["姓名", "身份证号", "手机号", "出发地"]


def number(order: int, born: str = "19900101") -> str:
    """A resident ID of 四川省南江县 with its right check character."""
    first = f"511922{born}{order:03d}"
    return first + check_character(first)


def person(order: int, **other: str) -> list[str]:
    """One row under HEADER."""
    names = "赵钱孙李周吴郑王冯陈"
    name = names[order % 10] + "一二三四五六七八九十"[order // 10 % 10] + names[order // 100 % 10]
    found = {
        "name": name,
        "id": number(order % 1000, f"19{60 + order // 1000 % 40}{1 + order // 40_000 % 12:02}01"),
        "phone": f"138{order:08d}",
        "origin": "四川省巴中市南江县",
    } | other
    return list(found.values())


def workbook(path: Path, *sheets: list[list[Any]]) -> Path:
    """An .xlsx file of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for index, rows in enumerate(sheets):
        sheet = book.create_sheet(f"表{index + 1}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def large_workbook(path: Path, rows: int) -> Path:
    """An .xlsx file of ten columns and this many people."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, ["序号", *HEADER, "最早", "最晚", "交通方式", "同行", "备注"])
    for order in range(rows):
        name, number_, phone, origin = person(order)
        sheet.write_row(
            order + 1,
            0,
            [order + 1, name, number_, int(phone), origin, "2027-02-12", "2027-02-15", "大巴", f"组{order // 3}", ""],
        )
    book.close()
    return path


def changed_parts(path: Path, **parts: bytes) -> Path:
    """The same zip with parts replaced or added; `__` in a name is `/`, `_dot_` a dot."""
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    kept |= {name.replace("__", "/").replace("_dot_", "."): data for name, data in parts.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in kept.items():
            new.writestr(name, data)
    return path


def ods(path: Path, *tables: str, styles: str = "") -> Path:
    """An .ods file; each table is the XML inside the spreadsheet."""
    spaces = " ".join(
        f'xmlns:{word}="urn:oasis:names:tc:opendocument:xmlns:{word}:1.0"'
        for word in ("office", "table", "text", "style")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", content)
    return path


def ods_row(*texts: str, more: str = "") -> str:
    """A row of text cells."""
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row>{cells}{more}</table:table-row>"


def record(kind: int, data: bytes) -> bytes:
    """One BIFF record."""
    return struct.pack("<HH", kind, len(data)) + data


def xls(
    path: Path,
    rows: list[list[Any]],
    *,
    merges: tuple[tuple[int, int, int, int], ...] = (),
    hidden: int = 0,
    secret: bool = False,
) -> Path:
    """A BIFF8 workbook of one sheet: texts by a shared string table that is cut in the middle of a text, numbers, dates
    (`date`), and formulas (`("=", text)`)."""
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    packed = [struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts]
    table = struct.pack("<II", len(texts), len(texts)) + packed[0][:5]
    table_records = record(0xFC, table) + record(0x3C, b"\x01" + packed[0][5:] + b"".join(packed[1:]))
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet += _biff_cell(line, column, cell, texts)
    sheet += record(0xE5, struct.pack("<H", len(merges)) + b"".join(struct.pack("<HHHH", *merge) for merge in merges))
    sheet += record(0x0A, b"")
    name = b"\x02\x01" + "名单".encode("utf-16-le")
    styles = record(0xE0, struct.pack("<HH16x", 0, 0)) + record(0xE0, struct.pack("<HH16x", 0, 14))
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x05, 0, 0, 0, 0)) + (
        record(0x2F, bytes(6)) if secret else b""
    )
    length = len(head) + len(styles) + len(table_records) + 4 + 6 + len(name) + 4
    bound = record(0x85, struct.pack("<IBB", length, hidden, 0) + name)
    stream = head + styles + bound + table_records + record(0x0A, b"") + sheet
    path.write_bytes(compound("Workbook", stream))
    return path


def _biff_cell(line: int, column: int, cell: Any, texts: list[str]) -> bytes:
    place = struct.pack("<HHH", line, column, 1 if isinstance(cell, date) else 0)
    if isinstance(cell, str):
        return record(0xFD, place + struct.pack("<I", texts.index(cell)))
    if isinstance(cell, date):
        return record(0x027E, place + struct.pack("<I", (cell - date(1899, 12, 30)).days << 2 | 2))
    if isinstance(cell, tuple):
        text = struct.pack("<HB", len(cell[1]), 1) + cell[1].encode("utf-16-le")
        return record(0x06, place + b"\x00\x00\x00\x00\x00\x00\xff\xff" + bytes(8)) + record(0x0207, text)
    return record(0x0203, place + struct.pack("<d", cell)) if cell is not None else b""


def compound(name: str, stream: bytes) -> bytes:
    """An OLE file with one stream (MS-CFB, version 3)."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\x00")
    sectors = len(stream) // 512
    fat_count = -(-(sectors + 2) // 127)
    chain = [0xFFFFFFFE, *(index + 1 for index in range(1, sectors)), 0xFFFFFFFE] + [0xFFFFFFFD] * fat_count
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(fat_count * 512, b"\xff")
    first_fat = 1 + sectors
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        fat_count,
        0,
        0,
        4096,
        0xFFFFFFFE,
        0,
        0xFFFFFFFE,
        0,
        first_fat,
    )
    head += b"".join(struct.pack("<I", first_fat + index) for index in range(1, fat_count))
    directory = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(name, 2, 0xFFFFFFFF, 1, len(stream)) + bytes(256)
    return head.ljust(512, b"\xff") + directory + stream + fat


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00"
    return struct.pack("<64sHBBIII36xIQ", text, len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size)


def zipped(**parts: bytes) -> bytes:
    """A zip of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return held.getvalue()
