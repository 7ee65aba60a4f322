"""Search of a county while somebody types: Chinese, pinyin or initials. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from charter.places.matcher import match
from charter.places.table import Division, DivisionTable

__all__ = ["search"]


def search(table: DivisionTable, text: str, limit: int = 20) -> list[Division]:
    """At most `limit` counties (and cities without counties) whose name, former name, pinyin or initials fit; names
    that begin with the text come first, then counties of a city or province that does. [] for an empty text."""
    wanted = "".join(unicodedata.normalize("NFKC", text).lower().split()).replace("'", "")
    if not wanted:
        return []
    found = match(table, wanted)
    exact = [found.code] if found.code else list(found.choices)
    fitting = [(rank, code) for code, names, above in _index(table)
               if (rank := _rank(wanted, names, above)) is not None]
    return [table.divisions[code] for code in dict.fromkeys([*exact, *(code for _, code in sorted(fitting))])][:limit]


@lru_cache(maxsize=4)
def _index(table: DivisionTable) -> tuple[tuple[str, tuple[str, str, str], tuple[str, ...]], ...]:
    """Per leaf: its code, its own texts, and the texts in which province and city stand before it."""
    lines = []
    for leaf in table.counties():
        line = (*table.parents(leaf.code), leaf)
        texts = ["".join(getattr(division, part) for division in line[start:])
                 for start in range(len(line)) for part in ("name", "pinyin", "initials")]
        lines.append((leaf.code, (leaf.name, leaf.pinyin, leaf.initials), tuple(texts)))
    return tuple(lines)


def _rank(wanted: str, names: tuple[str, str, str], above: tuple[str, ...]) -> int | None:
    """0 the name itself, 1 its beginning, 2 with city or province before it, 3 inside the name; None: no fit."""
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(text.startswith(wanted) for text in above):
        return 2
    return 3 if wanted in names[0] or (len(wanted) > 2 and wanted in names[1]) else None
