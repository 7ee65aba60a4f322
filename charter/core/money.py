"""Money is whole fen inside (int) and yuan with two decimals for people."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

__all__ = ["fen", "yuan"]


def yuan(amount_fen: int) -> str:
    """Whole fen as yuan with two decimals and thousands separators: 1234567 -> '12,345.67'."""
    return f"{Decimal(amount_fen) / 100:,.2f}"


def fen(text: str) -> int:
    """Yuan as typed ('12,345.6') to whole fen.

    Raises ValueError for anything that is not a finite number of at most two decimals.
    """
    try:
        amount = Decimal(text.replace(",", "").replace("元", "").strip())
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 13:
        raise ValueError(text)
    cents = (amount * 100).quantize(Decimal(1), ROUND_HALF_UP)
    if cents != amount * 100:
        raise ValueError(text)
    return int(cents)
