"""A calendar feed as RFC 5545 writes it: lines of at most 75 bytes, ended by CR LF, texts escaped. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["Event", "feed"]

MOST_BYTES = 75


@dataclass(frozen=True, slots=True)
class Event:
    """One entry; moments aware. `uid` never changes, `sequence` rises with each change."""

    uid: str
    start: datetime
    end: datetime
    title: str
    text: str
    place: str
    sequence: int = 0


def feed(name: str, events: Iterable[Event], now: datetime) -> str:
    """The whole calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//charter//crew//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{_escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    for event in events:
        lines += ["BEGIN:VEVENT", f"UID:{_escaped(event.uid)}", f"DTSTAMP:{_moment(now)}",
                  f"DTSTART:{_moment(event.start)}", f"DTEND:{_moment(event.end)}", f"SEQUENCE:{event.sequence}",
                  f"SUMMARY:{_escaped(event.title)}", f"DESCRIPTION:{_escaped(event.text)}",
                  f"LOCATION:{_escaped(event.place)}", "END:VEVENT"]
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for letter, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(letter, written)
    return text


def _folded(line: str) -> str:
    """Broken before a character that would pass 75 bytes; what follows begins with a blank."""
    parts, now = [], ""
    for letter in line:
        if len((now + letter).encode()) > MOST_BYTES:
            parts.append(now)
            now = " "
        now += letter
    return "\r\n".join([*parts, now])
