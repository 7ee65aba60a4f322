"""The process in which an untrusted file is read, with its own limits of memory and time: `python -m ... FILE WORDS`.

Writes one JSON value a line: objects about the book and its sheets, arrays of rows; the last is {"end": true} or
{"refused": code}.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from charter.rosters.reader.cells import Book, Sheet, cell_text, is_blank
from charter.rosters.reader.headers import (
    FIELDS,
    KEY,
    ROW_KEY,
    Columns,
    Words,
    find_columns,
    placed_columns,
    words_with,
)
from charter.rosters.reader.kinds import kind_of
from charter.rosters.reader.layout import ListReader, Record, counter
from charter.rosters.reader.limits import CPU_SECONDS, MEMORY_BYTES, TEXT_CHARACTERS, Refusal
from charter.rosters.reader.ods import open_ods
from charter.rosters.reader.text import open_text
from charter.rosters.reader.xls import open_xls
from charter.rosters.reader.xlsx import open_xlsx

BATCH = 500  # rows a line
SAMPLE_ROWS, SAMPLE_COLUMNS, SAMPLE_TEXT = 6, 40, 200  # of a list whose columns somebody has to name

Message = dict[str, Any] | list[Any]


def main() -> None:
    """Read the file that the command line names."""
    limit()
    path, words = Path(sys.argv[1]), words_with(json.loads(sys.argv[2]))
    write = sys.stdout.write
    try:
        for message in read(path, words):
            write(json.dumps(message, separators=(",", ":")) + "\n")
        last: Message = {"end": True}
    except Refusal as refusal:
        last = {"refused": refusal.code, "params": refusal.params}
    except MemoryError:
        last = {"refused": "content_too_large"}
    except OSError as error:  # the operating system numbers its errors, the OLE library does not
        last = {"refused": "damaged" if error.errno is None else "unreachable"}
    except Exception:  # whatever a library says of bytes that no office program wrote
        last = {"refused": "damaged"}
    write(json.dumps(last) + "\n")


def limit() -> None:
    """Bound this process before it touches the file: memory, processor time, and not a byte written to any file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(path: Path, words: Words) -> Iterator[Message]:
    """The messages about one file; raises `Refusal`."""
    book = open_book(path, words)
    about = sum(sheet.about() for sheet in book.sheets if not sheet.hidden)
    yield {"epoch": book.epoch, "plain_text": book.plain_text, "about": about}
    lists = 0
    count, budget = counter(), _budget()
    for sheet in book.sheets:
        if sheet.hidden:
            yield {"sheet": sheet.name, "hidden": True}
            continue
        for message in read_sheet(sheet, words, count, budget):
            lists += isinstance(message, dict)
            yield message
    if not lists:
        yield from _without_header(book, words)


def _without_header(book: Book, words: Words) -> Iterator[Message]:
    """The first visible sheet by the columns that the employer has named; raises `Refusal` with its first rows, where
    he has not yet."""
    shown = next((sheet for sheet in book.sheets if not sheet.hidden), None)
    columns = placed_columns(words)
    if shown is None or columns is None:
        raise Refusal("no_header", sample=_sample(shown) if shown is not None else [])
    sample = _sample(shown)
    key = next((at for _, texts in sample for at, text in enumerate(texts) if ROW_KEY.fullmatch(text)), None)
    if key is not None:
        columns = Columns({**columns.places, KEY: key}, columns.headings)
    for message in read_sheet(shown, words, counter(), _budget(), columns):
        yield {**message, "sample": sample} if isinstance(message, dict) else message


def _sample(sheet: Sheet) -> list[list[Any]]:
    """The first rows that are not blank: number and texts, short enough to be looked at."""
    sheet.wanted = None
    found: list[list[Any]] = []
    for row in sheet.rows():
        if any(not is_blank(cell) for cell in row.cells.values()):
            last = min(max(row.cells), SAMPLE_COLUMNS - 1)
            found.append([row.number, [cell_text(row.cells.get(at))[:SAMPLE_TEXT] for at in range(last + 1)]])
        if len(found) == SAMPLE_ROWS:
            break
    return found


def open_book(path: Path, words: Words) -> Book:
    """The book, by the kind of its content."""
    kind = kind_of(path)
    if kind == "xlsx":
        return open_xlsx(path)
    if kind == "ods":
        return open_ods(path)
    if kind == "xls":
        return open_xls(path)
    return open_text(path, lambda record: find_columns(dict(enumerate(record)), words) is not None)


def read_sheet(sheet: Sheet, words: Words, count: Callable[[], None], budget: Callable[[Record], None],
               columns: Columns | None = None) -> Iterator[Message]:
    """One object with the header of a list, then arrays of rows: the row's number, its cells in the order of FIELDS,
    its key."""
    reader = ListReader(sheet, words, count, columns)
    told = False
    rows: list[list[Any]] = []
    for record in reader.records():
        if not told:
            told = True
            yield _header(sheet, reader)
        budget(record)
        rows.append([record.row, *(record.cells.get(name) for name in (*FIELDS, KEY))])
        if len(rows) >= BATCH:
            yield rows
            rows = []
    if reader.header is not None and not told:
        yield _header(sheet, reader)
    if rows:
        yield rows


def _header(sheet: Sheet, reader: ListReader) -> Message:
    if reader.header is None:
        raise Refusal("no_header")
    columns = reader.header.columns
    return {"sheet": sheet.name, "header_row": reader.header.row, "columns": columns.headings, "unread": columns.unread,
            "places": columns.places}


def _budget() -> Callable[[Record], None]:
    """Counts the characters of a file's cells and refuses it when they are too many."""
    left = TEXT_CHARACTERS

    def spend(record: Record) -> None:
        nonlocal left
        for cell in record.cells.values():
            left -= len(cell_text(cell))
        if left < 0:
            raise Refusal("content_too_large")

    return spend



if __name__ == "__main__":
    main()
