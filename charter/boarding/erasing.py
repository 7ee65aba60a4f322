"""Words that volunteers typed and passes that they scanned; the scans themselves stay as counts and times."""

from __future__ import annotations

from charter.core.erasing import OVER, Target, keep, offer
from charter.core.i18n import N_

__all__: list[str] = []

TRIPS = f"(SELECT id FROM departure WHERE campaign_id IN {OVER})"  # noqa: S608 - a condition of the registry
WITHOUT_NAMES = "details - ARRAY['witness', 'taken_over_by', 'receiver', 'driver', 'note']"  # of a trip log's entry

offer("boarding", N_("检票时写下的话"), 90,
      Target("scan", f"departure_id IN {TRIPS}", {"reason": "''", "pass_text": "''"}),
      Target("head_count", f"departure_id IN {TRIPS}", {"reason": "''"}),
      Target("unlock_card", f"departure_id IN {TRIPS}"),
      Target("trip_entry", f"departure_id IN {TRIPS}", {"person": "NULL", "details": WITHOUT_NAMES}),
      Target("boarding_conflict", f"departure_id IN {TRIPS}", {"resolution": "''", "owner": "''"}),
      Target("substitution", f"departure_id IN {TRIPS}"))
keep("verdict codes and booking numbers", "scan.answer", "manifest_snapshot.sealed_by")
