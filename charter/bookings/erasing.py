"""How carriers write people's names goes with their other names; wishes are words of ours, not of theirs."""

from __future__ import annotations

from charter.core.erasing import Target, keep, offer
from charter.core.i18n import N_

__all__: list[str] = []

GONE = ("(SELECT r.worker_id FROM registration r JOIN campaign c ON c.id = r.campaign_id "
        "GROUP BY r.worker_id HAVING max(c.ends_on) < :cutoff)")

offer("carrier_names", N_("承运方的姓名写法"), 90, Target("carrier_name", f"worker_id IN {GONE}"))
keep("a number of the carrier's sale, no name", "booking.order_number")
