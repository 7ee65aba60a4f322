"""Dirty rows as lists really hold them, each with a name and the whole verdict that the roster contract gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from raw_book import resident

__all__ = ["CASES", "HEADER", "TODAY", "Case"]

TODAY = "2026-02-10"
HEADER = ["姓名", "证件类型", "身份证号", "手机号", "出发地", "最早返岗日期", "最晚", "交通方式", "同行", "特殊需求",
          "备注"]
FIELDS = ("name", "id_type", "id_number", "phone", "origin", "earliest", "latest", "modes", "party", "needs", "note")
PLACE = "四川省巴中市南江县"


def number(order: int) -> str:
    """A right number that no other row has."""
    return resident(order % 1000, "19780601")


X_NUMBER = next(resident(at, "19870101") for at in range(99) if resident(at, "19870101")[-1] == "X")
LONG = "长" * 201


@dataclass
class Case:
    """A row: its cells that differ from a good one, what becomes of it."""

    name: str
    cells: dict[str, str]
    status: str = "accepted"
    problems: set[str] = field(default_factory=set)
    repairs: set[str] = field(default_factory=set)
    worker: dict[str, Any] = field(default_factory=dict)
    order: int = 0

    def row(self) -> list[str]:
        """The cells under HEADER."""
        good = {"name": "王五", "id_number": number(self.order), "phone": f"138{self.order:08d}", "origin": PLACE}
        return [(good | self.cells).get(name, "") for name in FIELDS]


def fine(name: str, worker: dict[str, Any] | None = None, /, **cells: str) -> Case:
    return Case(name, cells, worker=worker or {})


def mended(name: str, repairs: str, worker: dict[str, Any] | None = None, /, **cells: str) -> Case:
    return Case(name, cells, "repaired", repairs=set(repairs.split()), worker=worker or {})


def wrong(name: str, problems: str, repairs: str = "", worker: dict[str, Any] | None = None, /, **cells: str) -> Case:
    return Case(name, cells, "rejected", set(problems.split()), set(repairs.split()), worker or {})


CASES = [
    fine("nothing wrong", {"name": "王五", "origin": "511922", "origin_text": PLACE, "modes": None,
                           "id_type": "resident_id"}),
    fine("two characters with a middle dot", {"name": "阿·里"}, name="阿·里"),
    fine("a character outside the common ones", name="𪚥龘"),
    fine("a Latin name", {"id_type": "passport"}, name="Anne-Marie O'Neil", id_number="E12345678"),
    fine("all ways of travelling", {"modes": ["bus", "train", "flight"]}, modes="不限"),
    fine("two ways with or", {"modes": ["bus", "train"]}, modes="大巴或高铁"),
    fine("an abolished county in full", {"origin": "511703"}, origin="四川省达州市达县"),
    fine("a city without counties", {"origin": "441900"}, origin="广东省东莞市长安镇"),
    fine("a code for a place", {"origin": "511922", "origin_text": "511922"}, origin="511922"),
    fine("a day with dots", {"earliest": "2026-02-12"}, earliest="2026.2.12"),
    fine("a child in the household book", {"id_type": "resident_id"}, id_type="户口簿",
         id_number=resident(1, "20200315")),
    fine("a note that looks like a formula elsewhere", {"note": "@SUM(A1)"}, note="@SUM(A1)"),
    fine("emoji in a note", {"note": "谢谢🙏"}, note="谢谢🙏"),
    mended("blanks around a name", "name:trimmed", {"name": "王五"}, name="\u3000王五 "),
    mended("blanks inside a name", "name:name_spacing", {"name": "王五"}, name="王　五"),
    mended("a bullet for the middle dot", "name:name_dot", {"name": "买买提·艾力"}, name="买买提•艾力"),
    mended("a full stop for the middle dot", "name:name_dot", {"name": "买买提·艾力"}, name="买买提．艾力"),
    mended("a right-to-left mark in a name", "name:invisible_characters", {"name": "王五"}, name="王\u200f五"),
    mended("wide Latin letters", "name:full_width", {"name": "Li Lei"}, name="Ｌｉ Ｌｅｉ"),
    mended("a number with an apostrophe", "id_number:apostrophe", id_number="'" + resident(2, "19780601")),
    mended("a number in groups", "id_number:separator", id_number="511922 19780701 " + resident(3, "19780701")[14:]),
    mended("a small x", "id_number:upper_x", {"id_number": X_NUMBER}, id_number=X_NUMBER.lower()),
    mended("an old number of fifteen digits", "id_number:id_15_to_18", {"id_number": resident(4, "19650203")},
           id_number="511922650203004"),
    mended("a number with a null byte", "id_number:invisible_characters", id_number=resident(5, "19780801") + "\x01"),
    mended("a number that was exported with a decimal point", "id_number:float_text",
           {"id_number": resident(7, "19780901")}, id_number=resident(7, "19780901") + ".0"),
    mended("a phone with the country", "phone:country_prefix", {"phone": "13812345678"}, phone="+8613812345678"),
    mended("a phone in groups with the country", "phone:country_prefix phone:separator", {"phone": "13812345678"},
           phone="86-138 1234 5678"),
    mended("a phone with a decimal point", "phone:float_text", {"phone": "13812345678"}, phone="13812345678.0"),
    mended("a phone in wide digits", "phone:full_width", {"phone": "13812345678"}, phone="１３８１２３４５６７８"),
    mended("a county alone", "origin:origin_completed", {"origin": "511922", "origin_text": "南江"}, origin="南江"),
    mended("a place without its endings", "origin:origin_completed", {"origin": "511922"}, origin="四川巴中南江长赤镇"),
    mended("a place with a tab behind it", "origin:trimmed", {"origin_text": PLACE}, origin=PLACE + "\t"),
    mended("an abolished county by its short name", "origin:origin_completed", {"origin": "500154"}, origin="开县"),
    mended("a day in Chinese numerals", "earliest:date_format", {"earliest": "2026-02-12"},
           earliest="二〇二六年二月十二日"),
    mended("a day without a year that is over", "earliest:date_format", {"earliest": "2027-02-09"}, earliest="2月9号"),
    mended("a serial number as text", "earliest:excel_serial", {"earliest": "2026-02-12"}, earliest="46065"),
    mended("a day with its time", "earliest:date_format", {"earliest": "2026-02-12"}, earliest="2026-02-12 00:00:00"),
    mended("many repairs at once", "name:trimmed name:name_dot phone:separator origin:origin_completed",
           {"name": "阿里·买买提"}, name=" 阿里•买买提", phone="138-1234-5678", origin="仙桃"),
    wrong("a name with digits", "name:name_invalid", "", {"name": "王5"}, name="王5"),
    wrong("an emoji in a name", "name:name_invalid", name="王五😀"),
    wrong("a remark in the name", "name:name_invalid", name="王五(女)"),
    wrong("a name of fifty-one characters", "name:name_invalid", name="王" * 51),
    wrong("no name", "name:missing", name=""),
    wrong("no number", "id_number:missing", id_number=""),
    wrong("no phone and no place", "phone:missing origin:missing", phone="", origin=""),
    wrong("a check character that is wrong", "id_number:id_checksum", id_number="511922197806010100"),
    wrong("a digit too few", "id_number:id_length", id_number=number(50)[:17]),
    wrong("a birth date that never was", "id_number:id_birthdate", id_number="511922197802300015"),
    wrong("somebody not yet born", "id_number:id_birthdate", id_number=resident(1, "20260211")),
    wrong("scientific notation", "id_number:id_lost_digits", id_number="5.11922E+17"),
    wrong("digits that a float has rounded", "id_number:id_lost_digits", id_number="511922197806010000.0"),
    wrong("a document that nobody knows", "id_number:id_type_unknown", id_type="军官证"),
    wrong("a card said to be a birth certificate", "id_number:id_length", id_type="出生医学证明"),
    wrong("a landline", "phone:phone_invalid", phone="0827-8221234"),
    wrong("two phones", "phone:phone_invalid", phone="13812345678/13912345678"),
    wrong("a foreign phone", "phone:phone_invalid", phone="+85291234567"),
    wrong("a city alone", "origin:origin_ambiguous", "", {"origin_text": "四川省巴中市"}, origin="四川省巴中市"),
    wrong("a name of many places", "origin:origin_ambiguous", origin="鼓楼区"),
    wrong("a county in the wrong city", "origin:origin_unknown", origin="四川省巴中市朝阳区"),
    wrong("a place on no map", "origin:origin_unknown", origin="火星"),
    wrong("a lunar day", "earliest:date_invalid", earliest="正月初八"),
    wrong("day and month in doubt", "earliest:date_invalid", earliest="02/03/2026"),
    wrong("two days in one cell", "earliest:date_invalid", earliest="2月12日、2月13日"),
    wrong("a year of two digits", "earliest:date_invalid", earliest="26-02-12"),
    wrong("the last day before the first", "latest:date_order", earliest="2026-02-12", latest="2026-02-11"),
    wrong("by his own car", "modes:mode_unknown", modes="大巴、自驾"),
    wrong("a note without end", "note:too_long", note="长" * 1001),
    wrong("a party without end", "party:too_long", party=LONG),
    wrong("a cell as long as cells can be", "name:too_long", name="长" * 32_767),
    wrong("an optional field alone is wrong", "earliest:date_invalid", "phone:separator", phone="138 1234 5678",
          earliest="尽快"),
    wrong("everything wrong at once", "name:name_invalid id_number:id_length phone:phone_invalid "
          "origin:origin_unknown earliest:date_invalid modes:mode_unknown", name="?", id_number="123456789",
          phone="1", origin="火星", earliest="年后", modes="船"),
]
for _at, _case in enumerate(CASES):
    _case.order = _at + 100
