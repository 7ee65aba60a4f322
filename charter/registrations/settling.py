"""A case is settled: of two requests for one person one stays, or of one with another name it does or does not."""

from __future__ import annotations

from sqlalchemy.orm import Session

from charter.core import audit
from charter.core.i18n import N_
from charter.people.models import Worker
from charter.people.rules.pinyin import spelled
from charter.registrations.models import Registration
from charter.registrations.problems import WrongState

__all__ = ["ELSEWHERE", "end", "keep", "rename"]

ELSEWHERE = N_("组织方核实后决定不由这家企业接返")


def keep(session: Session, found: Registration, reason: str) -> None:
    """This one stays: a waiting one is confirmed, another keeps its state."""
    if found.state in ("needs_decision", "received"):
        found.state, found.state_reason, found.answer_by = "confirmed", "", None
    session.flush()
    audit.record(session, "registration.decided", "registration", found.id, reason=reason, outcome="kept")


def end(session: Session, found: Registration, reason: str) -> None:
    """This one ends; its seats were given back before. The reason that it shows names nobody else.

    Raises WrongState once the person is on board.
    """
    if found.state in ("boarded", "arrived"):
        raise WrongState
    found.state, found.state_reason, found.answer_by = "rejected", ELSEWHERE, None
    session.flush()
    audit.record(session, "registration.decided", "registration", found.id, reason=reason, outcome="ended")


def rename(session: Session, worker: Worker, name: str) -> None:
    """The document shows this name."""
    worker.name, worker.name_pinyin = name, spelled(name)
    session.flush()
    audit.record(session, "worker.renamed", "worker", worker.id)
