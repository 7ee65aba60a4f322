"""The departure day's pages in a real Chromium: both languages, laptop and phone, nothing that axe finds."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from boarding import factories as make
from desk import _session
from looking import looking

from charter.boarding.service import journal, scans
from charter.campaigns.models import VehicleType
from charter.core import clock, db
from charter.core.actor import Actor, Role

CITY = Actor(Role.CITY_ORGANIZER, account_id="city", name="王老师")


@pytest.fixture
def day(database):
    """A coach that boards, with a doubled boarding, an incident, a pause and somebody who was refused."""
    with db.transaction() as session:
        world = make.world(session)
        seats = {"cars": [{"name": "", "rows": [["1", "2"], ["3", "4"]]}]}
        session.get_one(VehicleType, world.vehicle.id).seat_map = seats
        on = make.departure(session, world)
        people = [make.booking(session, world, on, str(seat), name=f"张建{seat}") for seat in (1, 2, 3)]
    now = clock.now()
    for device in ("a", "b"):
        phone = Actor(Role.CITY_ORGANIZER, account_id=device)
        db.act(scans.take_by_desk, phone, on.id, make.scan(people[0], shown="go", at=now - timedelta(minutes=5)))
    for entry in ({"kind": "arrived_stop", "stop_id": str(world.stops[0].id)}, {"kind": "counted", "counted": 2},
                  {"kind": "incident", "what": "illness", "note": "一人晕车"},
                  {"kind": "refused", "booking_id": str(people[2].id), "reason": "fever", "witness": "李师傅"}):
        db.act(journal.keep_by_desk, on.id, CITY, entry | {"entry_id": str(uuid4())})
    return on, people


@pytest.mark.browser
def test_the_pages_of_the_day_are_readable_and_whole(day):
    on, people = day
    cookie = db.act(_session, Role.CITY_ORGANIZER, None, None)
    place, campaign = f"/boarding/{on.id}", f"campaign={on.campaign_id}"
    with looking() as looker:
        assert looker.look({
            "day-board": place, "day-trip": f"{place}/trip", "day-papers": f"{place}/papers",
            "day-versions": f"{place}/versions", "day-live": f"/desk/live?{campaign}&day={on.date}&tomorrow=1",
            "day-conflicts": f"/desk/conflicts?{campaign}",
            "day-contacts": f"/desk/contacts/{people[0].registration_id}",
            "day-substitute": f"/desk/departures/{on.id}/substitute?type_id={on.vehicle_type_id}"}, cookie) == []
