"""Words that were written about cases go with the campaign's trips; numbers, hours and costs stay."""

from __future__ import annotations

from charter.core.erasing import OVER, Target, keep, offer
from charter.core.i18n import N_

__all__: list[str] = []

offer("duty", N_("值班记录里的话"), 365,
      Target("duty_entry", f"campaign_id IN {OVER}", {"text": "''", "said_by": "''", "by_name": "''"}),
      Target("duty_case", f"campaign_id IN {OVER}", {"title": "''", "owner": "''"}))
keep("the number of a document", "duty_entry.paper")
