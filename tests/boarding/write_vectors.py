"""Writes config/boarding-vectors.json: what Python and JavaScript must answer alike.

Expectations are written by hand here; only the passes have to be made, since they are signed.
Run it as `python tests/boarding/write_vectors.py` after a change; a test finds a file that is behind.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from charter.passes.rules import base45, codec

PATH = Path(__file__).parents[2] / "config" / "boarding-vectors.json"
KEYS = {1: ec.derive_private_key(2020, ec.SECP256R1()), 2: ec.derive_private_key(2021, ec.SECP256R1()),
        3: ec.derive_private_key(2022, ec.SECP256R1())}
REVOKED = 3
STRANGER = ec.derive_private_key(2023, ec.SECP256R1())
CLAIMS = codec.PassClaims(1, 6_917_529_027_641_081_999, 151_234_567_890_123, 2, 29_973_000, 4_320, 23, True)


def written() -> dict[str, Any]:
    """The whole file's content."""
    return {"about": "Made by tests/boarding/write_vectors.py; run by Python and by JavaScript in a browser.",
            "keys": [_key(number) for number in KEYS], "passes": list(_passes()), "seats": SEATS, "times": TIMES,
            "verdicts": VERDICTS, "states": STATES}


def _key(number: int) -> dict[str, Any]:
    point = codec.verify_key(number, KEYS[number].public_key()).point
    return {"number": number, "x": point[:32].hex(), "y": point[32:].hex(), "revoked": number == REVOKED}


def _case(name: str, text: str, code: str | None, claims: codec.PassClaims | None = None) -> dict[str, Any]:
    said = asdict(claims) | {"serial": str(claims.serial), "departure": str(claims.departure)} if claims else None
    return {"name": name, "pass": text, "code": code, "claims": said}


def _signed(payload: bytes, r: int, s: int) -> str:
    return base45.encode(payload + r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def _passes() -> Any:
    good = codec.sign(KEYS[1], CLAIMS)
    second = replace(CLAIMS, key_number=2, lap_child=False, seat=0)
    largest = codec.PassClaims(1, 2**63 - 1, 2**48 - 1, 2**16 - 1, 2**32 - 1, 2**16 - 1, 2**16 - 1, False)
    yield _case("good", good, None, CLAIMS)
    yield _case("good, of the key before the rotation", codec.sign(KEYS[2], second), None, second)
    yield _case("good, with the largest numbers", codec.sign(KEYS[1], largest), None, largest)
    yield _case("its key was revoked", codec.sign(KEYS[3], replace(CLAIMS, key_number=3)), "revoked")
    yield _case("forged under a revoked key", codec.sign(STRANGER, replace(CLAIMS, key_number=3)), "bad_signature")
    yield _case("forged under our number", codec.sign(STRANGER, CLAIMS), "bad_signature")
    yield _case("of another campaign", codec.sign(STRANGER, replace(CLAIMS, key_number=900)), "unknown_key")
    yield from _unreadable(good)
    yield from _signatures(good)
    data = base45.decode(good)
    for at in range(92):
        broken = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1:]
        yield _case(f"byte {at} changed", base45.encode(broken), "unknown_key" if at < 3 else "bad_signature")


def _unreadable(good: str) -> Any:
    for name, text in [("empty", ""), ("one letter short", good[:-1]), ("three letters short", good[:-3]),
                       ("one letter long", good + "0"), ("three letters long", good + "000"),
                       ("lower case", good.lower()), ("a triplet above 65535", ":::" + good[3:]),
                       ("a triplet of 65536", "GGW" + good[3:]), ("a foreign letter", good[:70] + "_" + good[71:]),
                       ("a full-width digit", "０" + good[1:]), ("binary", "\0" * 138), ("spaces around", f" {good} "),
                       ("a web address", "https://example.org/p/123")]:
        yield _case(name, text, "unreadable")


def _signatures(good: str) -> Any:
    data = base45.decode(good)
    payload, r, s = data[:28], int.from_bytes(data[28:60], "big"), int.from_bytes(data[60:], "big")
    for name, broken_r, broken_s in [
            ("high s", r, codec.ORDER - s), ("r is 0", 0, s), ("s is 0", r, 0), ("r is the order", codec.ORDER, s),
            ("s is the order", r, codec.ORDER), ("all ones", 2**256 - 1, 2**256 - 1)]:
        yield _case(name, _signed(payload, broken_r, broken_s), "bad_signature")
    for domain in (b"", b"charter-pass-v1", b"charter-pass-v2\0"):
        der = KEYS[1].sign(domain + payload, ec.ECDSA(SHA256(), deterministic_signing=True))
        other_r, other_s = decode_dss_signature(der)
        yield _case(f"domain {domain!r}", _signed(payload, other_r, min(other_s, codec.ORDER - other_s)),
                    "bad_signature")


