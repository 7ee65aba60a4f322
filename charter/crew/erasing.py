"""Who rode along is nobody any more once certificates have been given."""

from __future__ import annotations

from charter.core.erasing import OVER, Target, offer
from charter.core.i18n import N_

__all__: list[str] = []

offer("crew", N_("带车人员的姓名和电话"), 180,
      Target("crew_member", f"campaign_id IN {OVER}", {"name": "''", "phone_sealed": "NULL", "phone_tag": "NULL",
                                                       "unit": "''", "policy": "''"}),
      Target("crew_invitation", f"campaign_id IN {OVER}", {"name": "''"}),
      Target("departure", f"campaign_id IN {OVER}", {"crew_name": "''", "crew_phone": "''", "drivers": "''"}))
