"""What acts of this room refuse. Why a file is refused whole stands in `reader.refusals`."""

from __future__ import annotations

from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = ["FileGone", "NotNow", "Stopped", "TooManyLists"]


class NotNow(Problem):
    """The list is not in a state in which that can be done."""

    status, code, message = 409, "wrong_state", N_("这份名单现在不能这样处理")


class Stopped(NotNow):
    """The list was cancelled while rows of it were being taken; those rows are not."""


class TooManyLists(Problem):
    """Somebody hands in one list after the other."""

    status, code, message = 429, "rate_limited", N_("交名单太频繁了，请过一会儿再试")


class FileGone(Problem):
    """The file was deleted after its time."""

    status, code, message = 410, "file_gone", N_("原文件已按期删除，请重新上传")
