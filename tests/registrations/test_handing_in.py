"""The phone form is handed in: who is registered, what is kept beside it, and what another phone never opens."""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import UUID

import bookings.factories as make
import pytest
from registrations.worker_stand import id_number
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.models import LoginSession
from charter.access.service import codes, sessions
from charter.bookings import trip
from charter.bookings.service import take_seats
from charter.campaigns.opening import opening
from charter.core import clock, db
from charter.core.actor import Actor, Role, acting
from charter.core.problems import Invalid, NotFound
from charter.notices.queries import newest_to
from charter.people.models import Worker
from charter.registrations import drafts, joining, queries, service
from charter.registrations.models import Companion, Consent, Draft, HealthDeclaration, Registration
from charter.registrations.rules.filled import Asked

MINE, OTHER = "15400000001", "15400000002"


class Form:
    """The form of one phone, filled in with what most people type."""

    def __init__(self, made: make.Scene, phone: str = MINE) -> None:
        self.campaign_id, self.employer_id = made.campaign.id, made.employer.id
        with db.transaction() as session:
            account = codes.worker_account(session, phone)
            sessions.begin(session, account, second_factor=False)
        self.account_id = account.id

    @property
    def actor(self) -> Actor:
        """Who acts by the session of this phone."""
        with db.transaction() as session:
            login = session.scalars(select(LoginSession).where(LoginSession.account_id == self.account_id)).one()
        return Actor(Role.WORKER, account_id=str(self.account_id), session_id=login.id_hash.hex(), scope_kind="worker",
                     scope_id=str(login.worker_id) if login.worker_id else None)

    def fill(self, *, name: str = "张建国", born: date = date(1990, 5, 1), order: int = 102,
             companions: tuple[dict[str, str], ...] = (), **changed: dict[str, object]) -> None:
        today = clock.today()
        steps: dict[str, dict[str, object]] = {
            "who": {"name": name, "id_type": "resident_id", "id_number": id_number(born, order),
                    "employer": str(self.employer_id)},
            "way": {"origin": make.ORIGIN, "earliest": today.isoformat(),
                    "latest": (today + timedelta(days=9)).isoformat(), "modes": ["bus"], "reach": "feeder"},
            "with": {"needs": ["行李多"], "needs_more": "", "emergency_name": "李秀英", "emergency_phone": OTHER},
            "agree": dict.fromkeys(("use", "sensitive", "sharing", "child", "family"), "yes")}
        for step, written in steps.items():
            db.act(drafts.put_step, self.actor, self.campaign_id, step, written | changed.get(step, {}))
        for person in companions:
            db.act(drafts.put_companion, self.actor, self.campaign_id, None, person)

    def hand_in(self, *, health: bool = False) -> UUID | None:
        campaign = db.ask(opening, self.campaign_id)
        assert campaign is not None
        asked = Asked(clock.today(), campaign.days, campaign.modes, health)
        with acting(self.actor):
            return db.act(joining.hand_in, self.actor, self.campaign_id, asked)


def person(name: str, kind: str, born: date, order: int, id_type: str = "resident_id") -> dict[str, str]:
    return {"kind": kind, "name": name, "id_type": id_type, "id_number": id_number(born, order), "phone": "",
            "birth_date": ""}


def rows() -> list[Registration]:
    with db.transaction() as session:
        return list(session.scalars(select(Registration).order_by(Registration.created_at, Registration.id)))


@pytest.fixture
def made(database: str) -> make.Scene:
    with db.transaction() as session:
        return make.scene(session, 8)


def test_a_family_is_one_party_with_its_children_and_every_answer_beside_it(made: make.Scene) -> None:
    form, today = Form(made), clock.today()
    form.fill(companions=(person("李梅", "adult", date(1991, 3, 2), 104),
                          person("张小宝", "child", today - timedelta(days=9 * 365), 204, "household_book"),
                          person("张小妹", "lap", today - timedelta(days=2 * 365), 206, "household_book")),
              agree={"health": "unwell", "health_more": "咳嗽"})
    first = form.hand_in(health=True)
    found = rows()
    assert [one.state for one in found] == ["received"] * 3
    assert len({one.party_id for one in found}) == 1
    assert {one.reach for one in found} == {"feeder"}
    main = next(one for one in found if one.id == first)
    assert (main.lap_children, main.needs) == (1, "行李多")
    with db.transaction() as session:
        assert json.loads(joining.EMERGENCY.open_bytes(main.id, main.emergency_sealed or b""))["phone"] == OTHER
        health = session.scalars(select(HealthDeclaration)).all()
        assert {json.loads(joining.HEALTH.open_bytes(one.registration_id, one.answers_sealed))["more"]
                for one in health} == {"咳嗽"}
        lap = session.scalars(select(Companion)).one()
        assert (lap.name, lap.registration_id) == ("张小妹", first)
        assert joining.COMPANION.open_bytes(lap.id, lap.number_sealed or b"").startswith(b"511922")
        child = session.scalars(select(Worker).where(Worker.name == "张小宝")).one()
        assert child.household_book
        layers = {(name, one.layer, one.given_by) for one, name in session.execute(
            select(Consent, Worker.name).join(Registration, Registration.id == Consent.registration_id)
            .join(Worker, Worker.id == Registration.worker_id))}
        assert session.scalars(select(Draft)).all() == []
    assert {("张建国", "sharing", "worker"), ("张建国", "child", "guardian"), ("张小宝", "child", "guardian"),
            ("李梅", "use", "family")} <= layers
    assert ("李梅", "child", "guardian") not in layers
    assert "已收到您的报名" in db.ask(newest_to, MINE, 1)[0]


