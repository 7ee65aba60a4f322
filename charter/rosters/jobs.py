"""The job that reads a list, or takes its rows: step by step, each step its own transaction.

A process that is killed leaves whole steps only; the next one goes on from there. Two at once cannot be: the second
one leaves, and the first looks once more before it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import islice
from uuid import UUID

from charter.core import locks
from charter.core.bulk import analyze_grown
from charter.core.db import act, ask
from charter.core.problems import Problem
from charter.people.models import Worker, WorkerDocument
from charter.places import table as places
from charter.registrations.models import Consent, Party, Registration
from charter.registrations.problems import AlreadyRegistered
from charter.rosters import service
from charter.rosters.memory import in_memory
from charter.rosters.problems import Stopped
from charter.rosters.reader.read import Refused, read_rows
from charter.rosters.reader.result import Expected, RowResult, SheetResult
from charter.rosters.service.reading import Work

__all__ = ["give_up", "run"]

ROWS = 2_000  # read in one transaction
LANES = 2  # portions that are taken at the same time
TRIES = 3  # of a step in which somebody else registered the same person at the same moment


def run(batch_id: str) -> None:
    """Do what the list waits for."""
    key = UUID(batch_id)
    while not ask(service.ended, key):
        with locks.holding("roster", key) as mine:
            if not mine:
                return
            _work(key)


def give_up(batch_id: str) -> None:
    """The processes that worked on this list were killed too often."""
    act(service.fail, UUID(batch_id))


def _work(key: UUID) -> None:
    work = act(service.begin, key)
    if work is not None:
        _read(key, work)
        return
    try:
        _take(key)
        while act(service.withdraw_some, key):
            pass
    except Stopped:
        pass
    except Problem as problem:
        act(service.fail, key, problem)


def _take(key: UUID) -> None:
    """Take what is left, two portions at a time: while one waits for the database, the other is worked on."""
    left = iter(ask(service.portions_left, key))
    with ThreadPoolExecutor(LANES) as lanes:
        for lane in [lanes.submit(copy_context().run, _lane, key, left) for _ in range(LANES)]:
            lane.result()
    act(analyze_grown, Worker, WorkerDocument, Party, Registration, Consent)


def _lane(key: UUID, left: Iterator[int]) -> None:
    for portion in left:
        if not _take_portion(key, portion):
            return


def _take_portion(key: UUID, portion: int) -> bool:
    for _ in range(TRIES - 1):
        try:
            return act(service.take_portion, key, portion)
        except AlreadyRegistered:
            continue
    return act(service.take_portion, key, portion)


def _read(key: UUID, work: Work) -> None:
    sheets: list[SheetResult] = []
    try:
        with in_memory(work.content) as path:
            found = read_rows(path, today=work.today, divisions=places.load(), headings=work.headings)
            rows = islice(_rows(key, found, sheets), work.done, None)
            first = work.done
            while some := list(islice(rows, ROWS)):
                if not act(service.keep, key, first, some):
                    return
                first += len(some)
        act(service.finish, key, sheets)
    except Refused as refused:
        act(service.refuse, key, refused)


def _rows(key: UUID, found: Iterator[Expected | SheetResult | RowResult],
          sheets: list[SheetResult]) -> Iterator[RowResult]:
    for one in found:
        if isinstance(one, RowResult):
            yield one
        elif isinstance(one, SheetResult):
            sheets.append(one)
        else:
            act(service.expect, key, one.rows)
