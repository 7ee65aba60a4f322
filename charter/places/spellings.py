"""All the ways to write a division's name, looked up by text. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from charter.places.table import Division, DivisionTable

__all__ = ["Spelling", "Spellings", "spellings_of", "stems"]

_NATIONS = (
    "蒙古族", "蒙古", "回族", "藏族", "维吾尔", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族", "瑶族",
    "白族", "土家族",
    "哈尼族", "哈萨克族", "哈萨克", "傣族", "黎族", "傈僳族", "佤族", "畲族", "拉祜族", "水族", "东乡族", "纳西族",
    "景颇族", "柯尔克孜族",
    "柯尔克孜", "土族", "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "锡伯",
    "塔吉克族", "塔吉克", "怒族",
    "普米族", "保安族", "裕固族", "独龙族", "鄂温克族", "各族",
)
_nations = re.compile(f"(?<=..)(?:{'|'.join(_NATIONS)})+$")
_LONG_SUFFIXES = ("特别行政区", "自治区", "自治州", "自治县", "自治旗", "行政区", "林区", "特区", "新区", "地区")
_OWN = {"内蒙古自治区": ("内蒙",), "广西壮族自治区": ("广西自治区", "广西省"), "宁夏回族自治区": ("宁夏自治区",
"宁夏省"),
        "新疆维吾尔自治区": ("新疆自治区", "新疆省"), "西藏自治区": ("西藏省",), "香港特别行政区": ("香港特区",),
        "澳门特别行政区": ("澳门特区",), "锡林郭勒盟": ("锡盟",), "西双版纳傣族自治州": ("版纳",),
        "巴音郭楞蒙古自治州": ("巴州",), "克孜勒苏柯尔克孜自治州": ("克州",), "博尔塔拉蒙古自治州": ("博州",)}
# One letter for a province; read only where the text means nothing without it.
LETTERS = {
    "京": "110000", "津": "120000", "冀": "130000", "晋": "140000", "蒙": "150000", "辽": "210000", "吉": "220000",
    "黑": "230000", "沪": "310000", "苏": "320000", "浙": "330000", "皖": "340000", "闽": "350000", "赣": "360000",
    "鲁": "370000", "豫": "410000", "鄂": "420000", "湘": "430000", "粤": "440000", "桂": "450000", "琼": "460000",
    "渝": "500000", "川": "510000", "蜀": "510000", "黔": "520000", "贵": "520000", "滇": "530000", "云": "530000",
    "藏": "540000", "陕": "610000", "秦": "610000", "甘": "620000", "陇": "620000", "青": "630000", "宁": "640000",
    "新": "650000",
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """`text` names the division `code`; `full` says that nothing of the name is missing. `within` are the codes of the
    provinces and cities that may stand before it, `former` the text of a city that it once belonged to."""

    text: str
    code: str
    full: bool
    within: frozenset[str]
    former: str = ""


class Spellings:
    """The spellings of one table by level, found at the start of a text."""

    def __init__(self, table: DivisionTable) -> None:
        self.provinces: dict[str, list[Spelling]] = defaultdict(list)
        self.cities: dict[str, list[Spelling]] = defaultdict(list)
        self.counties: dict[str, list[Spelling]] = defaultdict(list)
        self.old_codes: dict[str, set[str]] = defaultdict(set)
        self.formers = frozenset(change.parent for change in table.changes if change.parent)
        for division in table.divisions.values():
            self._add(table, division)
        for change in table.changes:
            now = table.divisions[change.code]
            if change.old_code:
                self.old_codes[change.old_code].add(change.code)
            # 达县地区 does not make 达县 a city: a former prefecture is known by its whole name only.
            forms = [(change.old_name, True)] if change.old_name.endswith("地区") else _forms(change.old_name)
            for text, full in forms:
                self._put(table, now, text, full)
                if change.parent:
                    self._put(table, now, text, full, former=change.parent)

    def _add(self, table: DivisionTable, division: Division) -> None:
        for text, full in _forms(division.name):
            self._put(table, division, text, full)
        for text in _OWN.get(division.name, ()):
            self._put(table, division, text, full=False)
        if division.level == "city" and division.name.endswith("市"):
            self._put(table, division, f"{division.name[:-1]}地区", full=False)

    def _put(self, table: DivisionTable, division: Division, text: str, full: bool, former: str = "") -> None:
        within = frozenset(above.code for above in table.parents(division.code))
        store = {"province": self.provinces, "city": self.cities, "county": self.counties}[division.level][text]
        known = next((place for place, other in enumerate(store)
                      if other.code == division.code and other.former == former), None)
        if known is None:
            store.append(Spelling(text, division.code, full, within, former))
        elif full and not store[known].full:
            store[known] = Spelling(text, division.code, True, within, former)

    @staticmethod
    def at_start(store: dict[str, list[Spelling]], text: str) -> Iterator[Spelling]:
        """Every spelling that the text begins with, the longest first."""
        for length in range(min(len(text), 16), 1, -1):
            yield from store.get(text[:length], ())


@lru_cache(maxsize=8)
def spellings_of(table: DivisionTable) -> Spellings:
    """The spellings of a table, made once."""
    return Spellings(table)


def stems(name: str) -> tuple[str, ...]:
    """The name without its suffix, and without the nations of an autonomous one, each of at least two characters:
    南江县 gives 南江; 恩施土家族苗族自治州 gives 恩施, 恩施州, 恩施自治州."""
    suffix = next((long for long in _LONG_SUFFIXES if name.endswith(long)), name[-1:])
    if suffix not in _LONG_SUFFIXES and suffix not in "省市县区旗盟":
        return ()
    base = name.removesuffix(suffix)
    bare = _nations.sub("", base)
    found = [base, bare]
    if suffix in ("自治州", "自治县", "自治旗"):
        found += [bare + suffix, bare + suffix[-1], base + suffix[-1]]
    return tuple(dict.fromkeys(text for text in found if len(text) >= 2 and text != name))


def _forms(name: str) -> Iterator[tuple[str, bool]]:
    """The name itself in full, then its shorter forms."""
    yield name, True
    for stem in stems(name):
        yield stem, False