def test_the_session_acts_for_the_first_person_and_sees_whom_it_registered(made: make.Scene) -> None:
    form = Form(made)
    form.fill(companions=(person("李梅", "adult", date(1991, 3, 2), 104),))
    first = form.hand_in()
    assert form.actor.scope("worker") == str(next(one.worker_id for one in rows() if one.id == first))
    shown = db.ask(trip.of_request, form.actor, first)
    assert [one.request.name for one in shown.party] == ["李梅"]
    stranger = Form(made, OTHER)
    stranger.fill(name="王五", born=date(1985, 1, 1), order=301)
    stranger.hand_in()
    with pytest.raises(NotFound):
        db.ask(trip.of_request, stranger.actor, first)


def test_a_second_tap_registers_nobody_twice(made: make.Scene) -> None:
    form = Form(made)
    form.fill()
    assert form.hand_in() is not None
    assert form.hand_in() is None
    assert len(rows()) == 1


def test_a_person_of_another_phone_is_neither_shown_nor_taken_over(made: make.Scene) -> None:
    owner = Form(made)
    owner.fill()
    owner.hand_in()
    with db.transaction() as session:
        before = session.scalars(select(Worker.phone_tag)).one()
    thief = Form(made, OTHER)
    thief.fill()
    thief.hand_in()
    assert sorted(one.state for one in rows()) == ["needs_decision", "received"]
    assert thief.actor.scope_id is None
    assert db.ask(trip.own, thief.actor) is None
    assert len(db.ask(trip.waiting_check, thief.actor)) == 1
    for one in rows():
        with pytest.raises(NotFound):
            db.ask(queries.find, thief.actor, one.id)
    with db.transaction() as session:
        assert session.scalars(select(Worker.phone_tag)).one() == before


def test_even_without_a_request_another_phones_person_waits_for_a_decision(made: make.Scene) -> None:
    owner = Form(made)
    owner.fill()
    first = owner.hand_in()
    with acting(owner.actor):
        db.act(service.withdraw, first)
    thief = Form(made, OTHER)
    thief.fill()
    thief.hand_in()
    second = next(one for one in rows() if one.id != first)
    assert (second.state, second.state_reason) == ("needs_decision", "phone")
    assert thief.actor.scope_id is None


def test_whoever_is_known_by_a_list_with_the_same_phone_is_himself(made: make.Scene) -> None:
    with db.transaction() as session:
        service.register_many(session, made.campaign.id, made.other.id,
                              [make.request(7, name="张建国", id_number=id_number(date(1990, 5, 1)), phone=MINE)],
                              source="employer", source_id="")
        listed = session.scalars(select(Registration)).one()
        listed.state = "withdrawn"
    form = Form(made)
    form.fill()
    form.hand_in()
    assert form.actor.scope("worker") == str(listed.worker_id)


def test_what_lacks_is_named_by_step_and_nothing_is_half_written(made: make.Scene) -> None:
    form = Form(made)
    form.fill(way={"modes": []}, agree={"sharing": ""}, companions=(
        person("张小妹", "lap", clock.today() - timedelta(days=8 * 365), 206, "household_book"),))
    with pytest.raises(Invalid) as wrong:
        form.hand_in()
    assert {problem.field for problem in wrong.value.errors} == {"modes", "sharing", "companions"}
    assert rows() == []
    with db.transaction() as session:
        assert session.scalars(select(Worker)).all() == []
        assert len(session.scalars(select(Draft)).all()) == 1


def test_nobody_stands_twice_in_a_party(made: make.Scene) -> None:
    form = Form(made)
    form.fill(companions=(person("张建国", "adult", date(1990, 5, 1), 102),))
    with pytest.raises(Invalid) as wrong:
        form.hand_in()
    assert [problem.code for problem in wrong.value.errors] == ["twice"]


def test_drafts_are_sealed_apart_and_gone_after_a_month(made: make.Scene) -> None:
    form, other = Form(made), Form(made, OTHER)
    form.fill()
    with db.transaction() as session:
        content = session.scalars(select(Draft.content_sealed)).one()
    assert b"511922" not in content
    assert "张建国".encode() not in content
    assert db.ask(drafts.read, other.actor, made.campaign.id) == {}
    with clock.travel(timedelta(days=31)):
        db.act(drafts.put_step, other.actor, made.campaign.id, "who", {"name": "李四"})
    assert db.ask(drafts.read, form.actor, made.campaign.id) == {}


def test_family_seats_are_taken_together_or_not_at_all(made: make.Scene) -> None:
    form = Form(made)
    form.fill(companions=(person("李梅", "adult", date(1991, 3, 2), 104),))
    form.hand_in()
    ids = [one.id for one in rows()]
    with acting(Actor(Role.EMPLOYER, scope_kind="employer", scope_id=str(made.employer.id))):
        for one in ids:
            db.act(service.confirm, one)

    def taken(session: Session) -> list[str | None]:
        return [booking.seat for booking in take_seats(session, made.departure.id, ids, ["3", "4"])]
    with acting(form.actor):
        assert db.act(taken) == ["3", "4"]
        shown = db.ask(trip.of_request, form.actor, ids[0])
        assert len(shown.held) == 2
        assert len(trip.riders(shown)) == 2
        again = db.act(take_seats, made.departure.id, ids, ["1", "2"])
    assert sorted(str(booking.seat) for booking in again) == ["1", "2"]
