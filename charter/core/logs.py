"""What may stand in a log: no ID number, mobile phone, token or code, whoever wrote the line, traces included."""

from __future__ import annotations

import logging
import re
from typing import Any

__all__ = ["install", "masked"]

_SECRETS = re.compile(
    r"(?P<token>chr_[A-Za-z0-9_-]{8,})"
    r"|(?P<link>(?:/join/|/scan/#|/t/|/crew/me/|/crew/calendar/|/carrier/)[A-Za-z0-9_-]{8,})"
    r"|(?<![0-9A-Za-z])(?P<id>[1-9]\d{16}[\dXx])(?![0-9A-Za-z])"
    r"|(?<![0-9])(?P<phone>(?:\+?86[- ]?)?1[3-9]\d{9})(?![0-9])"
    r"|(?P<code>(?:code|验证码|totp)\W{0,4}(?:是\W{0,2})?\d{6}(?!\d))", re.IGNORECASE)
_plain = logging.getLogRecordFactory()


def masked(text: str) -> str:
    """The text with every secret's first characters gone, and one line a line."""
    return _SECRETS.sub(lambda found: "***" + (found[0][-4:] if found["id"] or found["phone"] else ""), text)


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    made = _plain(*args, **kwargs)
    try:
        text = made.getMessage()
    except (TypeError, ValueError):
        return made  # the handler will say what is wrong with it
    made.msg, made.args = masked(text).replace("\r", "\\r").replace("\n", "\\n"), ()
    if made.exc_info and made.exc_info[0] is not None:
        made.exc_text = masked(logging.Formatter().formatException(made.exc_info))
    return made


def install() -> None:
    """Mask every record of this process, from whichever library it comes."""
    logging.setLogRecordFactory(_record)
