"""From scans to the state of each booking: a fold over corrected times that no order of arrival can change.

The JavaScript twin is `charter/boarding/static/boarding/states.js`; both run `config/boarding-vectors.json`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

__all__ = ["BookingState", "Conflict", "Figures", "Scan", "boarded_before", "figures", "fold"]


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan that counts (its verdict was go or look). `at` is the corrected time.

    `aware` says that the phone itself showed somebody already on board, so that its volunteer decided knowingly.
    `turned_away` is a denial of a second person with the pass of somebody on board: it changes no state, and is a case.
    """

    scan_id: str
    booking: str
    kind: str
    at: datetime
    device: str
    by_hand: bool = False
    aware: bool = False
    undoes: str | None = None
    stop_id: str | None = None
    turned_away: bool = False


@dataclass(frozen=True, slots=True)
class BookingState:
    """`state` is waiting, boarded, alighted, denied or no_show; `scan_id` the scan that made it so."""

    state: str = "waiting"
    scan_id: str | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """A booking whose pass two people may have: the first boarding stands until a person says otherwise."""

    booking: str
    scan_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Heads, lap children among them; driver and crew are not."""

    expected: int
    boarded_by_scan: int
    boarded_by_hand: int
    alighted: int

    @property
    def on_board(self) -> int:
        """How many a head count must find."""
        return self.boarded_by_scan + self.boarded_by_hand - self.alighted


def fold(scans: Iterable[Scan], *, sealed: bool = False, bookings: Iterable[str] = ()
         ) -> tuple[dict[str, BookingState], list[Conflict]]:
    """The state of every booking of the list and of every booking that was scanned, and the conflicts.

    Scans may come in any order and any number of times. An undo takes back the scan that it names, where both are of
    one booking, whichever came first; an undo cannot be undone. In a sealed departure who waits is a no-show.
    """
    by_booking: dict[str, list[Scan]] = defaultdict(list)
    for scan in sorted({scan.scan_id: scan for scan in scans}.values(), key=lambda scan: (scan.at, scan.scan_id)):
        by_booking[scan.booking].append(scan)
    states, conflicts = {}, []
    for booking in sorted({*bookings, *by_booking}):
        state, doubled = _walk(_standing(by_booking[booking]))
        if sealed and state.state == "waiting":
            state = BookingState("no_show")
        states[booking] = state
        if doubled:
            conflicts.append(Conflict(booking, tuple(doubled)))
    return states, conflicts


def boarded_before(scans: Iterable[Scan], at: datetime) -> Scan | None:
    """The boarding of one booking, among the scans that are known, that stands at the moment `at`, if there is one."""
    known = list(scans)
    undone = {scan.undoes for scan in known if scan.kind == "undo"}
    earlier = [scan for scan in known if scan.at <= at and scan.kind != "undo" and scan.scan_id not in undone
               and not scan.turned_away]
    first = None
    for scan in sorted(earlier, key=lambda scan: (scan.at, scan.scan_id)):
        first = (first or scan) if scan.kind == "board" else None
    return first


def figures(states: Mapping[str, BookingState], heads: Mapping[str, int]) -> Figures:
    """The head count that the scans make; `heads` is 1 + lap children of each booking on the list."""
    def total(*names: str, by_hand: bool | None = None) -> int:
        return sum(heads.get(booking, 1) for booking, found in states.items()
                   if found.state in names and by_hand in (None, found.by_hand))

    return Figures(sum(heads.values()), total("boarded", "alighted", by_hand=False),
                   total("boarded", "alighted", by_hand=True), total("alighted"))


def _standing(scans: Sequence[Scan]) -> list[Scan]:
    undone = {scan.undoes for scan in scans if scan.kind == "undo"}
    return [scan for scan in scans if scan.kind != "undo" and scan.scan_id not in undone]


def _walk(scans: Sequence[Scan]) -> tuple[BookingState, list[str]]:
    state, doubled = _ride([scan for scan in scans if not scan.turned_away])
    away = [scan.scan_id for scan in scans if scan.turned_away]
    rode = next((scan.scan_id for scan in scans if scan.kind == "board"), None)
    if away and rode is not None:
        doubled = [*(doubled or [rode]), *away]
    return state, doubled


def _ride(scans: Sequence[Scan]) -> tuple[BookingState, list[str]]:
    state, first, doubled = BookingState(), None, list[str]()
    for scan in scans:
        if scan.kind == "board" and first is None:
            first, state = scan, BookingState("boarded", scan.scan_id, scan.by_hand)
        elif scan.kind == "board" and first is not None:
            if scan.device != first.device or not scan.aware:
                doubled += [scan_id for scan_id in (first.scan_id, scan.scan_id) if scan_id not in doubled]
        elif scan.kind == "alight" and first is not None:
            first, state = None, BookingState("alighted", scan.scan_id, state.by_hand)
        elif scan.kind == "deny":
            first, state = None, BookingState("denied", scan.scan_id)
    return state, doubled
