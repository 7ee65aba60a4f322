"""What of requests and of those who made them is deleted, and when; people go with their last campaign."""

from __future__ import annotations

from charter.core.erasing import OVER, Target, keep, offer
from charter.core.i18n import N_

__all__: list[str] = []

GONE = ("(SELECT r.worker_id FROM registration r JOIN campaign c ON c.id = r.campaign_id "
        "GROUP BY r.worker_id HAVING max(c.ends_on) < :cutoff)")

offer("health", N_("健康申报"), 30, Target("health_declaration", f"campaign_id IN {OVER}"))
offer("drafts", N_("没有交的报名草稿"), 30, Target("registration_draft", f"campaign_id IN {OVER}"))
offer("contact", N_("电话、紧急联系人、特殊需要"), 90,
      Target("registration", f"campaign_id IN {OVER}", {"emergency_sealed": "NULL", "needs": "''", "note": "''",
                                                        "pass_by": "''"}),
      Target("worker", f"id IN {GONE}", {"phone_sealed": "NULL", "phone_tag": "NULL", "phone_proven_at": "NULL"}))
offer("identity", N_("姓名、证件号码、出生日期"), 365,
      Target("registration", f"campaign_id IN {OVER}", {"other_name": "''", "origin_text": "''"}),
      Target("companion", f"campaign_id IN {OVER}", {"name": "''", "number_sealed": "NULL", "number_tag": "NULL"}),
      Target("worker_document", f"worker_id IN {GONE}", {"number_sealed": "NULL", "tag": "NULL", "last_four": "''"}),
      Target("worker", f"id IN {GONE} AND erased_at IS NULL", {"name": "''", "name_pinyin": "''", "birth_date": "NULL",
                                                               "erased_at": "now()"}))
keep("a division code or a state, no name", "registration.origin", "registration.state_reason")
keep("a date that no longer belongs to a name", "companion.birth_date")
