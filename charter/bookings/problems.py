"""What acts on seats may refuse, and the constraint that each problem belongs to."""

from __future__ import annotations

from charter.core.db import constraint_problem
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, Problem

__all__ = ["AlreadyBooked", "AlreadyWaiting", "BookingCancelled", "DepartureClosed", "DepartureFull", "HoldExpired",
           "ListClosed", "NotEligible", "PartyDoesNotFit", "SeatTaken", "SeatWouldGo", "TakenByOther",
           "TooLate", "seat_unknown"]


class SeatTaken(Problem):
    status, code, message = 409, "seat_taken", N_("这个座位已经有人了，请另选一个")


class DepartureFull(Problem):
    status, code, message = 409, "departure_full", N_("这个班次已经满了")


class AlreadyBooked(Problem):
    status, code, message = 409, "already_booked", N_("这个人在同一时间已经有座位了")


class AlreadyWaiting(Problem):
    status, code, message = 409, "already_waiting", N_("已经在这条线路的候补名单里了")


class NotEligible(Problem):
    status, code, message = 409, "registration_not_eligible", N_("这份报名不能乘坐这个班次")


class DepartureClosed(Problem):
    status, code, message = 409, "departure_closed", N_("这个班次不再接受订座")


class PartyDoesNotFit(Problem):
    status, code, message = 409, "party_does_not_fit", N_("剩下的座位不够同行的人一起坐")


class ListClosed(Problem):
    status, code, message = 409, "list_closed", N_("承运方的名单已经截止，要改请打热线")


class SeatWouldGo(Problem):
    status, code, message = 409, "seat_would_go", N_("改了以后不能再坐现在的班次，座位要退掉")


class TooLate(DepartureClosed):
    message = N_("离发车太近，网上不能退了。确实走不了，请马上打热线")


class BookingCancelled(Problem):
    status, code, message = 409, "booking_cancelled", N_("这个座位已经取消")


class HoldExpired(Problem):
    status, code, message = 410, "hold_expired", N_("保留时间已过，请重新选座")


def seat_unknown() -> Invalid:
    """422 at field `seat`."""
    problem = Invalid(errors=[FieldProblem("seat", "seat_unknown", N_("没有这个座位"))])
    problem.code = "seat_unknown"  # type: ignore[misc]
    return problem


constraint_problem("uq_booking_seat", SeatTaken)
constraint_problem("uq_booking_slot", SeatTaken)
constraint_problem("ex_booking_overlap", AlreadyBooked)
constraint_problem("uq_waiting_person", AlreadyWaiting)


class TakenByOther(Problem):
    status, code, message = 409, "taken_by_other", N_("别人正在打这个电话，请先打下一个")
