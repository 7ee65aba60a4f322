"""Which passwords are too easily guessed, and which names an account may have."""

from __future__ import annotations

import re

from charter.core.i18n import N_

__all__ = ["LEAST", "judge_password", "judge_username"]

LEAST = 12  # characters
MOST = 200
COMMONEST = 3_000
ALONE = 8  # characters that have to be left when our own words are taken out
ZXCVBN_READS = 72
ENOUGH = 3  # of zxcvbn's 0 to 4: more than a hundred million guesses
HOUSE = ("charter", "gonghui", "zonggonghui", "union", "fangang", "zhitongche", "password", "admin", "工会", "返岗",
         "直通车", "密码", "管理员")
_username = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{2,63}")


def judge_password(password: str, username: str) -> str | None:
    """What is wrong with it, as a message, or None. The 3,000 commonest, and our own words with little beside, are
    too easily guessed whatever their length.
    """
    from zxcvbn import zxcvbn  # a second's work to load, for the few requests that choose a password
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    if len(password) < LEAST:
        return N_("密码至少 12 个字符，几个不相干的词连起来就好记")
    if len(password) > MOST:
        return N_("密码太长了，请不要超过 200 个字符")
    lower = password.lower()
    bare = lower
    for word in (*HOUSE, username.lower()):
        bare = bare.replace(word, "") if word else bare
    easy = lower in FREQUENCY_LISTS["passwords"][:COMMONEST] or len(bare) < ALONE or len(set(lower)) < 5
    if easy or zxcvbn(password[:ZXCVBN_READS], user_inputs=[username, *HOUSE])["score"] < ENOUGH:
        return N_("这个密码太容易猜到，请换一个：不要用常见密码、键盘顺序、名字或本系统的名称")
    return None


def judge_username(username: str) -> str | None:
    """What is wrong with it, as a message, or None."""
    return None if _username.fullmatch(username) else N_("用户名用 3 到 64 个英文字母、数字、点或横线")
