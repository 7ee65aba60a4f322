"""From an origin as people write it to a county's code. Pure; never guesses.

A text is read as [province][city][county][township and more]. All readings are made; where they name one county it is
the answer, where they name several or a whole city the text is ambiguous, else it is unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from charter.places.spellings import LETTERS, Spelling, Spellings, spellings_of
from charter.places.table import DivisionTable

__all__ = ["Match", "match"]


@dataclass(frozen=True, slots=True)
class Match:
    """`code` of the county (or city without counties), and whether province, city or suffix were missing; else the
    `problem`, and for an ambiguous text the codes of the places it may mean (`choices`, by code)."""

    code: str | None
    completed: bool = False
    problem: Literal["origin_unknown", "origin_ambiguous"] | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a text: a leaf, or (`whole`) a province or city of which the county is not said."""

    code: str
    completed: bool = False
    whole: bool = False


_UNKNOWN = Match(None, problem="origin_unknown")
_noise = re.compile(r"[^\w]|_")
_code = re.compile(r"[0-9]{6}")
_country = re.compile(r"^(?:中华人民共和国|中国)")
_filler = re.compile(r"^(?:市辖区|自治区直辖县级行政区划|省直辖县级行政区划|省直辖)")
# A township behind a county without its suffix must have a name of its own, or it may be a longer name that merely
# begins like a county: 石门坎镇 is not in 石门县.
_township = re.compile(r"[^0-9A-Za-z县市区旗州盟]{2,}?(?:镇|乡|街道|苏木|办事处|村|社区|街|路|农场).*")
_only_township = re.compile(r"[^县区市旗]{2,}?(?:镇|乡|街道|苏木|办事处|村|社区)[^县区市旗]*")
_short_town = re.compile(r"[^0-9A-Za-z][^0-9A-Za-z市县区镇乡村]")  # 东莞长安
_ONE_LETTER_DISTRICT = re.compile("[东西南北中城郊矿新]区|市区")  # names that many cities use without being listed


def match(table: DivisionTable, text: str) -> Match:
    """Find the one county that the text names. Answers are remembered per table and text."""
    return _match(table, text) if len(text) <= 200 else _UNKNOWN


@lru_cache(maxsize=100_000)
def _match(table: DivisionTable, text: str) -> Match:
    narrow = _noise.sub("", unicodedata.normalize("NFKC", text))
    if _code.fullmatch(narrow):
        return _by_code(table, narrow)
    words = _country.sub("", narrow)
    names = spellings_of(table)
    readings = list(_readings(table, names, words))
    if not readings and words[:1] in LETTERS:
        readings = [_Reading(reading.code, True, reading.whole)
                    for reading in _below(table, names, words[1:], LETTERS[words[0]], full=False)]
    return _decide(table, readings)


def _by_code(table: DivisionTable, code: str) -> Match:
    """A six-digit code: of today, or an old one with one successor."""
    here = table.get(code)
    if here is not None:
        return Match(code) if here.leaf else _ambiguous(leaf.code for leaf in table.counties(code))
    now = sorted(spellings_of(table).old_codes.get(code, ()))
    if len(now) == 1 and table.divisions[now[0]].leaf:
        return Match(now[0], completed=True)
    if now:
        return _ambiguous(leaf.code for successor in now for leaf in table.counties(successor))
    # 110100, 500200: the municipalities' second level, which the table leaves out.
    province = table.get(f"{code[:2]}0000")
    doubled = province is not None and province.name.endswith("市") and code[2:] in ("0100", "0200")
    return _ambiguous(leaf.code for leaf in table.counties(f"{code[:2]}0000")) if doubled else _UNKNOWN


def _decide(table: DivisionTable, readings: list[_Reading]) -> Match:
    """One county is the answer; several, or a county beside a whole city, are a choice."""
    leaves = {reading.code for reading in readings if not reading.whole}
    wholes = {reading.code for reading in readings if reading.whole}
    if len(leaves) == 1 and not wholes:
        code = leaves.pop()
        return Match(code, completed=all(reading.completed for reading in readings))
    if not leaves and not wholes:
        return _UNKNOWN
    return _ambiguous([*leaves, *(leaf.code for whole in wholes for leaf in table.counties(whole))])


def _ambiguous(codes: Iterator[str] | list[str]) -> Match:
    return Match(None, problem="origin_ambiguous", choices=tuple(sorted(set(codes))))


