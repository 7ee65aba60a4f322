"""Subsidies of employers: who brought how many people, what each is given, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from charter.bookings.models import Booking
from charter.campaigns.models import Departure
from charter.campaigns.setting_up import own_campaign
from charter.core import audit
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.funding import ledger
from charter.funding.models import EmployerSubsidy
from charter.funding.rules.ledger import Line, cost, employer_aid
from charter.people.models import Employer
from charter.registrations.models import Registration

__all__ = ["FirmRow", "firms", "grant", "grants", "take_back"]


@dataclass(frozen=True, slots=True)
class FirmRow:
    """An employer with the people whom the campaign brought it, and what it has been given, whole fen."""

    id: UUID
    name: str
    people: int
    fen: int


def firms(session: Session, campaign_id: UUID, text: str = "", *, limit: int = 100, offset: int = 0) -> list[FirmRow]:
    """Employers with people brought or subsidies given, most people first; one more than wanted."""
    people = (select(Registration.employer_id, func.count(Registration.id.distinct()).label("people"))
              .join(Booking, (Booking.campaign_id == Registration.campaign_id)
                    & (Booking.registration_id == Registration.id))
              .join(Departure, Departure.id == Booking.departure_id)
              .where(Registration.campaign_id == campaign_id, Booking.boarded_at.is_not(None),
                     Departure.leg_kind == "main").group_by(Registration.employer_id).subquery())
    given = (select(EmployerSubsidy.employer_id, func.sum(EmployerSubsidy.fen).label("fen"))
             .where(EmployerSubsidy.campaign_id == campaign_id, EmployerSubsidy.reversal_id.is_(None))
             .group_by(EmployerSubsidy.employer_id).subquery())
    query = (select(Employer.id, Employer.name, func.coalesce(people.c.people, 0), func.coalesce(given.c.fen, 0))
             .outerjoin(people, people.c.employer_id == Employer.id)
             .outerjoin(given, given.c.employer_id == Employer.id)
             .where(or_(people.c.people.is_not(None), given.c.fen.is_not(None))))
    if text:
        query = query.where(Employer.name.contains(text, autoescape=True))
    rows = session.execute(query.order_by(func.coalesce(people.c.people, 0).desc(), Employer.name)
                           .limit(limit + 1).offset(offset))
    return [FirmRow(key, name, count, int(fen)) for key, name, count, fen in rows]


def grant(session: Session, campaign_id: UUID, employer_id: UUID, fen: int, document: str) -> UUID:
    """Give an employer a subsidy by this document; its id. Raises NotFound, Invalid."""
    own_campaign(session, campaign_id)
    if session.get(Employer, employer_id) is None:
        raise NotFound
    if fen <= 0:
        raise Invalid(errors=[FieldProblem("fen", "invalid", N_("请填写金额，最多两位小数"))])
    people = session.scalar(
        select(func.count(Registration.id.distinct()))
        .join(Booking, (Booking.campaign_id == Registration.campaign_id)
              & (Booking.registration_id == Registration.id))
        .where(Registration.campaign_id == campaign_id, Registration.employer_id == employer_id,
               Booking.boarded_at.is_not(None))) or 0
    entry = ledger.post(session, campaign_id, "subsidy", (Line(cost("subsidy"), fen),
                                                          Line(employer_aid(employer_id), -fen)),
                        ledger.Said(item="subsidy", document=document[:60]))
    made = EmployerSubsidy(campaign_id=campaign_id, employer_id=employer_id, people=people, fen=fen, document=document,
                           entry_id=entry)
    session.add(made)
    session.flush()
    audit.record(session, "subsidy.granted", "employer", employer_id, fen=fen, people=people)
    return made.id


def grants(session: Session, campaign_id: UUID) -> list[tuple[EmployerSubsidy, str]]:
    """What was given to whom, the newest first, what was taken back too."""
    rows = session.execute(select(EmployerSubsidy, Employer.name)
                           .join(Employer, Employer.id == EmployerSubsidy.employer_id)
                           .where(EmployerSubsidy.campaign_id == campaign_id)
                           .order_by(EmployerSubsidy.granted_at.desc(), EmployerSubsidy.id))
    return [(found, name) for found, name in rows]


def take_back(session: Session, subsidy_id: UUID, reason: str) -> UUID:
    """Take a subsidy back by a reversing entry; its campaign. Raises NotFound, AlreadyReversed."""
    found = session.get(EmployerSubsidy, subsidy_id, with_for_update=True)
    if found is None:
        raise NotFound
    own_campaign(session, found.campaign_id)
    found.reversal_id = ledger.reverse(session, found.entry_id, reason)
    audit.record(session, "subsidy.reversed", "employer", found.employer_id, fen=found.fen)
    return found.campaign_id