SEATS = [{"number": 0, "name": None}, {"number": 1, "name": "1"}, {"number": 55, "name": "55"},
         {"number": 0x8000 | 12 << 4 | 5, "name": "12F"},
         {"number": 0x8000 | 5 << 10 | 12 << 4 | 5, "name": "05车 12F"}]

AT = "2027-02-11T22:40:00+00:00"
FROM, UNTIL = "2027-02-11T00:40:00+00:00", "2027-02-14T00:40:00+00:00"
BEFORE, AFTER = "2027-02-11T00:39:59+00:00", "2027-02-14T00:40:01+00:00"
FIRST = {"scan_id": "a1", "at": "2027-02-12T06:31:00+08:00", "stop_id": "s1", "device": "phone 1"}
THEIRS = {"departure_id": "77", "bay": "7", "departs_at": "2027-02-12T08:40:00+08:00", "still_here": True}
NEWER = {"revision": 3, "seat": "14"}


def _verdict(name: str, verdict: str, code: str, facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "facts": {"at": AT, "valid_from": FROM, "valid_until": UNTIL, **facts},
            "answer": {"verdict": verdict, "code": code, "detail": None, "first_scan": None, **more}}


TOLD = {"at": FIRST["at"], "stop_id": "s1", "device": "phone 1"}
VERDICTS = [
    _verdict("all is well", "go", "ok", {}),
    _verdict("all is well by hand", "go", "ok", {"valid_from": None, "valid_until": None}),
    _verdict("all is well at his stop", "go", "ok", {"stop_id": "s1", "booked_stop_id": "s1"}),
    _verdict("no stop was said", "go", "ok", {"booked_stop_id": "s1"}),
    _verdict("alighting", "go", "ok", {"kind": "alight", "boarded": FIRST}),
    _verdict("alighting at another stop", "go", "ok", {"kind": "alight", "stop_id": "s2", "booked_stop_id": "s1"}),
    _verdict("alighting after departure", "go", "ok", {"kind": "alight", "sealed_at": FROM}),
    _verdict("refusing", "go", "ok", {"kind": "deny"}),
    _verdict("undo", "go", "ok", {"kind": "undo"}),
    _verdict("undo of a pass that was cancelled since", "go", "ok", {"kind": "undo", "standing": "cancelled"}),
    _verdict("undo after the window", "go", "ok", {"kind": "undo", "at": AFTER}),
    _verdict("undo of a pass whose key was revoked", "go", "ok", {"kind": "undo", "refused": "revoked"}),
    _verdict("undo by a broken pass", "stop", "bad_signature", {"kind": "undo", "refused": "bad_signature"}),
    _verdict("undo by a foreign device", "stop", "device_not_allowed", {"kind": "undo", "device_allowed": False}),
    _verdict("broken scan", "stop", "malformed", {"malformed": True}),
    _verdict("broken scan of no known kind", "stop", "malformed", {"malformed": True, "kind": "hover"}),
    _verdict("broken scan of a foreign device", "stop", "malformed", {"malformed": True, "device_allowed": False}),
    _verdict("foreign device", "stop", "device_not_allowed", {"device_allowed": False}),
    _verdict("foreign device, unreadable", "stop", "device_not_allowed",
             {"device_allowed": False, "refused": "unreadable"}),
    _verdict("unreadable", "stop", "unreadable", {"refused": "unreadable"}),
    _verdict("unknown key", "stop", "unknown_key", {"refused": "unknown_key"}),
    _verdict("bad signature", "stop", "bad_signature", {"refused": "bad_signature", "own_departure": False}),
    _verdict("revoked key", "stop", "revoked", {"refused": "revoked"}),
    _verdict("revoked key, too early", "stop", "revoked", {"refused": "revoked", "at": BEFORE}),
    _verdict("first moment of the window", "go", "ok", {"at": FROM}),
    _verdict("last moment of the window", "go", "ok", {"at": UNTIL}),
    _verdict("too early", "look", "not_yet_valid", {"at": BEFORE}),
    _verdict("too late", "look", "expired", {"at": AFTER}),
    _verdict("too late to alight", "look", "expired", {"at": AFTER, "kind": "alight"}),
    _verdict("too early for another departure", "stop", "not_yet_valid", {"at": BEFORE, "own_departure": False}),
    _verdict("too late for another departure", "stop", "expired", {"at": AFTER, "own_departure": False}),
    _verdict("the window comes before the departure and the list", "stop", "expired",
             {"at": AFTER, "own_departure": False, "standing": "cancelled", "elsewhere": THEIRS}),
    _verdict("wrong bus", "stop", "wrong_departure", {"own_departure": False, "elsewhere": THEIRS}, detail=THEIRS),
    _verdict("wrong bus, nothing known of the right one", "stop", "wrong_departure", {"own_departure": False}),
    _verdict("wrong bus with an old pass", "stop", "wrong_departure",
             {"own_departure": False, "standing": "superseded", "elsewhere": THEIRS}, detail=THEIRS),
    _verdict("reported as seen by strangers", "stop", "revoked", {"standing": "revoked"}),
    _verdict("cancelled", "stop", "cancelled", {"standing": "cancelled"}),
    _verdict("cancelled after boarding", "stop", "cancelled", {"standing": "cancelled", "boarded": FIRST}),
    _verdict("on no list", "stop", "not_on_manifest", {"standing": "missing"}),
    _verdict("issued after the list", "look", "not_on_manifest", {"standing": "newer"}, detail={"newer": True}),
    _verdict("sealed before", "stop", "departure_closed", {"sealed_at": FROM}),
    _verdict("sealed at the same moment", "go", "ok", {"sealed_at": AT}),
    _verdict("sealed before, refusing", "stop", "departure_closed", {"sealed_at": FROM, "kind": "deny"}),
    _verdict("sealed before, already on board", "stop", "departure_closed", {"sealed_at": FROM, "boarded": FIRST}),
    _verdict("already on board", "look", "already_boarded", {"boarded": FIRST}, detail=TOLD, first_scan="a1"),
    _verdict("already on board, with an old pass", "look", "already_boarded",
             {"boarded": FIRST, "standing": "superseded", "revision_now": 3, "seat_now": "14"}, detail=TOLD,
             first_scan="a1"),
    _verdict("an old pass", "look", "superseded", {"standing": "superseded", "revision_now": 3, "seat_now": "14"},
             detail=NEWER),
    _verdict("an old pass at the wrong stop", "look", "superseded",
             {"standing": "superseded", "revision_now": 3, "seat_now": "14", "stop_id": "s2", "booked_stop_id": "s1"},
             detail=NEWER),
    _verdict("wrong stop", "look", "wrong_stop", {"stop_id": "s2", "booked_stop_id": "s1"}),
]

