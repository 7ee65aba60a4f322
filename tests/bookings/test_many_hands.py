"""Many people at once, in real threads, whatever they do: after each moment the database holds what may never break."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import database as databases
from bookings.factories import coach, riders, scene
from hypothesis import HealthCheck, Phase
from hypothesis import settings as configured
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text

from charter.bookings import service
from charter.bookings.models import LIVING, Booking
from charter.bookings.rules.seats import sellable
from charter.bookings.service import Placement, Wanted
from charter.bookings.service.room import expire_lapsed
from charter.campaigns.models import Departure, VehicleType
from charter.core import clock, db
from charter.core.postgres import Server
from charter.core.problems import Problem
from charter.jobs import SWEEPS
from charter.registrations.models import Registration

HANDS, PEOPLE, COACHES, SEATS = 6, 14, 3, 4
EXAMPLES = int(os.environ.get("CHARTER_EXAMPLES", "12"))  # more of them on a quiet evening

# What may never be, each as a question whose answer must be empty.
NEVER = {
    "two people on one place": """
        SELECT departure_id, slot FROM booking WHERE state IN ('held', 'confirmed')
        GROUP BY departure_id, slot HAVING count(*) > 1""",
    "one person in two places at a time": """
        SELECT a.id FROM booking a JOIN booking b ON a.worker_number = b.worker_number AND a.id < b.id
               AND a.during && b.during
        WHERE a.state IN ('held', 'confirmed') AND b.state IN ('held', 'confirmed')""",
    "more people than the load that is allowed": """
        SELECT d.id FROM departure d JOIN booking b ON b.departure_id = d.id AND b.state IN ('held', 'confirmed')
        GROUP BY d.id, d.seats_total HAVING count(*) > d.seats_total""",
    "one request with two seats": """
        SELECT b.registration_id FROM booking b WHERE b.state = 'confirmed'
        GROUP BY b.registration_id HAVING count(*) > 1""",
    "an offer without a place that is held for it, or two": """
        SELECT w.id FROM waiting w LEFT JOIN booking b ON b.waiting_id = w.id AND b.state = 'held'
        WHERE w.state = 'offered' GROUP BY w.id HAVING count(b.id) <> 1""",
    "a place held for somebody who was not offered it": """
        SELECT b.id FROM booking b JOIN waiting w ON w.id = b.waiting_id
        WHERE b.state = 'held' AND w.state <> 'offered'""",
    "somebody seated who still waits": """
        SELECT w.id FROM waiting w JOIN booking b ON b.registration_id = w.registration_id AND b.state = 'confirmed'
        WHERE w.state IN ('waiting', 'offered')""",
    "a family of which only some were offered a seat": """
        SELECT group_id FROM waiting GROUP BY group_id
        HAVING count(*) FILTER (WHERE state = 'offered') > 0 AND count(*) FILTER (WHERE state = 'waiting') > 0""",
    "a request that does not say that its person is seated": """
        SELECT r.id FROM registration r JOIN booking b ON b.registration_id = r.id AND b.state = 'confirmed'
        WHERE r.state NOT IN ('booked', 'withdrawn')""",
    "a request that says so without a seat": """
        SELECT r.id FROM registration r WHERE r.state = 'booked' AND NOT EXISTS (
            SELECT FROM booking b WHERE b.registration_id = r.id AND b.state = 'confirmed')""",
    "a seat whose pass nobody could draw": """
        SELECT b.id FROM booking b WHERE b.state = 'confirmed' AND NOT EXISTS (
            SELECT FROM booking_revision v WHERE v.booking_id = b.id AND v.revision = b.revision
                   AND v.departure_id = b.departure_id AND v.seat IS NOT DISTINCT FROM b.seat)""",
}

person, departure, booking = st.integers(0, PEOPLE - 1), st.integers(0, COACHES - 1), st.integers(0, 30)
seat = st.none() | st.sampled_from([str(number) for number in range(1, SEATS + 1)])
step = st.one_of(
    st.tuples(st.just("hold"), person, departure, seat),
    st.tuples(st.just("party"), person, st.integers(2, 4), departure),
    st.tuples(st.just("confirm"), booking),
    st.tuples(st.just("cancel"), booking),
    st.tuples(st.just("move"), booking, departure, seat),
    st.tuples(st.just("wait"), person, st.integers(1, 3)),
    st.tuples(st.just("accept"), person),
    st.tuples(st.just("decline"), person, st.booleans()),
    st.tuples(st.just("leave"), person),
    st.tuples(st.just("look"), person),
    st.tuples(st.just("plan"), person, departure),
    st.tuples(st.just("other_bus"), departure, departure),
    st.tuples(st.just("call_off"), departure),
    st.tuples(st.just("tidy")),
)


class Hands(RuleBasedStateMachine):
    """Steps taken at the same time; each may be refused by name, none may fail.

    What threads do cannot be done again in the same order: a fault is written down with what led to it, and told at the
    end, instead of being made smaller.
    """

    server: Server
    faults: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.open, self.story = ExitStack(), []
        db.bind(self.open.enter_context(databases.fresh(self.server)))
        self.open.callback(db.unbind)
        with db.transaction() as session:
            made = scene(session, seats=SEATS)
            self.people = riders(session, made, PEOPLE)
            more = [coach(session, made.campaign, made.corridor, made.vehicle, made.stop, SEATS, days=day)
                    for day in (3, 6)]
            self.departures = [made.departure.id, *(one.id for one in more)]
            self.campaign, self.corridor = made.campaign.id, made.corridor.id

    def teardown(self) -> None:
        self.open.close()

    @rule(steps=st.lists(step, min_size=2, max_size=HANDS))
    def at_once(self, steps: list[tuple]) -> None:
        start = Barrier(len(steps))
        self.story.append(steps)

        def one(wanted: tuple) -> None:
            start.wait()
            try:
                getattr(self, wanted[0])(*wanted[1:])
            except Problem:
                pass  # refused by name, with nothing done
            except Exception as fault:
                self._fault(f"{wanted}: {fault!r}")
        with ThreadPoolExecutor(len(steps)) as hands:
            list(hands.map(one, steps))

    def _fault(self, words: str) -> None:
        self.faults.append(f"{words}\n  after {self.story}")

    @rule(minutes=st.sampled_from([5, 11, 200, 900]))
    def time_passes(self, minutes: int) -> None:
        self.story.append(minutes)
        self.open.enter_context(clock.travel(timedelta(minutes=minutes)))

    @invariant()
    def nothing_is_broken(self) -> None:
        with db.transaction() as session:
            for name, question in NEVER.items():
                if session.execute(text(question)).all():
                    self._fault(name)
            for found, row, kind in session.execute(
                    select(Booking, Departure, VehicleType).join(Departure, Departure.id == Booking.departure_id)
                    .join(VehicleType, VehicleType.id == Departure.vehicle_type_id)
                    .where(Booking.state.in_(LIVING))):
                if sellable(kind.seat_map, row.kept_seats, row.seats_total)[found.slot - 1] != found.seat:
                    self._fault("a seat that is not its place's")

    @invariant()
    def after_the_sweep_nothing_is_free_that_somebody_waits_for(self) -> None:
        SWEEPS["bookings.offers"].run()
        late = [key for key in db.ask(service.to_offer) if self._leaves(key) > clock.now() + timedelta(hours=2)]
        if late:
            self._fault("free places that nobody was offered")

    def _leaves(self, departure_id: int):
        with db.transaction() as session:
            return session.get_one(Departure, departure_id).departs_at

    def _booking(self, place: int) -> int:
        with db.transaction() as session:
            found = session.scalars(select(Booking.id).order_by(Booking.created_at, Booking.id)).all()
        return found[place % len(found)] if found else 1

    def _seatless(self) -> list[UUID]:
        with db.transaction() as session:
            seated = select(Booking.registration_id).where(Booking.state.in_(LIVING))
            return list(session.scalars(select(Registration.id).where(
                Registration.state == "confirmed", Registration.id.not_in(seated)).order_by(Registration.id)))

    def hold(self, place: int, where: int, wanted: str | None) -> None:
        db.act(service.hold, self.departures[where], self.people[place], wanted)

    def party(self, first: int, size: int, where: int) -> None:
        family = [self.people[(first + n) % PEOPLE] for n in range(size)]
        made = db.act(service.hold_party, self.departures[where], family)
        assert len(made) == size

    def confirm(self, place: int) -> None:
        db.act(service.confirm, self._booking(place))

    def cancel(self, place: int) -> None:
        db.act(service.cancel, self._booking(place))

    def move(self, place: int, where: int, wanted: str | None) -> None:
        db.act(service.move, self._booking(place), self.departures[where], wanted)

    def wait(self, first: int, size: int) -> None:
        today = clock.today()
        db.act(service.wait_for, [self.people[(first + n) % PEOPLE] for n in range(size)],
               Wanted(self.corridor, today, today + timedelta(days=10), 0))

    def accept(self, place: int) -> None:
        db.act(service.confirm_all, [self.people[place]])

    def decline(self, place: int, stay: bool) -> None:
        db.act(service.decline, self.people[place], stay=stay)

    def leave(self, place: int) -> None:
        db.act(service.leave_line, self.people[place])

    def look(self, place: int) -> None:
        db.act(service.look, self.people[place])

    def plan(self, place: int, where: int) -> None:
        """A published plan seats people without asking them."""
        wanted = self._seatless()[place % 3:][:2]
        db.act(service.place_many, self.campaign, [Placement(one, self.departures[where]) for one in wanted])

    def other_bus(self, here: int, there: int) -> None:
        """The people of one coach ride with another one."""
        with db.transaction() as session:
            moving = session.execute(select(Booking.id, Booking.registration_id).where(
                Booking.departure_id == self.departures[here], Booking.state == "confirmed")).all()
        if here != there:
            db.act(service.place_many, self.campaign, [Placement(one, self.departures[there]) for _, one in moving],
                   {place: key for place, (key, _) in enumerate(moving)})

    def call_off(self, where: int) -> None:
        def off(session) -> None:
            service.empty(session, session.get_one(Departure, self.departures[where]))
        db.act(off)

    def tidy(self) -> None:
        db.act(expire_lapsed)


def test_whatever_many_hands_do_at_once_nothing_breaks_that_may_never_break(database: str, postgres: Server) -> None:
    class OnThisServer(Hands):
        server, faults = postgres, []
    run_state_machine_as_test(OnThisServer, settings=configured(
        max_examples=EXAMPLES, stateful_step_count=8, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck)))
    assert not OnThisServer.faults, "\n".join(OnThisServer.faults[:3])
