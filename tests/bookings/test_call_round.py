"""Before departure everybody is asked; who is not heard stands on one list, and a no gives the seat back at once."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from bookings.factories import riders
from cast import assemble, token
from sqlalchemy import select, update

from charter import jobs
from charter.access.models import Account
from charter.access.service import sessions
from charter.bookings import round as calling
from charter.bookings import round_list
from charter.bookings.models import Booking, RoundCall
from charter.bookings.problems import TakenByOther
from charter.bookings.service import Placement, place_many, reply
from charter.campaigns.models import Departure
from charter.core import clock, db, settings
from charter.core.actor import Actor, Role, acting
from charter.core.outgoing import signature
from charter.notices import queries as notices
from charter.notices.models import Outbox
from charter.registrations.models import Registration

PHONES = [f"154{number:08d}" for number in range(3)]


def noon(days=0):
    """Move the clock to noon, so many days ahead."""
    wanted = clock.at_local(clock.today() + timedelta(days=days), time(12))
    return clock.travel(wanted - clock.now())


@pytest.fixture
def world(database):
    """Three people seated on a coach that leaves in three days at noon."""
    with db.transaction() as session:
        cast = assemble(session)
        ids = riders(session, cast.scene, 3)
        leaves = clock.at_local(clock.today() + timedelta(days=3), time(15))
        departure = session.get_one(Departure, cast.scene.departure.id)
        departure.date, departure.departs_at = clock.local(leaves).date(), leaves
        departure.arrives_at = leaves + timedelta(hours=22)
        session.flush()
        serials = place_many(session, cast.scene.campaign.id, [Placement(key, departure.id) for key in ids])
    return cast, ids, serials


def row(key):
    with db.transaction(read_only=True) as session:
        return session.scalars(select(RoundCall).where(RoundCall.registration_id == key)
                               .order_by(RoundCall.days)).first()


def state(key):
    with db.transaction(read_only=True) as session:
        return session.scalars(select(Registration.state).where(Registration.id == key)).one()


def listed(cast, name="hotline"):
    return {one.registration_id: one for one in db.ask(round_list.to_call, cast.actors[name])}


def answer(client, phone, text, key="in-1"):
    body = json.dumps({"id": key, "from": phone, "text": text}).encode()
    at = int(datetime.now().timestamp() + (clock.now().timestamp() - datetime.now().timestamp()))
    settings.use(settings.read({"CHARTER_SMS_SECRET": "hush"}))
    return client.post("/api/v1/sms/answers", data=body, content_type="application/json", headers={
        "webhook-id": key, "webhook-timestamp": str(at), "webhook-signature": signature(b"hush", key, at, body)})


def test_everybody_is_asked_once_each_time_and_only_by_day(world):
    with noon(), clock.travel(timedelta(hours=-6)):
        assert db.act(calling.ask_round) == 0
    with noon():
        assert db.act(calling.ask_round) == 3
        assert db.act(calling.ask_round) == 0
    with noon(2):
        assert db.act(calling.ask_round) == 3
    assert "来回 1，不来回 2" in db.ask(notices.newest_to, PHONES[0], 1)[0]


def test_one_in_answer_means_that_he_comes(client, world):
    cast, ids, _ = world
    with noon():
        db.act(calling.ask_round)
        assert answer(client, PHONES[0], "1").json == {"taken": True}
        jobs.run_waiting()
        assert (row(ids[0]).said, state(ids[0])) == ("yes", "booked")
    with noon(), clock.travel(timedelta(hours=5)):
        assert ids[0] not in listed(cast)


def test_two_gives_the_seat_back_at_once(client, world):
    ids = world[1]
    with noon():
        db.act(calling.ask_round)
        answer(client, PHONES[1], "2")
        answer(client, PHONES[1], "2")
        jobs.run_waiting()
        assert state(ids[1]) == "withdrawn"
    with db.transaction(read_only=True) as session:
        states = dict(session.execute(select(Booking.registration_id, Booking.state)).all())
    assert states[ids[1]] == "cancelled"
    assert states[ids[0]] == "confirmed"


def test_a_no_of_a_phone_that_several_share_is_asked_about(client, world):
    cast, ids, _ = world
    from charter.people.models import Worker
    from charter.people.sealing import WORKER_PHONE, phone_tag

    with db.transaction() as session:
        for worker in session.scalars(select(Worker)):
            worker.phone_sealed, worker.phone_tag = WORKER_PHONE.seal(worker.id, PHONES[0]), phone_tag(PHONES[0])
    with noon():
        db.act(calling.ask_round)
        answer(client, PHONES[0], "2")
        jobs.run_waiting()
        assert {state(key) for key in ids} == {"booked"}
        assert {one.reason for one in listed(cast).values()} == {"call"}


def test_who_is_silent_failed_or_has_another_trip_stands_on_the_list(world):
    cast, ids, serials = world
    with noon():
        db.act(calling.ask_round)
        assert listed(cast) == {}
        with db.transaction() as session:
            session.execute(update(Outbox).where(Outbox.unique_key == f"ask_coming|{serials[0]}|3").values(
                state="failed"))
        assert {key: one.reason for key, one in listed(cast).items()} == {ids[0]: "failed"}
    with noon(), clock.travel(timedelta(hours=5)):
        assert {one.reason for one in listed(cast).values()} == {"failed", "silent"}
        me = Actor(Role.CITY_ORGANIZER)
        with acting(me):
            db.act(reply, ids[2], "coming")
        assert ids[2] not in listed(cast)
        with db.transaction() as session:
            session.scalars(select(Booking).where(Booking.id == serials[2])).one().seat = "8"
        assert listed(cast)[ids[2]].reason == "changed"


def test_hotline_employer_and_partner_see_each_their_own(world):
    cast, ids, _ = world
    with noon():
        db.act(calling.ask_round)
    with noon(), clock.travel(timedelta(hours=5)):
        assert set(listed(cast, "clerk")) == set(listed(cast)) == set(ids)
        for name in ("other_clerk", "far_clerk", "partner", "far_district"):
            assert listed(cast, name) == {}


def signed_in(app, cast, name):
    """A browser of this member whose session begins now, on the moved clock."""
    with db.transaction() as session:
        account = session.get_one(Account, UUID(cast.actors[name].account_id))
        cast.cookies[name] = sessions.begin(session, account, second_factor=True)
    return cast.client(app, name)


def test_one_caller_at_a_time_and_the_number_only_for_him(app, world):
    cast, ids, _ = world
    with noon():
        db.act(calling.ask_round)
    with noon(), clock.travel(timedelta(hours=5)):
        hotline, clerk = signed_in(app, cast, "hotline"), signed_in(app, cast, "clerk")
        key = row(ids[0]).id
        assert PHONES[0] not in hotline.get("/desk/round").text
        answer = hotline.post(f"/desk/round/{key}/take", data=token(hotline, "/desk/round"))
        assert answer.status_code == 303
        assert f'href="tel:{PHONES[0]}"' in hotline.get(answer.location).text
        assert "别人正在打" in clerk.get("/desk/round").text
        assert clerk.post(f"/desk/round/{key}/take", data=token(clerk, "/desk/round")).status_code == 409
        assert clerk.get(f"/desk/round/{key}").status_code == 409
        assert clerk.post(f"/desk/round/{key}/no", data=token(clerk, "/desk/round")).status_code == 409
        assert state(ids[0]) == "booked"
        hotline.post(f"/desk/round/{key}/no", data=token(hotline, "/desk/round"))
        assert state(ids[0]) == "withdrawn"


def test_who_does_not_pick_up_comes_again_after_an_hour(world):
    cast, ids, _ = world
    with noon():
        db.act(calling.ask_round)
    with noon(), clock.travel(timedelta(hours=5)), acting(cast.actors["hotline"]):
        key = row(ids[0]).id
        db.act(calling.take, key)
        db.act(calling.finish, key, "no_answer")
        assert ids[0] not in listed(cast)
        with clock.travel(timedelta(minutes=61)):
            assert (listed(cast)[ids[0]].tries, listed(cast)[ids[0]].outcome) == (1, "no_answer")


def test_a_call_that_lies_too_long_is_free_for_others(world):
    cast, ids, _ = world
    with noon():
        db.act(calling.ask_round)
        key = row(ids[0]).id
        with acting(cast.actors["hotline"]):
            db.act(calling.take, key)
        with acting(cast.actors["clerk"]):
            with pytest.raises(TakenByOther):
                db.act(calling.take, key)
            with clock.travel(timedelta(minutes=16)):
                db.act(calling.take, key)
