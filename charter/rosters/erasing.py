"""What of uploaded lists is deleted, and when; the files themselves go earlier, 30 days after they came."""

from __future__ import annotations

from charter.core.erasing import OVER, Target, keep, offer
from charter.core.i18n import N_

__all__: list[str] = []

offer("lists", N_("上传的名单"), 30,
      Target("roster_row", f"batch_id IN (SELECT id FROM roster_batch WHERE campaign_id IN {OVER})",  # noqa: S608 - a condition of the registry
             {"content_sealed": "NULL", "phone_tag": "NULL"}),
      Target("roster_batch", f"campaign_id IN {OVER}", {"file_sealed": "NULL", "sample_sealed": "NULL",
                                                        "file_name": "''"}))
keep("a heading of a spreadsheet, not what stands under it", "roster_heading.heading")
