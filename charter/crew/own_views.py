"""Pages without an account: signing up by an invitation's link, and a member's own page, swaps and calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for

from charter.campaigns.models import Campaign
from charter.core import clock
from charter.core.actor import Actor, Role, acting
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.i18n import _
from charter.core.ids import uuid_or_none
from charter.core.problems import Invalid, NotFound, Problem
from charter.core.routes import PUBLIC, page
from charter.core.settings import current as settings
from charter.crew import joining, owning, printing, reading, swapping
from charter.crew.links import calendar_code
from charter.crew.models import CrewMember
from charter.crew.problems import AlreadySignedUp
from charter.crew.rules.calendar import Event, feed
from charter.crew.rules.spans import days_to_give
from charter.crew.words import KINDS, MODES, SWAPS

__all__ = ["bp"]

bp = Blueprint("crew_own", __name__, template_folder="templates")


@contextmanager
def _as_member(code: str) -> Iterator[CrewMember]:
    """Do what follows as the member whose link it is. Raises NotFound."""
    member = ask(joining.member_of, code)
    with acting(Actor(Role.VOLUNTEER, account_id=f"crew:{member.id}", scope_kind="member", name=member.name)):
        yield member


def _days(campaign: Campaign) -> list[date]:
    return days_to_give(campaign.starts_on, campaign.ends_on)


def _picked() -> tuple[date, ...]:
    found = []
    for text in request.form.getlist("days")[:400]:
        try:
            found.append(date.fromisoformat(text))
        except ValueError:
            continue
    return tuple(found)


@page(bp, "/crew/join/<code>", roles=PUBLIC, methods=("GET", "POST"))
def join(code: str) -> Any:
    """Sign up to ride along."""
    invitation, campaign = ask(joining.invitation_of, code)
    form, status, days = Form.of({"nights": "1"}), 200, frozenset[date]()
    if request.method == "POST":
        form, days = Form.sent(request.form), frozenset(_picked())
        try:
            fields = Reader(form.values)
            name, unit = fields.text("name", 50), fields.text("unit", 80, least=0)
            fields.done()
            given = joining.SignUp(name, form.values.get("phone", ""), unit, tuple(days), fields.tick("nights"))
            return redirect(url_for("crew_own.mine", code=act(joining.sign_up, code, given)), 303)
        except (Invalid, AlreadySignedUp) as problem:
            form, status = form.refused(problem), problem.status
    return render_template("crew/join.html", campaign=campaign, kind=KINDS[invitation.kind], form=form, code=code,
                           days=_days(campaign), chosen=days), status


@page(bp, "/crew/me/<code>", roles=PUBLIC)
def mine(code: str) -> str:
    """My duties, my days, my swaps, my calendar."""
    return _mine(code, None)


def _mine(code: str, refused: Problem | None) -> str:
    member = ask(joining.member_of, code)
    campaign = ask(owning.campaign_of, member.campaign_id)
    feed_at = settings().base_url + url_for("crew_own.calendar",
                                            code=calendar_code(member.id, member.link_revision))
    return render_template(
        "crew/mine.html", campaign=campaign, member=member, code=code, duties=ask(reading.duties_of, member.id),
        swaps=ask(reading.swaps_of, member.id), swap_words=SWAPS, modes=MODES, feed=feed_at, days=_days(campaign),
        kind=KINDS[member.kind], now=clock.now(), refused=refused)


@page(bp, "/crew/me/<code>/days", roles=PUBLIC, methods=("POST",))
def days(code: str) -> Any:
    """Other days."""
    return _done(code, joining.change_own, _picked(), request.form.get("nights") == "1")


@page(bp, "/crew/me/<code>/leave", roles=PUBLIC, methods=("POST",))
def leave(code: str) -> Any:
    """Ride along no more."""
    try:
        with _as_member(code):
            act(joining.leave, code)
    except Invalid as problem:
        return _mine(code, problem), problem.status
    return render_template("crew/left.html")


def _done(code: str, service: Any, *given: Any) -> Any:
    try:
        with _as_member(code):
            act(service, code, *given)
    except NotFound:
        raise
    except Problem as problem:
        return _mine(code, problem), problem.status
    return redirect(url_for("crew_own.mine", code=code), 303)


@page(bp, "/crew/me/<code>/duties/<uuid:duty_id>/swap", roles=PUBLIC, methods=("GET", "POST"))
def swap(code: str, duty_id: UUID) -> Any:
    """Ask somebody to take a duty."""
    if request.method == "POST":
        to, _mark, back = request.form.get("to", "").partition("|")
        if (other := uuid_or_none(to)) is not None:
            return _done(code, swapping.ask_swap, duty_id, other, uuid_or_none(back))
    member = ask(joining.member_of, code)
    rows = ask(owning.swap_choices, member, duty_id)
    found = next((row for row in ask(reading.duties_of, member.id) if row.id == duty_id), None)
    return render_template("crew/swap.html", code=code, duty=found, rows=rows)


@page(bp, "/crew/me/<code>/swaps/<uuid:swap_id>/<verb>", roles=PUBLIC, methods=("POST",))
def answer(code: str, swap_id: UUID, verb: str) -> Any:
    """Agree to a swap, refuse it, or take one's own back."""
    services = {"agree": swapping.agree, "refuse": swapping.refuse, "withdraw": swapping.withdraw}
    if verb not in services:
        raise NotFound
    return _done(code, services[verb], swap_id)


@page(bp, "/crew/me/<code>/certificate", roles=PUBLIC)
def certificate(code: str) -> str:
    """My hours, to print."""
    member = ask(joining.member_of, code)
    return render_template("crew/certificate.html", modes=MODES, kinds=KINDS,
                           paper=ask(printing.certificate, member.campaign_id, member.id),
                           row=ask(reading.member_row, member.campaign_id, member.id))


@page(bp, "/crew/calendar/<code>.ics", roles=PUBLIC)
def calendar(code: str) -> Any:
    """My duties for a calendar program."""
    member = ask(owning.by_calendar, code)
    events = [Event(f"{row.id}@charter", row.start, row.end, _("带车 %(code)s", code=row.code),
                    "\n".join([_("发车 %(at)s，到达 %(then)s", at=f"{clock.local(row.departs_at):%m-%d %H:%M}",
                                 then=f"{clock.local(row.arrives_at):%m-%d %H:%M}"), row.plate]).strip(), row.stop)
              for row in ask(reading.duties_of, member.id)]
    return Response(feed(_("带车任务"), events, clock.now()), content_type="text/calendar; charset=utf-8",
                    headers={"Cache-Control": "private, no-store"})
