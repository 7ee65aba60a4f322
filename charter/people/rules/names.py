"""A person's name as printed on the document: Han characters with the middle dot, or Latin letters."""

from __future__ import annotations

from charter.people.rules.judged import Judged

__all__ = ["judge_name"]


def judge_name(text: str, *, field: str = "name") -> Judged[str]:
    """Problems `missing`, `too_long`, `name_invalid`; repairs besides the common ones `name_spacing`, `name_dot`."""
    raise NotImplementedError
