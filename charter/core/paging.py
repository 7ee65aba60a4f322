"""Lists by signed cursors: `{"items": [...], "next": cursor or null}`, bound to the caller and the filter."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, Problem
from charter.core.sealed import mac

__all__ = ["MAX_LIMIT", "BadCursor", "Paging", "wanted"]

T = TypeVar("T")
MAX_LIMIT = 200
DEFAULT_LIMIT = 50


class BadCursor(Problem):
    status, code, message = 400, "bad_cursor", "翻页位置无效，请从第一页重新开始"


@dataclass(frozen=True, slots=True)
class Paging:
    """What part of a list is wanted: `after` is the sort key of the last row seen (None: from the start)."""

    limit: int
    after: tuple[Any, ...] | None
    binding: str

    def page(self, rows: Sequence[T], key: Callable[[T], Sequence[Any]]) -> tuple[list[T], str | None]:
        """Cut `rows` (read with `limit + 1`) to the page; the second value is the next cursor or None."""
        shown = list(rows[: self.limit])
        more = len(rows) > self.limit
        return shown, self._sign(list(key(shown[-1]))) if more and shown else None

    def _sign(self, after: list[Any]) -> str:
        body = json.dumps(after, separators=(",", ":"), ensure_ascii=False).encode()
        seal = mac("cursor", self.binding.encode() + b"\0" + body)[:16]
        return base64.urlsafe_b64encode(seal + body).decode().rstrip("=")


def wanted(args: Mapping[str, str], *, caller: str, route: str) -> Paging:
    """Read ?cursor= and ?limit=. Raises BadCursor, or Invalid for a limit outside 1..200."""
    others = sorted((key, value) for key, value in args.items() if key not in ("cursor", "limit"))
    binding = json.dumps([caller, route, others], ensure_ascii=False)
    written = args.get("limit", str(DEFAULT_LIMIT))
    if not (written.isascii() and written.isdigit() and len(written) < 6 and 1 <= int(written) <= MAX_LIMIT):
        raise Invalid(errors=[FieldProblem("limit", "invalid", N_("每页条数应在 1 到 200 之间"))])
    cursor = args.get("cursor")
    return Paging(int(written), _open(cursor, binding) if cursor is not None else None, binding)


def _open(cursor: str, binding: str) -> tuple[Any, ...]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        expected = mac("cursor", binding.encode() + b"\0" + raw[16:])[:16]
        if len(raw) < 18 or not hmac.compare_digest(expected, raw[:16]):
            raise BadCursor
        return tuple(json.loads(raw[16:]))
    except (ValueError, UnicodeError) as error:
        raise BadCursor from error
