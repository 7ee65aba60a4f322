"""Employers with their clerks, and claims that wait for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from charter.access.models import Account, EmployerClaim
from charter.access.service.claims import reviewable, visible_employers
from charter.core.actor import Actor
from charter.core.problems import NotFound
from charter.people.models import District, Employer

__all__ = ["ClaimView", "EmployerView", "claims", "districts", "employer", "employers"]


@dataclass(frozen=True, slots=True)
class EmployerView:
    """One employer and how many of its clerks can sign in."""

    id: UUID
    name: str
    credit_code: str | None
    district: str
    clerks: int


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim that waits; `known` where the credit code is an employer's already."""

    id: UUID
    credit_code: str
    employer_name: str
    known_name: str | None
    district: str
    clerk: str
    username: str
    evidence: str
    created_at: datetime


def employers(session: Session, actor: Actor, *, words: str = "", limit: int, offset: int = 0) -> list[EmployerView]:
    """Employers by name; one more than `limit` where there is a next page. `words`: part of name, pinyin or code."""
    query = _query().where(visible_employers(actor))
    if words:
        query = query.where(or_(func.strpos(Employer.name, words) > 0,
                                func.strpos(Employer.name_pinyin, words.lower()) > 0,
                                func.strpos(func.coalesce(Employer.credit_code, ""), words.upper()) > 0))
    rows = session.execute(query.order_by(Employer.name, Employer.id).limit(limit + 1).offset(offset))
    return [EmployerView(*row) for row in rows]


def employer(session: Session, actor: Actor, employer_id: UUID) -> EmployerView:
    """One employer. Raises NotFound for missing and foreign alike."""
    row = session.execute(_query().where(Employer.id == employer_id, visible_employers(actor))).first()
    if row is None:
        raise NotFound
    return EmployerView(*row)


def claims(session: Session, actor: Actor) -> list[ClaimView]:
    """Claims that wait, the oldest first; at most 200."""
    rows = session.execute(
        select(EmployerClaim.id, EmployerClaim.credit_code, EmployerClaim.employer_name, Employer.name, District.name,
               Account.name, Account.username, EmployerClaim.evidence, EmployerClaim.created_at)
        .join(Account, Account.id == EmployerClaim.account_id).join(District, District.id == EmployerClaim.district_id)
        .outerjoin(Employer, Employer.credit_code == EmployerClaim.credit_code)
        .where(EmployerClaim.state == "waiting", reviewable(actor)).order_by(EmployerClaim.created_at).limit(200))
    return [ClaimView(key, code, name, known, district, clerk, username or "", evidence, at)
            for key, code, name, known, district, clerk, username, evidence, at in rows]


def districts(session: Session) -> list[tuple[str, str]]:
    """Districts to choose from."""
    return [(str(key), name) for key, name in session.execute(select(District.id, District.name)
                                                              .order_by(District.code))]


def _query() -> Select[UUID, str, Any, str, int]:
    clerks = (select(func.count()).select_from(Account)
              .where(Account.scope_kind == "employer", Account.active, Account.scope_id == cast(Employer.id, String))
              .correlate(Employer).scalar_subquery())
    return (select(Employer.id, Employer.name, Employer.credit_code, District.name, clerks)
            .join(District, District.id == Employer.district_id))
