"""Sign-ins of workers go with their phones; accounts of staff stay, since the audit trail names them."""

from __future__ import annotations

from charter.core.erasing import Target, keep, offer
from charter.core.i18n import N_

__all__: list[str] = []

NOBODY = ("role = 'worker' AND phone_tag IS NOT NULL AND created_at < :cutoff AND NOT EXISTS "
          "(SELECT FROM worker w WHERE w.phone_tag = account.phone_tag)")

offer("sign_ins", N_("工友的登录"), 90,
      Target("account", NOBODY, {"phone_sealed": "NULL", "phone_tag": "NULL", "name": "''", "active": "false"}))
keep("staff: the audit trail names who acted", "account.username", "account.totp_sealed", "api_token.name",
     "invitation.name")
keep("gone after five minutes (access.expired)", "code_challenge.phone_tag", "code_challenge.phone_sealed")
keep("a key of a phone that is taken out with its departure", "device.secret_sealed", "device.name")
keep("an employer's name and code", "employer_claim.employer_name")
offer("reasons", N_("审计里写的理由"), 1_095,
      Target("audit_reason", "event_id IN (SELECT id FROM audit_event WHERE at < :cutoff)"))
keep("a hash; the words go after three years and the chain still holds", "audit_event.reason_hash")
keep("names of organizations, places, vehicles and papers", "carrier.name", "carrier.phone", "partner.name",
     "trade_union.name", "vehicle_type.name", "campaign.name", "campaign.health_text", "district.name", "corridor.name",
     "employer.name", "employer.name_pinyin", "employer.address", "journey.name", "plan.name", "stop.name",
     "ledger_entry.note", "settlement.reason", "departure_cost.note")
keep("a firm's own contact, which the firm changes", "employer.contact_name", "employer.contact_phone")
keep("gone after a day (core.old_answers)", "kept_answer.answer")
keep("an account's id", "travel_claim.answered_by")
keep("words about figures, or a yes or no", "report_issue.reasons", "trip_entry.answer")
keep("papers of a departure, which accounting keeps by law", "departure_paper.name", "departure_paper.content_sealed")
keep("names of templates and words about figures", "notice_template.name", "notice_template.note",
     "sign_explained.words")
