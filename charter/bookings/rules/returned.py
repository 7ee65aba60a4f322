"""What a carrier sends back, as copied out of its table: whose row it is, which seat, which order number. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from charter.core.i18n import N_

__all__ = ["HEADINGS", "LONGEST", "Given", "Row", "judge", "read", "seat_text"]

HEADINGS = {
    "number": ("登记编号", "编号"), "document": ("证件号码", "证件号", "身份证号", "身份证号码"),
    "name": ("姓名", "旅客姓名", "乘客姓名", "承运方写法"), "train": ("车次", "航班", "航班号"),
    "car": ("车厢", "车厢号", "排"), "seat": ("座位", "座位号", "席位", "席位号", "座号"),
    "order": ("订单号", "取票号", "票号", "订单编号")}
LONGEST = 12  # letters of a seat, as the pass has room for
ORDER = re.compile(r"[0-9A-Za-z-]{1,24}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, by its number there (from 1); fields as written."""

    line: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """What a row says and whose it is; `problem` is why nothing is taken from it, a message id."""

    line: int
    booking_id: int | None
    name: str
    seat: str
    order: str
    problem: str = ""


def read(text: str) -> list[Row]:
    """The rows below the first line that names a seat and a person. Empty where no line does."""
    lines = _cells(text)
    for start, cells in enumerate(lines):
        columns = _columns(cells)
        if "seat" in columns and columns.keys() & {"number", "document", "name"}:
            return [Row(number, {name: row[place].strip() if place < len(row) else ""
                                 for name, place in columns.items()})
                    for number, row in enumerate(lines[start + 1:], start + 2) if any(cell.strip() for cell in row)]
    return []


def _cells(text: str) -> list[list[str]]:
    mark = "\t" if "\t" in text else ","
    try:
        return list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=mark))
    except csv.Error:  # a quote that is never closed
        return [line.split(mark) for line in text.splitlines()]


def _columns(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        word = "".join(cell.split())
        for name, words in HEADINGS.items():
            if word in words:
                found.setdefault(name, place)
    return found


def seat_text(car: str, seat: str) -> str:
    """Car and seat as one text: ("5", "12f") gives "05车 12F"; an aeroplane's row and letter ("12", "A") give "12A"."""
    place = "".join(seat.split()).upper().removesuffix("号").removesuffix("座")
    wagon = re.fullmatch(r"(\d{1,2})(?:车厢?|号车厢?)?", "".join(car.split()))
    if wagon is None:
        return f"{''.join(car.split())} {place}".strip()
    if re.fullmatch(r"[A-Z]", place):
        return f"{int(wagon[1])}{place}"
    return f"{int(wagon[1]):02d}车 {place}"


def judge(rows: Sequence[Row], by_number: Mapping[str, int], by_document: Mapping[str, int],
          by_name: Mapping[str, Sequence[int]], others: Mapping[str, int]) -> list[Given]:
    """Each row with its booking. `others` are the seats that stand already, by whose booking.

    A person is known by the number of the list, else by the document (canonical), else by a name that only one has.
    """
    found: list[Given] = []
    owners = [_whose(row.fields, by_number, by_document, by_name) for row in rows]
    taken = {seat: owner for seat, owner in others.items() if owner not in owners}  # two may change places
    seen: set[int] = set()
    for row, whose in zip(rows, owners, strict=True):
        said = row.fields
        seat = seat_text(said.get("car", ""), said.get("seat", "")) if said.get("seat") else ""
        order = "".join(said.get("order", "").split())
        problem = _problem(whose, seat, order, seen, taken)
        found.append(Given(row.line, whose, said.get("name", ""), seat, order, problem))
        if not problem and whose is not None:
            seen.add(whose)
            taken[seat] = whose
    return found


def _whose(said: Mapping[str, str], by_number: Mapping[str, int], by_document: Mapping[str, int],
           by_name: Mapping[str, Sequence[int]]) -> int | None:
    if said.get("number"):
        return by_number.get(said["number"])
    if said.get("document"):
        return by_document.get("".join(said["document"].split()).upper())
    alike = by_name.get("".join(said.get("name", "").split()), ())
    return alike[0] if len(alike) == 1 else None


def _problem(whose: int | None, seat: str, order: str, seen: set[int], taken: Mapping[str, int]) -> str:
    if whose is None:
        return N_("这个班次上找不到这个人，或者有同名的人，请核对编号或证件号码")
    if whose in seen:
        return N_("这个人在表里出现了两次")
    if not seat:
        return N_("没有写座位")
    if len(seat) > LONGEST:
        return N_("座位太长，最多 12 个字")
    if order and not ORDER.fullmatch(order):
        return N_("订单号只能是字母、数字和短横线，最多 24 位")
    if taken.get(seat, whose) != whose:
        return N_("这个座位已经给了别人")
    return ""
