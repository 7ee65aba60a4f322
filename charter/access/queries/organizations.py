"""Districts and origin partners, for those who set an installation up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.people.models import District, Employer, Partner, Union
from charter.places.table import load

__all__ = ["DistrictView", "PartnerView", "districts", "partners"]


@dataclass(frozen=True, slots=True)
class DistrictView:
    """One district with its federation's hotline and how many employers it has."""

    name: str
    code: str
    hotline: str
    employers: int


@dataclass(frozen=True, slots=True)
class PartnerView:
    """One origin partner and the counties whose people it hands in."""

    name: str
    places: tuple[str, ...]


def districts(session: Session) -> list[DistrictView]:
    """All districts by code."""
    count = (select(func.count()).select_from(Employer).where(Employer.district_id == District.id)
             .correlate(District).scalar_subquery())
    rows = session.execute(select(District.name, District.code, Union.hotline, count)
                           .join(Union, Union.id == District.union_id).order_by(District.code))
    return [DistrictView(*row) for row in rows]


def partners(session: Session) -> list[PartnerView]:
    """All partners by name."""
    rows = session.scalars(select(Partner).order_by(Partner.name))
    return [PartnerView(row.name, tuple(load().full_name(code) for code in row.divisions)) for row in rows]
