"""Row by row what the roster contract says of cells: every case is one row of one book, read once."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from raw_book import B, Cell, D, F, N, RawSheet, check, raw_book, resident

from charter.places.table import load
from charter.rosters.reader.read import read_file
from charter.rosters.reader.result import RowResult

TODAY = date(2026, 2, 10)
FIELDS = ("name", "id_type", "id_number", "phone", "origin", "earliest", "latest", "modes", "party", "needs", "note")
HEADER = ["姓名", "证件类型", "身份证号", "手机号", "出发地", "最早", "最晚", "交通方式", "同行", "特殊需求", "备注"]


class Case(NamedTuple):
    """One cell as written -> its value and the codes of its repairs, or the code of its problem."""

    field: str
    written: Cell
    value: Any
    repairs: str = ""
    problem: str = ""
    beside: Mapping[str, Cell] = MappingProxyType({})  # other cells of the row


def good(field: str, written: Cell, value: Any, repairs: str = "", **beside: Cell) -> Case:
    return Case(field, written, value, repairs, "", beside)


def wrong(field: str, written: Cell, problem: str, text: str | None = None, repairs: str = "", **beside: Cell) -> Case:
    shown = written if text is None and isinstance(written, str) else text
    return Case(field, written, shown, repairs, problem, beside)


def old(number: str) -> str:
    """The fifteen digits of a number of 18."""
    return number[:6] + number[8:17]


A, X = (
    resident(7, "19850307"),
    next(resident(at, "19870101") for at in range(99) if resident(at, "19870101")[-1] == "X"),
)
HMT = "810000" + "19900101123" + check("81000019900101123")
CARD = "9" + "11" + "840" + "19900101" + "123" + check("91184019900101123")
PREFIX = "四川省巴中市南江县"

NAMES = [
    good("name", "王五", "王五"),
    good("name", "王", "王"),
    good("name", "王" * 50, "王" * 50),
    wrong("name", "王" * 51, "name_invalid"),
    wrong("name", "王" * 200, "name_invalid"),
    wrong("name", "王" * 201, "too_long"),
    good("name", "𠮷田𪚥", "𠮷田𪚥"),
    good("name", "\U00031350生", "\U00031350生"),
    good("name", "阿卜杜拉·买买提", "阿卜杜拉·买买提"),
    wrong("name", "·王五", "name_invalid"),
    wrong("name", "王五·", "name_invalid"),
    wrong("name", "阿··里", "name_invalid"),
    wrong("name", "·", "name_invalid"),
    *(good("name", f"阿里{dot}买买提", "阿里·买买提", "name_dot") for dot in ".•∙・●．‧⋅･。"),
    good("name", "阿里 • 买买提", "阿里·买买提", "name_spacing name_dot"),
    good("name", "阿里 · 买买提", "阿里·买买提", "name_spacing"),
    good("name", "王　五", "王五", "name_spacing"),
    good("name", "王\u00a0五", "王五", "name_spacing"),
    good("name", "王\t五", "王五", "name_spacing"),
    good("name", "王\n五", "王五", "name_spacing"),
    good("name", " 王五", "王五", "trimmed"),
    good("name", "王五\u3000", "王五", "trimmed"),
    good("name", "\u00a0王五\n", "王五", "trimmed"),
    *(
        good("name", f"王{mark}五", "王五", "invisible_characters")
        for mark in "\u200e\u200f\u202a\u202e\u2066\u2069\u200b\u200c\u200d\u2060\ufeff\u00ad\x00\x01\x07\x1f\x7f\x80"
    ),
    good("name", " \u200f王　五 ", "王五", "invisible_characters trimmed name_spacing"),
    good("name", "'王五", "王五", "apostrophe"),
    wrong("name", "王五😀", "name_invalid"),
    wrong("name", "👨‍👩‍👧", "name_invalid", "👨👩👧", "invisible_characters"),
    wrong("name", "王5", "name_invalid"),
    wrong("name", "王(五)", "name_invalid"),
    wrong("name", "王-五", "name_invalid"),
    wrong("name", "王Wu", "name_invalid"),
    wrong("name", "王五,赵六", "name_invalid"),
    wrong("name", "Иван", "name_invalid"),
    wrong("name", "ワン", "name_invalid"),
    wrong("name", N("12"), "name_invalid", "12"),
    wrong("name", "=王五", "name_invalid"),
    wrong("name", D("46065"), "name_invalid", "2026-02-12"),
    good("name", "John Smith", "John Smith"),
    good("name", "Anne-Marie O'Neil", "Anne-Marie O'Neil"),
    good("name", "José Müller", "José Müller"),
    good("name", "John  Smith", "John Smith", "name_spacing"),
    good("name", "Ｊｏｈｎ", "John", "full_width"),
    wrong("name", "J.Smith", "name_invalid"),
    wrong("name", "Smith2", "name_invalid"),
    wrong("name", "", "missing", ""),
    wrong("name", " 　\u200b", "missing", ""),
    wrong("name", F("王五"), "formula", "王五"),
    wrong("name", F(""), "formula", ""),
    wrong("name", " 王5 ", "name_invalid", "王5", "trimmed"),
]
IDS = [
    good("id_number", A, A),
    good("id_number", X, X),
    good("id_number", X.lower(), X, "upper_x"),
    good("id_number", X[:-1] + "ｘ", X, "full_width upper_x"),
    good("id_number", X[:-1] + "Ｘ", X, "full_width"),
    good("id_number", f"'{A}", A, "apostrophe"),
    good("id_number", f"‘{A}", A, "apostrophe"),
    good("id_number", f" {A}\n", A, "trimmed"),
    good("id_number", f"{A[:6]} {A[6:14]}　{A[14:]}", A, "separator"),
    good("id_number", f"{A[:6]}\u00a0{A[6:]}", A, "separator"),
    good("id_number", f"{A[:6]}\t{A[6:]}", A, "separator"),
    good("id_number", f"{A[:6]}-{A[6:14]}-{A[14:]}", A, "separator"),
    good("id_number", f"\u202d{A}\u202c", A, "invisible_characters"),
    good("id_number", f"{A}\x00", A, "invisible_characters"),
    good("id_number", old(A), A, "id_15_to_18"),
    good("id_number", N(old(A)), A, "id_15_to_18"),
    good("id_number", N(f"{old(A)}.0"), A, "id_15_to_18"),
    good("id_number", f"{old(A)}.0", A, "float_text id_15_to_18"),
    wrong("id_number", N(A), "id_lost_digits", A),
    wrong("id_number", N("511922198503070000"), "id_lost_digits", "511922198503070000"),
    wrong("id_number", N("5.1192219850307002E+17"), "id_lost_digits", "511922198503070016"),
    wrong("id_number", N("51192219850307001"), "id_lost_digits", "51192219850307001"),
    wrong("id_number", N("5119221985030700"), "id_lost_digits", "5119221985030700"),
    wrong("id_number", N("51192219850307"), "id_length", "51192219850307"),
    wrong("id_number", "5.11922E+17", "id_lost_digits"),
    wrong("id_number", "5.1192219850307E+17", "id_lost_digits"),
    wrong("id_number", "5.11922e17", "id_lost_digits"),
    wrong("id_number", " 5.11922E+17 ", "id_lost_digits", "5.11922E+17", "trimmed"),
    wrong("id_number", "5.11922E+17", "id_lost_digits", id_type="学生证"),
    wrong("id_number", A[:17] + ("1" if A[17] != "1" else "2"), "id_checksum"),
    wrong("id_number", A[:17], "id_length"),
    wrong("id_number", A + "0", "id_length"),
    wrong("id_number", A[:17] + "X", "id_checksum"),
    wrong("id_number", "1" * 20, "id_length"),
    wrong("id_number", "1" * 9, "id_length"),
    wrong("id_number", "1" * 8, "id_type_unknown"),
    wrong("id_number", "1" * 21, "id_type_unknown"),
    wrong("id_number", "1" * 200, "id_type_unknown"),
    wrong("id_number", "1" * 201, "too_long"),
    wrong("id_number", N("1" + "0" * 200), "too_long", "1" + "0" * 200),
    wrong("id_number", resident(1, "19900230"), "id_birthdate"),
    wrong("id_number", resident(1, "20260211"), "id_birthdate"),
    good("id_number", resident(1, "20260210"), resident(1, "20260210")),
    wrong("id_number", resident(1, "18991231"), "id_birthdate"),
    good("id_number", resident(1, "19000101"), resident(1, "19000101")),
    good("id_number", resident(1, "20000229"), resident(1, "20000229")),
    wrong("id_number", resident(1, "19000229"), "id_birthdate"),
    wrong("id_number", "511922851307001", "id_birthdate"),
    wrong("id_number", resident(1, "19901301")[:17] + "0", "id_birthdate"),
    wrong("id_number", "51192219850307X01", "id_length"),
    good("id_number", resident(3, region="000000"), resident(3, region="000000")),
    good("id_number", HMT, HMT),
    good("id_number", CARD, CARD),
    good("id_number", "CHN123456789012", "CHN123456789012"),
    wrong("id_number", HMT[:17] + ("1" if HMT[17] != "1" else "2"), "id_checksum"),
    wrong("id_number", "83000019901301123X", "id_birthdate"),
    good("id_number", "H12345678", "H12345678"),
    good("id_number", "M1234567801", "M1234567801"),
    good("id_number", "h12345678", "H12345678", "upper_x"),
    wrong("id_number", "H123456789", "id_type_unknown"),
    good("id_number", "E12345678", "E12345678"),
    good("id_number", "EA1234567", "EA1234567"),
    good("id_number", "G1234567", "G1234567"),
    wrong("id_number", "ABC1234567", "id_type_unknown"),
    wrong("id_number", "王五", "id_type_unknown"),
    good("id_number", "12345678", "12345678", id_type="台胞证"),
    wrong("id_number", "1234567", "id_length", id_type="台胞证"),
    good("id_number", "A1B2C", "A1B2C", id_type="护照"),
    wrong("id_number", "A1B2", "id_length", id_type="护照"),
    good("id_number", "A" * 17, "A" * 17, id_type="护照"),
    wrong("id_number", "A" * 18, "id_length", id_type="护照"),
    good("id_number", "T123456789", "T123456789", id_type="出生医学证明"),
    wrong("id_number", "T12345678", "id_length", id_type="出生医学证明"),
    good("id_number", A, A, id_type="户口簿"),
    good("id_number", A, A, id_type=" 居民身份证 "),
    good("id_number", HMT, HMT, id_type="身份证"),
    wrong("id_number", A, "id_type_unknown", id_type="学生证"),
    wrong("id_number", A, "id_length", id_type="出生医学证明"),
    wrong("id_number", "E12345678", "id_length", id_type="身份证"),
    wrong("id_number", A, "id_length", id_type="港澳居民来往内地通行证"),
    wrong("id_number", "", "missing", ""),
    wrong("id_number", "'", "missing", ""),
    wrong("id_number", F(A), "formula", A),
    wrong("id_number", F("1" * 300), "formula", "1" * 300),
    wrong("id_number", "", "missing", "", id_type="学生证"),
    wrong("id_number", "无", "id_type_unknown"),
    wrong("id_number", B(True), "id_type_unknown", "TRUE"),
    wrong("id_number", N("-511922850307007"), "id_type_unknown", "-511922850307007"),
]
PHONES = [
    good("phone", "13800001234", "13800001234"),
    good("phone", "19912345678", "19912345678"),
    good("phone", N("13800001234"), "13800001234"),
    good("phone", N("13800001234.0"), "13800001234"),
    good("phone", N("1.3800001234E+10"), "13800001234"),
    good("phone", "13800001234.0", "13800001234", "float_text"),
    good("phone", "138 0000 1234", "13800001234", "separator"),
    good("phone", "138-0000-1234", "13800001234", "separator"),
    good("phone", "138\u00a00000\u30001234", "13800001234", "separator"),
    good("phone", "+8613800001234", "13800001234", "country_prefix"),
    good("phone", "008613800001234", "13800001234", "country_prefix"),
    good("phone", "8613800001234", "13800001234", "country_prefix"),
    good("phone", N("8613800001234"), "13800001234", "country_prefix"),
    good("phone", "+86 138-0000-1234", "13800001234", "separator country_prefix"),
    good("phone", "１３８００００１２３４", "13800001234", "full_width"),
    good("phone", "'13800001234", "13800001234", "apostrophe"),
    good("phone", "\u202a13800001234\u202c ", "13800001234", "invisible_characters trimmed"),
    *(
        wrong("phone", text, "phone_invalid")
        for text in (
            "12800001234",
            "11012345678",
            "1380000123",
            "138000012345",
            "0827-8221234",
            "08278221234",
            "400-800-1234",
            "+85291234567",
            "85291234567",
            "+1 2025550123",
            "13800001234/13900001234",
            "13800001234,13900001234",
            "13800001234 13900001234",
            "13800001234、13900001234",
            "13800001234转1",
            "无",
            "1380000l234",
            "+8612800001234",
            "13800001234.5",
            "1.38E+10",
            "１３８",
        )
    ),
    wrong("phone", N("13800001234.5"), "phone_invalid", "13800001234.5"),
    wrong("phone", N("-13800001234"), "phone_invalid", "-13800001234"),
    wrong("phone", "1" * 201, "too_long"),
    wrong("phone", "", "missing", ""),
    wrong("phone", F("13800001234"), "formula", "13800001234"),
    wrong("phone", B(False), "phone_invalid", "FALSE"),
    wrong("phone", D("46065"), "phone_invalid", "2026-02-12"),
]
ORIGINS = [
    good("origin", PREFIX, "511922"),
    good("origin", f"{PREFIX}长赤镇", "511922"),
    good("origin", "511922", "511922"),
    good("origin", N("511922"), "511922"),
    good("origin", "南江县", "511922", "origin_completed"),
    good("origin", "南江", "511922", "origin_completed"),
    good("origin", "四川省南江县", "511922", "origin_completed"),
    good("origin", "四川巴中南江", "511922", "origin_completed"),
    good("origin", "巴中市南江县", "511922", "origin_completed"),
    good("origin", f" {PREFIX}", "511922", "trimmed"),
    good("origin", f"{PREFIX}　", "511922", "trimmed"),
    good("origin", "广东省东莞市", "441900"),
    good("origin", "广东省东莞市长安镇", "441900"),
    good("origin", "东莞", "441900", "origin_completed"),
    good("origin", "东莞市虎门镇", "441900", "origin_completed"),
    good("origin", "广东省中山市小榄镇", "442000"),
    good("origin", "海南省儋州市", "460400"),
    good("origin", "儋州", "460400", "origin_completed"),
    good("origin", "甘肃省嘉峪关市", "620200"),
    good("origin", "441900", "441900"),
    good("origin", "620200", "620200"),
    good("origin", "湖北省仙桃市", "429004"),
    good("origin", "仙桃", "429004", "origin_completed"),
    good("origin", "河南省济源市", "419001"),
    good("origin", "湖北省神农架林区", "429021"),
    good("origin", "新疆维吾尔自治区石河子市", "659001"),
    good("origin", "石河子", "659001", "origin_completed"),
    good("origin", "新疆维吾尔自治区阿拉尔市", "659002"),
    good("origin", "新疆图木舒克市", "659003", "origin_completed"),
    good("origin", "新疆五家渠", "659004", "origin_completed"),
    good("origin", "新疆铁门关市", "659006", "origin_completed"),
    good("origin", "新疆胡杨河市", "659010", "origin_completed"),
    good("origin", "659012", "659012"),
    good("origin", "北京市朝阳区", "110105"),
    good("origin", "北京朝阳区", "110105", "origin_completed"),
    good("origin", "辽宁省朝阳市朝阳县", "211321"),
    good("origin", "吉林省长春市朝阳区", "220104"),
    *(
        wrong("origin", text, "origin_ambiguous")
        for text in (
            "四川省",
            "四川",
            "四川省巴中市",
            "巴中",
            "朝阳区",
            "鼓楼区",
            "市中区",
            "和平区",
            "511900",
            "510000",
            "北京市",
            "重庆",
            "南山区",
            "吉林",
            "海南省",
        )
    ),
    *(
        wrong("origin", text, "origin_unknown")
        for text in (
            "火星",
            "四川省巴中市朝阳区",
            "511999",
            "999999",
            "000000",
            "12345",
            "5119222",
            "浙江省南江县",
            "-",
            "。",
        )
    ),
    good("origin", "四川省达州市达县", "511703"),
    good("origin", "达县", "511703", "origin_completed"),
    good("origin", "重庆市开县", "500154"),
    good("origin", "开县", "500154", "origin_completed"),
    good("origin", "安徽省铜陵市铜陵县", "340706"),
    good("origin", "贵州省遵义市遵义县", "520304"),
    good("origin", "福建省三明市沙县", "350405"),
    good("origin", "浙江省杭州市下城区", "330105"),
    good("origin", "上海市卢湾区", "310101"),
    good("origin", "北京市崇文区", "110101"),
    good("origin", "江苏省连云港市新浦区", "320706"),
    good("origin", "湖北省宜昌市宜昌县", "420506"),
    good("origin", "黑龙江省伊春市翠峦区", "230718"),
    good("origin", "安徽省合肥市西市区", "340104"),
    wrong("origin", "江苏省徐州市九里区", "origin_ambiguous"),
    wrong("origin", "山东省莱芜市", "origin_ambiguous"),
    good("origin", "山东省莱芜市莱城区", "370116"),
    wrong("origin", "", "missing", ""),
    wrong("origin", "南" * 201, "too_long"),
    wrong("origin", F(PREFIX), "formula", PREFIX),
    wrong("origin", " 火星 ", "origin_unknown", "火星", "trimmed"),
]
DAY = "2026-02-12"
DATES = [
    good("earliest", DAY, DAY),
    good("earliest", "2026/2/12", DAY),
    good("earliest", "2026/02/12", DAY),
    good("earliest", "2026.02.12", DAY),
    good("earliest", "2026.2.12", DAY),
    good("earliest", D("46065"), DAY),
    good("earliest", D("46065.75"), DAY),
    good("earliest", N("46065"), DAY, "excel_serial"),
    good("earliest", N("46065.0"), DAY, "excel_serial"),
    good("earliest", "46065", DAY, "excel_serial"),
    good("earliest", "46065.0", DAY, "excel_serial"),
    *(
        good("earliest", text, DAY, "date_format")
        for text in (
            "2026年2月12日",
            "2026年02月12号",
            "2月12日",
            "2月12号",
            "二〇二六年二月十二日",
            "二零二六年二月十二日",
            "二月十二日",
            "二月十二号",
            "2026-2-12",
            "20260212",
            "2026年2月12",
        )
    ),
    good("earliest", " 2026-02-12 ", DAY, "trimmed"),
    good("earliest", "'2026-02-12", DAY, "apostrophe"),
    good("earliest", "２０２６-０２-１２", DAY, "full_width"),
    good("earliest", "2026年２月12日", DAY, "full_width date_format"),
    good("earliest", "\u200f2月12日\u00a0", DAY, "invisible_characters trimmed date_format"),
    good("earliest", "2月10日", "2026-02-10", "date_format"),
    good("earliest", "2月9日", "2027-02-09", "date_format"),
    good("earliest", "1月1日", "2027-01-01", "date_format"),
    good("earliest", "2月29日", "2028-02-29", "date_format"),
    good("earliest", "十二月三十一日", "2026-12-31", "date_format"),
    good("earliest", "十月二十日", "2026-10-20", "date_format"),
    *(
        wrong("earliest", text, "date_invalid")
        for text in (
            "02/03/2026",
            "2/3",
            "2.3",
            "3-4-2026",
            "26-02-12",
            "26年2月12日",
            "26/2/12",
            "26.2.12",
            "正月初八",
            "农历正月初八",
            "腊月二十",
            "2026-02-30",
            "2026年2月29日",
            "2月30日",
            "13月1日",
            "2026-13-01",
            "2026-00-10",
            "2026-02-12至2026-02-15",
            "2026-02-12,2026-02-13",
            "2月12日、2月13日",
            "2026-02-12 2026-02-13",
            "2月12日-15日",
            "2月12或13日",
            "尽快",
            "2月",
            "2026",
            "2026年2月",
            "12日",
            "年后",
            "无",
        )
    ),
    wrong("earliest", N("12345678901"), "date_invalid", "12345678901"),
    wrong("earliest", N("-5"), "date_invalid", "-5"),
    wrong("earliest", N("0.5"), "date_invalid", "0.5"),
    wrong("earliest", "2" * 201, "too_long"),
    wrong("earliest", F("46065"), "formula", "46065"),
    good("earliest", "", None),
    good("earliest", "  ", None),
    good("latest", DAY, DAY, earliest=DAY),
    wrong("latest", "2026-02-11", "date_order", earliest=DAY),
    wrong("latest", " 2026-02-11", "date_order", "2026-02-11", "trimmed", earliest=DAY),
    wrong("latest", "2月11日", "date_order", "2月11日", earliest=DAY),
    good("latest", "2026-02-11", "2026-02-11"),
    wrong("latest", F("x"), "formula", "x"),
]
OTHERS = [
    *(
        good("modes", text, modes.split())
        for text, modes in {
            "大巴": "bus",
            "汽车": "bus",
            "客车": "bus",
            "bus": "bus",
            "BUS": "bus",
            "火车": "train",
            "高铁": "train",
            "动车": "train",
            "列车": "train",
            "train": "train",
            "飞机": "flight",
            "航班": "flight",
            "flight": "flight",
            "不限": "bus train flight",
            "都可以": "bus train flight",
            "大巴、火车": "bus train",
            "大巴,火车": "bus train",
            "大巴，飞机": "bus flight",
            "火车/飞机": "train flight",
            "大巴 火车": "bus train",
            "大巴或火车": "bus train",
            "火车、高铁": "train",
            "飞机、大巴、高铁": "bus train flight",
            "大巴 / 火车": "bus train",
        }.items()
    ),
    good("modes", " 大巴", ["bus"], "trimmed"),
    good("modes", "", None),
    *(wrong("modes", text, "mode_unknown") for text in ("自驾", "大巴、自驾", "轮船", "私家车", "x", "、", "1")),
    wrong("modes", "大巴、" * 67, "too_long"),
    wrong("modes", F("大巴"), "formula", "大巴"),
    good("party", "A组", "A组"),
    good("party", N("1"), "1"),
    good("party", N("1.0"), "1"),
    good("party", " A组　", "A组", "trimmed"),
    good("party", "", None),
    good("party", "A" * 200, "A" * 200),
    wrong("party", "A" * 201, "too_long"),
    wrong("party", F(), "formula", ""),
    good("party", "A" * 200 + "  ", "A" * 200, "trimmed"),
    good("needs", "轮" * 1000, "轮" * 1000),
    wrong("needs", "轮" * 1001, "too_long"),
    good("note", "备" * 1000, "备" * 1000),
    wrong("note", "备" * 1001, "too_long"),
    good("note", "一\n二", "一\n二"),
    good("note", "=1+1", "=1+1"),
    wrong("note", F("2"), "formula", "2"),
    good("note", "𠮷" * 1000, "𠮷" * 1000),
    wrong("id_type", F("身份证"), "formula", "身份证"),
    wrong("id_type", "证" * 201, "too_long"),
    good("note", "\u200b好", "好", "invisible_characters"),
]
CASES = [*NAMES, *IDS, *PHONES, *ORIGINS, *DATES, *OTHERS]


def row_of(at: int, case: Case) -> list[Cell]:
    """A good row of a person of its own, with the case's cells."""
    cells: dict[str, Cell] = (
        {
            "name": "王五",
            "id_number": resident(at % 1000, f"19{50 + at // 1000}0601"),
            "phone": "13800000001",
            "origin": PREFIX,
        }
        | dict(case.beside)
        | {case.field: case.written}
    )
    return [cells.get(field) for field in FIELDS]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[int, RowResult]:
    sheet = RawSheet({1: HEADER} | {at + 2: row_of(at, case) for at, case in enumerate(CASES)})
    path = raw_book(tmp_path_factory.mktemp("rows") / "a.xlsx", sheet)
    return {row.row: row for row in read_file(path, today=TODAY, divisions=load()).rows}


