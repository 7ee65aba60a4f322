"""Unions, districts, employers and origin partners."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pypinyin import lazy_pinyin
from sqlalchemy.orm import Session

from charter.core import audit
from charter.people.models import District, Employer, Partner, Union

__all__ = ["add_district", "add_employer", "add_partner", "add_union"]


def add_union(session: Session, *, kind: str, name: str, name_en: str, hotline: str,
              parent_id: UUID | None = None) -> Union:
    """A federation: the city's, or a district's under it."""
    union = Union(kind=kind, name=name, name_en=name_en, hotline=hotline, parent_id=parent_id)
    session.add(union)
    session.flush()
    return union


def add_district(session: Session, *, code: str, name: str, name_en: str, union_id: UUID) -> District:
    """A district of the destination city."""
    district = District(code=code, name=name, name_en=name_en, union_id=union_id)
    session.add(district)
    session.flush()
    return district


def add_employer(session: Session, *, name: str, credit_code: str | None, district_id: UUID,
                 gate: tuple[float, float] | None = None) -> Employer:
    """An employer; its credit code and its gate (longitude, latitude) may come later."""
    employer = Employer(name=name, name_pinyin="".join(lazy_pinyin(name))[:400], credit_code=credit_code,
                        district_id=district_id, gate_lon=gate[0] if gate else None, gate_lat=gate[1] if gate else None)
    session.add(employer)
    session.flush()
    audit.record(session, "employer.added", "employer", employer.id)
    return employer


def add_partner(session: Session, *, name: str, divisions: Sequence[str]) -> Partner:
    """An origin county's HR bureau or a liaison office."""
    partner = Partner(name=name, divisions=list(divisions))
    session.add(partner)
    session.flush()
    return partner
