"""What one row says, between the reader, the sealed column and a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from charter.campaigns.models import Campaign
from charter.core.problems import FieldProblem, Repair
from charter.registrations.rules.modes import MODES
from charter.registrations.rules.request import Request
from charter.rosters.reader.result import RowResult
from charter.rosters.sealing import CONTENT

__all__ = ["GOOD", "Content", "opened", "request_of", "row_name", "sealed", "taken"]

GOOD = ("accepted", "repaired")  # rows that a commit takes


@dataclass(frozen=True, slots=True)
class Content:
    """The worker as the contract names his fields, the repairs and the problems of a row. `undone`: by field, the value
    that a repair had made before somebody undid it."""

    worker: dict[str, Any]
    repairs: tuple[Repair, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    key: str = ""
    undone: Mapping[str, Any] = field(default_factory=dict)


def row_name(batch_id: UUID, seq: int) -> str:
    """What the sealed content of a row is bound to."""
    return f"{batch_id}/{seq}"


def sealed(batch_id: UUID, seq: int, row: RowResult | Content) -> bytes:
    """The stored bytes of a judged row."""
    said: dict[str, Any] = {"w": row.worker, "r": [[one.field, one.before, one.after, one.code] for one in row.repairs],
            "p": [[one.field, one.code, one.message, dict(one.params)] for one in row.problems]}
    if row.key:
        said["k"] = row.key
    if isinstance(row, Content) and row.undone:
        said["u"] = dict(row.undone)
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return CONTENT.seal_bytes(row_name(batch_id, seq), text.encode("utf-8", "surrogatepass"))


def opened(batch_id: UUID, seq: int, stored: bytes | None) -> Content:
    """The content again; an empty one where it was deleted after its time."""
    if stored is None:
        return Content({})
    said = json.loads(CONTENT.open_bytes(row_name(batch_id, seq), stored).decode("utf-8", "surrogatepass"))
    return Content(said["w"], tuple(Repair(*one) for one in said["r"]), tuple(FieldProblem(*one) for one in said["p"]),
                   said.get("k", ""), said.get("u", {}))


def taken(batch_id: UUID, seq: int, stored: bytes | None) -> tuple[dict[str, Any], str, bool]:
    """The worker of a good row, its key, and whether its number had 15 digits: all that a commit needs."""
    said = json.loads(CONTENT.open_bytes(row_name(batch_id, seq), stored or b""))
    return said["w"], said.get("k", ""), any(one[3] == "id_15_to_18" for one in said["r"])


def request_of(worker: Mapping[str, Any], campaign: Campaign, *, upgraded: bool = False) -> Request:
    """A good row as a request. Days that are not given are the campaign's, all ways of travelling are accepted."""
    def day(end: str, otherwise: date) -> date:
        return date.fromisoformat(worker[end]) if worker.get(end) else otherwise

    earliest, latest = day("earliest", campaign.starts_on), day("latest", campaign.ends_on)
    if earliest > latest:  # one end alone was given, beyond the campaign's other end
        earliest, latest = (earliest, earliest) if worker.get("earliest") else (latest, latest)
    return Request(
        worker["name"], worker["id_type"], worker["id_number"], worker["phone"], worker["origin"],
        worker.get("origin_text") or "", earliest, latest, tuple(worker.get("modes") or MODES),
        *(worker.get(name) or "" for name in ("party", "needs", "note")), upgraded=upgraded)
