"""A text file of records: its encoding by strict trial, its delimiter by what makes a header appear."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from charter.rosters.reader.cells import FORMULA, Book, Cell, Row, is_blank
from charter.rosters.reader.limits import CELL_CHARACTERS, COLUMNS, HEADER_ROWS, Refusal

__all__ = ["encoding_of", "open_text"]

DELIMITERS = ",\t;"
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CHUNK = 1 << 20
SAMPLE_ROWS = 4 * HEADER_ROWS  # records, blank ones too, in which the delimiter is looked for
WIDE_LETTERS = re.compile("[\u0800-\ufffc]+")  # three bytes each in UTF-8, and hardly ever made by chance
FIELD_CHARACTERS = 1 << 20  # a quote that is never closed swallows what follows


def encoding_of(path: Path) -> str:
    """The encoding in which every byte can be read. UTF-8 first: a text in GB18030 is hardly ever valid UTF-8, whereas
    the other way round it often is. Raises `Refusal`."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
    for mark, name in BOMS:
        if head.startswith(mark):
            candidates: tuple[str, ...] = (name,)
            break
    else:
        candidates = (_wide_without_mark(head),) if _wide_without_mark(head) else ("utf-8", "gb18030")
    for name in candidates:
        if _decodes(path, name):
            return name
        if name == "utf-8" and _mostly_utf8(path):
            break
    raise Refusal("undecodable")


def _wide_without_mark(head: bytes) -> str:
    """UTF-16 without its mark: digits and delimiters leave a zero in every other byte."""
    odd, even = head[1::2].count(0), head[::2].count(0)
    if max(odd, even) * 5 < len(head) // 2 or min(odd, even) * 4 > max(odd, even):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(path: Path) -> bool:
    """Whether a text with bytes that UTF-8 lacks is UTF-8 all the same: a broken letter or two among many good ones.
    Read as GB18030 it would give names that nobody bears, and no byte would complain."""
    good = bad = 0
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = decoder.decode(chunk)
            bad += text.count("\ufffd")
            good += sum(len(letters) for letters in WIDE_LETTERS.findall(text))
    return good > 2 * bad


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(FIELD_CHARACTERS)
    with path.open(encoding=encoding, newline="") as file:
        try:
            yield from csv.reader(file, delimiter=delimiter)
        except csv.Error as error:
            raise Refusal("damaged") from error


class TextSheet:
    """The one sheet of a text file; a row is a record, blank ones counted."""

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self.name, self.hidden = "", False
        self.wanted: set[int] | None = None
        self.path, self.encoding, self.delimiter = path, encoding, delimiter

    def about(self) -> int:
        """Lines, which are no more than the ends of lines in the bytes."""
        with self.path.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(CHUNK), b""))

    def rows(self) -> Iterator[Row]:
        """The records that are not blank."""
        for number, record in enumerate(_records(self.path, self.encoding, self.delimiter), 1):
            if not any(record):
                continue
            wanted = self.wanted
            columns = range(min(len(record), COLUMNS)) if wanted is None else [at for at in wanted if at < len(record)]
            cells = {column: _cell(record[column]) for column in columns if record[column]}
            filled = any(not is_blank(cell) for cell in cells.values()) or (wanted is not None and any(
                text and not text.isspace() for text in record))
            if filled:
                yield Row(number, cells, True)


def _cell(text: str) -> Cell:
    return (FORMULA, text[:CELL_CHARACTERS]) if text[0] == "=" else text[:CELL_CHARACTERS]


def open_text(path: Path, has_header: Callable[[list[str]], bool]) -> Book:
    """The book of one sheet. `has_header` says whether a record's texts make a header."""
    encoding = encoding_of(path)
    best, most = ",", -1
    for delimiter in DELIMITERS:
        records = list(islice(_records(path, encoding, delimiter), SAMPLE_ROWS))
        if any(has_header(record[:COLUMNS]) for record in records):
            best = delimiter
            break
        fields = sum(len(record) - 1 for record in records if record)
        if fields > most:
            best, most = delimiter, fields
    return Book([TextSheet(path, encoding, best)], plain_text=True)
