"""The employers' lists as real files, dirty as such lists are: titles, synonyms, spaces, wrong digits, encodings."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import xlsxwriter

from charter.demo.world import Firm, Rider
from charter.places.table import DivisionTable

__all__ = ["ListFile", "write_clean", "write_list"]

HEADERS = (
    ("序号", "姓名", "身份证号码", "联系电话", "出发地", "最早返岗日期", "最晚返岗日期", "交通方式", "同行组", "备注"),
    ("序号", "员工姓名", "证件号", "手机", "上车点", "最早", "最晚", "出行方式", "同行", "备注"),
    ("No.", "名字", "身份证", "手机号", "乘车地", "最早返岗日期", "最晚", "交通方式", "同行人", "备注"),
)
MODE_WORDS = {"bus": "大巴", "train": "火车", "flight": "飞机"}
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class ListFile:
    """One written list."""

    name: str
    content: bytes


def write_list(rng: random.Random, firm: Firm, riders: Sequence[Rider], table: DivisionTable) -> ListFile:
    """The firm's list: mostly a workbook, sometimes comma text in GB18030."""
    rows = [_cells(rng, number, rider, table) for number, rider in enumerate(riders, 1)]
    if len(rows) > 3 and rng.random() < 0.5:
        rows.append([str(len(rows) + 1), *rows[0][1:]])  # the same person twice
    header = rng.choice(HEADERS)
    stem = f"{firm.name}返岗人员名单"
    if rng.random() < 0.15:
        return ListFile(stem + ".csv", _comma_text(header, rows))
    return ListFile(stem + ".xlsx", _workbook(rng, firm, header, rows))


def write_clean(firm: Firm, riders: Sequence[Rider], table: DivisionTable) -> ListFile:
    """A short list without a fault, as comma text."""
    rows = [[str(number), rider.person.name, rider.person.id_number, rider.person.phone,
             table.full_name(rider.origin), rider.earliest.isoformat(), rider.latest.isoformat(), "不限", "", ""]
            for number, rider in enumerate(riders, 1)]
    return ListFile(f"{firm.name}补报名单.csv", _comma_text(HEADERS[0], rows))


def _cells(rng: random.Random, number: int, rider: Rider, table: DivisionTable) -> list[str | date]:
    words = "不限" if len(rider.modes) == 3 else "、".join(MODE_WORDS[mode] for mode in rider.modes)
    return [str(number), _dirty_name(rng, rider.person.name), _dirty_number(rng, rider.person.id_number),
            _dirty_phone(rng, rider.person.phone), _origin_words(rng, rider.origin, table),
            _day(rng, rider.earliest), _day(rng, rider.latest), words, rider.party, ""]


def _dirty_name(rng: random.Random, name: str) -> str:
    chance = rng.random()
    if chance < 0.02:
        return f" {name}\u3000"
    return name.replace("·", rng.choice("·•．")) if "·" in name else name


def _dirty_number(rng: random.Random, number: str) -> str:
    chance = rng.random()
    if chance < 0.008:  # a wrong digit: the check character finds it
        place = rng.randrange(8, 17)
        return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1:]
    if chance < 0.012:
        return number[:-1]
    if chance < 0.05:
        return number.lower() if number.endswith("X") else f"{number[:6]} {number[6:14]} {number[14:]}"
    if chance < 0.06:
        return number.translate(FULL_WIDTH)
    return f"'{number}" if chance < 0.07 else number


def _dirty_phone(rng: random.Random, phone: str) -> str:
    chance = rng.random()
    if chance < 0.004:
        return phone[:-1]
    if chance < 0.03:
        return f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}"
    return f"{phone}.0" if chance < 0.04 else phone


def _origin_words(rng: random.Random, code: str, table: DivisionTable) -> str:
    chance = rng.random()
    full = table.full_name(code)
    if chance < 0.004:
        return "老家"
    if chance < 0.01:
        return table.parents(code)[0].name  # a province alone fits many places
    return code if chance < 0.03 else full


def _day(rng: random.Random, day: date) -> str | date:
    chance = rng.random()
    if chance < 0.1:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.year}/{day.month}/{day.day}" if chance < 0.4 else day


def _comma_text(header: Sequence[str], rows: Sequence[Sequence[str | date]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([[str(cell) for cell in row] for row in rows])
    return out.getvalue().encode("gb18030")


def _workbook(rng: random.Random, firm: Firm, header: Sequence[str], rows: Sequence[Sequence[str | date]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False})
    sheet = book.add_worksheet("名单")
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    top = 0
    if rng.random() < 0.5:
        sheet.merge_range(0, 0, 0, len(header) - 1, f"{firm.name}返岗人员花名册", book.add_format({"bold": True}))
        top = 1 if rng.random() < 0.5 else 2
    sheet.write_row(top, 0, header)
    for place, row in enumerate(rows, top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(place, column, cell, dates)
            else:
                sheet.write_string(place, column, cell)
    book.close()
    return out.getvalue()
