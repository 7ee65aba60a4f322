"""The modes of transport that a worker accepts."""

from __future__ import annotations

import re

from charter.core.i18n import N_
from charter.people.rules.judged import Judged
from charter.people.rules.text import BLANKS, MAX_SHORT, clean, narrow, repairs_for, too_long, wrong

__all__ = ["MODES", "judge_modes"]

MODES: tuple[str, ...] = ("bus", "train", "flight")
_WORDS = {
    "bus": "大巴 大巴车 汽车 客车 长途汽车 长途客车 长途大巴 班车 包车 大客车 巴士 客运 bus coach",
    "train": "火车 高铁 动车 列车 动车组 铁路 普速 普快 绿皮车 绿皮火车 高铁动车 train rail railway",
    "flight": "飞机 航班 航空 包机 坐飞机 民航 flight plane air airplane",
    "bus train flight": "不限 都可以 都可 均可 都行 任意 皆可 不限制 无要求 随意 any all either",
}
_MEANS = {word: modes.split() for modes, words in _WORDS.items() for word in words.split()}
_separator = re.compile(rf"[{BLANKS}、，,/;；|+&]+|或者|或|和|及|\bor\b|\band\b")


def judge_modes(text: str, *, field: str = "modes") -> Judged[tuple[str, ...]]:
    """The modes in the order of MODES; an empty cell has the value None. Problems `too_long`, `mode_unknown`."""
    cleaned = clean(text)
    if not cleaned.text:
        return Judged(None, "")
    if len(cleaned.trimmed) > MAX_SHORT:
        return too_long(field, cleaned)
    narrowed = narrow(cleaned.text)
    words = [word for word in _separator.split(narrowed.lower()) if word]
    if not words or any(word not in _MEANS for word in words):
        return wrong(field, cleaned, "mode_unknown", N_("交通方式只能填大巴、火车、飞机，或者不限"))
    named = {mode for word in words for mode in _MEANS[word]}
    modes = tuple(mode for mode in MODES if mode in named)
    return Judged(modes, cleaned.trimmed, repairs_for(field, text, cleaned.codes, "、".join(modes)))
