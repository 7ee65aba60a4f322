"""Distances between places. Pure."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from charter.places.table import DivisionTable

__all__ = ["EARTH_KM", "ROAD_FACTOR", "Point", "around", "between", "great_circle_km", "road_km"]

EARTH_KM = 6371.0088  # mean radius (IUGG)
# Roads are longer than the great circle: a detour factor of 1.2 to 1.4 is usual between towns; 1.3 suits the hilly
# provinces that workers come from.
ROAD_FACTOR = 1.3

Point = tuple[float, float]


def great_circle_km(start: Point, end: Point) -> float:
    """Kilometres on the sphere between two (longitude, latitude) in degrees (haversine formula)."""
    (lon1, lat1), (lon2, lat2) = ((radians(lon), radians(lat)) for lon, lat in (start, end))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def road_km(start: Point, end: Point) -> float:
    """Estimated kilometres by road: the great circle times ROAD_FACTOR."""
    return great_circle_km(start, end) * ROAD_FACTOR


def between(table: DivisionTable, start: str, end: str) -> float | None:
    """Estimated kilometres by road between two divisions by code; None where a centre is unknown."""
    first, second = table.coordinates(start), table.coordinates(end)
    return None if first is None or second is None else road_km(first, second)


def around(table: DivisionTable, code: str, km: float) -> list[str]:
    """The counties whose centres lie within `km` by road of this one's, itself among them, by code; itself alone where
    its centre is unknown."""
    here = table.coordinates(code)
    if here is None:
        return [code]
    return [leaf.code for leaf in table.counties()
            if leaf.code == code or (leaf.lon is not None and leaf.lat is not None
                                     and road_km(here, (leaf.lon, leaf.lat)) <= km)]
