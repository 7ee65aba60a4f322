"""The shipped table, its distances, its search and the hubs."""

from __future__ import annotations

import pytest

from charter.places import hubs
from charter.places.distance import ROAD_FACTOR, between, great_circle_km
from charter.places.search import search
from charter.places.table import load

TABLE = load()


def test_the_table_has_every_province_and_no_pseudo_row() -> None:
    assert len(TABLE.children("")) == 34
    assert len(TABLE.counties()) > 3000
    for code in ("990000", "999900", "133100", "110100", "500200", "820010"):
        assert TABLE.get(code) is None


@pytest.mark.parametrize("code", ["441900", "442000", "460400", "620200", "429004", "419001", "659001", "110105",
"511922"])
def test_places_where_people_live_are_leaves(code: str) -> None:
    division = TABLE.get(code)
    assert division is not None
    assert division.leaf
    assert TABLE.counties(code) == (division,)


def test_every_parent_exists_and_stands_one_level_up_or_two() -> None:
    for division in TABLE.divisions.values():
        if division.level == "province":
            assert division.parent == ""
        else:
            assert TABLE.divisions[division.parent].level in {"city": ("province",), "county": ("city",
            "province")}[division.level]
        assert not (division.leaf and TABLE.children(division.code))


def test_a_place_without_a_centre_of_its_own_has_its_parents() -> None:
    for division in TABLE.divisions.values():
        if division.centre_of:
            assert division.centre_of == division.parent
            assert TABLE.coordinates(division.code) == TABLE.coordinates(division.parent)
        if division.lon is not None and division.lat is not None:
            assert 73 < division.lon < 136
            assert 3 < division.lat < 54
    mainland = [leaf for leaf in TABLE.counties() if leaf.code < "710000"]
    assert all(TABLE.coordinates(leaf.code) for leaf in mainland)


def test_names_are_given_in_full_with_their_parents() -> None:
    assert TABLE.full_name("511922") == "四川省巴中市南江县"
    assert TABLE.full_name("110105") == "北京市朝阳区"
    assert TABLE.full_name("429004") == "湖北省仙桃市"
    assert [parent.code for parent in TABLE.parents("511922")] == ["510000", "511900"]
    assert (TABLE.full_name("000000"), TABLE.parents("000000"), TABLE.coordinates("000000")) == ("", (), None)
    assert [county.name for county in TABLE.counties("511900")] == ["巴州区", "恩阳区", "通江县", "南江县", "平昌县"]


def test_every_change_leads_to_a_division_of_today_and_frees_its_old_code() -> None:
    assert len(TABLE.changes) > 600
    for change in TABLE.changes:
        assert TABLE.get(change.code) is not None, change
        assert 1980 <= change.year <= 2026
        assert not change.old_code or (len(change.old_code) == 6 and TABLE.get(change.old_code) is None), change
        assert not change.old_code or change.old_code[:2] == change.code[:2]
        assert change.parent or change.old_name != TABLE.divisions[change.code].name, change


@pytest.mark.parametrize(("start", "end", "low", "high"), [
    ("350203", "110101", 1600, 1750), ("511922", "350203", 1300, 1500), ("350203", "350203", 0, 0)])
def test_distances_are_great_circles_times_the_road_factor(start: str, end: str, low: float, high: float) -> None:
    first, second = TABLE.coordinates(start), TABLE.coordinates(end)
    assert first is not None
    assert second is not None
    straight = great_circle_km(first, second)
    assert low <= straight <= high
    assert between(TABLE, start, end) == pytest.approx(straight * ROAD_FACTOR)
    assert great_circle_km(second, first) == pytest.approx(straight)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert great_circle_km((118.0, 24.0), (118.0, 25.0)) == pytest.approx(111.2, abs=0.1)


@pytest.mark.parametrize(("text", "code"), [
    ("南江", "511922"), ("nanjiang", "511922"), ("NanJiang", "511922"), ("njx", "511922"),
    ("四川省巴中市南江", "511922"), ("开县", "500154"),
    ("dongguan", "441900"), ("laoling", "371481"), ("511922", "511922"), ("xi'an shi chang'an", "610116"),
    ("xiantao", "429004"),
])
def test_a_county_is_found_by_name_former_name_pinyin_and_initials(text: str, code: str) -> None:
    assert code in [division.code for division in search(TABLE, text)]


def test_the_search_is_bounded_and_answers_only_leaves() -> None:
    assert search(TABLE, "  ") == []
    assert search(TABLE, "qqqq") == []
    found = search(TABLE, "四川", limit=7)
    assert len(found) == 7
    assert all(division.leaf for division in found)
    assert search(TABLE, "朝阳区")[0].code == "110105"


@pytest.mark.parametrize("word", ["重庆", "厦门", "长沙", "六安", "长安", "番禺", "乐清", "亳州", "儋州", "郫都"])
def test_names_with_a_reading_of_their_own_are_found_by_it(word: str) -> None:
    readings = {"重庆": "chongqing", "厦门": "xiamen", "长沙": "changsha", "六安": "luan", "长安": "changan",
    "番禺": "panyu",
                "乐清": "yueqing", "亳州": "bozhou", "儋州": "danzhou", "郫都": "pidu"}
    named = [division for division in TABLE.divisions.values() if division.name.startswith(word)]
    assert named
    assert all(division.pinyin.startswith(readings[word]) for division in named)


def test_every_hub_stands_in_a_county_of_the_table_and_near_its_centre() -> None:
    assert len(hubs.load()) >= 40
    assert len({hub.name for hub in hubs.load()}) == len(hubs.load())
    for hub in hubs.load():
        centre = TABLE.coordinates(hub.county)
        assert centre is not None, hub
        assert TABLE.divisions[hub.county].leaf
        assert great_circle_km(centre, (hub.lon, hub.lat)) < 45, hub


def test_the_nearest_hub_of_a_kind_is_found() -> None:
    station, airport = hubs.nearest((118.09, 24.47), "station"), hubs.nearest((118.09, 24.47), "airport")
    assert station is not None
    assert airport is not None
    assert (station.name, airport.name) == ("厦门站", "厦门高崎国际机场")
    assert hubs.nearest((118.0, 24.0), "airport", ()) is None
