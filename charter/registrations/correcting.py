"""A list that came back says which earlier row each of its rows was: a number or a name corrected there changes the
person and makes no second one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.core.actor import current
from charter.core.bulk import any_of
from charter.core.problems import NotFound
from charter.people.models import Worker
from charter.people.service.workers import PersonIn, confirm_documents, correct, correctable, find_many
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations
from charter.registrations.rules.request import Request

__all__ = ["Correction", "apply", "confirm_number", "corrections"]


@dataclass(frozen=True, slots=True)
class Correction:
    """The worker of the request that a row was, and how he is written now."""

    registration_id: UUID
    worker_id: UUID
    person: PersonIn


def corrections(session: Session, campaign_id: UUID, employer_id: UUID, requests: Sequence[Request],
                earlier: Sequence[UUID | None]) -> dict[int, Correction]:
    """The corrections that are plain, by the place of their request.

    Name or number changed, never both, and the new number is nobody's. The person is known by this employer's lists
    alone. A key that stands at two rows says nothing.
    """
    counted = Counter(key for key in earlier if key is not None)
    before = _before(session, campaign_id, employer_id, [key for key, times in counted.items() if times == 1])
    places = [place for place, key in enumerate(earlier) if key in before]
    people = [PersonIn(requests[place].name, requests[place].id_type, requests[place].id_number,
                       requests[place].phone or None) for place in places]
    wanted: dict[int, Correction] = {}
    for place, person, found in zip(places, people, find_many(session, people), strict=True):
        key = earlier[place]
        worker, name = before[key] if key is not None else (None, "")
        renumbered = found is None and name == person.name
        renamed = found is not None and found.worker_id == worker and found.other_name
        if key is not None and worker is not None and (renumbered or renamed):
            wanted[place] = Correction(key, worker, person)
    allowed = _known_here_alone(session, employer_id, {one.worker_id for one in wanted.values()})
    return {place: one for place, one in wanted.items() if one.worker_id in allowed}


def apply(session: Session, found: dict[int, Correction]) -> None:
    """Write the corrections."""
    for one in found.values():
        correct(session, one.worker_id, one.person)


def confirm_number(session: Session, registration_id: UUID) -> None:
    """The person of a request says that the number which was made of his 15 digits is his. Raises NotFound."""
    worker_id = session.scalar(select(Registration.worker_id).where(
        Registration.id == registration_id, visible_registrations(current())))
    if worker_id is None:
        raise NotFound
    confirm_documents(session, worker_id)


def _before(session: Session, campaign_id: UUID, employer_id: UUID,
            keys: Sequence[UUID]) -> dict[UUID | None, tuple[UUID, str]]:
    if not keys:
        return {}
    rows = session.execute(
        select(Registration.id, Worker.id, Worker.name).join(Worker, Worker.id == Registration.worker_id)
        .where(Registration.campaign_id == campaign_id, Registration.employer_id == employer_id,
               any_of(Registration.id, keys), Registration.state.not_in(("withdrawn", "rejected"))))
    return {key: (worker, name) for key, worker, name in rows}


def _known_here_alone(session: Session, employer_id: UUID, workers: set[UUID]) -> set[UUID]:
    if not workers:
        return set()
    elsewhere = set(session.scalars(select(Registration.worker_id).where(
        any_of(Registration.worker_id, workers),
        (Registration.employer_id != employer_id) | Registration.source.in_(("worker", "hotline")))))
    return correctable(session, workers) - elsewhere
