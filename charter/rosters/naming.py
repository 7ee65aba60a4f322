"""A list whose columns nobody knows: its first rows, what its columns look like, what somebody says they are."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from charter.people.rules.names import judge_name
from charter.people.rules.phones import judge_phone
from charter.people.rules.text import narrow
from charter.places.matcher import match
from charter.places.table import DivisionTable
from charter.registrations.rules.modes import judge_modes
from charter.rosters.sealing import SAMPLE

__all__ = ["Sample", "meanings", "sample_of"]

NUMBER = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]")
LONG = re.compile(r"[0-9]{5,}([0-9Xx]{4})")


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows (number in the sheet, texts), the number of the one that looks like a header (0 for none), and by
    column the field that its cells look like ("" for none)."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    header: int
    guesses: tuple[str, ...]

    def shown(self, text: str) -> str:
        """A cell as a page shows it: of long numbers the last four."""
        return LONG.sub(r"***\1", text)[:40]


def sample_of(batch_id: UUID, stored: bytes, table: DivisionTable) -> Sample:
    """The kept rows and what can be guessed of them."""
    rows = tuple((number, tuple(texts)) for number, texts in json.loads(SAMPLE.open_bytes(batch_id, stored)))
    width = max((len(texts) for _, texts in rows), default=0)
    header = rows[0][0] if rows and not any(re.search("[0-9]{5}", text) for text in rows[0][1]) else 0
    found: list[str] = []
    for column in range(width):
        texts = [texts[column] for number, texts in rows if number != header and column < len(texts) and texts[column]]
        guess = next((field for field in ("id_number", "phone", "modes", "origin", "name")
                      if texts and field not in found and all(_looks(field, text, table) for text in texts)), "")
        found.append(guess)
    return Sample(rows, header, tuple(found))


def _looks(field: str, text: str, table: DivisionTable) -> bool:
    if field == "id_number":
        return NUMBER.fullmatch(narrow(text).strip()) is not None
    if field == "phone":
        return judge_phone(text).value is not None
    if field == "modes":
        return judge_modes(text).value is not None
    if field == "origin":
        return len(text) > 3 and match(table, text).code is not None
    return judge_name(text).value is not None


def meanings(sample: Sample, header: int, fields: Sequence[str]) -> dict[str, str]:
    """What is to be remembered: by heading where a row is the header, else by the column's number ("#1")."""
    headings = dict(sample.rows).get(header, ())
    if header:
        return {headings[at]: field for at, field in enumerate(fields) if at < len(headings) and headings[at].strip()}
    return {f"#{at + 1}": field for at, field in enumerate(fields)}
