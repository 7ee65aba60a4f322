"""A campaign with a coach that can be booked, its employer, and workers who may ride."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from charter.access.service.tokens import create_token
from charter.campaigns.models import Campaign, Corridor, Departure, DepartureStop, Stop, VehicleType
from charter.core import clock
from charter.core.actor import Role
from charter.people.models import District, Employer, Union
from charter.people.rules.documents import check_character
from charter.registrations.models import Registration
from charter.registrations.rules.request import Request
from charter.registrations.service import register_many

ORIGIN = "511922"  # 四川省巴中市南江县


@dataclass
class Scene:
    """What was made."""

    campaign: Campaign
    employer: Employer
    other: Employer
    departure: Departure
    vehicle: VehicleType
    corridor: Corridor
    stop: Stop


def seat_rows(number: int) -> list[list[str | None]]:
    """Rows of 2 + 2."""
    seats = [str(seat) for seat in range(1, number + 1)]
    return [[*seats[start:start + 2], None, *seats[start + 2:start + 4]] for start in range(0, number, 4)]


def scene(session: Session, seats: int = 8) -> Scene:
    """One open campaign, one coach of `seats` seats in three days."""
    union = Union(kind="city", name="市总工会", name_en="City federation", hotline="059212351")
    session.add(union)
    session.flush()
    district = District(code="350206", name="湖里区", name_en="Huli", union_id=union.id)
    session.add(district)
    session.flush()
    employer = Employer(name="厦门甲有限公司", district_id=district.id, credit_code="91350200MA3456783C")
    other = Employer(name="厦门乙有限公司", district_id=district.id)
    today = clock.today()
    campaign = Campaign(name="返岗直通车", name_en="Back to work", direction="to_work", state="open", union_id=union.id,
                        destination="350200", starts_on=today, ends_on=today + timedelta(days=14),
                        hotline="059212351")
    vehicle = VehicleType(code="test-coach", mode="bus", name="客车", name_en="Coach", approved_capacity=seats + 3,
                          passenger_seats=seats, seating="ours", seat_map={"cars": [{"name": "",
                                                                                     "rows": seat_rows(seats)}]})
    session.add_all([employer, other, campaign, vehicle])
    session.flush()
    stop = Stop(campaign_id=campaign.id, name="南江客运站", division=ORIGIN)
    corridor = Corridor(campaign_id=campaign.id, name="巴中线", mode="bus", origins=[ORIGIN], distance_km=1700,
                        duration_min=1320)
    session.add_all([stop, corridor])
    session.flush()
    made = Scene(campaign, employer, other, coach(session, campaign, corridor, vehicle, stop, seats), vehicle, corridor,
                 stop)
    session.flush()
    return made


def coach(session: Session, campaign: Campaign, corridor: Corridor, vehicle: VehicleType, stop: Stop, seats: int,
          days: int = 3) -> Departure:
    """An open departure in so many days."""
    leaves = clock.now() + timedelta(days=days)
    departure = Departure(
        campaign_id=campaign.id, corridor_id=corridor.id, vehicle_type_id=vehicle.id, code="巴中01", mode="bus",
        direction="to_work", seating="ours", origins=[ORIGIN], date=clock.local(leaves).date(), departs_at=leaves,
        arrives_at=leaves + timedelta(hours=22), state="open", published_at=clock.now(), seats_total=seats)
    session.add(departure)
    session.flush()
    session.add(DepartureStop(departure_id=departure.id, seq=1, stop_id=stop.id, kind="board",
                              gather_at=leaves - timedelta(minutes=30), departs_at=leaves, bay="7"))
    session.flush()
    return departure


def request(number: int, **changed: object) -> Request:
    """A judged request of an invented worker."""
    body = f"511922{date(1980, 1, 1) + timedelta(days=number % 5_000):%Y%m%d}{100 + number % 900:03d}"
    today = clock.today()
    values: dict[str, object] = {
        "name": "王" + "甲乙丙丁戊己庚辛"[number % 8], "id_type": "resident_id",
        "id_number": body + check_character(body),
        "phone": f"154{number:08d}", "origin": ORIGIN, "origin_text": "南江", "earliest": today,
        "latest": today + timedelta(days=10), "modes": ("bus", "train", "flight")}
    return Request(**(values | changed))  # type: ignore[arg-type]


def riders(session: Session, made: Scene, number: int, first: int = 0) -> list[UUID]:
    """So many confirmed requests of the scene's employer."""
    outcomes = register_many(session, made.campaign.id, made.employer.id,
                             [request(first + place) for place in range(number)], source="employer", source_id="")
    return [outcome.registration_id for outcome in outcomes if outcome.registration_id]


def worker_of(session: Session, registration_id: UUID) -> UUID:
    """The person of a request."""
    return session.query(Registration.worker_id).filter(Registration.id == registration_id).scalar()


def bearer(session: Session, role: Role, kind: str | None = None, key: object = None) -> dict[str, str]:
    """Headers of a caller with a fresh token."""
    _, text = create_token(session, role, kind, None if key is None else str(key))
    return {"Authorization": f"Bearer {text}"}
