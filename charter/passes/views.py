"""Pages of passes: the worker's pass on the phone, kept there by its own service worker."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from charter.bookings.replies import linked
from charter.core.actor import Role
from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.i18n import language
from charter.core.ids import uuid_or_none
from charter.core.problems import NotFound
from charter.core.routes import PUBLIC, page
from charter.core.settings import current
from charter.passes import cards, rendering, service, sheets
from charter.passes.api import picture

__all__ = ["bp"]

bp = Blueprint("passes", __name__, template_folder="templates")
HOLDERS = {Role.WORKER, Role.EMPLOYER, Role.HOTLINE, Role.ORIGIN_PARTNER, Role.DISTRICT_ORGANIZER, Role.CITY_ORGANIZER}
DESK = HOLDERS - {Role.WORKER}
WORKER_SCRIPT = Path(__file__).with_name("static") / "passes" / "keep.js"


@page(bp, "/pass/<serial:booking_id>", roles=HOLDERS)
def boarding_pass(booking_id: int) -> str:
    """A booking's pass."""
    found = act(service.prepare, booking_id, actor())
    return render_template("passes/pass.html", found=found, place=cards.place(found, language()),
                           qr=rendering.data_url(found.text))


@page(bp, "/passes", roles={Role.WORKER})
def together() -> str:
    """The passes of everybody whom this phone speaks for, side by side, to swipe through."""
    found = act(service.prepare_seen, actor())
    shown = [(one, cards.place(one, language()), rendering.data_url(one.text)) for one in found]
    return render_template("passes/together.html", shown=shown)


@page(bp, "/t/<code>/pass/<serial:booking_id>", roles=PUBLIC)
def by_link(code: str, booking_id: int) -> str:
    """A booking's pass, shown to whoever has the link of its message."""
    holder = ask(linked, code).actor
    found = act(service.prepare, booking_id, holder)
    return render_template("passes/pass.html", found=found, place=cards.place(found, language()), code=code,
                           qr=rendering.data_url(found.text))


@page(bp, "/t/<code>/pass/<serial:booking_id>.png", roles=PUBLIC)
def png_by_link(code: str, booking_id: int) -> Response:
    """The same picture by the link of a message."""
    found = act(service.prepare, booking_id, ask(linked, code).actor)
    return picture(rendering.phone_picture(cards.picture(found, language())), "image/png")


@page(bp, "/pass/<serial:booking_id>.png", roles=HOLDERS)
def boarding_pass_png(booking_id: int) -> Response:
    """The whole pass as a picture of a phone's size, to keep by a long press."""
    found = act(service.prepare, booking_id, actor())
    return picture(rendering.phone_picture(cards.picture(found, language())), "image/png")


@page(bp, "/pass/<serial:booking_id>.pdf", roles=HOLDERS)
def boarding_pass_pdf(booking_id: int) -> Response:
    """The pass on paper."""
    found = act(service.prepare, booking_id, actor())
    return picture(rendering.pdf([cards.card(found, language())], cards.title(found)), "application/pdf")


@page(bp, "/pass/<serial:booking_id>/seen", roles=HOLDERS, methods=("POST",))
def seen(booking_id: int) -> AnyResponse:
    """Strangers have seen this pass: issue a new one."""
    act(service.report, booking_id, actor())
    return redirect(url_for("passes.boarding_pass", booking_id=booking_id), 303)


@page(bp, "/desk/passes.pdf", roles=DESK)
def sheet() -> Response:
    """The passes of one's own people on a departure or a day, to print and cut."""
    campaign = uuid_or_none(request.args.get("campaign", ""))
    if campaign is None:
        raise NotFound
    found = act(sheets.printed, actor(), campaign, day=_day(), departure_id=_departure())
    return picture(rendering.pdf([cards.card(one, language()) for one in found], cards.title(found[0])),
                   "application/pdf")


@page(bp, "/desk/passes/<serial:booking_id>/send", roles=DESK, methods=("POST",))
def send_pass(booking_id: int) -> AnyResponse:
    """Send a pass again, or issue a new one."""
    person, done = act(sheets.send, actor(), booking_id, fresh=request.form.get("fresh") == "1",
                       reason=request.form.get("reason", "")[:500])
    return redirect(url_for("bookings_desk.person", registration_id=person, done=done), 303)


@page(bp, "/desk/poster", roles={Role.EMPLOYER})
def poster() -> str:
    """An employer's link by which its workers register, as a QR to print and as words to send."""
    link = current().base_url + url_for("joining.start", employer=actor().scope("employer"))
    return render_template("passes/poster.html", link=link, qr=rendering.plain_qr(link))


def _day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def _departure() -> int | None:
    written = request.args.get("departure", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 15 else None


@page(bp, "/pass/keep.js", roles=PUBLIC)
def keep() -> Response:
    """The service worker that keeps the pass page, and nothing else, on the phone."""
    return Response(WORKER_SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
