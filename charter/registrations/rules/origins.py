"""The place where a worker gets on, as written."""

from __future__ import annotations

from charter.core.i18n import N_
from charter.people.rules.judged import Judged
from charter.people.rules.text import MAX_SHORT, clean, missing, narrow, repairs_for, too_long, wrong
from charter.places.matcher import match
from charter.places.table import DivisionTable

__all__ = ["judge_origin"]

_SHOWN = 6  # choices that a message names


def judge_origin(text: str, table: DivisionTable, *, field: str = "origin") -> Judged[str]:
    """The county's code; `Judged.text` is the contract's `origin_text`. Problems `missing`, `too_long`,
    `origin_unknown`, `origin_ambiguous` (params `choices`: full names of the first few); repairs besides the common
    ones `origin_completed`."""
    cleaned = clean(text)
    if not cleaned.text:
        return missing(field)
    if len(cleaned.trimmed) > MAX_SHORT:
        return too_long(field, cleaned)
    found = match(table, cleaned.text)
    if found.problem == "origin_ambiguous":
        names = "、".join(table.full_name(code) for code in found.choices[:_SHOWN])
        return wrong(field, cleaned, found.problem, N_("符合这个出发地的不止一处，请写到县（区），例如：%(choices)s"),
        choices=names)
    if found.code is None:
        return wrong(field, cleaned, "origin_unknown", N_("找不到这个出发地，请写明省、市、县（区）"))
    wide = found.code == narrow(cleaned.text) != cleaned.text
    codes = [*cleaned.codes, *["full_width"] * wide, *["origin_completed"] * found.completed]
    return Judged(found.code, cleaned.trimmed, repairs_for(field, text, codes, found.code))
