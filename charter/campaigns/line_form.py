"""The form of a corridor: its stops row by row; what is left empty is proposed from distances."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from charter.campaigns.forms import place, place_text
from charter.campaigns.models import Corridor, CorridorStop, Stop
from charter.core.forms import Reader
from charter.core.i18n import N_
from charter.places import distance, hubs
from charter.places import table as places

__all__ = ["ROWS", "SPEED", "LineIn", "StopIn", "line_in", "line_texts", "rows_of"]

MODES = ("bus", "train", "flight")
SPEED = {"bus": 75, "train": 160, "flight": 700}  # km/h, stops and rests included
PLACES = {"bus": "stop", "train": "station", "flight": "airport"}
ROWS = 12  # stops that one line may have
SPARE = 3
STEP = 5  # minutes that proposals are rounded to


@dataclass(frozen=True, slots=True)
class StopIn:
    """One stop: its name, county, kind, minutes from the first stop, and its place in degrees where that is known."""

    name: str
    division: str
    kind: str
    offset_min: int
    place: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class LineIn:
    """A corridor as typed."""

    name: str
    name_en: str
    mode: str
    origins: tuple[str, ...]
    distance_km: int
    duration_min: int
    stops: tuple[StopIn, ...]
    feeder: bool = False


def line_texts(found: Corridor, stops: Sequence[tuple[CorridorStop, Stop]]) -> dict[str, str]:
    """The fields of a corridor as they stand in its form."""
    texts = {"name": found.name, "name_en": found.name_en, "mode": found.mode,
             "origins": "、".join(place_text(code) for code in found.origins), "distance_km": str(found.distance_km),
             "duration_min": str(found.duration_min), "feeder": "1" if found.feeder else ""}
    for place_in_line, (at, stop) in enumerate(stops, 1):
        texts |= {f"stop_{place_in_line}": stop.name, f"county_{place_in_line}": place_text(stop.division),
                  f"kind_{place_in_line}": at.kind, f"offset_{place_in_line}": str(at.offset_min)}
    return texts


def rows_of(values: Mapping[str, str]) -> range:
    """The rows to show: those that are filled, and a few more."""
    filled = [number for number in range(1, ROWS + 1) if values.get(f"stop_{number}", "").strip()]
    return range(1, min(max(filled, default=0) + SPARE, ROWS) + 1)


def line_in(fields: Mapping[str, str]) -> LineIn:
    """What was typed. Empty kilometres and minutes are proposed from the distances of the counties. Raises Invalid."""
    reader = Reader(fields)
    mode = reader.choice("mode", MODES)
    rows = [number for number in range(1, ROWS + 1)
            if any(fields.get(f"{part}_{number}", "").strip() for part in ("stop", "county", "offset"))]
    stops = [_stop(reader, fields, number, mode) for number in rows]
    _order(reader, stops, rows)
    reader_values: dict[str, Any] = {"name": reader.text("name", 80), "name_en": reader.text("name_en", 120, least=0)}
    origins = _origins(reader, fields.get("origins", "")) or tuple(
        dict.fromkeys(found["division"] for found in stops if found["kind"] == "board"))
    reader.done()
    legs = [distance.between(places.load(), start["division"], end["division"]) or 0.0
            for start, end in pairwise(stops)]
    kilometres = reader.whole("distance_km", 1, 9_999) if fields.get("distance_km", "").strip() else round(sum(legs))
    minutes = _offsets(reader, fields, rows, stops, [km / SPEED[mode] * 60 for km in legs])
    typed = fields.get("duration_min", "").strip()
    duration = reader.whole("duration_min", 1, 9_999) if typed else minutes[-1]
    if duration < minutes[-1]:
        reader.wrong("duration_min", "date_order", N_("全程时间不能短于最后一站的时间"))
    if duration <= 0 or kilometres <= 0:
        reader.wrong("distance_km", "invalid", N_("两地距离无法推算，请填写公里数和全程时间"))
    reader.done()
    return LineIn(**reader_values, mode=mode, origins=origins, distance_km=kilometres, duration_min=duration,
                  stops=tuple(StopIn(**found, offset_min=minute)
                              for found, minute in zip(stops, minutes, strict=True)), feeder=reader.tick("feeder"))


def _stop(reader: Reader, fields: Mapping[str, str], number: int, mode: str) -> dict[str, Any]:
    name = reader.text(f"stop_{number}", 80)
    hub = next((found for found in hubs.load() if found.name == name), None)
    written = fields.get(f"county_{number}", "")
    division = hub.county if hub and not written.strip() else place(reader, f"county_{number}", written)
    at = (hub.lon, hub.lat) if hub else places.load().coordinates(division) or (None, None)
    return {"name": name, "division": division, "kind": reader.choice(f"kind_{number}", ("board", "alight")),
            "place": hub.kind if hub else PLACES[mode], "lon": at[0], "lat": at[1]}


def _order(reader: Reader, stops: Sequence[Mapping[str, Any]], rows: Sequence[int]) -> None:
    kinds = [found["kind"] for found in stops]
    if "board" not in kinds or "alight" not in kinds:
        reader.wrong("stop_1", "missing", N_("线路至少有一个上车点和一个下车点"))
    if kinds and kinds[0] != "board":
        reader.wrong(f"kind_{rows[0]}", "invalid", N_("第一站应是上车点"))
    if kinds and kinds[-1] != "alight":
        reader.wrong(f"kind_{rows[-1]}", "invalid", N_("最后一站应是下车点"))


def _origins(reader: Reader, text: str) -> tuple[str, ...]:
    parts = re.split("[、,，;；\n]", text)
    return tuple(dict.fromkeys(place(reader, "origins", part) for part in parts if part.strip()))


def _offsets(reader: Reader, fields: Mapping[str, str], rows: Sequence[int], stops: Sequence[Mapping[str, Any]],
             legs: Sequence[float]) -> list[int]:
    minutes: list[int] = []
    for at, number in enumerate(rows):
        field = f"offset_{number}"
        if fields.get(field, "").strip():
            found = reader.whole(field, 0, 9_999)
        else:
            found = round((minutes[-1] + legs[at - 1]) / STEP) * STEP if minutes else 0
        if not minutes and found != 0:
            reader.wrong(field, "invalid", N_("第一站从 0 分钟算起"))
        if minutes and found <= minutes[-1]:
            reader.wrong(field, "date_order", N_("这一站的时间不能早于或等于上一站"))
        minutes.append(found)
    return minutes
