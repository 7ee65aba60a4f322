"""The modes of transport that a worker accepts."""

from __future__ import annotations

from charter.people.rules.judged import Judged

__all__ = ["MODES", "judge_modes"]

MODES: tuple[str, ...] = ("bus", "train", "flight")


def judge_modes(text: str, *, field: str = "modes") -> Judged[tuple[str, ...]]:
    """The modes in the order of MODES; an empty cell has the value None. Problems `too_long`, `mode_unknown`."""
    raise NotImplementedError
