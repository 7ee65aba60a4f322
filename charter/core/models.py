"""The tables of core, gathered for the migrations."""

from charter.core.audit import AuditEvent, AuditReason, AuditSeal
from charter.core.idempotency import KeptAnswer

__all__ = ["AuditEvent", "AuditReason", "AuditSeal", "KeptAnswer"]
