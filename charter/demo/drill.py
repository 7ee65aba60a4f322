"""A departure day with everything that goes wrong, replayed through the real HTTP API: `flask --app wsgi drill`.

Answers are lost, batches come twice and mixed up, clocks are wrong, the server is killed, two phones board one pass
while offline, a phone is revoked. At the end who is on board must be who got on: nobody lost, nobody twice.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.access.models import ApiToken
from charter.access.service.tokens import revoke_token
from charter.boarding.models import Scan
from charter.core import cluster, db, schema, sealed
from charter.core.db import act, ask
from charter.demo.drill_phone import Phone
from charter.demo.drill_server import Server
from charter.demo.drill_world import Coach, prepare, riders

__all__ = ["Outcome", "alone", "on"]

Say = Callable[[str], None]
SKEWS = (timedelta(0), timedelta(hours=-3, minutes=-7), timedelta(days=1, hours=2))
ABSENT, BY_HAND, UNDONE, LOSES = 0.1, 0.1, 0.08, 0.3
ROUNDS = 40  # tries until every phone has been answered


@dataclass
class Outcome:
    """What a drill found: figures, and every difference between who got on and what the server says."""

    coaches: int = 0
    boarded: int = 0
    scans: int = 0
    lost_answers: int = 0
    conflicts: int = 0
    evidence: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (f"{self.coaches} coaches, {self.boarded} people on board, {self.scans} scans kept, "
                f"{self.lost_answers} answers lost, {self.conflicts} doubled boardings found, "
                f"{self.evidence} scans of revoked phones kept as evidence")


@dataclass
class _Door:
    """A coach's phones and the truth: who got on, and which passes two phones boarded."""

    coach: Coach
    phones: list[Phone]
    on_board: set[int] = field(default_factory=set)
    doubled: set[int] = field(default_factory=set)


def alone(coaches: int, seats: int, seed: int, say: Say) -> Outcome:
    """A drill on a database of its own, which is gone afterwards; this process's database is let go for it."""
    with tempfile.TemporaryDirectory(prefix="charter-drill-") as folder:
        Path(folder).chmod(0o711)
        with cluster.running(Path(folder) / "postgres") as server:
            ring = sealed.new_ring()
            sealed.configure(ring)
            schema.upgrade(server.url())
            db.bind(server.url())
            try:
                return on(server.url(), ring, Path(folder), coaches, seats, seed, say)
            finally:
                db.unbind()


def on(url: str, ring: str, folder: Path, coaches: int, seats: int, seed: int, say: Say) -> Outcome:
    """A drill on the bound, migrated database at `url`, sealed by `ring`."""
    rng = random.Random(seed)  # noqa: S311 - an invented day
    made, token = act(prepare, rng, coaches, seats)
    doors = [_door(rng, coach) for coach in made]
    say(f"{coaches} coaches with {seats} people each stand at their stops")
    server = Server(url, ring, folder)
    server.start()
    try:
        outcome = _day(server, rng, doors, token, say)
    finally:
        server.kill()
    outcome.coaches = coaches
    return outcome


def _door(rng: random.Random, coach: Coach) -> _Door:
    phones = [Phone(coach, token, random.Random(rng.random()), skew)  # noqa: S311
              for token, skew in zip(coach.tokens, SKEWS, strict=True)]
    return _Door(coach, phones)


def _day(server: Server, rng: random.Random, doors: list[_Door], token: str, say: Say) -> Outcome:
    for door in doors:
        _board(rng, door)
    say("everybody has been scanned, with the network off")
    _deliver(server, doors, killed_after=len(doors))
    say("the phones have sent what they had; the server was killed once")
    outcome = Outcome()
    for door in doors:
        outcome.evidence += _revoked(server, door)
        _leave(server, door, token, outcome)
    for door in doors:
        for phone in door.phones:
            phone.repeat(server)
        _compare(server, door, token, outcome)
        outcome.lost_answers += sum(phone.lost for phone in door.phones)
        outcome.faults += [fault for phone in door.phones for fault in phone.faults]
    _compare_kept(doors, outcome)
    return outcome


