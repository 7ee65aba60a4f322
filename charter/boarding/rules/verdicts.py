"""One table of rules: what a scan comes back as. The first rule that applies gives verdict, code and detail.

The JavaScript twin is `charter/boarding/static/boarding/verdicts.js`; both run `config/boarding-vectors.json`.
A new rule is one line in RULES here, one in the twin, its words in `words.py`, and its vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = ["CODES", "KINDS", "RULES", "Boarded", "Facts", "Rule", "Verdict", "classify"]

KINDS = ("board", "alight", "deny", "undo")
GO, LOOK, STOP = "go", "look", "stop"


@dataclass(frozen=True, slots=True)
class Boarded:
    """An earlier boarding of the same booking that stands; `at` as RFC 3339 text."""

    scan_id: str
    at: str
    stop_id: str | None
    device: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a verdict depends on. Moments are aware; a fact that is not known is None.

    `refused` is what reading the pass gave (`unreadable`, `unknown_key`, `bad_signature`, `revoked`). `standing` says
    what the list knows of the pass: `current`, `superseded` (older revision of a living booking), `cancelled`,
    `revoked` (its owner reported it), `newer` (a good pass issued after the list) or `missing`. `own_departure` is
    whether the booking rides on this departure now; `elsewhere` is where it rides instead.
    """

    kind: str = "board"
    at: datetime | None = None
    malformed: bool = False
    device_allowed: bool = True
    refused: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    own_departure: bool = True
    elsewhere: Mapping[str, Any] | None = None
    standing: str = "current"
    revision_now: int | None = None
    seat_now: str | None = None
    sealed_at: datetime | None = None
    boarded: Boarded | None = None
    stop_id: str | None = None
    booked_stop_id: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`verdict` is go, look or stop; `first_scan` the boarding that came before."""

    verdict: str
    code: str
    detail: Mapping[str, Any] | None = None
    first_scan: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table; `kinds` are the kinds of scan that it judges."""

    code: str
    applies: Callable[[Facts], bool]
    verdict: str | Callable[[Facts], str] = STOP
    detail: Callable[[Facts], Mapping[str, Any] | None] = lambda facts: None
    kinds: tuple[str, ...] = KINDS


def _own_is_amber(facts: Facts) -> str:
    return LOOK if facts.own_departure else STOP


def _first_boarding(facts: Facts) -> Mapping[str, Any] | None:
    first = facts.boarded
    return {"at": first.at, "stop_id": first.stop_id, "device": first.device} if first else None


JUDGED = ("board", "alight", "deny")  # an undo takes back a scan whatever has become of the pass
ENTRY = ("board", "deny")

RULES: tuple[Rule, ...] = (
    Rule("malformed", lambda f: f.malformed),
    Rule("device_not_allowed", lambda f: not f.device_allowed),
    Rule("unreadable", lambda f: f.refused == "unreadable"),
    Rule("unknown_key", lambda f: f.refused == "unknown_key"),
    Rule("bad_signature", lambda f: f.refused == "bad_signature"),
    Rule("revoked", lambda f: f.refused == "revoked", kinds=JUDGED),
    Rule("not_yet_valid", lambda f: bool(f.at and f.valid_from and f.at < f.valid_from), _own_is_amber, kinds=JUDGED),
    Rule("expired", lambda f: bool(f.at and f.valid_until and f.at > f.valid_until), _own_is_amber, kinds=JUDGED),
    Rule("wrong_departure", lambda f: not f.own_departure, detail=lambda f: f.elsewhere, kinds=JUDGED),
    Rule("revoked", lambda f: f.standing == "revoked", kinds=JUDGED),
    Rule("cancelled", lambda f: f.standing == "cancelled", kinds=JUDGED),
    Rule("not_on_manifest", lambda f: f.standing == "missing", kinds=JUDGED),
    Rule("departure_closed", lambda f: bool(f.at and f.sealed_at and f.at > f.sealed_at), kinds=ENTRY),
    Rule("already_boarded", lambda f: f.boarded is not None, LOOK, _first_boarding, kinds=("board",)),
    Rule("superseded", lambda f: f.standing == "superseded", LOOK,
         lambda f: {"revision": f.revision_now, "seat": f.seat_now}, kinds=JUDGED),
    Rule("not_on_manifest", lambda f: f.standing == "newer", LOOK, lambda f: {"newer": True}, kinds=JUDGED),
    Rule("wrong_stop", lambda f: f.stop_id is not None and f.booked_stop_id is not None
         and f.stop_id != f.booked_stop_id, LOOK, kinds=("board",)),
    Rule("ok", lambda f: True, GO),
)
CODES = tuple(dict.fromkeys(rule.code for rule in RULES))


def classify(facts: Facts) -> Verdict:
    """The verdict on one scan: the first rule of the table that judges its kind and applies."""
    rule = next(rule for rule in RULES if (facts.kind in rule.kinds or facts.malformed) and rule.applies(facts))
    verdict = rule.verdict if isinstance(rule.verdict, str) else rule.verdict(facts)
    first = facts.boarded.scan_id if rule.code == "already_boarded" and facts.boarded else None
    return Verdict(verdict, rule.code, rule.detail(facts), first)
