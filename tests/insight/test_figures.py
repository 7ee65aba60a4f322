"""The organizer's figures count what happened, and a district organizer sees only his employers' people."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from bookings.factories import riders, scene
from desk import sign_in

from charter.bookings import service
from charter.bookings.service import Placement
from charter.bookings.travel import mark_boarded
from charter.campaigns.models import Departure
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.funding.models import DepartureCost
from charter.insight import demanding, downloads, queries, reporting, trips
from charter.places import table as places

CITY = Actor(Role.CITY_ORGANIZER)


@pytest.fixture
def travelled(database):
    """Eight people booked, five on board, the coach has left."""
    with db.transaction() as session:
        made = scene(session, seats=40)
        people = riders(session, made, 10)
        serials = service.place_many(session, made.campaign.id,
                                     [Placement(person, made.departure.id) for person in people[:8]])
        mark_boarded(session, made.campaign.id, dict.fromkeys(serials[:5], clock.now()))
        made.departure.state, made.departure.departed_at = "departed", clock.now()
        session.merge(made.departure)
        session.add(DepartureCost(departure_id=made.departure.id, kind="charter", planned_fen=1_234_500,
                                  actual_fen=1_300_000))
    return made


def test_the_overview_counts_people_by_how_far_they_are(travelled):
    found = db.ask(queries.figures, CITY, travelled.campaign, clock.now())
    assert (found.registered, found.seated, found.boarded, found.employers) == (10, 8, 5, 1)
    assert (found.planned_fen, found.actual_fen) == (1_234_500, 1_300_000)


def test_the_report_counts_only_who_rode(travelled):
    found = db.ask(reporting.report, CITY, travelled.campaign, clock.now())
    assert (found.persons, found.person_trips, found.vehicles, found.by_province) == (5, 5, {"bus": 1}, {"51": 5})
    assert found.by_district == [("湖里区", "Huli", 5, 1)]


def test_another_district_sees_nobody(travelled):
    other = Actor(Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id="00000000-0000-4000-8000-000000000000")
    assert db.ask(queries.figures, other, travelled.campaign, clock.now()).registered == 0
    assert db.ask(trips.passengers, other, travelled.departure.id) == []
    assert db.ask(reporting.report, other, travelled.campaign, clock.now()).persons == 0


def test_demand_stands_by_county_and_by_employer_and_on_the_map(travelled):
    rows = db.ask(queries.demand, CITY, travelled.campaign)
    assert [(row.origin, row.people) for row in rows] == [("511922", 10)]
    drawn = demanding.chart(rows, travelled.campaign, {"bus": "大巴"}, places.load().full_name)
    assert [(place["name"], place["people"]) for place in drawn["places"]] == [("四川省巴中市南江县", 10)]
    assert sum(count for _, count in drawn["days"]) == 10
    firms = db.ask(demanding.employers, CITY, travelled.campaign)
    assert [(firm.name, firm.people, firm.origins) for firm in firms] == [("厦门甲有限公司", 10, 1)]
    assert db.ask(demanding.served, travelled.campaign) == {"511922"}


def test_the_workbook_holds_the_figures(app, travelled):
    with app.test_request_context():
        found = db.ask(reporting.report, CITY, travelled.campaign, clock.now())
        answer = downloads.report_workbook(found, {"bus": "大巴"}, places.load().full_name)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    assert sheet["B1"].value == 5
    assert any(row[0].value == "大巴" and row[1].value == 1 for row in sheet.iter_rows())


def test_a_cell_is_never_a_formula(app):
    with app.test_request_context():
        answer = downloads.comma_text("a.csv", ["=1+1"], [["＝cmd", "-2", 3]])
    assert answer.get_data(as_text=True).splitlines()[0].endswith("'=1+1")
    assert answer.get_data(as_text=True).splitlines()[1] == "'＝cmd,'-2,3"


def test_each_day_and_each_corridor_is_reported(travelled):
    found = db.ask(reporting.report, CITY, travelled.campaign, clock.now())
    assert [(row.vehicles, row.person_trips, row.persons_so_far) for row in found.by_day] == [({"bus": 1}, 5, 5)]
    assert [(row.name, row.vehicles, row.person_trips) for row in found.by_line] == [("巴中线", 1, 5)]
    assert (found.corridors, found.feeders, found.silent, found.missing_bills) == ({"bus": 1}, 0, 0, 0)
    assert (found.spent_fen, found.costs) == (1_300_000, {"charter": (1_234_500, 1_300_000)})


def test_a_feeder_is_no_trip_of_its_own(travelled):
    with db.transaction() as session:
        session.get_one(Departure, travelled.departure.id).leg_kind = "feeder"
    found = db.ask(reporting.report, CITY, travelled.campaign, clock.now())
    assert (found.persons, found.person_trips, found.vehicles, found.feeders) == (0, 0, {}, 1)


def test_what_leaves_later_is_not_in_the_report_of_before(travelled):
    before = db.ask(reporting.report, CITY, travelled.campaign, clock.now() - timedelta(days=1))
    assert (before.persons, before.by_day, before.spent_fen) == (0, [], 0)


def test_a_report_without_departures_is_empty_and_no_fault(client, database):
    with db.transaction() as session:
        made = scene(session)
    sign_in(client)
    page = client.get("/desk/report")
    assert page.status_code == 200
    assert "还没有班次发车" in page.text
    assert client.get(f"/desk/report.xlsx?campaign={made.campaign.id}").data[:2] == b"PK"
