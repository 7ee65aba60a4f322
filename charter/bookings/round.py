"""The call round: three days and one day before departure everybody is asked whether he comes.

One tap behind the link, 1 or 2 in answer, or a person who calls. Who says no gives his seat back at once. Hotline,
employer and origin partner share one list of those whom nobody has heard; one caller at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking, RoundCall
from charter.bookings.problems import TakenByOther
from charter.bookings.service import not_coming, reply
from charter.campaigns.models import Campaign, Departure
from charter.core import audit, clock, i18n
from charter.core.actor import Actor, Role, acting, current
from charter.core.problems import NotFound
from charter.notices.models import Inbound
from charter.notices.service import Notice, tell_many
from charter.people.models import Worker
from charter.people.sealing import WORKER_PHONE
from charter.registrations.links import code_of
from charter.registrations.models import Registration
from charter.registrations.queries import visible_registrations

__all__ = ["OUTCOMES", "ask_round", "finish", "heard", "phone_of", "take"]

ROUNDS = (3, 1)
FROM_HOUR, UNTIL_HOUR = 9, 20
BATCH = 2_000
TAKEN, AGAIN = timedelta(minutes=15), timedelta(hours=1)
OUTCOMES = ("yes", "no", "no_answer", "wrong_number")
RUNS = ("planned", "open", "closed")


def ask_round(session: Session) -> int:
    """Ask everybody whose day has come and who was not asked yet; how many. In daytime only; for the sweep."""
    if not FROM_HOUR <= clock.local(clock.now()).hour < UNTIL_HOUR:
        return 0
    return sum(_ask(session, days) for days in ROUNDS)


def _ask(session: Session, days: int) -> int:
    asked = select(RoundCall.booking_id).where(RoundCall.days == days)
    rows = session.execute(
        select(Booking, Departure, Worker).join(Departure, Departure.id == Booking.departure_id)
        .join(Registration, (Registration.campaign_id == Booking.campaign_id)
              & (Registration.id == Booking.registration_id))
        .join(Worker, Worker.id == Registration.worker_id).join(Campaign, Campaign.id == Booking.campaign_id)
        .where(Departure.date == clock.today() + timedelta(days=days), Departure.leg_kind == "main",
               Departure.state.in_(RUNS), Booking.state == "confirmed", Booking.id.not_in(asked),
               Campaign.state == "open").order_by(Booking.id).limit(BATCH)).all()
    for booking, _, _ in rows:
        session.add(RoundCall(campaign_id=booking.campaign_id, registration_id=booking.registration_id,
                              booking_id=booking.id, days=days, revision=booking.revision, asked_at=clock.now()))
    session.flush()
    _tell(session, days, [(booking, departure, worker) for booking, departure, worker in rows if worker.phone_sealed])
    return len(rows)


def _tell(session: Session, days: int, rows: Sequence[tuple[Booking, Departure, Worker]]) -> None:
    phones = audit.reveal_many(session, [WORKER_PHONE.view(worker.id, worker.phone_sealed or b"")
                                         for _, _, worker in rows], "出发前询问", "round", len(rows))
    by_campaign: dict[UUID, list[Notice]] = {}
    for (booking, departure, worker), phone in zip(rows, phones, strict=True):
        by_campaign.setdefault(booking.campaign_id, []).append(Notice(phone, "ask_coming", {
            "name": worker.name, "departure": departure.code, "link": code_of(booking.registration_id),
            "moment": clock.local(departure.departs_at).strftime("%m月%d日 %H:%M")},
            f"ask_coming|{booking.id}|{days}", f"ask|{booking.id}"))
    with i18n.reading("zh"):
        for campaign_id, notices in by_campaign.items():
            tell_many(session, notices, campaign_id=campaign_id)


def heard(session: Session, inbound_id: str) -> str:
    """Act on an answer to a message: what became of it. A no of a phone that several share is asked about by a person.

    The same answer again does nothing.
    """
    said = session.get(Inbound, inbound_id, with_for_update=True)
    if said is None or said.done_at is not None:
        return "done"
    said.done_at = clock.now()
    rows = session.scalars(
        select(RoundCall).join(Registration, (Registration.campaign_id == RoundCall.campaign_id)
                               & (Registration.id == RoundCall.registration_id))
        .join(Worker, Worker.id == Registration.worker_id).join(Booking, Booking.id == RoundCall.booking_id)
        .join(Departure, Departure.id == Booking.departure_id)
        .where(Worker.phone_tag == said.phone_tag, Booking.state == "confirmed", Departure.state.in_(RUNS))
        .order_by(RoundCall.asked_at.desc()).with_for_update(of=RoundCall)).all()
    newest = {row.registration_id: row for row in reversed(rows)}
    if not newest:
        return "nobody"
    kind = said.said if said.said == "yes" or len(newest) == 1 else "call"
    kind = "call" if kind == "other" else kind
    for row in newest.values():
        _answered(session, row, kind)
    return kind


def take(session: Session, call_id: UUID) -> None:
    """Call this person now: for a quarter of an hour nobody else does. Raises NotFound, TakenByOther."""
    row = _own(session, call_id)
    if row.taken_until is not None and row.taken_until > clock.now() and row.taken_by != current().caller[:64]:
        raise TakenByOther
    row.taken_by, row.taken_until = current().caller[:64], clock.now() + TAKEN
    audit.record(session, "round.taken", "registration", row.registration_id)


def phone_of(session: Session, call_id: UUID) -> str:
    """The phone of somebody whom the caller has taken; audited. Raises NotFound, and TakenByOther where he has not."""
    row = _own(session, call_id)
    if row.taken_by != current().caller[:64] or row.taken_until is None or row.taken_until < clock.now():
        raise TakenByOther
    worker = session.scalars(select(Worker).join(Registration, Registration.worker_id == Worker.id).where(
        Registration.campaign_id == row.campaign_id, Registration.id == row.registration_id)).one()
    if worker.phone_sealed is None:
        return ""
    return audit.reveal(session, WORKER_PHONE.view(worker.id, worker.phone_sealed), "出发前电话", "registration",
                        row.registration_id)


def finish(session: Session, call_id: UUID, outcome: str) -> None:
    """What came of the call; a no gives the seat back at once. Raises NotFound, TakenByOther."""
    row = _own(session, call_id)
    if row.taken_until is not None and row.taken_until > clock.now() and row.taken_by != current().caller[:64]:
        raise TakenByOther
    row.taken_by, row.taken_until, row.tries = "", None, row.tries + 1
    if outcome in ("yes", "no"):
        _answered(session, row, outcome)
    else:
        row.outcome, row.next_at = outcome, clock.now() + AGAIN
    audit.record(session, "round.called", "registration", row.registration_id, outcome=outcome)


def _answered(session: Session, row: RoundCall, kind: str) -> None:
    row.said, row.said_at = kind, clock.now()
    booking = session.get_one(Booking, (row.campaign_id, row.booking_id))
    row.revision = booking.revision
    if kind == "call":
        return
    worker = session.scalar(select(Registration.worker_id).where(
        Registration.campaign_id == row.campaign_id, Registration.id == row.registration_id))
    with acting(_himself(worker)):
        if kind == "yes":
            reply(session, row.registration_id, "coming")
        else:
            not_coming(session, row.registration_id)


def _himself(worker: UUID | None) -> Actor:
    return Actor(Role.WORKER, account_id=current().caller[:60], scope_kind="worker", scope_id=str(worker))


def _own(session: Session, call_id: UUID) -> RoundCall:
    row = session.scalar(
        select(RoundCall).join(Registration, (Registration.campaign_id == RoundCall.campaign_id)
                               & (Registration.id == RoundCall.registration_id))
        .where(RoundCall.id == call_id, visible_registrations(current())).with_for_update(of=RoundCall))
    if row is None:
        raise NotFound
    return row
