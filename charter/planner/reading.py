"""Read an instance file and check every field of it before anything is planned."""

from __future__ import annotations

import gzip
import json
import zlib
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from charter.planner import fields
from charter.planner.instance import Floats, Instance, Integers, InvalidInstance

__all__ = ["load_document", "parse", "read"]

FORMAT = "charter-instance/1"
MODES = ("bus", "flight", "train")


def read(path: Path) -> Instance:
    """The instance in the file; a name ending in .gz is gzip. Raises InvalidInstance, OSError."""
    return parse(load_document(path))


def load_document(path: Path) -> Any:
    """The JSON of a file, without NaN and infinity. Raises InvalidInstance, OSError."""
    try:
        raw = path.read_bytes()
        if path.name.endswith(".gz"):
            raw = gzip.decompress(raw)
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InvalidInstance(f"{path.name}: is not a whole gzip file") from None
    except UnicodeDecodeError:
        raise InvalidInstance(f"{path.name}: is not UTF-8 text") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise InvalidInstance(f"{path.name}: is not JSON ({error})") from None
    except ValueError as error:  # a constant, or an integer of thousands of digits
        raise InvalidInstance(f"{path.name}: {error}") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"holds {name}, which is not a number")


def parse(document: Any) -> Instance:
    """The instance in a decoded JSON document (contract: planning instance). Raises InvalidInstance."""
    top = fields.record(document, "instance")
    if top.get("format") != FORMAT:
        fields.refuse("format", f"must be {FORMAT!r}, not {fields.shown(top.get('format'))}")
    budget = top.get("budget")
    fleet_ids, fleet_size = _fleets(top)
    departures = _departures(top, {value: i for i, value in enumerate(fleet_ids)})
    groups = _groups(top)
    option_group, option_departure, option_cost = _options(top, len(groups["size"]), len(departures["capacity"]))
    return Instance(
        name=fields.text(top.get("name"), "name"),
        spread_cost=fields.money(top.get("spread_cost"), "spread_cost"),
        budget=None if budget is None else fields.money(budget, "budget"),
        fleet_size=fleet_size, option_group=option_group, option_departure=option_departure, option_cost=option_cost,
        **departures, **groups,
    )


def _fleets(top: dict[str, Any]) -> tuple[list[str | int], Integers]:
    ids, sizes = [], []
    for i, item in enumerate(fields.listing(top, "fleets") if top.get("fleets") is not None else []):
        fleet = fields.record(item, f"fleets[{i}]")
        ids.append(fields.identity(fleet.get("id"), f"fleets[{i}].id"))
        sizes.append(fields.whole(fleet.get("size"), f"fleets[{i}].size", 0))
    fields.unique(ids, "fleets")
    return ids, np.array(sizes, dtype=np.int64)


def _departures(top: dict[str, Any], fleets: dict[str | int, int]) -> dict[str, Any]:
    rows, ids = [], []
    for i, item in enumerate(fields.listing(top, "departures")):
        at = f"departures[{i}]"
        departure = fields.record(item, at)
        ids.append(fields.identity(departure.get("id"), f"{at}.id"))
        if departure.get("mode") not in MODES:
            fields.refuse(f"{at}.mode", f"must be one of {', '.join(MODES)}, not {fields.shown(departure.get('mode'))}")
        if departure.get("date") is not None:
            fields.whole(departure["date"], f"{at}.date", -fields.LARGEST_WHOLE)
        if departure.get("corridor") is not None:
            fields.identity(departure["corridor"], f"{at}.corridor")
        rows.append((
            fields.whole(departure.get("capacity"), f"{at}.capacity", 1),
            fields.money(departure.get("fixed_cost"), f"{at}.fixed_cost"),
            fields.whole(departure.get("copies"), f"{at}.copies", 1),
            *_away(departure, at, fleets),
        ))
    fields.unique(ids, "departures")
    columns = list(zip(*rows, strict=True)) or [(), (), (), (), (), ()]
    return {
        "departure_ids": tuple(map(str, ids)), "fixed_cost": np.array(columns[1], dtype=np.float64),
        **{name: np.array(columns[i], dtype=np.int64) for name, i in (("capacity", 0), ("copies", 2), ("fleet", 3))},
        "busy": np.array([columns[4], columns[5]], dtype=np.int64).T.reshape(-1, 2),
    }


