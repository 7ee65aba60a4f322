"""What is printed: the duty sheet, a day's call list, a certificate of hours. Phones that are shown are audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Departure
from charter.campaigns.trip import own_departure
from charter.core import audit, clock
from charter.crew import reading
from charter.crew.duty import phone_of, span_of
from charter.crew.models import CrewDuty, CrewMember
from charter.crew.rules.spans import Span
from charter.people.models import Union

__all__ = ["Call", "Certificate", "DutySheet", "call_list", "certificate", "duty_sheet"]


@dataclass(frozen=True, slots=True)
class DutySheet:
    """A departure's sheet: what there is to know, and who rides along with which phone."""

    sheet: reading.Sheet
    span: Span
    crew: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One on duty: where, from when until when, his phone."""

    name: str
    kind: str
    unit: str
    phone: str
    departure_id: int
    code: str
    start: datetime
    end: datetime
    plate: str
    drivers: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What somebody did, only trips that arrived and to which he came; who vouches for it."""

    campaign: Campaign
    union: str
    duties: tuple[reading.DutyRow, ...]
    minutes: int


def duty_sheet(session: Session, departure_id: int) -> DutySheet:
    """The sheet that rides along. Raises NotFound."""
    departure = own_departure(session, departure_id)
    found = reading.sheet(session, departure_id)
    crew = _crew(session, [departure_id], "任务单")
    named = tuple((member.name, phone) for _, member, _, phone in crew)
    typed = ((departure.crew_name, departure.crew_phone),) if departure.crew_name and not named else ()
    return DutySheet(found, span_of(departure), named or typed)


def call_list(session: Session, campaign_id: UUID, day: date) -> list[Call]:
    """Everybody whose duty touches this day, by departure; those who were written in by hand too."""
    begin, end = clock.day_bounds(day)
    ids = session.scalars(select(CrewDuty.departure_id).where(
        CrewDuty.campaign_id == campaign_id, CrewDuty.ended_at.is_(None),
        CrewDuty.during.op("&&")(func.tstzrange(begin, end))).distinct()).all()
    found = [Call(member.name, member.kind, member.unit, phone, departure.id, departure.code, span_of(departure).start,
                  span_of(departure).end, departure.plate, departure.drivers)
             for _, member, departure, phone in _crew(session, list(ids), "电话表")]
    typed = session.scalars(select(Departure).where(
        Departure.campaign_id == campaign_id, Departure.crew_name != "", Departure.id.not_in(ids),
        Departure.state != "called_off", Departure.departs_at < end, Departure.arrives_at >= begin))
    found += [Call(one.crew_name, "", "", one.crew_phone, one.id, one.code, one.departs_at, one.arrives_at, one.plate,
                   one.drivers) for one in typed]
    return sorted(found, key=lambda call: (call.start, call.code, call.name))


def _crew(session: Session, ids: list[int], why: str) -> list[tuple[CrewDuty, CrewMember, Departure, str]]:
    rows = session.execute(
        select(CrewDuty, CrewMember, Departure).join(CrewMember, CrewMember.id == CrewDuty.member_id)
        .join(Departure, Departure.id == CrewDuty.departure_id)
        .where(CrewDuty.departure_id.in_(ids), CrewDuty.ended_at.is_(None), CrewMember.phone_sealed.is_not(None))
        .order_by(CrewDuty.departure_id, CrewDuty.place)).all()
    phones = audit.reveal_many(session, [phone_of(member) for _, member, _ in rows], why, "crew", len(rows))
    return [(duty, member, departure, phone) for (duty, member, departure), phone in zip(rows, phones, strict=True)]


def certificate(session: Session, campaign_id: UUID, member_id: UUID) -> Certificate:
    """Hours by the rule of `spans.certified`. Raises NotFound."""
    reading.member_row(session, campaign_id, member_id)
    campaign = session.get_one(Campaign, campaign_id)
    done = tuple(row for row in reading.duties_of(session, member_id) if row.state == "arrived" and not row.absent)
    return Certificate(campaign, session.get_one(Union, campaign.union_id).name, done,
                       sum(row.certified_min for row in done))
