"""The place where a worker gets on, as written."""

from __future__ import annotations

from charter.people.rules.judged import Judged
from charter.places.table import DivisionTable

__all__ = ["judge_origin"]


def judge_origin(text: str, table: DivisionTable, *, field: str = "origin") -> Judged[str]:
    """The county's code; `Judged.text` is the contract's `origin_text`. Problems `missing`, `too_long`,
    `origin_unknown`, `origin_ambiguous` (params `choices`: full names); repairs besides the common ones
    `origin_completed`."""
    raise NotImplementedError
