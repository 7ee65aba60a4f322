"""When a phone says that it sends."""

from __future__ import annotations

from datetime import datetime

from charter.boarding.rules import incoming
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid

__all__ = ["sent_at"]


def sent_at(device_time: str) -> datetime:
    """The device time of a batch. Raises Invalid for one that is none."""
    try:
        return incoming.moment(device_time)
    except incoming.Malformed as error:
        wrong = N_("请给出带时区的设备时间，例如 2027-02-12T06:40:00+08:00")
        raise Invalid(errors=[FieldProblem("device_time", "invalid", wrong)]) from error
