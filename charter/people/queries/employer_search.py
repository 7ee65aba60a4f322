"""Search of an employer while somebody types its name: Chinese or pinyin."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from charter.people.models import District, Employer

__all__ = ["EmployerChoice", "choice", "search"]

SHORTEST = 2  # characters: one would list half the city
LONGEST = 60


@dataclass(frozen=True, slots=True)
class EmployerChoice:
    """An employer as a worker recognizes it."""

    id: UUID
    name: str
    district: str
    district_en: str


def search(session: Session, text: str, limit: int = 8) -> list[EmployerChoice]:
    """Employers whose name or pinyin holds the text, those that begin with it first; a credit code finds its one."""
    words = "".join(text.split())[:LONGEST]
    if len(words) < SHORTEST:
        return []
    letters = words.lower()
    named, spelled = func.strpos(Employer.name, words), func.strpos(Employer.name_pinyin, letters)
    rank = case((named == 1, 0), (spelled == 1, 1), (named > 1, 2), else_=3)
    rows = session.execute(
        _choices().where(or_(named > 0, spelled > 0, Employer.credit_code == words.upper()))
        .order_by(rank, Employer.name).limit(limit))
    return [EmployerChoice(*row) for row in rows]


def choice(session: Session, employer_id: UUID) -> EmployerChoice | None:
    """One employer, or None."""
    row = session.execute(_choices().where(Employer.id == employer_id)).first()
    return EmployerChoice(*row) if row else None


def _choices() -> Select[UUID, str, str, str]:
    return (select(Employer.id, Employer.name, District.name, District.name_en)
            .join(District, District.id == Employer.district_id))
