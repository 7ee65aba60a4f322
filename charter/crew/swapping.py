"""Swaps: a duty goes to somebody else when both want it, and the rules allow it to both."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from charter.campaigns.models import Departure
from charter.campaigns.trip import OVER, own_departure
from charter.core import audit, clock
from charter.core.problems import NotFound
from charter.crew.duty import REST, insured, phone_of, rested, show_on_pass, span_of, tell_duties
from charter.crew.joining import member_of
from charter.crew.links import member_code
from charter.crew.models import CrewDuty, CrewMember, CrewSwap
from charter.crew.problems import NotInsured, SwapOver, TwoAtOnce
from charter.crew.rules.spans import days_of
from charter.notices.service import tell

__all__ = ["agree", "ask_swap", "candidates", "refuse", "withdraw"]


def candidates(session: Session, member: CrewMember, duty_id: UUID) -> list[tuple[CrewMember, CrewDuty | None]]:
    """Who could take this duty: by himself, or in exchange for one of his that this member could take. Sorted by name.

    Raises NotFound for a duty that is not the member's own, or has begun.
    """
    duty, departure = _own(session, member, duty_id)
    wanted = span_of(departure)
    others = session.scalars(select(CrewMember).where(
        CrewMember.campaign_id == member.campaign_id, CrewMember.id != member.id, CrewMember.state == "accepted",
        CrewMember.insured_from <= wanted.start.date(), CrewMember.insured_to >= wanted.end.date())
        .order_by(CrewMember.name, CrewMember.id)).all()
    near: dict[UUID, list[CrewDuty]] = {}
    for row in session.scalars(select(CrewDuty).where(CrewDuty.campaign_id == member.campaign_id,
                                                      CrewDuty.ended_at.is_(None))):
        near.setdefault(row.member_id, []).append(row)
    found: list[tuple[CrewMember, CrewDuty | None]] = []
    for other in others:
        held = [row for row in near.get(other.id, []) if row.id != duty.id]
        clashing = [row for row in held if row.during.lower < wanted.end + REST
                    and wanted.start < row.during.upper + REST]
        if not clashing and set(days_of(wanted.start, wanted.end)) <= set(other.days):
            found.append((other, None))
        elif len(clashing) == 1 and row_open(clashing[0]):
            found.append((other, clashing[0]))
    return found


def ask_swap(session: Session, code: str, duty_id: UUID, to_id: UUID, return_duty_id: UUID | None) -> UUID:
    """Ask somebody to take one's duty; he gets a message. Raises NotFound, SwapOver."""
    member = member_of(session, code, lock=True)
    duty, departure = _own(session, member, duty_id)
    chosen = [(other, back) for other, back in candidates(session, member, duty.id)
              if other.id == to_id and (back.id if back else None) == return_duty_id]
    if not chosen:
        raise SwapOver
    made = CrewSwap(campaign_id=member.campaign_id, duty_id=duty.id, from_id=member.id, to_id=to_id,
                    return_duty_id=return_duty_id)
    session.add(made)
    session.flush()
    other = chosen[0][0]
    phone = audit.reveal(session, phone_of(other), "换班请求", "crew_swap", made.id)
    tell(session, phone, "crew_swap", {"name": member.name, "departure": departure.code,
                                       "start": f"{span_of(departure).start:%m-%d %H:%M}",
                                       "code": member_code(other.id, other.link_revision)},
         unique_key=f"crew_swap|{made.id}", campaign_id=member.campaign_id)
    audit.record(session, "crew.swap_asked", "crew_swap", made.id)
    return made.id


