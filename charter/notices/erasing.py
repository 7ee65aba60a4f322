"""Messages are deleted as a whole."""

from __future__ import annotations

from charter.core.erasing import OVER, Target, offer
from charter.core.i18n import N_

__all__: list[str] = []

offer("messages", N_("短信"), 30, Target("outbox", f"campaign_id IN {OVER}"),
      Target("inbound", "at < :cutoff"),
      Target("outbox", "campaign_id IS NULL AND state IN ('sent', 'failed') AND created_at < :cutoff"))
