"""One departure is one file: what kind of file an upload is by its content, and what a departure's file lacks. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["ITEMS", "KINDS", "LARGEST", "Found", "Item", "Refused", "content_kind", "items", "safe_name"]

KINDS = ("quote", "contract", "approval", "plate", "road_pass", "hand_over", "invoice", "payment", "other")
ITEMS = ("quotes", "contract", "approval", "plate", "road_pass", "list", "scans", "count", "cases", "hand_over",
         "invoice", "payment", "voucher")
LARGEST = 10_000_000  # bytes
SIGNS = ((b"%PDF-", "application/pdf", "pdf"), (b"\xff\xd8\xff", "image/jpeg", "jpg"),
         (b"\x89PNG\r\n\x1a\n", "image/png", "png"))


class Refused(ValueError):
    """`args[0]` is "empty", "too_large" or "kind"."""


def content_kind(content: bytes) -> tuple[str, str]:
    """Content type and ending of an upload, by what it is and never by what it calls itself. Raises Refused."""
    if not content:
        raise Refused("empty")
    if len(content) > LARGEST:
        raise Refused("too_large")
    for sign, kind, ending in SIGNS:
        if content.startswith(sign):
            return kind, ending
    raise Refused("kind")


def safe_name(written: str, ending: str) -> str:
    """A name that is safe in a header, a folder and a PDF: letters, digits, - and _, at most 60, with our ending."""
    stem = written.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    plain = re.sub(r"[^\w-]+", "_", stem).strip("_")[:60]
    return f"{plain or 'file'}.{ending}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a departure's file holds. `papers`: kinds of uploads. `quotes`: of its contract, or why only one was had."""

    mode: str
    arrived: bool
    papers: Sequence[str]
    contract: bool
    quotes: bool
    plate: bool
    sealed: bool
    scans: int
    counts: int
    open_cases: int
    paid: bool
    voucher: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that belongs in the file: there, missing, or (None) not due yet or not needed."""

    key: str
    there: bool | None


def items(found: Found) -> list[Item]:
    """Everything that belongs in the file of a departure that left before today, in the order of the file.

    Plate and road pass are a coach's; the hand-over sheet is due once it has arrived.
    """
    papers, coach = set(found.papers), found.mode == "bus"
    there: dict[str, bool | None] = {
        "quotes": found.quotes or "quote" in papers, "contract": found.contract or "contract" in papers,
        "approval": "approval" in papers, "plate": (found.plate or "plate" in papers) if coach else None,
        "road_pass": "road_pass" in papers if coach else None, "list": found.sealed, "scans": found.scans > 0,
        "count": found.counts > 0, "cases": found.open_cases == 0,
        "hand_over": "hand_over" in papers if found.arrived or "hand_over" in papers else None,
        "invoice": "invoice" in papers, "payment": found.paid or "payment" in papers, "voucher": found.voucher}
    return [Item(key, there[key]) for key in ITEMS]