def agree(session: Session, code: str, swap_id: UUID) -> None:
    """The other one takes it: both duties change hands at once. Raises NotFound, SwapOver, NotInsured, TwoAtOnce."""
    swap, duty = _asked(session, member_of(session, code).id, swap_id, "to_id")
    giver, taker = _locked(session, swap)
    back = session.get(CrewDuty, swap.return_duty_id, with_for_update=True) if swap.return_duty_id else None
    if duty.member_id != giver.id or not row_open(duty) or (swap.return_duty_id and (
            back is None or back.member_id != taker.id or not row_open(back))):
        raise SwapOver
    made = [_hand_over(session, duty, taker)] if back is None else _exchange(session, duty, back, giver, taker)
    swap.state, swap.decided_at = "agreed", clock.now()
    session.execute(update(CrewSwap).where(
        CrewSwap.state == "asked", CrewSwap.id != swap.id,
        or_(CrewSwap.duty_id.in_([duty.id, swap.return_duty_id]),
            CrewSwap.return_duty_id.in_([duty.id, swap.return_duty_id]))).values(state="withdrawn",
                                                                                decided_at=clock.now()))
    tell_duties(session, made)
    audit.record(session, "crew.swap_agreed", "crew_swap", swap.id)


def refuse(session: Session, code: str, swap_id: UUID) -> None:
    """The other one does not. Raises NotFound, SwapOver."""
    swap, _ = _asked(session, member_of(session, code).id, swap_id, "to_id")
    swap.state, swap.decided_at = "refused", clock.now()
    audit.record(session, "crew.swap_refused", "crew_swap", swap.id)


def withdraw(session: Session, code: str, swap_id: UUID) -> None:
    """Who asked thinks otherwise. Raises NotFound, SwapOver."""
    swap, _ = _asked(session, member_of(session, code).id, swap_id, "from_id")
    swap.state, swap.decided_at = "withdrawn", clock.now()
    audit.record(session, "crew.swap_withdrawn", "crew_swap", swap.id)


def row_open(duty: CrewDuty) -> bool:
    """It has not begun, and still is."""
    return duty.ended_at is None and bool(duty.during.lower > clock.now())


def _exchange(session: Session, duty: CrewDuty, back: CrewDuty, giver: CrewMember,
              taker: CrewMember) -> list[CrewDuty]:
    """Both end first, so that neither is in the way of the other."""
    duty.ended_at = back.ended_at = clock.now()
    session.flush()
    return [_begun(session, duty, taker), _begun(session, back, giver)]


def _hand_over(session: Session, duty: CrewDuty, taker: CrewMember) -> CrewDuty:
    duty.ended_at = clock.now()
    session.flush()
    return _begun(session, duty, taker)


def _begun(session: Session, old: CrewDuty, member: CrewMember) -> CrewDuty:
    departure = own_departure(session, old.departure_id, lock=True)
    wanted = span_of(departure)
    if departure.state in OVER or member.state != "accepted":
        raise SwapOver
    if not insured(member, wanted):
        raise NotInsured
    if not rested(session, member.id, wanted):
        raise TwoAtOnce
    made = CrewDuty(campaign_id=old.campaign_id, departure_id=old.departure_id, place=old.place, member_id=member.id,
                    member_number=member.number, during=Range(wanted.start, wanted.end), source="swap")
    session.add(made)
    session.flush()
    show_on_pass(session, departure)
    return made


def _asked(session: Session, member_id: UUID, swap_id: UUID, side: str) -> tuple[CrewSwap, CrewDuty]:
    swap = session.get(CrewSwap, swap_id, with_for_update=True)
    if swap is None or getattr(swap, side) != member_id:
        raise NotFound
    if swap.state != "asked":
        raise SwapOver
    return swap, session.get_one(CrewDuty, swap.duty_id, with_for_update=True)


def _locked(session: Session, swap: CrewSwap) -> tuple[CrewMember, CrewMember]:
    rows = {row.id: row for row in session.scalars(select(CrewMember).where(
        CrewMember.id.in_([swap.from_id, swap.to_id])).order_by(CrewMember.id).with_for_update())}
    return rows[swap.from_id], rows[swap.to_id]


def _own(session: Session, member: CrewMember, duty_id: UUID) -> tuple[CrewDuty, Departure]:
    duty = session.get(CrewDuty, duty_id)
    if duty is None or duty.member_id != member.id or not row_open(duty):
        raise NotFound
    return duty, session.get_one(Departure, duty.departure_id)