def _board(rng: random.Random, door: _Door) -> None:
    """People get on at two doors, some by hand, some by mistake; one pass is boarded by two phones that are offline."""
    found = ask(riders, door.coach.id)
    first, second, _ = door.phones
    for place, rider in enumerate(found):
        phone = rng.choice((first, second))
        if place and rng.random() < ABSENT:
            continue
        late = 600 - place
        scan = phone.scan(rider, by_hand=rng.random() < BY_HAND, late=late)
        door.on_board.add(rider.booking)
        if place and rng.random() < UNDONE:
            phone.scan(None, kind="undo", undoes=scan, late=late - 1)
            door.on_board.discard(rider.booking)
    doubled = found[0]
    for phone in (first, second):
        phone.scan(doubled, late=60)
    door.doubled.add(doubled.booking)


def _deliver(server: Server, doors: list[_Door], killed_after: int) -> None:
    done = 0
    for round_ in range(ROUNDS):
        for phone in [phone for door in doors for phone in door.phones if phone.unsent]:
            phone.send(server, loses=LOSES if round_ < ROUNDS // 2 else 0)
            done += 1
            if done == killed_after:
                server.kill()
            elif done == killed_after + 2:
                server.start()
        if done < killed_after + 2 and done >= killed_after:
            server.start()
            done = killed_after + 2


def _revoked(server: Server, door: _Door) -> int:
    """The third phone is lost; what a stranger scans with it is kept and counts for nobody."""
    phone = door.phones[2]
    act(_take_out, door.coach.id)
    absent = [rider for rider in ask(riders, door.coach.id) if rider.booking not in door.on_board]
    for rider in absent[:2]:
        phone.scan(rider)
    phone.send(server, loses=0)
    codes = {answer["code"] for answer in phone.heard.values()}
    if absent and codes != {"device_not_allowed"}:
        phone.faults.append(f"a revoked phone was answered {codes}")
    status, _ = server.ask("GET", f"/api/v1/departures/{door.coach.id}/manifest", phone.token)
    if status != 401:
        phone.faults.append(f"a revoked phone got the list: {status}")
    return len(phone.heard)


def _take_out(session: Session, departure_id: int) -> None:
    token = session.scalars(select(ApiToken.id).where(
        ApiToken.scope_id == str(departure_id), ApiToken.name == "drill 2")).one()
    revoke_token(session, token)


def _leave(server: Server, door: _Door, token: str, outcome: Outcome) -> None:
    """A wrong count keeps the coach; the right one lets it go."""
    place = f"/api/v1/departures/{door.coach.id}"
    server.ask("POST", f"{place}/counts", token, {"counted": len(door.on_board) + 1})
    refused, _ = server.ask("POST", f"{place}/depart", token)
    server.ask("POST", f"{place}/counts", token, {"counted": len(door.on_board)})
    left, _ = server.ask("POST", f"{place}/depart", token)
    if (refused, left) != (409, 200):
        outcome.faults.append(f"coach {door.coach.id} left with {refused} and {left}")


def _compare(server: Server, door: _Door, token: str, outcome: Outcome) -> None:
    _, state = server.ask("GET", f"/api/v1/departures/{door.coach.id}/boarding", token)
    boarded = [int(item["booking_id"]) for item in state["items"] if item["state"] == "boarded"]
    if len(boarded) != len(set(boarded)):
        outcome.faults.append(f"coach {door.coach.id}: somebody stands twice in the list")
    outcome.faults += [f"coach {door.coach.id}: booking {one} was lost" for one in door.on_board - set(boarded)]
    outcome.faults += [f"coach {door.coach.id}: booking {one} is on board and never was"
                       for one in set(boarded) - door.on_board]
    counted = state["boarded_by_scan"] + state["boarded_by_hand"] - state["alighted"]
    if counted != len(door.on_board):
        outcome.faults.append(f"coach {door.coach.id}: {counted} heads for {len(door.on_board)} people")
    cases = {int(case["booking_id"]) for case in state["conflicts"]}
    if cases != door.doubled:
        outcome.faults.append(f"coach {door.coach.id}: {len(cases)} cases for {len(door.doubled)} doubled boardings")
    outcome.boarded += len(boarded)
    outcome.conflicts += len(cases)


def _compare_kept(doors: list[_Door], outcome: Outcome) -> None:
    made: set[Any] = {one["scan_id"] for door in doors for phone in door.phones for one in phone.sent}
    outcome.scans = ask(_kept)
    if outcome.scans != len(made):
        outcome.faults.append(f"{len(made)} scans were made, {outcome.scans} were kept")
    unheard = sum(len(phone.unsent) for door in doors for phone in door.phones)
    if unheard:
        outcome.faults.append(f"{unheard} scans were never answered")


def _kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Scan)) or 0
