"""What acts on reports refuse."""

from __future__ import annotations

from charter.core.db import constraint_problem
from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = ["AlreadyIssued", "DraftWaits", "ExplainedAlready", "OwnDraft", "SameFile"]


class AlreadyIssued(Problem):
    """What was issued does not change; what comes later is a correction in the next issue."""

    status, code, message = 409, "already_issued", N_("这一期已经签发，不能再改；之后的变化写进下一期的更正")


class DraftWaits(Problem):
    """One draft at a time, so that each issue stands on the one before."""

    status, code, message = 409, "draft_waits", N_("还有一期没有签发，请先签发或作废")


class OwnDraft(Problem):
    """Whoever wrote a brief does not sign it."""

    status, code, message = 409, "own_draft", N_("请由另一位有权限的人签发，写稿人不能自己签发")


class SameFile(Problem):
    """The very same file is in this departure's file already."""

    status, code, message = 409, "same_file", N_("这份文件已经在档里")


class ExplainedAlready(Problem):
    """A sign is explained once."""

    status, code, message = 409, "explained_already", N_("这一条已经说明过了")


constraint_problem("pk_sign_explained", ExplainedAlready)
