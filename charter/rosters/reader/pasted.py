"""Rows copied from a spreadsheet or lines of a chat, as a table with a header that the reader knows.

A header among the rows is kept as it stands. Without one each piece of a line is put where its form belongs: a phone, a
document's number, days, modes, a place; the first other piece is the name, and what is left is the note. Nothing is
changed or left out: what is wrong is judged as in any list.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date

from charter.people.rules.names import judge_name
from charter.people.rules.phones import judge_phone
from charter.people.rules.text import narrow
from charter.places.matcher import match
from charter.places.table import DivisionTable
from charter.registrations.rules.dates import judge_date
from charter.registrations.rules.modes import judge_modes
from charter.rosters.reader.headers import find_columns, shipped_words

__all__ = ["as_table"]

HEADINGS = {"name": "姓名", "id_number": "证件号码", "phone": "手机号", "origin": "出发地", "earliest": "最早返岗日期",
            "latest": "最晚返岗日期", "modes": "交通方式", "party": "同行", "needs": "特殊需求", "note": "备注",
            "id_type": "证件类型"}
_gaps = re.compile(r"[\s,，;；、|]+")
_label = re.compile(r"([^:：]{1,12})[:：](.*)", re.DOTALL)
_counter = re.compile(r"[0-9]{1,4}[.)）、]?")
_number = re.compile(r"(?=.*[0-9]{6})[A-Za-z]{0,3}[0-9]{6,19}[0-9Xx]?")
_day = re.compile(r".*[0-9一二三四五六七八九十][月日号/.-].*")


def as_table(text: str, *, today: date, table: DivisionTable) -> bytes:
    """The pasted text as tab-separated UTF-8, a header first. An empty text gives no bytes."""
    rows = [[cell.strip() for cell in row] for row in _rows(text)]
    rows = [row for row in rows if any(row)]
    if not rows:
        return b""
    if not any(find_columns(dict(enumerate(row)), shipped_words()) for row in rows):
        rows = [list(HEADINGS.values()), *(_placed(row, today, table) for row in rows)]
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def _rows(text: str) -> list[list[str]]:
    """Cells between tabs, as spreadsheets copy them; else the pieces of each line."""
    if "\t" in text:
        try:
            return list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t"))
        except csv.Error:  # a quote that is never closed
            return [line.split("\t") for line in text.splitlines()]
    return [_gaps.split(line.strip()) for line in text.splitlines()]


def _placed(row: Sequence[str], today: date, table: DivisionTable) -> list[str]:
    found: dict[str, str] = {}
    left: list[str] = []
    pieces = list(row)
    if len(pieces) > 1 and _counter.fullmatch(pieces[0]):
        pieces = pieces[1:]  # the line's own number
    for piece in filter(None, pieces):
        field = _labelled(piece, found) or _field(piece, found, today, table)
        if field == "":
            left.append(piece)
    if "earliest" in found:
        found.setdefault("latest", found["earliest"])
    found["note"] = " ".join(filter(None, [found.get("note", ""), *left]))
    return [found.get(field, "") for field in HEADINGS]


def _labelled(piece: str, found: dict[str, str]) -> str:
    """姓名:张三 says itself what it is."""
    said = _label.fullmatch(piece)
    meaning = shipped_words().meaning(said[1]) if said else None
    field = (meaning or "").lstrip("?")
    if said is None or field not in HEADINGS or field in found:
        return ""
    found[field] = said[2].strip()
    return field


def _field(piece: str, found: dict[str, str], today: date, table: DivisionTable) -> str:
    """Which field the piece's form fits, written into `found`; "" where it fits none that is still open."""
    bare = narrow(piece)
    days = _day.fullmatch(bare) and judge_date(piece, field="earliest", today=today).value
    phone = judge_phone(piece).value
    fits = (("phone", phone), ("id_number", not phone and _number.fullmatch(bare)), ("earliest", days),
            ("latest", days), ("modes", judge_modes(piece).value), ("name", _is_name(piece, found, table)),
            ("origin", match(table, piece).code or match(table, piece).choices), ("name", judge_name(piece).value))
    for field, fit in fits:
        if fit and field not in found:
            found[field] = piece
            return field
    return ""


def _is_name(piece: str, found: dict[str, str], table: DivisionTable) -> bool:
    """A short name that is no place; the first piece of a line is a name even where a place is called so."""
    place = match(table, piece)
    return bool(judge_name(piece).value) and (not found or not (place.code or place.choices))
