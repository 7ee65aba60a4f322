"""Rules of boarding in Python, by the vectors that phones run too, and by shuffling, repeating and splitting."""

from __future__ import annotations

import json
import runpy
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.boarding.rules import states, times, verdicts

VECTORS = json.loads((Path(__file__).parents[2] / "config" / "boarding-vectors.json").read_text(encoding="utf-8"))
MOMENTS = ("at", "valid_from", "valid_until", "sealed_at")
START = datetime(2027, 2, 11, 22, 0, tzinfo=UTC)


def facts(written: Mapping[str, Any]) -> verdicts.Facts:
    moments = {name: datetime.fromisoformat(written[name]) for name in MOMENTS if written.get(name)}
    boarded = written.get("boarded")
    return verdicts.Facts(**{**written, **moments, "boarded": boarded and verdicts.Boarded(**boarded)})


def scan(written: Mapping[str, Any]) -> states.Scan:
    return states.Scan(**{**written, "at": datetime.fromisoformat(written["at"])})


def test_the_vector_file_is_what_its_writer_writes() -> None:
    written = runpy.run_path(str(Path(__file__).with_name("write_vectors.py")))["written"]()
    assert json.loads(json.dumps(written)) == VECTORS


@pytest.mark.parametrize("case", VECTORS["verdicts"], ids=lambda case: case["name"])
def test_each_vector_gets_its_verdict(case: dict[str, Any]) -> None:
    answer = asdict(verdicts.classify(facts(case["facts"])))
    assert answer == case["answer"]


def test_the_vectors_reach_every_rule_of_the_table() -> None:
    assert {case["answer"]["code"] for case in VECTORS["verdicts"]} == set(verdicts.CODES)


@pytest.mark.parametrize("case", VECTORS["times"], ids=lambda case: case["name"])
def test_clocks_are_corrected(case: dict[str, Any]) -> None:
    scanned, received, device, opened = (datetime.fromisoformat(case[name])
                                         for name in ("scanned_at", "received", "device_time", "opened"))
    corrected = times.correct(scanned, received=received, device_time=device)
    assert corrected == datetime.fromisoformat(case["corrected"])
    assert times.doubtful(corrected, received=received, opened=opened) is case["doubtful"]


@pytest.mark.parametrize("case", VECTORS["states"], ids=lambda case: case["name"])
def test_scans_fold_to_their_state(case: dict[str, Any]) -> None:
    found, conflicts = states.fold(map(scan, case["scans"]), sealed=case["sealed"], bookings=case["heads"])
    assert {booking: [state.state, state.scan_id, state.by_hand] for booking, state in found.items()} == case["states"]
    assert {conflict.booking: list(conflict.scan_ids) for conflict in conflicts} == case["conflicts"]
    figures = states.figures(found, case["heads"])
    assert asdict(figures) == case["figures"]
    assert figures.on_board == sum(case["heads"][booking] for booking, state in found.items()
                                   if state.state == "boarded")


def test_an_earlier_boarding_is_found_only_among_what_came_before() -> None:
    known = [scan({**written, "booking": "1"}) for case in VECTORS["states"] if case["name"] == "alighted and back"
             for written in case["scans"]]
    found = [states.boarded_before(known, START + timedelta(minutes=minute)) for minute in (0, 1, 4, 5, 8, 9, 30)]
    assert [first and first.scan_id for first in found] == [None, "a", "a", None, None, "c", "c"]


histories = st.lists(st.builds(
    lambda number, booking, kind, minute, device, by_hand, aware, undoes: states.Scan(
        f"s{number:02}", booking, kind, START + timedelta(minutes=minute), device, by_hand, aware,
        f"s{undoes:02}" if kind == "undo" else None, turned_away=kind == "deny" and aware),
    st.integers(0, 29), st.sampled_from("123"), st.sampled_from(verdicts.KINDS), st.integers(0, 12),
    st.sampled_from("ABCDEF"), st.booleans(), st.booleans(), st.integers(0, 29)),
    max_size=25, unique_by=lambda scan: scan.scan_id)


@given(histories, st.randoms(use_true_random=False), st.booleans())
def test_any_order_and_repetition_of_arrival_gives_one_state(
        history: list[states.Scan], chance: Any, sealed: bool) -> None:
    expected = states.fold(history, sealed=sealed, bookings="1234")
    again = history + [scan for scan in history if chance.random() < 0.5]
    chance.shuffle(again)
    assert states.fold(again, sealed=sealed, bookings="1234") == expected


@given(histories)
def test_the_head_count_is_who_is_on_board(history: list[states.Scan]) -> None:
    heads = {"1": 1, "2": 3, "3": 2, "4": 1}
    found, _ = states.fold(history, bookings=heads)
    figures = states.figures(found, heads)
    assert figures.on_board == sum(heads[booking] for booking, state in found.items() if state.state == "boarded")
    assert figures.expected == 7
    assert 0 <= figures.alighted <= figures.boarded_by_scan + figures.boarded_by_hand <= figures.expected


@given(histories)
def test_an_undo_is_as_if_its_scan_had_never_been(history: list[states.Scan]) -> None:
    boards = [scan for scan in history if scan.kind != "undo"]
    for taken in boards[:3]:
        undo = states.Scan("zz", taken.booking, "undo", START, "A", undoes=taken.scan_id)
        without = [scan for scan in history if scan is not taken]
        assert states.fold([*history, undo], bookings="1") == states.fold(without, bookings=["1", taken.booking])


@given(histories)
def test_two_phones_that_board_one_booking_are_never_silently_green(history: list[states.Scan]) -> None:
    undone = {(scan.undoes, scan.booking) for scan in history if scan.kind == "undo"}
    boards = [scan for scan in history if scan.kind == "board" and (scan.scan_id, scan.booking) not in undone]
    _, conflicts = states.fold(scan for scan in history if scan.kind in ("board", "undo"))
    doubled = {scan.booking for scan in boards for other in boards
               if scan.booking == other.booking and scan.device != other.device}
    assert doubled <= {conflict.booking for conflict in conflicts}
