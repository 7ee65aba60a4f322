"""Feeder coaches as an instance: ways over several places, homes of coaches, parties."""

from __future__ import annotations

from charter.planning.rules.feeders import DROP_OFFS, PICK_UPS, End, FeederOffer, Place, Rider, feeder_instance, ways

HUB = (104.0, 30.6)
LOCAL = FeederOffer("local", 5, 30, 60_000, 700, "510100")


def place(key, lon, lat, people=2, party=""):
    return Place(key, key, (lon, lat), tuple(Rider(f"{key}-{number}", "firm", party) for number in range(people)))


def end(*places, to_hub=True):
    return End((0, 0), to_hub, HUB, "510108", 3, places)


ON_THE_WAY = (place("511902", 106.7, 31.9), place("511304", 106.0, 31.4), place("510700", 105.2, 31.0))


def test_places_on_the_way_are_collected_and_one_behind_the_hub_is_not():
    found = {tuple(one.key for one in way.places) for way in ways(end(*ON_THE_WAY, place("513200", 102.2, 31.9)))}
    assert ("511902", "511304", "510700") in found
    assert ("513200",) in found
    assert not any(len(way) > 1 and "513200" in way for way in found)


def test_no_way_has_more_stops_than_allowed():
    many = [place(f"51{number:04d}", 105 + number / 100, 31 + number / 100) for number in range(12)]
    assert max(len(way.places) for way in ways(end(*many))) == PICK_UPS
    assert max(len(way.places) for way in ways(end(*many, to_hub=False))) == DROP_OFFS


def test_coaches_whose_home_is_at_neither_end_do_not_drive():
    strange = FeederOffer("strange", 5, 30, 60_000, 700, "350200")
    made = feeder_instance([end(*ON_THE_WAY)], [LOCAL, strange], 150)
    assert {one["fleet"] for one in made["departures"]} == {"local"}
    assert all(one["copies"] == 1 for one in made["departures"])


def test_from_the_hub_the_nearest_place_comes_first_and_every_leg_has_its_kilometres():
    made = feeder_instance([end(*ON_THE_WAY, to_hub=False)], [LOCAL], 150)
    longest = max(made["departures"], key=lambda one: len(one["x_places"]))
    assert longest["x_places"] == ["510700", "511304", "511902"]
    assert len(longest["x_legs_km"]) == 3


def test_a_party_is_one_group_that_is_not_split_and_everybody_may_ride_what_stops_at_his_place():
    made = feeder_instance([end(place("511902", 106.7, 31.9, 3, "family"), ON_THE_WAY[1])], [LOCAL], 150)
    party = next(group for group in made["groups"] if not group["splittable"])
    assert party["size"] == 3
    for group, departure, _ in made["options"]:
        assert made["groups"][group]["origin"].rsplit("-", 1)[1] in made["departures"][departure]["x_places"]
