"""A new workbook with the rows of a list that came as text, .xls or .ods: same sheets, same rows, same cells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import IO

from charter.rosters.giving_back.marks import HEADINGS, KEY_HEADINGS, Marks, SheetMarks
from charter.rosters.giving_back.package import MAIN, Package, cell, column_name
from charter.rosters.reader.cells import DATE, EPOCH_1900, NUMBER, Book, Cell, Row, Sheet, cell_text

__all__ = ["write_fresh"]

PLAIN, DAY, BAD, BAD_DAY, WHY, WHY_HEAD = 1, 2, 3, 4, 5, 6
LAST_COLUMN = 16_383
FILL = '<fill><patternFill patternType="solid"><fgColor rgb="FF{}"/><bgColor indexed="64"/></patternFill></fill>'
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><sz val="11"/><color rgb="FFB3261E"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><color rgb="FFB3261E"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    f'{FILL.format("FFC7CE")}</fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7"><xf xfId="0"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fillId="2" xfId="0" applyNumberFormat="1" applyFill="1"/>'
    '<xf numFmtId="14" fillId="2" xfId="0" applyNumberFormat="1" applyFill="1"/>'
    '<xf fontId="1" xfId="0" applyFont="1"/><xf fontId="2" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>')


def write_fresh(book: Book, marks: Marks, out: IO[bytes]) -> None:
    """Write the workbook. Text stays text, so that no number loses digits and nothing is taken for a formula."""
    package = Package(out)
    for sheet in book.sheets:
        pieces = _sheet(sheet, marks.of(sheet.name, hidden=sheet.hidden), marks.heading, book.epoch)
        package.sheet(sheet.name or "名单", pieces, hidden=sheet.hidden)
    package.close(STYLES.encode())


def _sheet(sheet: Sheet, marks: SheetMarks | None, heading: str, epoch: str) -> Iterator[bytes]:
    yield f'<worksheet xmlns="{MAIN}"><sheetFormatPr defaultRowHeight="15" baseColWidth="14"/><sheetData>'.encode()
    merges: list[str] = []
    why = key = -1
    for row in sheet.rows():
        if marks is not None and row.number == marks.header_row:
            why, key = _new_columns(row, marks)
        if marks is not None and epoch != EPOCH_1900:
            row = row._replace(cells=_days(row.cells, marks, date.fromisoformat(epoch)))
        yield _row(row, marks, why, key, heading).encode()
        merges += [f"{column_name(span.first_column)}{row.number}:{column_name(span.last_column)}{span.last_row}"
                   for span in row.spans if span.last_column > span.first_column or span.last_row > row.number]
    yield b"</sheetData>"
    if merges:
        yield "".join(["<mergeCells>", *(f'<mergeCell ref="{one}"/>' for one in merges), "</mergeCells>"]).encode()
    yield b"</worksheet>"


def _days(cells: dict[int, Cell], marks: SheetMarks, epoch: date) -> dict[int, Cell]:
    """The cells with serial numbers of days, counted from another day than the new workbook's, as dates."""
    columns = {marks.places[end] for end in ("earliest", "latest") if end in marks.places}
    return {column: _day(one, epoch) if column in columns else one for column, one in cells.items()}


def _day(one: Cell, epoch: date) -> Cell:
    if isinstance(one, str) or one[0] != NUMBER or not 0 < float(one[1]) < 100_000:
        return one
    return DATE, (epoch + timedelta(days=int(float(one[1])))).isoformat()


def _new_columns(header: Row, marks: SheetMarks) -> tuple[int, int]:
    """The column of reasons (that of an earlier time, or the first right of the header), and that of keys."""
    spans = [span.last_column for span in header.spans]
    last = max([*header.cells, *spans, *marks.places.values()], default=0)
    before = [column for column, one in header.cells.items() if cell_text(one).strip() in HEADINGS]
    why = before[0] if before else min(last + 1, LAST_COLUMN)
    return why, max(last, why) + 1 if marks.keys and max(last, why) < LAST_COLUMN else -1


def _row(row: Row, marks: SheetMarks | None, why: int, key: int, heading: str) -> str:
    bad = marks.bad_columns(row.number) if marks is not None else set()
    cells = {column: _cell(row.number, column, one, column in bad) for column, one in row.cells.items()
             if column != why}
    cells.update({column: _cell(row.number, column, "", True) for column in bad if column not in cells})
    reason = ""
    if marks is not None and row.number == marks.header_row:
        reason = heading
    elif marks is not None and row.number in marks.rows:
        reason = marks.rows[row.number][1]
    if reason and why >= 0:
        style = WHY_HEAD if marks is not None and row.number == marks.header_row else WHY
        cells[why] = cell(row.number, why, "t", reason, style)
    if marks is not None and key >= 0 and row.number >= marks.header_row:
        header = row.number == marks.header_row
        said = KEY_HEADINGS[HEADINGS.index(heading)] if header else marks.keys.get(row.number, "")
        if said:
            cells[key] = cell(row.number, key, "t", said, PLAIN)
    return f'<row r="{row.number}">' + "".join(cells[column] for column in sorted(cells)) + "</row>"


def _cell(row: int, column: int, one: Cell, bad: bool) -> str:
    kind, text = ("", one) if isinstance(one, str) else one
    if kind == DATE and (serial := _serial(text)) is not None:
        return cell(row, column, "n", serial, BAD_DAY if bad else DAY)
    if kind == NUMBER and len(text) < 16:
        return cell(row, column, "n", text, BAD if bad else 0)
    return cell(row, column, "t", text, BAD if bad else PLAIN)


def _serial(text: str) -> str | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return str((day - date(1899, 12, 30)).days) if day >= date(1900, 3, 1) else None
