"""The papers of a trip, for the crew's folder: name list, via points, road pass form, hand-over, temperatures, sign.

No ID number stands on them, only its last four; the foot of each page says who printed it and when.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import typst
from sqlalchemy.orm import Session

from charter.boarding import manifest
from charter.boarding.trips import Trip, visible_trip
from charter.campaigns.models import Campaign, Carrier, Corridor, Departure
from charter.campaigns.naming import coach_number
from charter.core import audit, clock
from charter.core.actor import Actor
from charter.core.i18n import N_, date_words, gettext, hour, moment
from charter.core.problems import NotFound
from charter.passes.rendering import fonts

__all__ = ["KINDS", "Folder", "collect", "printed"]

KINDS = {"list": N_("乘客名单"), "plate": N_("包车标志牌途经点"), "road": N_("返岗包车通行证"),
         "handover": N_("交接单"), "temperature": N_("体温记录"), "windscreen": N_("挡风玻璃号牌")}
LAYOUT = Path(__file__).with_name("papers.typ")
BLANKS = 4  # lines for people who are written in by hand
WORDS = {
    "list": KINDS["list"], "plate": KINDS["plate"], "road_pass": KINDS["road"], "hand_over": KINDS["handover"],
    "temperature": KINDS["temperature"], "no": N_("序号"), "seat": N_("座位"), "name": N_("姓名"),
    "tail": N_("证件后四位"), "employer": N_("用工企业"), "stop": N_("上车点"), "lap": N_("抱婴"), "on": N_("上"),
    "off": N_("下"), "handed": N_("交"), "crew": N_("带车人员签字"), "driver": N_("驾驶员签字"), "date": N_("日期"),
    "list_note": N_("空行用来手写临时上车的人：姓名、证件、电话、单位和上车点。"), "via": N_("途经点（上下客）"),
    "kind": N_("上下客"), "when": N_("时间"), "bay": N_("车位"), "carrier": N_("承运企业"), "people": N_("人数"),
    "plate_note": N_("只列上下客的站点，休息和用餐的地方不列。"), "here": N_("已到"), "absent": N_("未到"),
    "road_note": N_("由承运企业自行打印填写，不需要盖章和审批。"), "remark": N_("备注"), "received": N_("实收人数"),
    "missing": N_("未到人数"), "receiver": N_("企业接收人签字"), "t1": N_("上车"), "t2": N_("途中一"),
    "t3": N_("途中二"), "t4": N_("下车"), "hotline": N_("热线"),
    "temperature_note": N_("单位 ℃。37.3 ℃ 以上请换到留观区并报告热线。")}


@dataclass(frozen=True, slots=True)
class Rider:
    """A line of a list; `lap` is the number of lap children or nothing."""

    seat: str
    name: str
    tail: str
    employer: str
    stop: str
    lap: str


@dataclass(frozen=True, slots=True)
class Folder:
    """What is printed on one trip's papers, in the reader's words."""

    trip: dict[str, Any]
    stops: list[dict[str, str]]
    people: list[Rider]
    road: list[tuple[str, str]]
    printed: str


def collect(session: Session, departure_id: int, actor: Actor) -> Folder:
    """The contents of a trip's papers, with an audit event. Raises NotFound."""
    found = visible_trip(session, departure_id, actor)
    departure = session.get_one(Departure, departure_id)
    campaign = session.get_one(Campaign, found.campaign_id)
    carrier = session.get(Carrier, departure.carrier_id) if departure.carrier_id else None
    corridor = session.get_one(Corridor, departure.corridor_id)
    people = [Rider(one.seat or "", one.name, one.last_four, one.employer, one.stop or "",
                    str(one.lap_children or "")) for one in manifest.people(session, found, actor)]
    audit.record(session, "papers.printed", "departure", departure_id, people=len(people))
    trip = _trip(found, departure, campaign, carrier.name if carrier else "")
    now = clock.local(clock.now())
    foot = gettext("%(name)s 于 %(at)s 打印 · 含个人信息，用后销毁", name=actor.name or actor.caller, at=moment(now))
    return Folder(trip, _stops(found), people, _road(trip, departure, corridor.name, carrier), foot)


def printed(folder: Folder, kinds: Sequence[str]) -> bytes:
    """The papers of these kinds as one PDF. Raises NotFound for a kind that there is not."""
    if not kinds or any(kind not in KINDS for kind in kinds):
        raise NotFound
    firms = [{"name": name, "people": [asdict(one) for one in group]} for name, group in groupby(
        sorted(folder.people, key=lambda one: one.employer), key=lambda one: one.employer)]
    content = {"papers": list(kinds), "words": {key: gettext(word) for key, word in WORDS.items()},
               "employers": firms} | asdict(folder)
    compiler = typst.Compiler(font_paths=fonts(), ignore_system_fonts=True,
                              sys_inputs={"content": json.dumps(content, ensure_ascii=False)})
    made = compiler.compile(LAYOUT.read_bytes(), format="pdf")
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return made


def _trip(found: Trip, departure: Departure, campaign: Campaign, carrier: str) -> dict[str, Any]:
    boards, offs = _by_kind(found, "board"), _by_kind(found, "alight")
    facts = [(gettext("班次"), found.code), (gettext("发车"), moment(found.departs_at)),
             (gettext("车牌"), departure.plate or "—"), (gettext("驾驶员"), departure.drivers or "—"),
             (gettext("承运企业"), carrier or "—"),
             (gettext("带车"), f"{departure.crew_name} {departure.crew_phone}".strip() or "—"),
             (gettext("到达"), moment(found.arrives_at)), (gettext("热线"), campaign.hotline)]
    return {"title": f"{campaign.name} {found.code}", "campaign": campaign.name, "code": found.code,
            "number": coach_number(departure), "facts": facts, "blanks": BLANKS, "plate": departure.plate,
            "hotline": campaign.hotline, "leaves": moment(found.departs_at),
            "from": boards[0].name if boards else "", "to": offs[-1].name if offs else "",
            "bay": boards[0].bay if boards else ""}


def _by_kind(found: Trip, kind: str) -> list[Any]:
    return [place for place in found.stops.values() if place.kind == kind]


def _stops(found: Trip) -> list[dict[str, str]]:
    words = {"board": N_("上客"), "alight": N_("下客")}
    return [{"name": place.name, "kind": gettext(words[place.kind]), "bay": place.bay,
             "at": f"{date_words(clock.local(place.departs_at).date())} {hour(place.departs_at)}"}
            for place in found.stops.values()]


def _road(trip: dict[str, Any], departure: Departure, line: str, carrier: Carrier | None) -> list[tuple[str, str]]:
    return [(gettext("车牌号码"), departure.plate), (gettext("承运企业"), carrier.name if carrier else ""),
            (gettext("起点"), trip["from"]), (gettext("终点"), trip["to"]), (gettext("线路"), line),
            (gettext("途经省份"), ""), (gettext("入口收费站"), ""), (gettext("出口收费站"), ""),
            (gettext("运行时间"), f"{moment(departure.departs_at)} — {moment(departure.arrives_at)}"),
            (gettext("承运企业电话"), carrier.phone if carrier else "")]
