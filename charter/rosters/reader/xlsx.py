"""An .xlsx or .xlsm file (ECMA-376): its sheets in order, number formats, shared strings. Macros are never read."""

from __future__ import annotations

from pathlib import Path

from charter.rosters.reader.cells import EPOCH_1900, EPOCH_1904, Book, Sheet, is_date_format
from charter.rosters.reader.limits import Refusal
from charter.rosters.reader.strings import SharedStrings
from charter.rosters.reader.xlsx_sheet import Shared, XlsxSheet
from charter.rosters.reader.xml import Attributes, elements
from charter.rosters.reader.zips import Parts

__all__ = ["open_xlsx", "parts_of"]


def open_xlsx(path: Path) -> Book:
    """The book; its shared strings are read when the first visible sheet is."""
    parts = Parts(path)
    book = _book_part(parts)
    relations = _relations(parts, book)
    sheets: list[tuple[str, str, bool]] = []
    flags: dict[str, str] = {}

    def seen(tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            flags.update(attributes)
        elif tag == "sheet":
            sheets.append((attributes.get("name", ""), attributes.get("id", ""), attributes.get("state", "") in (
                "hidden", "veryHidden")))

    elements(parts.chunks(book), seen)
    epoch_1904 = flags.get("date1904", "0") in ("1", "true", "on")
    shared = Shared(lambda: _strings(parts, relations), _date_styles(parts, relations), epoch_1904)
    found: list[Sheet] = [XlsxSheet(name, hidden, parts, relations[number][1], shared)
                          for name, number, hidden in sheets if relations.get(number, ("",))[0] == "worksheet"]
    return Book(found, EPOCH_1904 if epoch_1904 else EPOCH_1900)


def _book_part(parts: Parts) -> str:
    if "_rels/.rels" in parts:
        for kind, target in _relations(parts, "").values():
            if kind == "officeDocument" and target in parts:
                return target
    if "xl/workbook.xml" in parts:
        return "xl/workbook.xml"
    raise Refusal("damaged")


def _relations(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Relation id -> the last word of its type, and the part that it points at."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    found: dict[str, tuple[str, str]] = {}

    def seen(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = kind, parts.beside(part, attributes.get("Target", ""))

    if rels in parts:
        elements(parts.chunks(rels), seen)
    return found


def _part_of(relations: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((target for word, target in relations.values() if word == kind), None)


def _strings(parts: Parts, relations: dict[str, tuple[str, str]]) -> SharedStrings:
    part = _part_of(relations, "sharedStrings")
    return SharedStrings(parts.chunks(part)) if part is not None and part in parts else SharedStrings()


def _date_styles(parts: Parts, relations: dict[str, tuple[str, str]]) -> bytearray:
    """One byte a cell style: 1 where it shows a day."""
    part = _part_of(relations, "styles")
    codes: dict[int, str] = {}
    numbers: list[int] = []
    within: list[str] = []

    def seen(tag: str, attributes: Attributes) -> None:
        if tag == "numFmt" and within[-1:] == ["numFmts"]:
            codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag == "xf" and within[-1:] == ["cellXfs"]:
            numbers.append(_whole(attributes.get("numFmtId")))
        within.append(tag)

    def left(tag: str) -> None:
        within.pop()

    if part is not None and part in parts:
        elements(parts.chunks(part), seen, left)
    shows = {number: is_date_format(number, codes.get(number)) for number in set(numbers)}
    return bytearray(shows[number] for number in numbers)


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else 0


def parts_of(parts: Parts) -> tuple[str | None, str | None]:
    """The names of the parts with cell styles and with shared strings, where there are such parts."""
    relations = _relations(parts, _book_part(parts))
    return _part_of(relations, "styles"), _part_of(relations, "sharedStrings")
