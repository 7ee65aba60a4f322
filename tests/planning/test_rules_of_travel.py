"""A rule with a from-time shows the departures that it touches before it holds, and then limits what they sell."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bookings.factories import coach, riders, scene
from desk import fields, sign_in, token
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from charter.bookings.service import Placement, place_many
from charter.campaigns.models import Departure, Rule
from charter.campaigns.rules.capacity import kept_seats
from charter.campaigns.rules.ruling import Limits, Ruling, limits_at
from charter.core import clock, db

START = datetime(2030, 2, 1, tzinfo=clock.ZONE)


@pytest.fixture
def made(database):
    """Six people on a coach of eight in three days, an empty one in five."""
    with db.transaction() as session:
        found = scene(session)
        people = riders(session, found, 6)
        place_many(session, found.campaign.id, [Placement(one, found.departure.id) for one in people])
        coach(session, found.campaign, found.corridor, found.vehicle, found.stop, 8, days=5).code = "巴中02"
    return found


@pytest.fixture
def desk(client, made):
    return sign_in(client)


def seats():
    with db.transaction(read_only=True) as session:
        return {row.code: (row.seats_total, row.kept_seats) for row in session.scalars(select(Departure))}


def address(made, kind):
    return f"/desk/campaigns/{made.campaign.id}/rules/{kind}"


def from_at(days=0):
    return (clock.today() + timedelta(days=days)).isoformat() + "T00:00"


def test_a_load_factor_shows_who_will_not_fit_before_it_holds(desk, made):
    page = desk.get(address(made, "load_factor"), query_string={"value": "40", "from_at": from_at(), "document": "文1"})
    assert "影响 2 个班次" in page.text
    assert "多 2 人" in page.text
    assert seats()["巴中01"] == (8, [])
    assert desk.post(address(made, "load_factor"), data=fields(page.text)).status_code == 303
    assert seats() == {"巴中01": (4, []), "巴中02": (4, [])}
    assert "文1" in desk.get("/desk/setup").text


def test_a_rule_touches_only_departures_after_its_from_time(desk, made):
    page = desk.get(address(made, "load_factor"), query_string={"value": "40", "from_at": from_at(4)}).text
    assert "影响 1 个班次" in page
    assert "巴中02" in page
    assert "巴中01" not in page


def test_where_people_chose_their_seats_the_map_stays(desk, made):
    page = desk.get(address(made, "spacing"), query_string={"value": "window", "from_at": from_at()})
    assert desk.post(address(made, "spacing"), data=fields(page.text)).status_code == 303
    assert seats() == {"巴中01": (4, []), "巴中02": (4, ["2", "3", "6", "7"])}


def test_a_rule_that_is_taken_back_gives_the_seats_back(desk, made):
    page = desk.get(address(made, "kept_rows"), query_string={"value": "1", "from_at": from_at()})
    desk.post(address(made, "kept_rows"), data=fields(page.text))
    assert seats()["巴中02"] == (4, ["5", "6", "7", "8"])
    with db.transaction(read_only=True) as session:
        rule = session.scalars(select(Rule.id)).one()
    desk.post(f"/desk/campaigns/{made.campaign.id}/rules/{rule}/remove", data=token(desk))
    assert seats() == {"巴中01": (8, []), "巴中02": (8, [])}


@pytest.mark.parametrize(("kind", "sent", "field"), [
    ("load_factor", {"value": "0"}, "value"), ("load_factor", {"value": "101"}, "value"),
    ("kept_rows", {"value": "-1"}, "value"), ("spacing", {"value": "zzz"}, "value"),
    ("load_factor", {"value": "50", "from_at": "morgen"}, "from_at")])
def test_what_is_wrong_stands_at_its_field(desk, made, kind, sent, field):
    refused = desk.get(address(made, kind), query_string={"from_at": from_at()} | sent)
    assert refused.status_code == 422
    assert f'id="{field}-error"' in refused.text


def test_an_unknown_kind_is_not_found(desk, made):
    assert desk.get(address(made, "music")).status_code == 404


rule = st.builds(
    Ruling, st.just("load_factor"), st.fixed_dictionaries({"percent": st.integers(min_value=1, max_value=100)}),
    st.integers(min_value=0, max_value=30).map(lambda days: START + timedelta(days=days)))


@given(st.lists(rule, max_size=6), st.integers(min_value=0, max_value=31))
def test_of_one_kind_the_newest_rule_begun_counts(rules, days):
    until = START + timedelta(days=days)
    begun = [(one.from_at, number, one.value["percent"]) for number, one in enumerate(rules) if one.from_at < until]
    assert limits_at(rules, until) == Limits(percent=max(begun)[2] if begun else 100)


def test_spacing_leaves_out_every_other_seat_and_never_all():
    rows = [["1", "2", None, "3", "4"], ["5", "6", None, "7", "8"]]
    seat_map = {"cars": [{"name": "", "rows": rows}]}
    assert kept_seats(seat_map, 0, "window") == ["2", "3", "6", "7"]
    assert len(kept_seats(seat_map, 0, "alternate")) == 4
    assert kept_seats(seat_map, 1, "none") == ["5", "6", "7", "8"]
