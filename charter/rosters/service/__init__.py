"""Acts on lists: hand one in, read it step by step, take its good rows step by step, cancel it, explain a heading."""

from charter.rosters.service.committing import commit, take_some, withdraw_some
from charter.rosters.service.giving_back import GivenBack, give_back
from charter.rosters.service.reading import begin, ended, fail, finish, keep, refuse
from charter.rosters.service.uploading import cancel, explain, forget_old, upload

__all__ = ["GivenBack", "begin", "cancel", "commit", "ended", "explain", "fail", "finish", "forget_old", "give_back",
           "keep", "refuse", "take_some", "upload", "withdraw_some"]
