"""The job that reads a list, or takes its rows: step by step, each step its own transaction.

A process that is killed leaves whole steps only; the next one goes on from there. Two at once cannot be: the second
one leaves, and the first looks once more before it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from charter.rosters.reader.read import Refused, read_rows
from charter.rosters.reader.result import RowResult, SheetResult
from charter.rosters.service.reading import Work

__all__ = ["give_up", "run"]

ROWS = 2_000  # of one transaction
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
        while _take(key):
            act(analyze_grown, Worker, WorkerDocument, Party, Registration, Consent)
        while act(service.withdraw_some, key):
            pass
    except Problem as problem:
        act(service.fail, key, problem)


def _take(key: UUID) -> bool:
    for _ in range(TRIES - 1):
        try:
            return act(service.take_some, key)
        except AlreadyRegistered:
            continue
    return act(service.take_some, key)


def _read(key: UUID, work: Work) -> None:
    sheets: list[SheetResult] = []
    try:
        with in_memory(work.content) as path:
            found = read_rows(path, today=work.today, divisions=places.load(), headings=work.headings)
            rows = islice(_rows(found, sheets), work.done, None)
            first = work.done
            while some := list(islice(rows, ROWS)):
                if not act(service.keep, key, first, some):
                    return
                first += len(some)
        act(service.finish, key, sheets)
    except Refused as refused:
        act(service.refuse, key, refused)


def _rows(found: Iterator[SheetResult | RowResult], sheets: list[SheetResult]) -> Iterator[RowResult]:
    for one in found:
        if isinstance(one, SheetResult):
            sheets.append(one)
        else:
            yield one
