"""Why there is no pass to show."""

from __future__ import annotations

from charter.core.problems import Problem

__all__ = ["BookingEnded", "NotConfirmed"]


class NotConfirmed(Problem):
    status, code, message = 409, "not_confirmed", "座位还没有确认，确认后才有乘车码"


class BookingEnded(Problem):
    status, code, message = 410, "booking_cancelled", "这个座位已经取消，乘车码不再有效"
