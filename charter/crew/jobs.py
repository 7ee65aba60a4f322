"""The job that computes a rota; run again where its worker was killed, it begins anew."""

from __future__ import annotations

import logging
from uuid import UUID

from charter.core.db import act
from charter.crew import rota
from charter.crew.rules.improving import make_rota

__all__ = ["give_up", "run"]

log = logging.getLogger("charter.crew")


def run(rota_id: str) -> None:
    """Compute one rota. What goes wrong is written into it."""
    key = UUID(rota_id)
    found = act(rota.claim, key)
    if found is None:
        return
    problem, wanted = found
    wish = {"stop": False}

    def tell(seconds: float, cost: int, bound: int) -> None:
        wish["stop"] = act(rota.progress, key, seconds, cost, bound)
    try:
        outcome = make_rota(problem, seconds=float(wanted["seconds"]), seed=int(wanted["seed"]), tell=tell,
                            stop=lambda: wish["stop"])
        act(rota.finish, key, problem, outcome)
    except Exception:
        log.exception("rota %s failed", rota_id)
        act(rota.fail, key)


def give_up(rota_id: str) -> None:
    """The workers that computed this rota were killed too often."""
    act(rota.fail, UUID(rota_id))