def _readings(table: DivisionTable, names: Spellings, words: str) -> Iterator[_Reading]:
    """All readings of a text: with each province that it begins with, and with none."""
    for province in names.at_start(names.provinces, words):
        rest = _filler.sub("", words[len(province.text):])
        if rest.startswith(province.text) and table.divisions[province.code].name.endswith("市"):
            rest = _filler.sub("", rest[len(province.text):])  # 北京市北京市朝阳区, as address pickers write it
        if not rest:
            yield _Reading(province.code, whole=True)
        else:
            yield from _below(table, names, rest, province.code, province.full)
    yield from _below(table, names, words, "", full=False)


def _below(table: DivisionTable, names: Spellings, words: str, province: str, full: bool) -> Iterator[_Reading]:
    """Readings of the text behind a province (or behind none), with and without a city."""
    for city in names.at_start(names.cities, words):
        if not province or province in city.within:
            yield from _in_city(table, names, words, city, full)
    yield from _in_former_city(names, words, province, full)
    yield from _counties(table, names, words, province, direct=full)


def _in_former_city(names: Spellings, words: str, province: str, full: bool) -> Iterator[_Reading]:
    """A county written behind the city that it once belonged to: 安徽省巢湖市庐江县."""
    for former in (text for text in names.formers if words.startswith(text)):
        for place in names.at_start(names.counties, words[len(former):]):
            tail = words[len(former) + len(place.text):]
            if (place.former == former and (not province or province in place.within)
                    and _leaf_tail(names, tail, place, anchored=True)):
                yield _Reading(place.code, not (full and place.full))


def _in_city(table: DivisionTable, names: Spellings, words: str, city: Spelling, full: bool) -> Iterator[_Reading]:
    """Readings of the text from a city on."""
    rest = _filler.sub("", words[len(city.text):])
    if table.divisions[city.code].leaf:
        clear = full or city.text not in names.counties  # 中山 also is a district of Dalian
        if not rest or city.full or (clear and (_township.fullmatch(rest) or _short_town.fullmatch(rest))):
            yield _Reading(city.code, not (full and city.full))
        return
    if not rest:
        yield _Reading(city.code, whole=True)
        return
    found = list(_counties(table, names, rest, city.code, direct=False, complete=full and city.full))
    yield from found
    if not found and _only_township.fullmatch(rest) and not rest.startswith(("镇", "乡", "街", "村")):
        yield _Reading(city.code, whole=True)


def _counties(table: DivisionTable, names: Spellings, words: str, above: str, *, direct: bool,
              complete: bool = False) -> Iterator[_Reading]:
    """The counties that the text begins with, under a province or city (or anywhere for ""); only the longest
    spelling counts. `direct`: nothing is missing for a county that belongs to the province itself; `complete`: province
    and city were written in full."""
    length = 0
    for place in names.at_start(names.counties, words):
        if length and len(place.text) < length:
            return
        if place.former or (above and above not in place.within):
            continue
        if not _leaf_tail(names, words[len(place.text):], place, anchored=bool(above)):
            continue
        length = len(place.text)
        if not above and _ONE_LETTER_DISTRICT.fullmatch(place.text):
            yield _Reading(place.code, whole=True)  # a choice, even where the table has only one
            continue
        full = place.full and (complete or (direct and table.divisions[place.code].parent == above))
        yield _Reading(place.code, not full)


def _leaf_tail(names: Spellings, tail: str, place: Spelling, *, anchored: bool) -> bool:
    """Whether what follows a county may be a township and more. A second county of the same province is not."""
    if not tail:
        return True
    if not place.full:
        return (anchored and _township.fullmatch(tail) is not None and not _another(names, tail, place)
                and not _neighbour(names, tail, place))
    return not _another(names, tail, place) and not tail.startswith(("或", "和", "及", "与"))


def _neighbour(names: Spellings, tail: str, place: Spelling) -> bool:
    """Whether the tail begins with the name, short or full, of another county of the same city: in 四川巴中南江长赤镇
    巴中 is the city and not the county that once was called so."""
    return any(other.code[:4] == place.code[:4] and other.code != place.code
               for other in names.at_start(names.counties, tail))


def _another(names: Spellings, tail: str, place: Spelling) -> bool:
    """Whether the tail begins with another county's full name, of the same province."""
    return any(other.full and other.code[:2] == place.code[:2] and other.code != place.code
               for other in names.at_start(names.counties, tail))
