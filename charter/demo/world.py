"""The demo's world: real counties, districts and hubs, invented employers; who works where and comes from where.

Calibrated on the published figures of 2020: coaches of some forty people over 600 to 1,800 km, flights of 150 to 180,
trains by the carriage, employers heavy-tailed in size who hire mostly from a few counties.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from charter.demo.persons import Person, credit_code
from charter.places.table import DivisionTable

__all__ = ["CITY", "DISTRICTS", "FAR", "Firm", "Rider", "choose_counties", "make_firms", "make_riders",
           "with_riders"]

CITY = "350200"
DISTRICTS = ("350203", "350205", "350206", "350211", "350212")
# Prefectures within a day's drive of two drivers, and those from which one flies or takes the train.
COACHED = ("3607", "3611", "3608", "4305", "4312", "4115", "3412", "4509", "5206", "4210", "3415", "4331", "3609",
           "4117", "4503", "3408")
FAR = ("5117", "5203", "5002", "5119", "5303", "5205", "5113", "5306", "4228")
TOWN = (118.11, 24.49)
FAR_SHARE = 0.22  # of all workers
TRADES = (
    "电子", "光电", "服装", "鞋业", "食品", "机械", "卫浴", "物流", "玩具", "包装", "五金", "石材", "建设", "酒店",
    "家具")
WORDS = "鑫宏盛达兴隆恒瑞嘉泰华裕丰源联创新海峡鹭岛金龙伟业顺通广福永昌美佳安捷"


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented employer: how many ride, and from which counties it hires."""

    name: str
    credit_code: str
    district: str
    riders: int
    hires_from: tuple[str, ...]
    gate: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rider:
    """One worker of a firm as the clerk knows him."""

    person: Person
    origin: str
    earliest: date
    latest: date
    modes: tuple[str, ...]
    party: str


def choose_counties(table: DivisionTable, rng: random.Random, workers: int) -> list[str]:
    """About 100 counties of ten provinces for a large demo; a small one is served from fewer prefectures."""
    coached, far = COACHED[: max(4, min(16, workers // 300))], FAR[: max(2, min(9, workers // 600))]
    of_each = 4 if workers >= 3_000 else 2
    chosen = []
    for prefix in coached + far:
        counties = _counties(table, prefix)
        chosen += rng.sample(counties, min(of_each, len(counties)))
    return sorted(chosen)


def _counties(table: DivisionTable, prefix: str) -> list[str]:
    return [found.code for found in table.counties() if found.code.startswith(prefix) and found.lon is not None]


def make_firms(rng: random.Random, counties: Sequence[str], workers: int, table: DivisionTable) -> list[Firm]:
    """About 700 firms for 16,000 workers, heavy-tailed in size."""
    number = max(12, round(700 * workers / 16_000))
    weights = [min(rng.paretovariate(1.05), 60) for _ in range(number)]
    popular = _popularity(rng, counties)
    made: dict[str, Firm] = {}
    while len(made) < number:
        name = "厦门" + "".join(rng.sample(WORDS, 2)) + rng.choice(TRADES) + "有限公司"
        riders = max(1, round(workers * weights[len(made)] / sum(weights)))
        district = rng.choice(DISTRICTS)
        hires = tuple(rng.choices(counties, popular, k=min(1 + int(rng.expovariate(0.5)), 6)))
        lon, lat = table.coordinates(district) or TOWN
        gate = (round(lon + rng.gauss(0, 0.03), 5), round(lat + rng.gauss(0, 0.03), 5))
        made.setdefault(name, Firm(name, credit_code(rng, district), district, riders, hires, gate))
    return list(made.values())


def _popularity(rng: random.Random, counties: Sequence[str]) -> list[float]:
    """How much is hired from each county: heavy-tailed, the far ones together by their share."""
    weights = [rng.paretovariate(1.4) for _ in counties]
    far = [county[:4] in FAR for county in counties]
    sums = {side: sum(weight for weight, here in zip(weights, far, strict=True) if here is side) or 1.0
            for side in (True, False)}
    return [weight * (FAR_SHARE if here else 1 - FAR_SHARE) / sums[here]
            for weight, here in zip(weights, far, strict=True)]


def with_riders(firm: Firm, riders: int) -> Firm:
    """The same firm with another number of people."""
    return replace(firm, riders=riders)


def make_riders(rng: random.Random, firm: Firm, crowd: Iterator[Person], first: date, days: int) -> list[Rider]:
    """The firm's people with their days and parties; earlier days are asked for more."""
    riders: list[Rider] = []
    party = 0
    while len(riders) < firm.riders:
        size = rng.choice((2, 2, 2, 3, 3, 4)) if rng.random() < 0.10 else 1
        size = min(size, firm.riders - len(riders))
        label = ""
        if size > 1:
            party += 1
            label = f"{party}组"
        origin = rng.choice(firm.hires_from)
        day = min(int(rng.triangular(0, days, days * 0.4)), days - 1)
        last = min(days - 1, day + rng.choice((0, 1, 1, 2, 3)))
        modes: tuple[str, ...] = ("bus", "train") if rng.random() < 0.15 else ("bus", "train", "flight")
        for _ in range(size):
            riders.append(Rider(next(crowd), origin, first + timedelta(days=day), first + timedelta(days=last), modes,
                                label))
    return riders


