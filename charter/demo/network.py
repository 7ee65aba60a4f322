"""The demo's lines: coach corridors by prefecture, flights and trains from real hubs, and who offers which vehicles."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from charter.campaigns import service
from charter.campaigns.models import Campaign
from charter.campaigns.service import LineStop
from charter.demo.world import CITY
from charter.places import distance, hubs
from charter.places.table import DivisionTable

__all__ = ["build_network"]

ARRIVAL = {"bus": ("厦门枋湖客运中心", "350206", "stop"), "train": ("厦门北站", "350211", "station"),
           "flight": ("厦门高崎国际机场", "350206", "airport")}
FLIGHTS = ("51", "52", "53", "50", "41", "45")
TRAINS = ("36", "43", "42", "34")
SPEED = {"bus": 75, "train": 160, "flight": 700}  # km/h, stops and rests included
FLEETS = {"coach-33": 690, "coach-39": 780, "coach-45": 855, "coach-49": 885, "coach-55": 990}  # fen a kilometre


def build_network(session: Session, campaign: Campaign, counties: Sequence[str], table: DivisionTable,
                  workers: int) -> int:
    """All corridors and fleets of the campaign; how many corridors."""
    prefectures = sorted({code[:4] for code in counties})
    lines = [_coach_line(session, campaign, prefix, [code for code in counties if code.startswith(prefix)], table)
             for prefix in prefectures]
    for mode, kind, provinces in (("flight", "airport", FLIGHTS), ("train", "station", TRAINS)):
        for province in provinces:
            lines.append(_hub_line(session, campaign, mode, kind, province, counties, table))
    _offers(session, campaign, workers)
    return sum(lines)


def _coach_line(session: Session, campaign: Campaign, prefix: str, members: Sequence[str],
                table: DivisionTable) -> int:
    name = (table.get(prefix + "00") or table.parents(members[0])[-1]).name
    stops = [(table.full_name(code), table.get(code)) for code in members[:4]]
    boards = [LineStop(f"{found.name}客运站", found.code, "board", 40 * place, found.lon, found.lat)
              for place, (_, found) in enumerate(stops) if found is not None]
    return _add(session, campaign, f"{name}—厦门大巴", f"{prefix} coach", "bus", members, boards, table)


def _hub_line(session: Session, campaign: Campaign, mode: str, kind: str, province: str, counties: Sequence[str],
              table: DivisionTable) -> int:
    members = [code for code in counties if code.startswith(province)]
    found = next((hub for hub in hubs.load() if hub.kind == kind and hub.county.startswith(province)), None)
    if not members or found is None:
        return 0
    board = LineStop(found.name, found.county, "board", 0, found.lon, found.lat, kind)
    word = "包机" if mode == "flight" else "火车"
    return _add(session, campaign, f"{found.name}—厦门{word}", f"{province} {mode}", mode, members, [board], table)


def _add(session: Session, campaign: Campaign, name: str, name_en: str, mode: str, members: Sequence[str],
         boards: Sequence[LineStop], table: DivisionTable) -> int:
    kilometres = distance.between(table, boards[0].division, CITY) or 1_000
    minutes = round(kilometres / SPEED[mode] * 60) + boards[-1].offset_min
    place, division, kind = ARRIVAL[mode]
    service.add_corridor(session, campaign, name=name, name_en=name_en, mode=mode, origins=members,
                         distance_km=round(kilometres), duration_min=minutes,
                         stops=[*boards, LineStop(place, division, "alight", minutes, None, None, kind)])
    return 1


def _offers(session: Session, campaign: Campaign, workers: int) -> None:
    coaches = service.add_carrier(session, name="厦门闽运旅游客运有限公司（演示）", name_en="Demo coaches",
                                  home_division=CITY)
    for code, price in FLEETS.items():
        service.add_fleet(session, campaign, coaches, code, size=max(4, workers // 90), base_fen=90_000,
                          per_km_fen=price)
    rail = service.add_carrier(session, name="南昌铁路局（演示）", name_en="Demo railway", home_division="360100")
    service.add_fleet(session, campaign, rail, "hard-seat-car", size=max(2, workers // 500), base_fen=200_000,
                      per_km_fen=4_300)
    air = service.add_carrier(session, name="厦门航空（演示）", name_en="Demo airline", home_division=CITY)
    service.add_fleet(session, campaign, air, "b737-800", size=max(1, workers // 2_000), base_fen=4_000_000,
                      per_km_fen=10_500)
