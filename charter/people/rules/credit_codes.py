"""Unified social credit codes (GB 32100-2015) of employers."""

from __future__ import annotations

from charter.people.rules.judged import Judged

__all__ = ["check_character", "judge_credit_code"]


def judge_credit_code(text: str, *, field: str = "credit_code") -> Judged[str]:
    """An empty code has the value None (small shops have none at hand). Problems: `too_long`, `credit_code_invalid`
    (length or letters), `credit_code_checksum`."""
    raise NotImplementedError


def check_character(first17: str) -> str:
    """The 18th character of a code (weights 3^i mod 31)."""
    raise NotImplementedError
