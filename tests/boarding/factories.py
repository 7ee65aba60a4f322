"""A departure with people on it, made straight in the tables; and callers with tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from charter.access.service.tokens import create_token
from charter.bookings.models import Booking
from charter.campaigns.models import Campaign, Corridor, Departure, DepartureStop, Stop, VehicleType
from charter.core import clock
from charter.core.actor import Role
from charter.passes import keys
from charter.people.models import District, Employer, Union, Worker, WorkerDocument
from charter.registrations.models import Registration


@dataclass
class World:
    """One campaign, and what was made in it."""

    campaign: Campaign
    district: District
    employer: Employer
    stops: list[Stop]
    vehicle: VehicleType
    corridor: Corridor
    tokens: dict[str, str] = field(default_factory=dict)


def world(session: Session) -> World:
    """A campaign with one employer, two stops, a coach of 49 seats."""
    union = Union(kind="city", name=f"市总工会{uuid4().hex[:6]}", name_en="City federation", hotline="057912351")
    session.add(union)
    session.flush()
    district = District(code=uuid4().hex[:6], name="武义县", name_en="Wuyi", union_id=union.id)
    session.add(district)
    session.flush()
    employer = Employer(name="浙江某某工具有限公司", district_id=district.id)
    today = clock.today()
    campaign = Campaign(name="返岗直通车", name_en="Back to work", direction="to_work", state="open", union_id=union.id,
                        destination="330723", starts_on=today - timedelta(days=2), ends_on=today + timedelta(days=14),
                        hotline="057912351")
    vehicle = VehicleType(code=uuid4().hex[:12], mode="bus", name="49座客车", name_en="Coach", approved_capacity=51,
                          passenger_seats=49, seating="ours", seat_map={"cars": []})
    session.add_all([employer, campaign, vehicle])
    session.flush()
    stops = [Stop(campaign_id=campaign.id, name=name, division="511902") for name in ("巴州客运站", "恩阳路口")]
    corridor = Corridor(campaign_id=campaign.id, name="巴中1线", mode="bus", origins=["511902"], distance_km=1600,
                        duration_min=1300)
    session.add_all([*stops, corridor])
    session.flush()
    keys.ensure(session, campaign.id)
    return World(campaign, district, employer, stops, vehicle, corridor)


def departure(session: Session, made: World, *, hours: float = 2) -> Departure:
    """A coach that leaves in so many hours, with two boarding stops."""
    leaves = clock.now() + timedelta(hours=hours)
    found = Departure(
        campaign_id=made.campaign.id, corridor_id=made.corridor.id, vehicle_type_id=made.vehicle.id, code="巴中1线-03",
        mode="bus", direction="to_work", seating="ours", origins=["511902"], date=clock.local(leaves).date(),
        departs_at=leaves, arrives_at=leaves + timedelta(hours=22), state="closed", seats_total=49)
    session.add(found)
    session.flush()
    for seq, stop in enumerate(made.stops):
        late = timedelta(minutes=40 * seq)
        session.add(DepartureStop(departure_id=found.id, seq=seq, stop_id=stop.id, kind="board", bay=f"{7 + seq}号车位",
                                  gather_at=leaves - timedelta(minutes=30) + late, departs_at=leaves + late))
    session.flush()
    return found


def booking(session: Session, made: World, on: Departure, seat: str, *, name: str = "张建国", lap_children: int = 0,
            stop: int = 0, state: str = "confirmed", tail: str = "0023") -> Booking:
    """A worker with a seat."""
    worker = Worker(name=name)
    session.add(worker)
    session.flush()
    session.add(WorkerDocument(worker_id=worker.id, id_type="resident_id", last_four=tail))
    request = Registration(campaign_id=made.campaign.id, worker_id=worker.id, employer_id=made.employer.id,
                           origin="511902", earliest=on.date, latest=on.date, modes=["bus"], state="booked",
                           source="employer", lap_children=lap_children)
    session.add(request)
    session.flush()
    found = Booking(
        campaign_id=made.campaign.id, registration_id=request.id, departure_id=on.id, worker_number=worker.number,
        during=Range(on.departs_at, on.arrives_at), stop_id=made.stops[stop].id, slot=int(seat), seat=seat,
        lap_children=lap_children, state=state,
        hold_expires_at=clock.now() + timedelta(minutes=10) if state == "held" else None)
    session.add(found)
    session.flush()
    return found


def token(session: Session, role: Role, kind: str | None = None, scope: object | None = None) -> dict[str, str]:
    """Headers of a caller with a fresh token."""
    _, text = create_token(session, role, kind, str(scope) if scope is not None else None)
    return {"Authorization": f"Bearer {text}"}


def scan(found: Booking | None, text: str | None = None, *, at: datetime | None = None, scan_id: UUID | None = None,
         kind: str = "board", departure_id: int | None = None, **more: object) -> dict[str, object]:
    """One scan as a phone sends it; by hand where no text of a pass is given."""
    made: dict[str, object] = {
        "scan_id": str(scan_id or uuid4()), "kind": kind, "shown": "go",
        "departure_id": str(departure_id or (found.departure_id if found else 0)), "stop_id": None,
        "scanned_at": (at or clock.now()).isoformat()}
    if text is not None:
        made["pass"] = text
    elif found is not None and kind != "undo":
        made["booking_id"] = str(found.id)
    return made | more
