"""What part of the people is wanted, as the address says it; anything unknown there counts as not said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from charter.bookings.desk.searching import Search, opened
from charter.bookings.desk.words import MODES, STATES
from charter.core.actor import Actor, Role
from charter.places import table as places
from charter.places.search import search as search_place

__all__ = ["PAGE", "SORTS", "Wanted", "read"]

PAGE = 50
MAX_PAGE = 2_000
SORTS = ("new", "name", "origin", "day", "employer", "state")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of one list. `origins` are county codes, None for any place; `page` counts from 1."""

    campaign: str | None
    kept: str | None  # the campaign chosen in the top bar before
    state: str
    day: date | None
    origin: str
    origins: frozenset[str] | None
    employer: str
    mode: str
    seat: str  # yes, no or ""
    departure: str
    late: bool  # promised answers that are overdue
    silent: bool  # seated, and not yet answered
    sort: str
    page: int
    search: Search | None

    def address(self, **changed: object) -> dict[str, str]:
        """These filters as an address's arguments; page 1 unless one is named."""
        kept = {"campaign": self.campaign, "state": self.state, "day": self.day, "origin": self.origin,
                "employer": self.employer, "mode": self.mode, "seat": self.seat, "departure": self.departure,
                "late": "1" if self.late else "", "silent": "1" if self.silent else "",
                "sort": "" if self.sort == "new" else self.sort, "search": self.search.token if self.search else ""}
        return {name: str(value) for name, value in (kept | changed).items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the campaign is asked for."""
        return bool(set(self.address()) - {"campaign", "sort"})


def read(actor: Actor, args: Mapping[str, str], kept: str | None = None) -> Wanted:
    """The filters of an address. An auditor, who sees people masked, cannot search for one."""
    origin = args.get("origin", "")[:40].strip()
    number = args.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    return Wanted(
        campaign=args.get("campaign"), kept=kept, state=_of(args, "state", STATES),
        day=_day(args.get("day", "")), origin=origin,
        origins=_places(origin) if origin else None, employer=args.get("employer", "")[:60].strip(),
        mode=_of(args, "mode", MODES), seat=_of(args, "seat", ("yes", "no")),
        departure=args.get("departure", "")[:24].strip(), late=args.get("late") == "1",
        silent=args.get("silent") == "1",
        sort=_of(args, "sort", SORTS) or "new",
        page=min(max(page, 1), MAX_PAGE),
        search=None if actor.role == Role.FUNDS_AUDITOR else opened(actor, args.get("search", "")))


def _of(args: Mapping[str, str], name: str, known: Mapping[str, str] | tuple[str, ...]) -> str:
    value = args.get(name, "")
    return value if value in known else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _places(text: str) -> frozenset[str]:
    """The counties that a text names: a province or city stands for all of its own."""
    table = places.load()
    above = [found.code for found in table.divisions.values()
             if not found.leaf and (found.name.startswith(text) or text in (found.code, found.pinyin))]
    below = {leaf.code for code in above for leaf in table.counties(code)}
    return frozenset(below | {found.code for found in search_place(table, text, limit=100)})
