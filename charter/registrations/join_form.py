"""What the pages of the phone form show: the draft, what is wrong with it, choices, and the summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Corridor
from charter.campaigns.opening import Opening, opening
from charter.core import clock
from charter.core.actor import Actor
from charter.core.i18n import _, language
from charter.core.i18n import day as day_words
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, NotFound
from charter.people.queries import employer_search
from charter.people.queries.employer_search import EmployerChoice
from charter.places import search as place_search
from charter.places import table as places
from charter.places.table import Division
from charter.registrations import drafts, queries
from charter.registrations.problems import CampaignClosed
from charter.registrations.rules import joining as rules
from charter.registrations.rules.filled import Asked, fill
from charter.registrations.rules.joining import Judgement, document_of, judge_companion

__all__ = ["SHOWN", "County", "Form", "Offered", "Summary", "counties", "day_choice", "employers", "first_of_each",
           "has_request", "is_served", "load", "named", "offered", "summary"]

SHOWN = 8  # choices on a phone
ENDED = ("withdrawn", "rejected", "needs_decision")


@dataclass(frozen=True, slots=True)
class County:
    """A choice of the county search."""

    code: str
    name: str
    above: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one account in one campaign."""

    campaign: Opening
    asked: Asked
    written: drafts.Written
    problems: Mapping[str, tuple[FieldProblem, ...]] = field(default_factory=dict)

    def step(self, name: str) -> Mapping[str, Any]:
        """One step as typed."""
        found = self.written.get(name)
        return found if isinstance(found, Mapping) else {}

    @property
    def companions(self) -> list[Mapping[str, Any]]:
        """Who rides along, as typed."""
        return list(self.written.get("companions", ()))

    def place(self, text: str) -> int | None:
        """A companion's place in the list."""
        return int(text) if len(text) == 1 and text.isascii() and text.isdigit() and (
            int(text) < len(self.companions)) else None

    def companion(self, place: int | None) -> Mapping[str, Any]:
        """That companion, {} for a new one."""
        return {} if place is None else self.companions[place]

    @staticmethod
    def keep_number(before: Mapping[str, Any], written: dict[str, Any]) -> dict[str, Any]:
        """An empty number field leaves the number that is there: it is never sent back to the page."""
        if not written["id_number"].strip() and before.get("id_number"):
            return written | {"id_number": before["id_number"]}
        return written

    def last_four(self, written: Mapping[str, Any]) -> str:
        """The tail of a number that is right, "" for one that must be typed again."""
        found = document_of(written, today=self.asked.today)
        return found.number[-4:] if found else ""

    def wrong(self, step: str, written: Mapping[str, Any]) -> dict[str, FieldProblem]:
        """What is wrong with a step, the first problem of each field."""
        whole = self.written | {step: dict(written)}
        found = fill(whole, "", self.asked, places.load()).problems.get(step, ())
        return first_of_each(found)

    def wrong_companion(self, written: Mapping[str, Any]) -> dict[str, FieldProblem]:
        """What is wrong with a companion."""
        return first_of_each(self._companion(written).problems)

    def _companion(self, written: Mapping[str, Any]) -> Judgement:
        way = self.step("way")
        modes = [mode for mode in self.asked.modes if mode in way.get("modes", ())] or self.asked.modes
        earliest = way.get("earliest") or ""
        travel = next((day for day in self.asked.days if day.isoformat() == earliest), self.asked.days[0])
        return judge_companion(written, today=self.asked.today, travel=travel, modes=modes)

    @property
    def children(self) -> bool:
        """Whether a child rides along."""
        return any(one.get("kind") in ("child", "lap") for one in self.companions)

    @property
    def adults(self) -> bool:
        """Whether another adult rides along."""
        return any(one.get("kind") == "adult" for one in self.companions)

    @property
    def lap_limit(self) -> int:
        """Years from which a child needs a seat in the chosen modes."""
        return rules.lap_limit([str(mode) for mode in self.step("way").get("modes", ())] or self.asked.modes)


@dataclass(frozen=True, slots=True)
class Offered:
    """What is tapped, in the reader's language: (value, words), of days (value, date, weekday)."""

    days: Sequence[tuple[str, str, str]]
    modes: Sequence[tuple[str, str]]
    needs: Sequence[tuple[str, str]]