TIMES = [
    {"name": "clock right", "scanned_at": AT, "received": "2027-02-11T22:41:00+00:00",
     "device_time": "2027-02-11T22:41:00+00:00", "opened": FROM, "corrected": AT, "doubtful": False},
    {"name": "a day fast", "scanned_at": "2027-02-12T22:40:00+00:00", "received": "2027-02-11T22:41:00+00:00",
     "device_time": "2027-02-12T22:41:00+00:00", "opened": FROM, "corrected": AT, "doubtful": False},
    {"name": "a day slow, sent an hour later", "scanned_at": "2027-02-10T22:40:00+00:00",
     "received": "2027-02-11T23:40:00+00:00", "device_time": "2027-02-10T23:40:00+00:00", "opened": FROM,
     "corrected": AT, "doubtful": False},
    {"name": "two minutes ahead of receipt", "scanned_at": "2027-02-11T22:43:00+00:00",
     "received": "2027-02-11T22:41:00+00:00", "device_time": "2027-02-11T22:41:00+00:00", "opened": FROM,
     "corrected": "2027-02-11T22:43:00+00:00", "doubtful": False},
    {"name": "later than that", "scanned_at": "2027-02-11T22:43:01+00:00", "received": "2027-02-11T22:41:00+00:00",
     "device_time": "2027-02-11T22:41:00+00:00", "opened": FROM, "corrected": "2027-02-11T22:43:01+00:00",
     "doubtful": True},
    {"name": "before boarding opened", "scanned_at": BEFORE, "received": AT, "device_time": AT, "opened": FROM,
     "corrected": BEFORE, "doubtful": True},
]


def _scan(scan_id: str, kind: str, minute: int, booking: str = "1", device: str = "A", **more: Any) -> dict[str, Any]:
    return {"scan_id": scan_id, "booking": booking, "kind": kind, "at": f"2027-02-11T22:{minute:02}:00+00:00",
            "device": device, "by_hand": False, "aware": False, "undoes": None, **more}


def _state(name: str, scans: list[dict[str, Any]], states: dict[str, list[Any]], figures: list[int],
           conflicts: dict[str, list[str]] | None = None, **more: Any) -> dict[str, Any]:
    names = ("expected", "boarded_by_scan", "boarded_by_hand", "alighted")
    return {"name": name, "scans": scans, "sealed": False, "heads": {"1": 2, "2": 1}, "states": states,
            "conflicts": conflicts or {}, "figures": dict(zip(names, figures, strict=True)), **more}


