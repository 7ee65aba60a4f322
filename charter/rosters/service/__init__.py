"""Acts on lists: hand one in, read it step by step, take its good rows step by step, cancel it, explain a heading."""

from charter.rosters.service.committing import commit, portions_left, take_portion, withdraw_some
from charter.rosters.service.giving_back import GivenBack, give_back
from charter.rosters.service.mending import restore_repair, undo_repair
from charter.rosters.service.reading import begin, ended, expect, fail, finish, keep, refuse
from charter.rosters.service.sharing import name_bearers
from charter.rosters.service.uploading import cancel, explain, forget_old, upload

__all__ = ["GivenBack", "begin", "cancel", "commit", "ended", "expect", "explain", "fail", "finish", "forget_old",
           "give_back", "keep", "name_bearers", "portions_left", "refuse", "restore_repair", "take_portion",
           "undo_repair", "upload", "withdraw_some"]