def named(case: Case) -> str:
    return (
        f"{case.field}:{str(case.written)[:24]!a}{''.join(f'+{name}={value}' for name, value in case.beside.items())}"
    )


@pytest.mark.parametrize("at", range(len(CASES)), ids=[named(case) for case in CASES])
def test_each_cell_has_the_verdict_of_the_contract(rows: dict[int, RowResult], at: int) -> None:
    case, row = CASES[at], rows[at + 2]
    problems = [(problem.field, problem.code) for problem in row.problems]
    assert problems == ([(case.field, case.problem)] if case.problem else [])
    repairs = [repair for repair in row.repairs if repair.field == case.field]
    assert sorted(repair.code for repair in repairs) == sorted(case.repairs.split())
    assert row.worker[case.field] == (case.value or None)
    if row.status != "duplicate":
        assert row.status == ("rejected" if problems else "repaired" if row.repairs else "accepted")
    for repair in repairs:
        assert repair.before == (case.written.removesuffix(".0") if isinstance(case.written, N) else case.written)
        if case.field != "modes":
            assert repair.after == case.value


def test_the_kind_of_document_follows_the_column_or_the_form(rows: dict[int, RowResult]) -> None:
    kinds = {
        "H12345678": "travel_permit",
        "M1234567801": "travel_permit",
        "E12345678": "passport",
        "G1234567": "passport",
        HMT: "hmt_permit",
        CARD: "permanent_resident",
        "CHN123456789012": "permanent_resident",
        A: "resident_id",
        "12345678": "travel_permit",
        "A1B2C": "passport",
        "T123456789": "birth_certificate",
    }
    for at, case in enumerate(CASES):
        if case.field == "id_number" and not case.problem and case.written in kinds and "id_type" not in case.beside:
            assert rows[at + 2].worker["id_type"] == kinds[str(case.written)], case
