"""Another vehicle comes: who can keeps his seat, families stay together, and it can be taken back."""

from __future__ import annotations

import pytest
from access import pages
from boarding import factories as make
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from charter.boarding import manifest
from charter.boarding.models import Substitution
from charter.boarding.problems import NothingToTakeBack, VehicleTooSmall
from charter.boarding.service import substituting
from charter.bookings.models import Booking, BookingRevision
from charter.bookings.rules.reseating import Sitting, TooSmall, reseat
from charter.bookings.service.reseating import seat_anew
from charter.campaigns.models import Departure, VehicleType
from charter.core import db
from charter.core.actor import Actor, Role, acting
from charter.core.problems import Invalid

CITY = Actor(Role.CITY_ORGANIZER, account_id="city", name="王老师")


@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["", "a", "b", "c"])), max_size=20,
                unique_by=lambda one: one[0]), st.integers(1, 30))
def test_nobody_is_left_and_who_can_keeps_his_seat(rows, size):
    people = [Sitting(number, str(seat), party or None) for number, (seat, party) in enumerate(sorted(rows), 1)]
    places = [str(seat) for seat in range(1, size + 1)]
    if len(people) > size:
        with pytest.raises(TooSmall):
            reseat(people, places, size)
        return
    found = reseat(people, places, size)
    assert sorted(found) == [one.booking for one in people]
    assert len(set(found.values())) == len(people)
    lost = {one.party for one in people if one.seat not in places and one.party}
    for one in people:
        if one.seat in places and one.party not in lost:
            assert places[found[one.booking] - 1] == one.seat


def test_a_family_that_loses_a_seat_moves_together():
    people = [Sitting(1, "1", None), Sitting(2, "9", "f"), Sitting(3, "4", "f"), Sitting(4, "5", None)]
    found = reseat(people, [str(seat) for seat in range(1, 9)], 8)
    assert (found[1], found[4]) == (1, 5)
    assert abs(found[2] - found[3]) == 1


@pytest.fixture
def stand(database):
    with db.transaction() as session:
        world = make.world(session)
        on = make.departure(session, world)
        small = VehicleType(code="small", mode="bus", name="小车", name_en="Small", approved_capacity=6,
                            passenger_seats=4, seating="ours",
                            seat_map={"cars": [{"name": "", "rows": [["1", "2"], ["3", "4"]]}]})
        session.add(small)
        people = [make.booking(session, world, on, seat, name=f"甲{seat}") for seat in ("1", "12", "30")]
        session.flush()
        return world, on, small, people


def seats(on):
    with db.transaction(read_only=True) as session:
        return dict(session.execute(select(Booking.id, Booking.seat).where(Booking.departure_id == on.id)).all())


def other(small, **values):
    given = {"type_id": small.id, "plate": "闽D99999", "drivers": "李师傅", "reason": "故障"}
    return substituting.NewVehicle(**(given | values))


def test_one_act_re_seats_everybody_and_one_takes_it_back(stand):
    _, on, small, people = stand
    before = seats(on)
    with acting(CITY):
        shown = db.ask(substituting.preview, on.id, small.id)
        moved = db.act(substituting.substitute, on.id, CITY, other(small))
    assert (moved, [one.before for one in shown]) == (2, ["12", "30"])
    after = seats(on)
    assert after[people[0].id] == "1"
    assert set(after.values()) <= {"1", "2", "3", "4"}
    with db.transaction(read_only=True) as session:
        departure = session.get_one(Departure, on.id)
        assert (departure.plate, departure.vehicle_type_id, departure.seats_total) == ("闽D99999", small.id, 4)
        raised = manifest.version(session, on.id)
        assert raised == 3 + 2
        slots = session.scalars(select(Booking.slot).where(Booking.departure_id == on.id)).all()
        assert max(slots) <= 4
    with acting(CITY):
        assert db.act(substituting.take_back, on.id, CITY) == 2
    assert seats(on) == before
    with db.transaction(read_only=True) as session:
        departure = session.get_one(Departure, on.id)
        assert (departure.plate, departure.seats_total) == ("", 49)
        assert session.scalars(select(Substitution.undone_at)).one() is not None
        assert session.scalar(select(func.count()).select_from(BookingRevision)) == 3 + 4
    with acting(CITY), pytest.raises(NothingToTakeBack):
        db.act(substituting.take_back, on.id, CITY)


def test_a_vehicle_that_is_too_small_changes_nothing(stand):
    world, on, small, _ = stand
    with db.transaction() as session:
        for seat in ("40", "41"):
            make.booking(session, world, on, seat)
    before = seats(on)
    with acting(CITY):
        with pytest.raises(VehicleTooSmall):
            db.act(substituting.substitute, on.id, CITY, other(small))
        with pytest.raises(Invalid):
            db.act(substituting.substitute, on.id, CITY, other(small, reason=" "))
    assert seats(on) == before


def test_two_who_only_change_places_do_so(stand):
    _, on, _, people = stand
    with db.transaction() as session:
        wanted = {people[0].id: (12, "12"), people[1].id: (1, "1"), people[2].id: (30, "30")}
        changed = seat_anew(session, on.id, wanted)
        assert {one.id for one in changed} == {people[0].id, people[1].id}
    assert [seats(on)[one.id] for one in people] == ["12", "1", "30"]


def test_the_desk_shows_who_moves_before_anything_is_done(app, stand):
    _, on, small, _ = stand
    desk = pages.signed_in(app, pages.account(Role.CITY_ORGANIZER, "city1"))
    place = f"/desk/departures/{on.id}/substitute"
    assert "换一辆车" in desk.get(place).text
    shown = desk.get(f"{place}?type_id={small.id}&plate=闽D99999&reason=故障").text
    assert "2 人换座位" in shown
    assert pages.post(desk, place, type_id=str(small.id), plate="", reason="故障").status_code == 422
    assert pages.post(desk, place, type_id=str(small.id), plate="闽D99999", reason="故障").status_code == 303
    assert "撤回换车" in desk.get(f"/boarding/{on.id}").text
    assert pages.post(desk, place + "/back").status_code == 303
    assert "撤回换车" not in desk.get(f"/boarding/{on.id}").text
