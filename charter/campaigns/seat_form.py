"""The form of a vehicle type: its seats as lines of text, front first, as one reads them off a drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from charter.campaigns.models import VehicleType
from charter.core.forms import Reader
from charter.core.i18n import N_

__all__ = ["AISLE", "TypeIn", "rows_text", "type_in", "type_texts"]

AISLE = "|"
CAR = "="
MODES = ("bus", "train", "flight")
SEATINGS = ("ours", "carrier")
MOST_SEATS = 2_000


@dataclass(frozen=True, slots=True)
class TypeIn:
    """A vehicle type as typed."""

    name: str
    name_en: str
    mode: str
    approved_capacity: int
    passenger_seats: int
    seating: str
    infant_limit: int | None
    seat_map: dict[str, Any]


def rows_text(seat_map: Mapping[str, Any]) -> str:
    """The map as lines: seats parted by blanks, `|` the aisle, `= name` begins a car."""
    lines = []
    for car in seat_map.get("cars", ()):
        if car.get("name"):
            lines.append(f"{CAR} {car['name']}")
        lines += [" ".join(AISLE if seat is None else seat for seat in row) for row in car["rows"]]
    return "\n".join(lines)


def type_texts(found: VehicleType) -> dict[str, str]:
    """The fields of a vehicle type as they stand in its form."""
    return {"name": found.name, "name_en": found.name_en, "mode": found.mode,
            "approved_capacity": str(found.approved_capacity), "passenger_seats": str(found.passenger_seats),
            "seating": found.seating, "infant_limit": "" if found.infant_limit is None else str(found.infant_limit),
            "rows": rows_text(found.seat_map)}


def type_in(fields: Mapping[str, str]) -> TypeIn:
    """What was typed. Seats that we give are counted from the map. Raises Invalid."""
    reader = Reader(fields)
    seating = reader.choice("seating", SEATINGS)
    seat_map = _map(reader, fields.get("rows", "")) if seating == "ours" else {"cars": []}
    printed = _printed(seat_map)
    approved = reader.whole("approved_capacity", 1, MOST_SEATS)
    seats = len(printed) if seating == "ours" else reader.whole("passenger_seats", 1, MOST_SEATS)
    _judge(reader, seating, printed, approved, seats)
    infants = reader.whole("infant_limit", 0, 99) if fields.get("infant_limit", "").strip() else None
    name = reader.text("name", 60)
    found = TypeIn(name, reader.text("name_en", 80, least=0) or name, reader.choice("mode", MODES), approved, seats,
                   seating, infants, seat_map)
    reader.done()
    return found


def _judge(reader: Reader, seating: str, printed: list[str], approved: int, seats: int) -> None:
    twice = [seat for seat, count in Counter(printed).items() if count > 1]
    if twice:
        reader.wrong("rows", "seat_twice", N_("座位号重复：%(seats)s"), seats="、".join(twice[:8]))
    if any(len(seat) > 12 for seat in printed):
        reader.wrong("rows", "too_long", N_("座位号最多 12 个字"))
    if seating == "ours" and not printed:
        reader.wrong("rows", "missing", N_("请画出座位，每行一排"))
    if seats > approved:
        reader.wrong("rows" if seating == "ours" else "passenger_seats", "invalid",
                     N_("座位数 %(seats)s 超过核定载客人数 %(approved)s"), seats=seats, approved=approved)


def _map(reader: Reader, text: str) -> dict[str, Any]:
    cars: list[dict[str, Any]] = []
    for line in text.splitlines()[:400]:
        words = line.split()
        if not words:
            continue
        if words[0] == CAR:
            cars.append({"name": " ".join(words[1:])[:8], "rows": []})
            continue
        if not cars:
            cars.append({"name": "", "rows": []})
        if len(words) > 12:
            reader.wrong("rows", "too_long", N_("一排最多 12 个座位"))
        cars[-1]["rows"].append([None if word == AISLE else word for word in words])
    return {"cars": [car for car in cars if car["rows"]]}


def _printed(seat_map: Mapping[str, Any]) -> list[str]:
    return [f"{car['name']} {seat}" if car["name"] else seat
            for car in seat_map["cars"] for row in car["rows"] for seat in row if seat]
