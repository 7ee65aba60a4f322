"""The job worker, and the one table of what its queue may hold: `python -m charter.jobs`; any number may run.

Rooms queue a job by name inside the act that causes it (`core.deferral.defer`). A task is a plain function of JSON
values: ids, never personal data. It runs at least once, again after a kill, so doing it twice must do no harm.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate import jobs as queued
from procrastinate.exceptions import ConnectorException
from procrastinate.utils import utcnow

from charter.access.service import keeping
from charter.access.service.tidying import remove_expired
from charter.bookings import round as calling
from charter.bookings.service import offer, to_offer
from charter.bookings.service.room import expire_lapsed
from charter.core import anchors, audit, db, logs, rotation, settings
from charter.core.db import act, ask
from charter.core.deferral import SILENT_SECONDS
from charter.core.idempotency import remove_old
from charter.core.installation import StartFault, enter, leave
from charter.crew import duty
from charter.crew import jobs as crew
from charter.notices.sending import send_waiting
from charter.planning import jobs as planning
from charter.rosters import jobs as rosters
from charter.rosters import service as roster_service

__all__ = ["SWEEPS", "TASKS", "Sweep", "Work", "main", "queue", "run_waiting"]

log = logging.getLogger("charter.jobs")
GRACE_SECONDS = 3.0  # that jobs have to end by themselves; then they are handed back to the queue
KEPT_HOURS = 24 * 30  # how long a failed job can be looked at


@dataclass(frozen=True, slots=True)
class Work:
    """A task. `tries` counts runs that raised and runs whose worker was killed; after the last one `give_up` is called
    with the same arguments, to tell in the room's own rows that nothing will come.
    """

    run: Callable[..., object]
    tries: int = 3
    give_up: Callable[..., object] | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """A task without arguments, by a cron line whose sixth field is seconds. Two may run at once: it must not mind."""

    run: Callable[[], object]
    cron: str


def _heard(inbound_id: str) -> None:
    act(calling.heard, inbound_id)


TASKS: dict[str, Work] = {
    "bookings.heard": Work(_heard),
    "core.reseal": Work(rotation.run),
    "crew.rota": Work(crew.run, give_up=crew.give_up),
    "planning.run": Work(planning.run, give_up=planning.give_up),
    "rosters.run": Work(rosters.run, give_up=rosters.give_up),
}

def _serve_lines() -> None:
    for departure_id in ask(to_offer):
        act(offer, [departure_id])


SWEEPS: dict[str, Sweep] = {
    "notices.send": Sweep(send_waiting, "* * * * * */5"),
    "audit.seal": Sweep(lambda: act(audit.seal), "* * * * * */20"),
    "bookings.round": Sweep(lambda: act(calling.ask_round), "*/5 * * * *"),
    "audit.anchor": Sweep(anchors.drop, "3 * * * *"),
    "access.erase": Sweep(lambda: act(keeping.erase), "43 2 * * *"),
    "bookings.lapsed": Sweep(lambda: act(expire_lapsed), "*/10 * * * *"),
    "bookings.offers": Sweep(_serve_lines, "* * * * * */10"),
    "crew.follow": Sweep(lambda: act(duty.follow), "*/5 * * * *"),
    "access.expired": Sweep(lambda: act(remove_expired), "7 * * * *"),
    "core.old_answers": Sweep(lambda: act(remove_old), "11 * * * *"),
    "rosters.forget": Sweep(lambda: act(roster_service.forget_old), "23 3 * * *"),
}

_running: dict[int, queued.Job] = {}  # the jobs that this process works on


def queue() -> App:
    """The queue of the bound database with all tasks; not yet open."""
    url = db.engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4, kwargs={"application_name": "jobs"}))
    for name, work in TASKS.items():
        retry = RetryStrategy(max_attempts=work.tries - 1, exponential_wait=5) if work.tries > 1 else False
        app.task(name=name, pass_context=True, retry=retry)(_runner(work))
    for name, sweep in SWEEPS.items():
        _periodic(app, name, sweep.cron, _sweeper(sweep))
    _periodic(app, "jobs.stalled", "* * * * * */10", _taker_up(app))
    _periodic(app, "jobs.tidy", "17 3 * * *", _tidier(app))
    return app


def run_waiting() -> None:
    """Run what waits in the queue now, and come back."""
    queue().run_worker(wait=False, listen_notify=False, install_signal_handlers=False, delete_jobs="successful")


def _periodic(app: App, name: str, cron: str, run: Callable[..., Any]) -> None:
    # No lock on running: one that a killed worker left behind would keep "jobs.stalled" from freeing anything.
    app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(run))


def _runner(work: Work) -> Callable[..., None]:
    def run(context: JobContext, **arguments: Any) -> None:
        job = context.job
        _running[job.id or 0] = job
        try:
            work.run(**arguments)
        except Exception:
            if job.attempts + 1 >= work.tries:
                _give_up(work, job)
            raise
        finally:
            _running.pop(job.id or 0, None)
    return run


def _give_up(work: Work, job: queued.Job) -> None:
    log.error("job %s (%s) is given up after %s tries", job.id, job.task_name, job.attempts + 1)
    if work.give_up is not None:
        work.give_up(**job.task_kwargs)


def _sweeper(sweep: Sweep) -> Callable[[int], None]:
    def run(timestamp: int) -> None:
        sweep.run()
    return run


def _taker_up(app: App) -> Callable[[int], Any]:
    async def take_up(timestamp: int) -> None:
        """Give the jobs of silent workers back to the queue."""
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
            await _again(app, job)
    return take_up


async def _again(app: App, job: queued.Job) -> None:
    """Queue a job once more that was begun and not ended; where it has no try left, give it up."""
    work, spent = TASKS.get(job.task_name), False
    try:
        if work is not None and job.attempts + 1 < work.tries:
            await app.job_manager.retry_job(job, retry_at=utcnow())
            return
        if work is not None:
            await asyncio.to_thread(_give_up, work, job)
            spent = True
        await app.job_manager.finish_job(job, status=queued.Status.FAILED, delete_job=not spent)
    except ConnectorException as fault:
        log.info("job %s was taken up by another worker, or an equal one waits (%s)", job.id, fault)


def _tidier(app: App) -> Callable[[int], Any]:
    async def tidy(timestamp: int) -> None:
        await app.job_manager.delete_old_jobs(KEPT_HOURS, include_failed=True, include_cancelled=True,
                                              include_aborted=True)
    return tidy


async def _work(app: App, concurrency: int) -> bool:
    """Work until a signal comes (True) or the queue is lost (False).

    Jobs that do not end within the grace go back to the queue, for the next worker.
    """
    wanted = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, wanted.set)
    async with app.open_async():
        worker = asyncio.create_task(app.run_worker_async(
            concurrency=concurrency, install_signal_handlers=False, delete_jobs="successful",
            update_heartbeat_interval=SILENT_SECONDS / 4, stalled_worker_timeout=SILENT_SECONDS))
        signalled = asyncio.create_task(wanted.wait())
        await asyncio.wait({worker, signalled}, return_when=asyncio.FIRST_COMPLETED)
        if not worker.done():
            worker.cancel()
            await asyncio.wait({worker}, timeout=GRACE_SECONDS)
        left = list(_running.values())
        for job in left:
            await _again(app, job)
        for number in {job.worker_id for job in left if job.worker_id is not None}:
            await app.job_manager.unregister_worker(number)
        if worker.done() and not worker.cancelled() and worker.exception():
            log.error("the queue was lost: %s", worker.exception())
        return wanted.is_set()


def main() -> int:
    """Work until interrupted; 1, with one line, where something keeps charter from starting or the database went."""
    logs.install()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for noisy in ("procrastinate.utils", "procrastinate.worker.worker", "psycopg.pool"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)  # a lost database is told once, by whoever starts us
    chosen = settings.load()
    try:
        enter(chosen)
    except StartFault as fault:
        sys.stderr.write(str(fault) + "\n")
        return 1
    asked = asyncio.new_event_loop().run_until_complete(_work(queue(), chosen.job_threads))
    leave()
    return 0 if asked else 1


if __name__ == "__main__":
    from charter.jobs import main as work  # under its own name: the queue's library minds __main__

    code = work()
    sys.stdout.flush()
    os._exit(code)  # a thread may still be in the middle of a job that was handed back
