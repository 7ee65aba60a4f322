"""A campaign with people, two coach lines and one fleet, made straight in the tables."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign, Carrier, Corridor, CorridorStop, Fleet, Stop, VehicleType
from charter.core import clock
from charter.people.models import District, Employer, Union, Worker
from charter.people.service.workers import set_phone
from charter.registrations.models import Party, Registration

ROWS = [["1", "2", None, "3", "4"], ["5", "6", None, "7", "8"]]


def campaign(session: Session, *, fleet: int = 3, workers: int = 14, stranded: int = 1,
             direction: str = "to_work") -> UUID:
    """Workers of one firm from Bazhong, a party of three among them, and some from where no line begins."""
    union = Union(kind="city", name=f"市总工会{uuid4().hex[:6]}", name_en="City federation", hotline="05925351")
    session.add(union)
    session.flush()
    district = District(code=uuid4().hex[:6], name="湖里区", name_en="Huli", union_id=union.id)
    session.add(district)
    session.flush()
    firm = Employer(name="厦门某某电子有限公司", district_id=district.id)
    first = clock.today() + timedelta(days=3)
    made = Campaign(name="返岗直通车", name_en="Back to work", direction=direction, state="open", union_id=union.id,
                    destination="350200", starts_on=first, ends_on=first + timedelta(days=2), hotline="05925351")
    kind = VehicleType(code=uuid4().hex[:12], mode="bus", name="10座客车", name_en="Coach", approved_capacity=10,
                       passenger_seats=8, seating="ours", seat_map={"cars": [{"name": "", "rows": ROWS}]})
    carrier = Carrier(name=f"客运公司{uuid4().hex[:6]}", home_division="350206")
    session.add_all([firm, made, kind, carrier])
    session.flush()
    corridor = Corridor(campaign_id=made.id, name="巴中1线", mode="bus", origins=["511902"], distance_km=1600,
                        duration_min=1300)
    stop = Stop(campaign_id=made.id, name="巴州客运站", division="511902")
    city = Stop(campaign_id=made.id, name="枋湖客运中心", division="350206")
    order = [stop, city] if direction == "to_work" else [city, stop]
    session.add_all([corridor, stop, city, Fleet(campaign_id=made.id, carrier_id=carrier.id, vehicle_type_id=kind.id,
                                           size=fleet, base_fen=100_000, per_km_fen=800)])
    session.flush()
    session.add_all(CorridorStop(corridor_id=corridor.id, seq=seq, stop_id=at.id, kind=("board", "alight")[seq],
                                 offset_min=1300 * seq) for seq, at in enumerate(order))
    party = Party(campaign_id=made.id, employer_id=firm.id, label="一家")
    session.add(party)
    session.flush()
    for number in range(workers + stranded):
        register(session, made, firm, "511902" if number < workers else "620102", party if number < 3 else None,
                  f"138000{number:05d}")
    session.flush()
    return made.id


def firm_of(session: Session, made: Campaign) -> Employer:
    """The first firm of the campaign."""
    return session.scalars(select(Employer).join(Registration, Registration.employer_id == Employer.id)
                           .where(Registration.campaign_id == made.id)).first()


def register(session: Session, made: Campaign, firm: Employer, origin: str, party: Party | None,
              phone: str, mode: str = "bus") -> None:
    worker = Worker(name="张建国")
    session.add(worker)
    session.flush()
    set_phone(session, worker.id, phone, proven=False)
    session.add(Registration(campaign_id=made.id, worker_id=worker.id, employer_id=firm.id, origin=origin,
                             earliest=made.starts_on, latest=made.ends_on, modes=[mode], state="confirmed",
                             source="employer", party_id=party.id if party else None))


def add_flight(session: Session, campaign_id: UUID, *, workers: int = 12, local_coaches: bool = True) -> None:
    """People of Tongjiang, 400 km from Chengdu, who fly, and whose firm lies 20 km from where the flight lands."""
    made = session.get_one(Campaign, campaign_id)
    district = session.scalars(select(District)).one()
    firm = Employer(name="厦门远方服装有限公司", district_id=district.id, gate_lon=118.10, gate_lat=24.70)
    plane = VehicleType(code=uuid4().hex[:12], mode="flight", name="小飞机", name_en="Plane", approved_capacity=12,
                        passenger_seats=12, seating="carrier", seat_map={"cars": []})
    coach = session.scalars(select(VehicleType).where(VehicleType.mode == "bus")).one()
    air, local, home = (Carrier(name=f"{name}{uuid4().hex[:6]}", home_division=code) for name, code in
                        (("航空", "350200"), ("成都客运", "510100"), ("厦门客运", "350200")))
    line = Corridor(campaign_id=campaign_id, name="成都—厦门包机", mode="flight", origins=["511921"], distance_km=1700,
                    duration_min=170)
    start = Stop(campaign_id=campaign_id, name="成都双流国际机场", division="510116", kind="airport", lon=103.947,
                 lat=30.579)
    end = Stop(campaign_id=campaign_id, name="厦门高崎国际机场", division="350206", kind="airport", lon=118.128,
               lat=24.544)
    session.add_all([firm, plane, air, local, home, line, start, end])
    session.flush()
    session.add_all([
        CorridorStop(corridor_id=line.id, seq=1, stop_id=start.id, kind="board", offset_min=0),
        CorridorStop(corridor_id=line.id, seq=2, stop_id=end.id, kind="alight", offset_min=170),
        Fleet(campaign_id=campaign_id, carrier_id=air.id, vehicle_type_id=plane.id, size=1, base_fen=800_000,
              per_km_fen=500)])
    if local_coaches:
        session.add_all(Fleet(campaign_id=campaign_id, carrier_id=carrier.id, vehicle_type_id=coach.id, size=3,
                              base_fen=20_000, per_km_fen=200, feeder=True) for carrier in (local, home))
    for number in range(workers):
        register(session, made, firm, "511921", None, f"139000{number:05d}", "flight")
    session.flush()
