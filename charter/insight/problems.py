"""What acts on reports refuse."""

from __future__ import annotations

from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = ["AlreadyIssued", "DraftWaits", "OwnDraft"]


class AlreadyIssued(Problem):
    """What was issued does not change; what comes later is a correction in the next issue."""

    status, code, message = 409, "already_issued", N_("这一期已经签发，不能再改；之后的变化写进下一期的更正")


class DraftWaits(Problem):
    """One draft at a time, so that each issue stands on the one before."""

    status, code, message = 409, "draft_waits", N_("还有一期没有签发，请先签发或作废")


class OwnDraft(Problem):
    """Whoever wrote a brief does not sign it."""

    status, code, message = 409, "own_draft", N_("请由另一位有权限的人签发，写稿人不能自己签发")
