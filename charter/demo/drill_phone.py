"""A volunteer's phone in a drill: a clock that is wrong, a queue, and a network that loses, doubles and mixes up."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from charter.core import clock
from charter.demo.drill_server import Lost, Server
from charter.demo.drill_world import Coach, Rider

__all__ = ["Phone"]


@dataclass
class Phone:
    """What it has scanned and not yet been answered; `heard` has the first answer to each scan that it ever got."""

    coach: Coach
    token: str
    rng: random.Random
    skew: timedelta
    unsent: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    heard: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    lost: int = 0

    def scan(self, rider: Rider | None, *, kind: str = "board", by_hand: bool = False, undoes: str | None = None,
             late: float = 0) -> str:
        """Scan somebody (or undo); `late` seconds ago. The scan's id."""
        at = clock.now() + self.skew - timedelta(seconds=late)
        made: dict[str, Any] = {"scan_id": str(UUID(int=self.rng.getrandbits(128), version=4)), "kind": kind,
                                "departure_id": str(self.coach.id), "stop_id": self.coach.stop, "shown": "go",
                                "scanned_at": clock.local(at).isoformat()}
        if undoes is not None:
            made["undoes"] = undoes
        elif rider is not None and by_hand:
            made |= {"booking_id": str(rider.booking), "reason": "手机没电，查证件上车"}
        elif rider is not None:
            made["pass"] = rider.text
        self.unsent.append(made)
        return str(made["scan_id"])

    def send(self, server: Server, *, loses: float, size: int = 7) -> None:
        """Send what is unsent in batches, mixed up, some of it again; an answer that is lost leaves it unsent."""
        self.rng.shuffle(self.unsent)
        for at in range(0, len(self.unsent), size):
            batch = self.unsent[at:at + size]
            again = [self.rng.choice(self.sent)] if self.sent and self.rng.random() < 0.5 else []
            self._batch(server, [*batch, *again, *batch[:1]], loses)
        self.unsent = [one for one in self.unsent if one["scan_id"] not in self.heard]

    def repeat(self, server: Server) -> None:
        """Send everything once more."""
        everything = list(self.sent)
        self.rng.shuffle(everything)
        for at in range(0, len(everything), 50):
            self._batch(server, everything[at:at + 50], 0)

    def _batch(self, server: Server, batch: list[dict[str, Any]], loses: float) -> None:
        body = {"device_time": (clock.now() + self.skew).isoformat(), "scans": batch}
        self.sent += [one for one in batch if one not in self.sent]
        try:
            status, answers = server.ask("POST", "/api/v1/scans", self.token, body)
        except Lost:
            self.lost += 1
            return
        if self.rng.random() < loses:
            self.lost += 1
            return
        if status != 200 or len(answers) != len(batch):
            self.faults.append(f"a batch of {len(batch)} was answered {status}")
            return
        for one, answer in zip(batch, answers, strict=True):
            first = self.heard.setdefault(one["scan_id"], answer)
            if first != answer:
                self.faults.append(f"scan {one['scan_id']} was answered in two ways")
