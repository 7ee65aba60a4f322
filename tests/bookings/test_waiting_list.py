"""The waiting list: who waits is offered what is given back before anybody else sees it, and needs no timer for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bookings.factories import bearer, coach, riders, scene
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from charter.bookings import line, queries, service
from charter.bookings.models import Booking, Waiting
from charter.bookings.problems import AlreadyBooked, AlreadyWaiting, DepartureFull, NotEligible
from charter.bookings.service import Wanted
from charter.core import clock, db
from charter.core.actor import SYSTEM, Actor, Role
from charter.core.problems import NotFound
from charter.jobs import SWEEPS
from charter.notices.models import Outbox
from charter.registrations.models import Registration


def window(made, days=10, km=0):
    today = clock.today()
    return Wanted(made.corridor.id, today, today + timedelta(days=days), km)


@pytest.fixture
def full(database):
    """A coach of four, all seats taken; six more people without one."""
    with db.transaction() as session:
        made = scene(session, seats=4)
        people = riders(session, made, 10)
    made.seated = [db.act(service.confirm, db.act(service.hold, made.departure.id, one).id) for one in people[:4]]
    made.people = people[4:]
    return made


def wait(made, *people, **changed):
    return db.act(service.wait_for, list(people), window(made, **changed))


def states(made):
    with db.transaction() as session:
        rows = session.execute(select(Waiting.registration_id, Waiting.state))
        return {made.people.index(key): state for key, state in rows}


def offers():
    with db.transaction() as session:
        return {booking.registration_id: booking for booking in session.scalars(
            select(Booking).where(Booking.waiting_id.is_not(None), Booking.state == "held"))}


def left(made):
    return db.ask(queries.departures, made.campaign.id)[0].seats_left


def test_a_seat_that_is_given_back_is_offered_to_the_first_in_line_in_the_same_act(full):
    wait(full, full.people[0])
    wait(full, full.people[1])
    db.act(service.cancel, full.seated[0].id)
    assert states(full) == {0: "offered", 1: "waiting"}
    assert set(offers()) == {full.people[0]}
    assert left(full) == 0
    with db.transaction() as session:
        assert session.scalars(select(Outbox.template)).all() == ["seat_offered"]


def test_nobody_else_gets_what_the_line_has_a_claim_on(full):
    wait(full, full.people[0])
    db.act(service.cancel, full.seated[0].id)
    with pytest.raises(DepartureFull):
        db.act(service.hold, full.departure.id, full.people[1])
    assert db.act(service.confirm, offers()[full.people[0]].id).state == "confirmed"
    assert states(full) == {0: "seated"}


def test_an_offer_that_lapses_goes_on_without_any_timer(full):
    wait(full, full.people[0])
    wait(full, full.people[1])
    db.act(service.cancel, full.seated[0].id)
    with clock.travel(timedelta(hours=20)):
        assert left(full) == 0  # the second one's, before anything has written it down
        with pytest.raises(DepartureFull):
            db.act(service.hold, full.departure.id, full.people[2])
        db.act(service.look, full.people[1])
        assert states(full) == {0: "lapsed", 1: "offered"}
        assert set(offers()) == {full.people[1]}


def test_the_sweep_tells_the_next_one_as_soon_as_an_offer_has_lapsed(full):
    wait(full, full.people[0])
    wait(full, full.people[1])
    db.act(service.cancel, full.seated[0].id)
    with clock.travel(timedelta(hours=20)):
        SWEEPS["bookings.offers"].run()
        assert states(full) == {0: "lapsed", 1: "offered"}


def test_who_says_no_may_keep_his_place_for_another_departure(full):
    wait(full, full.people[0])
    wait(full, full.people[1])
    db.act(service.cancel, full.seated[0].id)
    db.act(service.decline, full.people[0], stay=True)
    assert states(full) == {0: "waiting", 1: "offered"}
    db.act(service.cancel, full.seated[1].id)  # the same departure is not offered to him again
    assert states(full) == {0: "waiting", 1: "offered"}
    assert left(full) == 1
    with db.transaction() as session:
        coach(session, full.campaign, full.corridor, full.vehicle, full.stop, 4, days=5)
    db.act(service.look, full.people[0])
    assert states(full)[0] == "offered"


def test_who_says_no_and_goes_stands_in_no_line(full):
    wait(full, full.people[0])
    db.act(service.cancel, full.seated[0].id)
    db.act(service.decline, full.people[0], stay=False)
    assert states(full) == {0: "declined"}
    assert left(full) == 1
    with pytest.raises(NotFound):
        db.act(service.decline, full.people[0], stay=False)
    wait(full, full.people[0])


def test_a_family_is_seated_together_or_passed_over_and_keeps_its_place(full):
    wait(full, full.people[0], full.people[1], full.people[2])
    wait(full, full.people[3])
    db.act(service.cancel, full.seated[0].id)
    assert states(full) == {0: "waiting", 1: "waiting", 2: "waiting", 3: "offered"}
    for booking in full.seated[1:]:
        db.act(service.cancel, booking.id)
    assert states(full) == {0: "offered", 1: "offered", 2: "offered", 3: "offered"}
    assert {booking.departure_id for booking in offers().values()} == {full.departure.id}


def test_whoever_takes_a_free_seat_himself_stands_in_no_line_any_more(full):
    wait(full, full.people[0])
    with db.transaction() as session:
        other = coach(session, full.campaign, full.corridor, full.vehicle, full.stop, 4, days=5)
    found = db.act(service.hold, other.id, full.people[0])
    db.act(service.confirm, found.id)
    assert states(full) == {0: "seated"}
    db.act(service.cancel, full.seated[0].id)
    assert left(full) == 1
    assert offers() == {}


def test_the_window_and_the_way_to_the_stop_decide_who_is_asked(full):
    db.act(service.wait_for, [full.people[0]], Wanted(full.corridor.id, clock.today(), clock.today(), 0))
    with db.transaction() as session:  # somebody from the next county, who goes as far as 80 km
        session.get_one(Registration, (full.campaign.id, full.people[1])).origin = "511902"
        session.get_one(Registration, (full.campaign.id, full.people[2])).origin = "511902"
    wait(full, full.people[1], km=0)
    wait(full, full.people[2], km=80)
    db.act(service.cancel, full.seated[0].id)
    assert states(full) == {0: "waiting", 1: "waiting", 2: "offered"}


def test_what_is_free_is_offered_as_soon_as_somebody_begins_to_wait(full):
    db.act(service.cancel, full.seated[0].id)
    wait(full, full.people[0])
    assert states(full) == {0: "offered"}


def test_nobody_waits_twice_or_with_a_seat_or_before_he_is_confirmed(full):
    wait(full, full.people[0])
    with pytest.raises(AlreadyWaiting):
        wait(full, full.people[0])
    with db.transaction() as session:
        seated = session.get_one(Registration, (full.campaign.id, full.seated[0].registration_id))
        seated.state = "confirmed"
    with pytest.raises(AlreadyBooked):
        wait(full, full.seated[0].registration_id)
    with db.transaction() as session:
        session.get_one(Registration, (full.campaign.id, full.people[1])).state = "received"
    with pytest.raises(NotEligible):
        wait(full, full.people[1])


def test_who_withdraws_gives_his_place_in_the_line_and_his_offer_to_the_next(full):
    wait(full, full.people[0])
    wait(full, full.people[1])
    wait(full, full.people[2])
    db.act(service.withdraw_registration, full.people[2])
    db.act(service.cancel, full.seated[0].id)
    db.act(service.withdraw_registration, full.people[0])
    assert states(full) == {0: "declined", 1: "offered", 2: "left"}


def test_somebody_who_leaves_the_line_leaves_it_with_who_waits_with_him(full):
    wait(full, full.people[0], full.people[1])
    db.act(service.leave_line, full.people[1])
    assert states(full) == {0: "left", 1: "left"}


def test_the_database_refuses_a_step_that_the_line_does_not_know(full):
    wait(full, full.people[0])
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(text("UPDATE waiting SET state = 'lapsed', ended_at = now()"))
    db.act(service.leave_line, full.people[0])
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(text("UPDATE waiting SET state = 'waiting', ended_at = NULL"))


def test_the_seat_map_shows_as_taken_what_the_line_will_get(full):
    wait(full, full.people[0])
    wait(full, full.people[1])
    db.act(service.cancel, full.seated[0].id)
    with clock.travel(timedelta(hours=20)):  # the first offer has lapsed, and nothing has written it down
        rows = db.ask(queries.seat_map, SYSTEM, full.departure.id)[0]
    assert {one.state for row in rows for one in row if one} == {"taken"}


def test_the_desk_sees_the_line_of_each_corridor_in_its_order(full, client):
    wait(full, full.people[1])
    wait(full, full.people[0])
    db.act(service.cancel, full.seated[0].id)
    found = db.ask(line.lines, Actor(Role.CITY_ORGANIZER), full.campaign.id, None)
    assert [(one.name, one.waiting, one.offered) for one in found] == [("巴中线", 1, 1)]
    assert [place.registration_id for place in found[0].places] == [full.people[1], full.people[0]]
    assert [place.ahead for place in found[0].places] == [0, 0]


def test_a_full_departure_offers_the_waiting_list_by_the_api(full, client):
    with db.transaction() as session:
        clerk = bearer(session, Role.EMPLOYER, "employer", full.employer.id)
        stranger = bearer(session, Role.EMPLOYER, "employer", full.other.id)
    refused = client.post(f"/api/v1/departures/{full.departure.id}/bookings",
                          json={"registration_id": str(full.people[0])}, headers=clerk)
    assert (refused.status_code, refused.json["code"]) == (409, "departure_full")
    there = refused.json["waiting_list"]
    assert client.post(there, json={"departure_id": str(full.departure.id)}, headers=stranger).status_code == 404
    joined = client.post(there, json={"departure_id": str(full.departure.id)}, headers=clerk)
    assert joined.status_code == 201, joined.text
    assert (joined.json["items"][0]["state"], joined.json["items"][0]["ahead"]) == ("waiting", 0)
    again = client.post(there, json={"departure_id": str(full.departure.id)}, headers=clerk)
    assert (again.status_code, again.json["code"]) == (409, "already_waiting")
    db.act(service.cancel, full.seated[0].id)
    request = client.get(f"/api/v1/registrations/{full.people[0]}", headers=clerk).json
    assert request["state"] == "offered"
    accepted = client.post(f"/api/v1/bookings/{request['bookings'][0]['id']}/confirm", headers=clerk)
    assert (accepted.status_code, accepted.json["state"]) == (200, "confirmed")
    assert client.get(there, headers=clerk).json["items"] == []
    wrong = client.post(f"/api/v1/registrations/{full.people[1]}/waiting", headers=clerk,
                        json={"departure_id": str(full.departure.id), "earliest": "morgen"})
    assert (wrong.status_code, wrong.json["errors"][0]["code"]) == (422, "date_invalid")
