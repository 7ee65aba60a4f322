"""One phone, several people; numbers that changed hands; numbers that changed."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from access import pages
from bookings import factories

from charter.access.service import codes, persons, sessions
from charter.core import clock, db
from charter.core.actor import Actor, Role, acting
from charter.notices import queries as notices
from charter.people.queries import workers

PHONE, OTHER = "15400000077", "15400000088"


@pytest.fixture
def family(database):
    """Two people whom an employer's list names with one phone: (name, ID number) each."""
    with db.transaction() as session:
        made = factories.scene(session)
        wanted = [factories.request(number, phone=PHONE) for number in (1, 2)]
        factories.register_many(session, made.campaign.id, made.employer.id, wanted, source="employer", source_id="")
    return [(found.name, found.id_number) for found in wanted]


def newest_code(phone: str) -> str:
    return re.search(r"\d{6}", db.ask(notices.newest_to, phone, 1)[0])[0]


def enter(app, phone: str = PHONE):
    client = app.test_client()
    pages.post(client, "/sign-in/phone", phone=phone)
    return client, pages.post(client, "/sign-in/code", code=newest_code(phone))


def names_seen(client) -> set[str]:
    return set(re.findall(r"<button class=\"button\">(\S+) · ", client.get("/who").text))


def test_a_phone_shows_nobody_before_its_holder_has_said_who_he_is(app, family):
    client, entered = enter(app)
    assert entered.location == "/who"
    page = client.get("/who").text
    assert not any(name in page or number[-4:] in page for name, number in family)


def test_name_and_last_six_open_just_that_person(app, family):
    client, _ = enter(app)
    (name, number), (other, _) = family
    assert pages.post(client, "/who/prove", name=name, tail=number[-6:]).status_code == 303
    assert names_seen(client) == {name}
    assert other not in client.get("/who").text
    again, entered = enter_later(app)
    assert entered.location == "/who", "two people gave this number: which one is asked"
    assert names_seen(again) == {name}


def enter_later(app):
    with clock.travel(timedelta(minutes=2)):
        return enter(app)


def test_both_may_use_the_phone_and_switch(app, family):
    client, _ = enter(app)
    for name, number in family:
        assert pages.post(client, "/who/prove", name=name, tail=number[-6:]).status_code == 303
    assert names_seen(client) == {name for name, _ in family}
    first = re.search(r'action="(/who/[0-9a-f-]{36})"', client.get("/who").text)[1]
    before = client.get_cookie("session").value
    assert pages.post(client, first).status_code == 303
    assert client.get_cookie("session").value != before
    stale = app.test_client()
    stale.set_cookie("session", before)
    assert stale.get("/account").status_code == 303


def test_a_stranger_with_a_recycled_number_gets_five_tries_and_no_more(app, family):
    client, _ = enter(app)
    name, number = family[0]
    for _ in range(5):
        assert pages.post(client, "/who/prove", name=name, tail="000000").status_code == 422
    locked = pages.post(client, "/who/prove", name=name, tail=number[-6:])
    assert locked.status_code == 403
    assert "热线" in locked.text
    with db.transaction() as session:
        person = workers.of_phone(session, PHONE)[0]
        persons.unlock(session, person.id, "asked for name, number and employer")
    assert pages.post(client, "/who/prove", name=name, tail=number[-6:]).status_code == 303


def test_forty_answers_at_once_are_five_comparisons(app, family, monkeypatch):
    compared = []
    real = persons._is
    monkeypatch.setattr(persons, "_is", lambda *given: compared.append(1) or real(*given))
    client, _ = enter(app)
    with db.transaction() as session:
        actor = Actor(Role.WORKER, str(codes.worker_account(session, PHONE).id), "worker", None,
                      session_id=sessions.id_of(client.get_cookie("session").value))

    def guess(tail: int) -> object:
        try:
            with acting(actor):
                return db.act(persons.prove, actor, "王甲", f"{tail:06d}")
        except persons.PersonLocked:
            return None
    with ThreadPoolExecutor(8) as hands:
        assert not any(hands.map(guess, range(40)))
    assert len(compared) <= 5 * len(family)


def test_the_right_person_under_a_wrong_name_stays_closed(app, family):
    client, _ = enter(app)
    assert pages.post(client, "/who/prove", name=family[1][0], tail=family[0][1][-6:]).status_code == 422
    assert pages.post(client, "/who/prove", name=family[0][0], tail=family[0][1][-4:]).status_code == 422


def test_a_worker_of_another_phone_cannot_be_chosen(app, family):
    client, _ = enter(app)
    with db.transaction() as session:
        mine = workers.of_phone(session, PHONE)[0].id
    assert pages.post(client, f"/who/{mine}").status_code == 404, "not proven yet"
    assert pages.post(client, "/who/00000000-0000-4000-8000-000000000000").status_code == 404


def test_somebody_without_data_goes_straight_on(app, database):
    client, entered = enter(app, OTHER)
    assert entered.location == "/home"
    assert client.get("/who").location == "/home"


def test_a_worker_changes_his_number_and_the_old_phone_is_told_and_signed_out(app, family):
    client, _ = enter(app)
    name, number = family[0]
    pages.post(client, "/who/prove", name=name, tail=number[-6:])
    assert pages.post(client, "/me/phone", phone=OTHER).location == "/me/phone/code"
    code = newest_code(OTHER)
    old = client.get_cookie("session").value
    assert pages.post(client, "/me/phone/code", code=code, tail="999999").status_code == 422
    assert pages.post(client, "/me/phone/code", code=code, tail=number[-6:]).status_code == 303
    assert client.get("/account").status_code == 200
    stale = app.test_client()
    stale.set_cookie("session", old)
    assert stale.get("/account").status_code == 303
    assert OTHER[-4:] in db.ask(notices.newest_to, PHONE, 1)[0]
    assert [person.name for person in db.ask(workers.of_phone, OTHER)] == [name]
    assert [person.name for person in db.ask(workers.of_phone, PHONE)] == [family[1][0]]


def test_the_hotline_writes_another_number_and_its_holder_says_who_he_is(app, family):
    client, _ = enter(app)
    name, number = family[0]
    pages.post(client, "/who/prove", name=name, tail=number[-6:])
    with db.transaction() as session:
        worker = workers.of_phone(session, PHONE)[0].id
        persons.move_by_desk(session, worker, OTHER, "lost the card, said name, number and employer")
    moved = db.ask(workers.of_phone, OTHER)[0]
    assert not moved.phone_proven
    fresh, entered = enter(app, OTHER)
    assert entered.location == "/who"
    assert moved.name not in fresh.get("/who").text
