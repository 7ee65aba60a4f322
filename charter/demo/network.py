"""The demo's lines: coach corridors by prefecture, flights and trains from real hubs, and who offers which vehicles."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from charter.campaigns import service
from charter.campaigns.models import Campaign
from charter.campaigns.service import LineStop
from charter.demo.world import CITY, FAR
from charter.places import distance, hubs
from charter.places.table import DivisionTable

__all__ = ["build_network"]

ARRIVAL = {"bus": "厦门枋湖客运中心", "train": "厦门北站", "flight": "厦门高崎国际机场"}
TERMINAL = ("350206", 118.116, 24.520)  # of coaches: division and place
FLIGHTS = {"成都双流国际机场": ("5119", "5113"), "达州金垭机场": ("5117",), "重庆江北国际机场": ("5002",),
           "贵阳龙洞堡国际机场": ("5203", "5205"), "昆明长水国际机场": ("5303",), "昭通机场": ("5306",)}
TRAINS = {"达州站": ("5117", "5119"), "重庆北站": ("5002", "5113"), "贵阳北站": ("5203", "5205"), "恩施站": ("4228",)}
WORDS = {"flight": "包机", "train": "火车"}
SPEED = {"bus": 80, "train": 160, "flight": 700}  # km/h
STOP_MINUTES = 40  # from one stop of a coach to the next
COACHES = {"coach-33": 690, "coach-39": 780, "coach-45": 855, "coach-49": 885, "coach-55": 990}  # fen a kilometre
FEEDERS = {"coach-33": 600, "coach-45": 720, "coach-55": 820}


def build_network(session: Session, campaign: Campaign, counties: Sequence[str], table: DivisionTable,
                  workers: int) -> int:
    """All corridors and fleets of the campaign; how many corridors."""
    prefectures = sorted({code[:4] for code in counties} - set(FAR))
    for prefix in prefectures:
        _coach_line(session, campaign, prefix, [code for code in counties if code.startswith(prefix)], table)
    number = len(prefectures)
    _coaches(session, campaign, workers)
    served = []
    for mode, lines in (("flight", FLIGHTS), ("train", TRAINS)):
        for hub, prefixes in lines.items():
            members = [code for code in counties if code.startswith(prefixes)]
            if members:
                _hub_line(session, campaign, mode, hub, members, table)
                served.append(hub)
    _rail_and_air(session, campaign, workers)
    _feeders(session, campaign, served, workers)
    return number + len(served)


def _coach_line(session: Session, campaign: Campaign, prefix: str, members: Sequence[str],
                table: DivisionTable) -> None:
    name = (table.get(prefix + "00") or table.parents(members[0])[-1]).name
    order = sorted(members, key=lambda code: -(distance.between(table, code, CITY) or 0))
    boards = [LineStop(f"{found.name}客运站", found.code, "board", STOP_MINUTES * place, found.lon, found.lat)
              for place, found in enumerate(table.divisions[code] for code in order)]
    end = LineStop(ARRIVAL["bus"], TERMINAL[0], "alight", 0, TERMINAL[1], TERMINAL[2])
    _add(session, campaign, f"{name}—厦门大巴", "bus", members, boards, end, table)


def _hub_line(session: Session, campaign: Campaign, mode: str, hub: str, members: Sequence[str],
              table: DivisionTable) -> None:
    known = {one.name: one for one in hubs.load()}
    start, end = (LineStop(found.name, found.county, kind, 0, found.lon, found.lat, found.kind)
                  for found, kind in ((known[hub], "board"), (known[ARRIVAL[mode]], "alight")))
    _add(session, campaign, f"{hub}—厦门{WORDS[mode]}", mode, members, [start], end, table)


def _add(session: Session, campaign: Campaign, name: str, mode: str, members: Sequence[str],
         boards: Sequence[LineStop], end: LineStop, table: DivisionTable) -> None:
    kilometres = distance.between(table, boards[0].division, CITY) or 1_000
    minutes = round(kilometres / SPEED[mode] * 60) + boards[-1].offset_min
    last = LineStop(end.name, end.division, "alight", minutes, end.lon, end.lat, end.place)
    first = (table.get(boards[0].division) or table.parents(members[0])[-1]).pinyin.capitalize()
    service.add_corridor(session, campaign, name=name, name_en=f"{first}–Xiamen {mode}", mode=mode, origins=members,
                         distance_km=round(kilometres), duration_min=minutes, stops=[*boards, last])


def _coaches(session: Session, campaign: Campaign, workers: int) -> None:
    own = service.add_carrier(session, name="厦门旅游客运有限公司（演示）", name_en="Xiamen coaches (demo)",
                              home_division=CITY)
    for code, price in COACHES.items():
        service.add_fleet(session, campaign, own, code, size=max(4, workers // 320), base_fen=90_000, per_km_fen=price)


def _rail_and_air(session: Session, campaign: Campaign, workers: int) -> None:
    rail = service.add_carrier(session, name="南昌铁路局（演示）", name_en="Railway (demo)", home_division="360100")
    for code, size, base, per_km in (("group-ticket-20", workers // 160, 0, 760), ("second-class-car", workers // 800,
                                                                                  100_000, 3_000),
                                     ("emu-8", 2, 2_000_000, 16_500)):
        service.add_fleet(session, campaign, rail, code, size=max(3, size), base_fen=base, per_km_fen=per_km)
    air = service.add_carrier(session, name="厦门航空（演示）", name_en="Airline (demo)", home_division=CITY)
    service.add_fleet(session, campaign, air, "b737-800", size=max(2, workers // 4_000), base_fen=2_000_000,
                      per_km_fen=2_600)


def _feeders(session: Session, campaign: Campaign, served: Sequence[str], workers: int) -> None:
    """A local coach firm at each hub's prefecture, and one at home."""
    known = {one.name: one for one in hubs.load()}
    homes = {known[hub].county[:4] + "00": hub for hub in served} | {CITY: "厦门"}
    for home, hub in homes.items():
        name = hub.removesuffix("国际机场").removesuffix("机场").removesuffix("站")
        local = service.add_carrier(session, name=f"{name}公路客运公司（演示）", name_en="Local coaches (demo)",
                                    home_division=home)
        for code, price in FEEDERS.items():
            service.add_fleet(session, campaign, local, code, size=max(4, workers // 800), base_fen=40_000,
                              per_km_fen=price, feeder=True)
