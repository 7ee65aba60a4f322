"""The supervisor: database up, migrations run, web server and job worker as children; a signal ends it all in 10 s.

`python -m charter.serve`; the children die with it, however it ends.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator

from charter.access.service.invitations import first_link
from charter.core import certificate, db, schema, settings
from charter.core.db import act
from charter.core.installation import (
    ADDRESS,
    StartFault,
    is_demo,
    leave,
    mark_demo,
    open_database,
    reachable,
    revive_database,
)
from charter.core.settings import Settings
from charter.demo import sign_ins
from charter.demo.make import make
from charter.family import Family

__all__ = ["main"]


def main() -> int:
    """Serve until interrupted; 1 with one line where something keeps charter from starting."""
    parser = argparse.ArgumentParser(prog="charter.serve", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="make the demo campaign first, where there is none")
    parser.add_argument("--workers", type=int, default=16_000)
    parser.add_argument("--seed", type=int, default=2020)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # while we make ready, both signals end us in good order
    if given.demo:
        os.environ.setdefault("CHARTER_DATA", "var/demo")
    return _run(settings.load(), (given.workers, given.seed) if given.demo else None)


def _run(chosen: Settings, demo: tuple[int, int] | None) -> int:
    try:
        _port_free(chosen)
        url = open_database(chosen)
        wrong = reachable(url)
        if wrong:
            raise StartFault(wrong)
        schema.upgrade(url)
        if demo is not None:
            _demo(chosen, url, demo)
        else:
            _first_manager(chosen, url)
        return _serve(chosen)
    except StartFault as fault:
        sys.stderr.write(str(fault) + "\n")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        leave()


def _demo(chosen: Settings, url: str, wanted: tuple[int, int]) -> None:
    """Make the demo and its sign-ins, unless they are there."""
    if is_demo(url):
        sign_ins.move(chosen.data, chosen.base_url)
        return
    db.bind(url)
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:6.1f} s  {line}\n")
        sys.stdout.flush()
    campaign_id = make(*wanted, say)
    sign_ins.write(chosen.data, act(sign_ins.collect, campaign_id, chosen.base_url))
    act(mark_demo)
    say(f"sign-ins are in {chosen.data / 'sign-ins.json'}")
    db.unbind()


def _first_manager(chosen: Settings, url: str) -> None:
    """Print the link by which the first security manager is made, while there is none."""
    db.bind(url)
    path = act(first_link)
    db.unbind()
    if path is not None:
        sys.stdout.write(f"Make the first security manager here (once, within 24 hours): {chosen.base_url}{path}\n")
        sys.stdout.flush()


def _port_free(chosen: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as fault:
            raise StartFault([f"Port {chosen.port} on {chosen.host} cannot be used ({fault.strerror}): "
                              "stop what listens there, or choose another PORT."]) from fault


def _serve(chosen: Settings) -> int:
    web = ["granian", "--interface", "wsgi", "--host", chosen.host, "--port", str(chosen.port), "--workers",
           str(chosen.web_workers), "--blocking-threads", str(chosen.web_threads), "--no-ws",
           "--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning", "wsgi:app"]
    if chosen.tls:
        shown, secret = certificate.kept(chosen.data, chosen.host)
        web += ["--ssl-protocol-min", "tls1.2", "--ssl-certificate", str(shown), "--ssl-keyfile", str(secret)]
    family = Family({"web server": web, "job worker": ["charter.jobs"]})
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda _number, _frame: family.leave())
    family.start()
    announcing = _announcing(chosen)

    def care() -> None:
        _keep_database()
        next(announcing)
    try:
        return family.watch(care)
    finally:
        family.end()


def _announcing(chosen: Settings) -> Iterator[None]:
    """Say where charter is once it answers there, so that whoever reads the line can open the address."""
    while not _answers(chosen):
        yield
    if chosen.embedded:
        (chosen.data / ADDRESS).write_text(chosen.base_url, encoding="utf-8")
    sys.stdout.write(f"charter is at {chosen.base_url} (Ctrl-C ends it)\n")
    sys.stdout.flush()
    while True:
        yield


def _answers(chosen: Settings) -> bool:
    try:
        socket.create_connection((chosen.host, chosen.port), 0.5).close()
    except OSError:
        return False
    return True


def _keep_database() -> None:
    if revive_database():
        sys.stderr.write("The database ended by itself; it is started again.\n")


if __name__ == "__main__":
    sys.exit(main())