def offered(asked: Asked) -> Offered:
    """Days, modes and needs to choose from."""
    words = {"bus": _("大巴"), "train": _("火车"), "flight": _("飞机")}
    return Offered([day_choice(day) for day in asked.days],
                   [(mode, words[mode]) for mode in asked.modes], [(need, _(need)) for need in rules.NEEDS])


def day_choice(day: date) -> tuple[str, str, str]:
    """'11月25日' above '周三 明天'; 'Wed 25 Nov' is written '25 Nov' above 'Wed tomorrow'."""
    words, _dot, near = day_words(day).partition(" · ")
    english = language() == "en"
    first, _blank, rest = words.partition(" ")
    above, weekday = (rest, first) if english else (first, rest)
    return day.isoformat(), above, f"{weekday} {near}".strip()


@dataclass(frozen=True, slots=True)
class Summary:
    """The last page: names that codes stand for, and what each step still lacks."""

    employer: EmployerChoice | None
    origin: str
    earliest: date | None
    latest: date | None
    problems: Mapping[str, tuple[FieldProblem, ...]]


def first_of_each(problems: Sequence[FieldProblem]) -> dict[str, FieldProblem]:
    """The first problem of each field, in the order of the page."""
    found: dict[str, FieldProblem] = {}
    for problem in problems:
        found.setdefault(problem.field, problem)
    return found


def load(session: Session, actor: Actor, campaign_id: UUID) -> Form:
    """The account's form. Raises NotFound, CampaignClosed."""
    campaign = opening(session, campaign_id)
    if campaign is None:
        raise NotFound
    if not campaign.takes_requests:
        raise CampaignClosed
    asked = Asked(clock.today(), campaign.days, campaign.modes, campaign.health_declaration)
    return Form(campaign, asked, drafts.read(session, actor, campaign_id))


def has_request(session: Session, actor: Actor, campaign_id: UUID) -> bool:
    """Whether the person of this session has a living request in the campaign."""
    worker = uuid_or_none(actor.scope("worker") or "")
    return worker is not None and any(found.campaign_id == campaign_id and found.state not in ENDED
                                      for found in queries.of_worker(session, worker))


def employers(session: Session, words: str, chosen: UUID | None, *, searching: bool) -> list[EmployerChoice]:
    """The chosen employer alone; while somebody searches, those too that fit the words."""
    picked = employer_search.choice(session, chosen) if chosen else None
    if picked and not searching:
        return [picked]
    found = employer_search.search(session, words, SHOWN)
    return [picked, *(one for one in found if one.id != picked.id)] if picked else found


def counties(words: str, chosen: str, *, searching: bool) -> list[County]:
    """The chosen county alone; while somebody searches, those too that fit the words."""
    table = places.load()
    picked = table.get(chosen)
    if picked and not searching:
        return named([picked])
    found = place_search.search(table, words, limit=SHOWN)
    return named([*[picked] * bool(picked), *(one for one in found if one.code != chosen)])  # type: ignore[list-item]


def named(found: Sequence[Division]) -> list[County]:
    """Counties with what stands above them."""
    table = places.load()
    return [County(one.code, one.name, "".join(above.name for above in table.parents(one.code))) for one in found]


def is_served(session: Session, campaign_id: UUID, origin: str) -> bool:
    """Whether a line of the campaign starts in that county (true for none chosen yet)."""
    return not origin or session.scalar(select(Corridor.id).where(
        Corridor.campaign_id == campaign_id, Corridor.origins.contains([origin])).limit(1)) is not None


def summary(session: Session, form: Form) -> Summary:
    """The form for its last page."""
    who, way = form.step("who"), form.step("way")
    employer = uuid_or_none(who.get("employer") or "")
    days = {day.isoformat(): day for day in form.asked.days}
    return Summary(
        employer_search.choice(session, employer) if employer else None,
        places.load().full_name(way.get("origin") or ""), days.get(way.get("earliest", "")),
        days.get(way.get("latest", "")), fill(form.written, "", form.asked, places.load()).problems)
