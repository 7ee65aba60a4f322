"""The forms of the set-up pages: what stands in their fields, and what was typed as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from charter.campaigns.models import Campaign, Carrier, Fleet
from charter.core import clock, money
from charter.core.forms import Reader
from charter.core.i18n import N_
from charter.places import table as places
from charter.places.matcher import match

__all__ = ["CampaignIn", "CarrierIn", "FleetIn", "campaign_in", "campaign_texts", "carrier_in", "carrier_texts",
           "fleet_in", "fleet_texts", "place", "place_text", "vehicle_in"]

DIRECTIONS = ("to_work", "to_home")
STATES = ("draft", "open", "closed")
PHONE = frozenset("0123456789-+ ")


def place_text(code: str) -> str:
    """A division's full name, or its code where it is unknown."""
    return places.load().full_name(code) or code


def place(reader: Reader, name: str, text: str, *, city: bool = False) -> str:
    """The code of the county that a text names; with `city` also a city as a whole. Never guesses."""
    table = places.load()
    found = match(table, text)
    if found.code is not None:
        return found.code
    prefixes = {code[:4] for code in found.choices}
    if city and len(prefixes) == 1:
        whole = prefixes.pop() + "00"
        if {leaf.code for leaf in table.counties(whole)} == set(found.choices):
            return whole
    if not text.strip():
        reader.wrong(name, "missing", N_("请填写这一项"))
    elif found.choices:
        reader.wrong(name, "origin_ambiguous", N_("符合的地名不止一处，请写全，例如：%(choices)s"),
                     choices="、".join(table.full_name(code) for code in found.choices[:6]))
    else:
        reader.wrong(name, "origin_unknown", N_("没有找到这个地名，请写明省、市、县（区）"))
    return ""


def _phone(reader: Reader, name: str, *, least: int = 1) -> str:
    found = reader.text(name, 20, least=least)
    if set(found) - PHONE:
        reader.wrong(name, "invalid", N_("电话只能有数字和短横线"))
    return found


@dataclass(frozen=True, slots=True)
class CampaignIn:
    """What an organizer says of a campaign. Money in whole fen."""

    name: str
    name_en: str
    direction: str
    state: str
    destination: str
    starts_on: date
    ends_on: date
    opens_at: datetime | None
    cancel_hours: int
    answer_hours: int
    hotline: str
    budget_fen: int | None
    spread_cost_fen: int
    left_behind_fen: int
    health_declaration: bool
    health_text: str


def campaign_texts(found: Campaign) -> dict[str, str]:
    """The fields of a campaign as they stand in its form."""
    return {
        "name": found.name, "name_en": found.name_en, "direction": found.direction, "state": found.state,
        "destination": place_text(found.destination), "starts_on": found.starts_on.isoformat(),
        "ends_on": found.ends_on.isoformat(),
        "opens_at": clock.local(found.opens_at).strftime("%Y-%m-%dT%H:%M") if found.opens_at else "",
        "cancel_hours": str(found.cancel_hours), "answer_hours": str(found.answer_hours),
        "hotline": found.hotline,
        "budget": money.yuan(found.budget_fen) if found.budget_fen is not None else "",
        "spread_cost": money.yuan(found.spread_cost_fen), "left_behind": money.yuan(found.left_behind_fen),
        "health_declaration": "1" if found.health_declaration else "", "health_text": found.health_text}


def campaign_in(fields: Mapping[str, str]) -> CampaignIn:
    """What was typed. Raises Invalid."""
    reader = Reader(fields)
    values: dict[str, Any] = {
        "name": reader.text("name", 80), "name_en": reader.text("name_en", 120, least=0),
        "direction": reader.choice("direction", DIRECTIONS), "state": reader.choice("state", STATES),
        "destination": place(reader, "destination", fields.get("destination", ""), city=True),
        "starts_on": reader.day("starts_on"), "ends_on": reader.day("ends_on"),
        "opens_at": reader.moment("opens_at") if fields.get("opens_at", "").strip() else None,
        "cancel_hours": reader.whole("cancel_hours", 0, 720), "answer_hours": reader.whole("answer_hours", 1, 720),
        "hotline": _phone(reader, "hotline"), "budget_fen": reader.fen("budget", optional=True),
        "spread_cost_fen": reader.fen("spread_cost"), "left_behind_fen": reader.fen("left_behind"),
        "health_declaration": reader.tick("health_declaration"),
        "health_text": reader.text("health_text", 500, least=0)}
    if values["ends_on"] < values["starts_on"]:
        reader.wrong("ends_on", "date_order", N_("结束日期早于开始日期"))
    elif (values["ends_on"] - values["starts_on"]).days > 366:
        reader.wrong("ends_on", "too_long", N_("一次活动最长一年"))
    if values["health_declaration"] and not values["health_text"]:
        reader.wrong("health_text", "missing", N_("请写明要工友申报什么"))
    reader.done()
    return CampaignIn(**(values | {"name_en": values["name_en"] or values["name"]}))


@dataclass(frozen=True, slots=True)
class CarrierIn:
    """What an organizer says of a carrier."""

    name: str
    name_en: str
    home_division: str
    phone: str


def carrier_texts(found: Carrier) -> dict[str, str]:
    """The fields of a carrier as they stand in its form."""
    return {"name": found.name, "name_en": found.name_en, "home_division": place_text(found.home_division),
            "phone": found.phone}


def carrier_in(fields: Mapping[str, str]) -> CarrierIn:
    """What was typed. Raises Invalid."""
    reader = Reader(fields)
    found = CarrierIn(reader.text("name", 120), reader.text("name_en", 160, least=0),
                      place(reader, "home_division", fields.get("home_division", ""), city=True),
                      _phone(reader, "phone", least=0))
    reader.done()
    return found


@dataclass(frozen=True, slots=True)
class FleetIn:
    """So many vehicles of a type that a carrier offers. Money in whole fen."""

    carrier: str
    vehicle_type: str
    size: int
    base_fen: int
    per_km_fen: int
    feeder: bool


def fleet_texts(found: Fleet) -> dict[str, str]:
    """The fields of an offer as they stand in its form."""
    return {"carrier": str(found.carrier_id), "vehicle_type": str(found.vehicle_type_id), "size": str(found.size),
            "base": money.yuan(found.base_fen), "per_km": money.yuan(found.per_km_fen),
            "feeder": "1" if found.feeder else ""}


def fleet_in(fields: Mapping[str, str], carriers: list[str], vehicle_types: list[str]) -> FleetIn:
    """What was typed; carriers and types by id. Raises Invalid."""
    reader = Reader(fields)
    found = FleetIn(reader.choice("carrier", carriers), reader.choice("vehicle_type", vehicle_types),
                    reader.whole("size", 1, 9_999), reader.fen("base") or 0, reader.fen("per_km") or 0,
                    reader.tick("feeder"))
    reader.done()
    return found


def vehicle_in(fields: Mapping[str, str]) -> tuple[str, str]:
    """Plate (capitals, no blanks) and drivers as typed; either may be empty. Raises Invalid."""
    reader = Reader(fields)
    plate = "".join(reader.text("plate", 16, least=0).split()).upper().replace("·", "")
    drivers = reader.text("drivers", 120, least=0)
    reader.done()
    return plate, drivers
