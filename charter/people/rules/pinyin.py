"""How a name is found by Latin letters: its pinyin without tones, and its initials."""

from __future__ import annotations

from functools import cache

from pypinyin import Style, pinyin

__all__ = ["spelled"]

# Characters that read differently as a surname, the commoner ones.
SURNAMES = {"曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "朴": "piao", "翟": "zhai",
            "乐": "yue", "盖": "ge", "缪": "miao", "尹": "yin", "覃": "qin", "任": "ren", "华": "hua", "纪": "ji"}


def spelled(name: str) -> str:
    """'张建国' to 'zhangjianguo zjg'; a Latin name to its letters and their first ones. Lower case, at most 200."""
    syllables = [SURNAMES.get(name[0]) or _syllable(name[0]), *map(_syllable, name[1:])] if name else []
    if not any(character >= "\u3007" for character in name):
        syllables = [word.lower() for word in name.replace("-", " ").split()]
    whole, initials = "".join(syllables), "".join(found[0] for found in syllables if found)
    return f"{whole} {initials}"[:200]


@cache
def _syllable(character: str) -> str:
    if character == "·":
        return ""
    read = pinyin(character, style=Style.NORMAL, errors="ignore") if character > "\u3006" else [[character]]
    return str(read[0][0]).lower() if read else ""  # rare characters have no reading in the table
