"""Acts of the duty desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Departure
from charter.core import audit, clock, locks
from charter.core.actor import current
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.duty.models import DutyCase, DutyEntry

__all__ = ["Opened", "attach", "close", "open_case", "own_case", "steer", "write", "write_log"]


@dataclass(frozen=True, slots=True)
class Opened:
    """What somebody says who opens a case; `codes` are the signs of the departures that it touches."""

    kind: str
    title: str
    codes: Sequence[str]
    aboard: int
    waiting: int
    owner: str
    answer_by: datetime


def open_case(session: Session, campaign_id: UUID, given: Opened) -> UUID:
    """A new case with its own number. Raises NotFound, Invalid at `codes` for a departure that does not exist."""
    campaign = _campaign(session, campaign_id)
    found = {row[0]: row[1] for row in session.execute(select(Departure.code, Departure.id).where(
        Departure.campaign_id == campaign.id, Departure.code.in_(list(given.codes))))}
    lost = [code for code in given.codes if code not in found]
    if lost:
        raise Invalid(errors=[FieldProblem("codes", "unknown", N_("没有班次 %(code)s"), {"code": lost[0]})])
    locks.take(session, "duty", [campaign.id])
    number = 1 + (session.scalar(select(func.max(DutyCase.number)).where(DutyCase.campaign_id == campaign.id)) or 0)
    made = DutyCase(campaign_id=campaign.id, number=number, kind=given.kind, title=given.title,
                    departures=sorted(found.values()), aboard=given.aboard, waiting=given.waiting, owner=given.owner,
                    answer_by=given.answer_by)
    session.add(made)
    session.flush()
    audit.record(session, "duty.opened", "duty_case", made.id, departures=made.departures)
    return made.id


def steer(session: Session, case_id: UUID, owner: str, answer_by: datetime, extra_fen: int) -> None:
    """Another owner, another hour, what it costs besides. Raises NotFound."""
    case = own_case(session, case_id, lock=True)
    if owner != case.owner:
        _line(session, case.campaign_id, case.id, "handover", f"{case.owner} → {owner}")
    case.owner, case.answer_by, case.extra_fen = owner, answer_by, extra_fen
    audit.record(session, "duty.steered", "duty_case", case.id, extra_fen=extra_fen)


def write(session: Session, case_id: UUID, kind: str, text: str, said_by: str, paper: str) -> None:
    """One line about a case. An approval says on whose word. Raises NotFound, Invalid."""
    case = own_case(session, case_id)
    if kind in ("approval", "decision") and not said_by:
        raise Invalid(errors=[FieldProblem("said_by", "missing", N_("请写明是谁决定、谁同意的"))])
    made = _line(session, case.campaign_id, case.id, kind, text)
    made.said_by, made.paper = said_by, paper
    made.paper_at = clock.now() if paper else None
    audit.record(session, "duty.written", "duty_case", case.id, kind=kind)


def write_log(session: Session, campaign_id: UUID, text: str, to: str) -> None:
    """A line of the shift's log; with `to` it hands the shift over to somebody. Raises NotFound."""
    campaign = _campaign(session, campaign_id)
    made = _line(session, campaign.id, None, "handover" if to else "note", text)
    made.said_by = to
    audit.record(session, "duty.handed_over" if to else "duty.noted", "campaign", campaign.id)


def attach(session: Session, entry_id: UUID, paper: str) -> UUID | None:
    """The paper of an approval that was only spoken; the case. Raises NotFound."""
    row = session.get(DutyEntry, entry_id, with_for_update=True)
    if row is None or row.kind != "approval" or row.paper:
        raise NotFound
    _campaign(session, row.campaign_id)
    row.paper, row.paper_at = paper, clock.now()
    audit.record(session, "duty.paper", "duty_entry", row.id)
    return row.case_id


def close(session: Session, case_id: UUID, text: str) -> None:
    """It is over. Raises NotFound, and Invalid while an approval still lacks its paper."""
    case = own_case(session, case_id, lock=True)
    spoken = session.scalar(select(func.count()).select_from(DutyEntry).where(
        DutyEntry.case_id == case.id, DutyEntry.kind == "approval", DutyEntry.paper == ""))
    if spoken:
        raise Invalid(errors=[FieldProblem("", "no_paper", N_("还有口头同意没有补上书面材料，不能结束"))])
    if case.closed_at is None:
        case.closed_at = clock.now()
        _line(session, case.campaign_id, case.id, "note", text)
        audit.record(session, "duty.closed", "duty_case", case.id)


def own_case(session: Session, case_id: UUID, *, lock: bool = False) -> DutyCase:
    """A case of a campaign that the caller may see. Raises NotFound."""
    found = session.get(DutyCase, case_id, with_for_update=lock)
    if found is None:
        raise NotFound
    _campaign(session, found.campaign_id)
    return found


def _campaign(session: Session, campaign_id: UUID) -> Campaign:
    found = session.get(Campaign, campaign_id)
    if found is None or current().scope("campaign") not in (None, str(found.id)):
        raise NotFound
    return found


def _line(session: Session, campaign_id: UUID, case_id: UUID | None, kind: str, text: str) -> DutyEntry:
    who = current()
    made = DutyEntry(campaign_id=campaign_id, case_id=case_id, kind=kind, text=text, by=who.caller[:64],
                     by_name=who.name[:80])
    session.add(made)
    session.flush()
    return made