def _away(departure: dict[str, Any], at: str, fleets: dict[str | int, int]) -> tuple[int, int, int]:
    """The fleet's position (-1: none) and the days on which a vehicle of this departure is busy."""
    name = departure.get("fleet")
    if name is None:
        return -1, 0, 0
    if fields.identity(name, f"{at}.fleet") not in fleets:
        fields.refuse(f"{at}.fleet", f"there is no fleet {fields.shown(name)}")
    return fleets[name], *fields.day_range(departure.get("busy"), f"{at}.busy")


def _groups(top: dict[str, Any]) -> dict[str, Any]:
    sizes, splittable, penalties, pairs = [], [], [], []
    ids: list[str | int] = []
    known: dict[tuple[str | int, str | int], int] = {}
    for i, item in enumerate(fields.listing(top, "groups")):
        at = f"groups[{i}]"
        group = fields.record(item, at)
        ids.append(fields.identity(group.get("id"), f"{at}.id"))
        pair = (fields.identity(group.get("employer"), f"{at}.employer"),
                fields.identity(group.get("origin"), f"{at}.origin"))
        pairs.append(known.setdefault(pair, len(known)))
        sizes.append(fields.whole(group.get("size"), f"{at}.size", 0))
        splittable.append(fields.flag(group.get("splittable"), f"{at}.splittable"))
        penalties.append(fields.money(group.get("unassigned_penalty"), f"{at}.unassigned_penalty"))
    fields.unique(ids, "groups")
    return {"group_ids": tuple(map(str, ids)), "pair": np.array(pairs, dtype=np.int64),
            "size": np.array(sizes, dtype=np.int64), "splittable": np.array(splittable, dtype=np.bool_),
            "penalty": np.array(penalties, dtype=np.float64)}


def _options(top: dict[str, Any], groups: int, departures: int) -> tuple[Integers, Integers, Floats]:
    """Three columns sorted by group and departure. The whole list is checked at once; a slow second look only
    names what is wrong, since half a million options are usual."""
    options = fields.listing(top, "options")
    table = _option_table(options)
    if table is None:
        _name_bad_option(options, groups, departures)
    group, departure, cost = table
    good = (group >= 0) & (group < groups) & (departure >= 0) & (departure < departures)
    good &= (cost >= 0) & (cost <= fields.LARGEST_MONEY) & (group % 1 == 0) & (departure % 1 == 0)
    if not good.all():
        _name_bad_option(options, groups, departures)
    order = np.lexsort((departure, group))
    group, departure = group[order].astype(np.int64), departure[order].astype(np.int64)
    twice = np.flatnonzero((group[1:] == group[:-1]) & (departure[1:] == departure[:-1]))
    if len(twice):
        first, again = sorted((int(order[twice[0]]), int(order[twice[0] + 1])))
        fields.refuse(f"options[{again}]", f"group {group[twice[0]]} and departure {departure[twice[0]]} already "
                                           f"stand in options[{first}]")
    return group, departure, cost[order]


def _option_table(options: list[Any]) -> Floats | None:
    """Shape (3, options), or None where a row is not three plain numbers that a double can hold."""
    if not options:
        return np.zeros((3, 0))
    if set(map(type, options)) != {list} or set(map(len, options)) != {3}:
        return None
    if not set(map(type, chain.from_iterable(options))) <= {int, float}:
        return None
    try:
        return np.fromiter(chain.from_iterable(options), dtype=np.float64, count=3 * len(options)).reshape(-1, 3).T
    except OverflowError:
        return None


def _name_bad_option(options: list[Any], groups: int, departures: int) -> NoReturn:
    for i, row in enumerate(options):
        at = f"options[{i}]"
        if not isinstance(row, list) or len(row) != 3:
            fields.refuse(at, f"must be [group, departure, cost], not {fields.shown(row)}")
        for name, value, count in (("group", row[0], groups), ("departure", row[1], departures)):
            if fields.whole(value, f"{at} {name}", 0) >= count:
                fields.refuse(f"{at} {name}", f"position {value} is out of range, there are {count}")
        fields.money(row[2], f"{at} cost")
    raise AssertionError("an option that fails the whole check fails a single one")
