"""Which person a phone speaks for. A number proves a phone, and numbers are given to other people again: before a phone
opens data that is already there, its holder says the name and the last six of the document."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.problems import PersonLocked
from charter.access.service import codes, sessions
from charter.core import audit, clock
from charter.core.actor import Actor, Role
from charter.core.problems import NotFound
from charter.notices.service import phone_key, tell
from charter.people.models import Worker
from charter.people.queries import workers
from charter.people.queries.workers import WorkerView
from charter.people.rules.names import judge_name
from charter.people.service import workers as people

__all__ = ["TRIES", "choose", "locked", "move_by_desk", "move_by_worker", "of_session", "prove", "unlock"]

TRIES = 5
TAIL = 6


def of_session(session: Session, actor: Actor) -> tuple[list[WorkerView], int]:
    """The people whom this phone has proven to speak for, and how many more gave its number."""
    found = workers.of_phone(session, _phone(_account(session, actor)))
    proven = [person for person in found if person.phone_proven]
    return proven, len(found) - len(proven)


def choose(session: Session, actor: Actor, worker_id: UUID) -> str:
    """Act for one of the phone's people from here on; the session's new cookie. Raises NotFound."""
    proven, _ = of_session(session, actor)
    if worker_id not in {person.id for person in proven}:
        raise NotFound
    return sessions.renew(session, actor.session_id or "", worker_id=worker_id)


def prove(session: Session, actor: Actor, name: str, tail: str) -> str | None:
    """Open the data of the person who says name and last six; the session's new cookie, or None where they fit nobody.

    A try is counted before anything is compared. Raises PersonLocked after five.
    """
    account = _account(session, actor)
    counted = session.execute(update(Account).where(Account.id == account.id, Account.person_tries < TRIES)
                              .values(person_tries=Account.person_tries + 1).returning(Account.id)).first()
    if counted is None:
        raise PersonLocked
    for person in workers.of_phone(session, _phone(account)):
        if not person.phone_proven and _is(session, person, name, tail):
            session.execute(update(Account).where(Account.id == account.id).values(person_tries=0))
            people.prove_phone(session, person.id)
            audit.record(session, "person.proven", "worker", person.id)
            return sessions.renew(session, actor.session_id or "", worker_id=person.id)
    audit.record(session, "person.refused", "account", account.id)
    return None


def move_by_worker(session: Session, actor: Actor, challenge: str, digits: str, tail: str) -> str | None:
    """Change one's own number to one that a code has just proven; the new session's cookie, or None where the code or
    the last six are wrong. Raises PersonLocked after five wrong tails.
    """
    worker_id = UUID(actor.scope("worker") or "")
    account = _account(session, actor)
    if account.person_tries >= TRIES:
        raise PersonLocked
    if not _ends(session, worker_id, tail):
        session.execute(update(Account).where(Account.id == account.id)
                        .values(person_tries=Account.person_tries + 1))
        return None
    number = codes.check_code(session, challenge, digits)
    if number is None:
        return None
    _move(session, worker_id, number, proven=True, by="worker")
    return sessions.begin(session, codes.worker_account(session, number), second_factor=False, worker_id=worker_id)


def move_by_desk(session: Session, worker_id: UUID, phone: str, reason: str | None = None) -> None:
    """Write another number (11 digits) for somebody who has lost his; he says name and last six on it first.

    The caller has looked whether the actor may see this person. Raises NotFound.
    """
    _move(session, worker_id, phone, proven=False, by="desk", reason=reason)
    _unlock(session, phone_key(phone))


def locked(session: Session, worker_id: UUID) -> bool:
    """Whether this person's phone has used its tries up."""
    return session.scalar(
        select(Account.id).join(Worker, Worker.phone_tag == Account.phone_tag)
        .where(Worker.id == worker_id, Account.role == Role.WORKER, Account.person_tries >= TRIES)) is not None


def unlock(session: Session, worker_id: UUID, reason: str | None = None) -> None:
    """Let a phone try its person again: the hotline has asked who it is. Raises NotFound."""
    person = session.get(Worker, worker_id)
    if person is None or person.phone_tag is None:
        raise NotFound
    _unlock(session, person.phone_tag)
    audit.record(session, "person.unlocked", "worker", worker_id, reason=reason)


def _move(session: Session, worker_id: UUID, phone: str, *, proven: bool, by: str, reason: str | None = None) -> None:
    person = workers.view(session, worker_id)
    if person is None:
        raise NotFound
    if person.phone is not None and person.phone_proven and not person.phone.same_as(phone):
        before = audit.reveal(session, person.phone, "phone changed", "worker", worker_id)
        tell(session, before, "phone_changed", {"tail": phone[-4:]},
             unique_key=f"phone-changed|{worker_id}|{clock.now().isoformat()}")
    people.set_phone(session, worker_id, phone, proven=proven)
    sessions.end_of_worker(session, worker_id)
    audit.record(session, "worker.phone_changed", "worker", worker_id, reason=reason, by=by)


def _unlock(session: Session, owner: bytes) -> None:
    session.execute(update(Account).where(Account.role == Role.WORKER, Account.phone_tag == owner)
                    .values(person_tries=0))


def _account(session: Session, actor: Actor) -> Account:
    found = session.scalar(select(Account).where(Account.id == UUID(actor.account_id or ""),
                                                 Account.role == Role.WORKER))
    if found is None or found.phone_sealed is None:
        raise NotFound
    return found


def _phone(account: Account) -> str:
    return codes.PHONE.open_bytes(account.id, account.phone_sealed or b"").decode()


def _is(session: Session, person: WorkerView, name: str, tail: str) -> bool:
    judged = judge_name(name)
    return person.name in (judged.value, name.strip()) and _ends(session, person.id, tail)


def _ends(session: Session, worker_id: UUID, tail: str) -> bool:
    wanted = "".join(tail.split()).upper()
    return any(number.ends_with(wanted, TAIL) for _, number in workers.documents_of(session, worker_id))
