"""One planning instance, frozen: what `reading` has checked and everything else trusts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Booleans", "Floats", "Instance", "Integers", "InvalidInstance"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


class InvalidInstance(ValueError):
    """An input is not what the planning contract says; the text names the field and the item."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """Departures by position d, groups by position g, fleets by position; money in the instance's own unit.

    Options are sorted by (group, departure); `pair` numbers the (employer, origin) of each group.
    `fleet` is -1 where a departure names none; `busy` holds the first and last day, both included.
    """

    name: str
    spread_cost: float
    budget: float | None
    departure_ids: tuple[str, ...]
    capacity: Integers
    fixed_cost: Floats
    copies: Integers
    fleet: Integers
    busy: Integers  # shape (departures, 2)
    fleet_size: Integers
    group_ids: tuple[str, ...]
    pair: Integers
    size: Integers
    splittable: Booleans
    penalty: Floats
    option_group: Integers
    option_departure: Integers
    option_cost: Floats

    @property
    def pairs(self) -> int:
        """How many different (employer, origin) there are."""
        return int(self.pair.max()) + 1 if len(self.pair) else 0