WAITS = ["waiting", None, False]
STATES = [
    _state("nobody yet", [], {"1": WAITS, "2": WAITS}, [3, 0, 0, 0]),
    _state("sealed with nobody", [], {"1": ["no_show", None, False], "2": ["no_show", None, False]}, [3, 0, 0, 0],
           sealed=True),
    _state("boarded with a lap child", [_scan("a", "board", 1)], {"1": ["boarded", "a", False], "2": WAITS},
           [3, 2, 0, 0]),
    _state("boarded by hand", [_scan("a", "board", 1, "2", by_hand=True)],
           {"1": WAITS, "2": ["boarded", "a", True]}, [3, 0, 1, 0]),
    _state("alighted", [_scan("b", "alight", 5), _scan("a", "board", 1)],
           {"1": ["alighted", "b", False], "2": WAITS}, [3, 2, 0, 2]),
    _state("alighted and back", [_scan("c", "board", 9), _scan("b", "alight", 5), _scan("a", "board", 1)],
           {"1": ["boarded", "c", False], "2": WAITS}, [3, 2, 0, 0]),
    _state("alighting without boarding changes nothing", [_scan("b", "alight", 5)], {"1": WAITS, "2": WAITS},
           [3, 0, 0, 0]),
    _state("denied", [_scan("a", "deny", 1)], {"1": ["denied", "a", False], "2": WAITS}, [3, 0, 0, 0]),
    _state("denied, then let in", [_scan("b", "board", 3), _scan("a", "deny", 1)],
           {"1": ["boarded", "b", False], "2": WAITS}, [3, 2, 0, 0]),
    _state("set down again", [_scan("a", "board", 1), _scan("b", "deny", 3)],
           {"1": ["denied", "b", False], "2": WAITS}, [3, 0, 0, 0]),
    _state("undone", [_scan("u", "undo", 2, undoes="a"), _scan("a", "board", 1)], {"1": WAITS, "2": WAITS},
           [3, 0, 0, 0]),
    _state("undone before its time", [_scan("u", "undo", 1, undoes="a"), _scan("a", "board", 9)],
           {"1": WAITS, "2": WAITS}, [3, 0, 0, 0]),
    _state("an undo of another booking does nothing", [_scan("u", "undo", 2, "2", undoes="a"), _scan("a", "board", 1)],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0]),
    _state("an undo cannot be undone",
           [_scan("v", "undo", 3, undoes="u"), _scan("u", "undo", 2, undoes="a"), _scan("a", "board", 1)],
           {"1": WAITS, "2": WAITS}, [3, 0, 0, 0]),
    _state("an undone alighting", [_scan("a", "board", 1), _scan("b", "alight", 2), _scan("u", "undo", 3, undoes="b")],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0]),
    _state("two phones: the earlier stands", [_scan("b", "board", 3, device="B"), _scan("a", "board", 1)],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0], {"1": ["a", "b"]}),
    _state("three phones make one case",
           [_scan("c", "board", 4, device="C"), _scan("b", "board", 3, device="B"), _scan("a", "board", 1)],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0], {"1": ["a", "b", "c"]}),
    _state("two phones, one undone", [_scan("b", "board", 3, device="B"), _scan("a", "board", 1),
                                      _scan("u", "undo", 4, undoes="a")],
           {"1": ["boarded", "b", False], "2": WAITS}, [3, 2, 0, 0]),
    _state("two phones at the same moment", [_scan("b", "board", 1, device="B"), _scan("a", "board", 1)],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0], {"1": ["a", "b"]}),
    _state("one phone that showed amber: counted once, no case",
           [_scan("a", "board", 1), _scan("b", "board", 3, aware=True)],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0]),
    _state("one phone that showed green twice", [_scan("a", "board", 1), _scan("b", "board", 3)],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0], {"1": ["a", "b"]}),
    _state("another phone that showed amber is a case too",
           [_scan("a", "board", 1), _scan("b", "board", 3, device="B", aware=True)],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0], {"1": ["a", "b"]}),
    _state("a second person turned away: the first rides on, and it is a case",
           [_scan("a", "board", 1), _scan("b", "deny", 3, turned_away=True)],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0], {"1": ["a", "b"]}),
    _state("turned away by a fast clock, before the boarding",
           [_scan("b", "deny", 1, turned_away=True), _scan("a", "board", 3, device="B")],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0], {"1": ["a", "b"]}),
    _state("turned away, and the boarding was undone",
           [_scan("a", "board", 1), _scan("b", "deny", 3, turned_away=True), _scan("u", "undo", 4, undoes="a")],
           {"1": WAITS, "2": WAITS}, [3, 0, 0, 0]),
    _state("two phones, and a third person turned away",
           [_scan("a", "board", 1), _scan("b", "board", 2, device="B"), _scan("c", "deny", 3, turned_away=True)],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0], {"1": ["a", "b", "c"]}),
    _state("the same scan twice", [_scan("a", "board", 1), _scan("a", "board", 1)],
           {"1": ["boarded", "a", False], "2": WAITS}, [3, 2, 0, 0]),
]

if __name__ == "__main__":
    PATH.write_text(json.dumps(written(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
