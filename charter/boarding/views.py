"""Pages of boarding: the scanner for phones, the board and the conflict desk for volunteers and organizers."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from charter.boarding import manifest, queries, words
from charter.boarding import phones as scanning_phones
from charter.boarding.evidence import evidence
from charter.boarding.service import inviting, leaving, scans, substituting, unlocking
from charter.boarding.service.calling import newest_calls
from charter.boarding.trips import Trip, visible_trip
from charter.core import clock
from charter.core.actor import ORGANIZERS, Actor, Role
from charter.core.api import actor
from charter.core.db import act, ask
from charter.core.i18n import N_, _
from charter.core.problems import FieldProblem, Invalid
from charter.core.routes import PUBLIC, page
from charter.passes import rendering

__all__ = ["bp"]

bp = Blueprint("boarding", __name__, template_folder="templates")
CREW = ORGANIZERS | {Role.VOLUNTEER}
STATIC = Path(__file__).with_name("static") / "boarding"
KNOWN_TEXT = ("CHARTER-" * 18)[:138]
VENDOR = ("vendor/zxing/reader/index.js", "vendor/zxing/share.js", "vendor/zxing/zxing_reader.wasm")
KEPT = (".js", ".css", ".png")
NOT_SHELL = {"card.css", "worker.js", "live.js", "volunteer.css"}


@page(bp, "/scan/", roles=PUBLIC)
def scan() -> str:
    """The scanner: a shell without data; the phone's token opens its departure."""
    return render_template("boarding/scan.html", words=words.spoken(), known_text=KNOWN_TEXT,
                           known_picture=rendering.data_url(KNOWN_TEXT))


@page(bp, "/scan/worker.js", roles=PUBLIC)
def scan_worker() -> Response:
    """The scanner's service worker, with the list of files that it keeps."""
    own = sorted(file for file in STATIC.iterdir() if file.suffix in KEPT and file.name not in NOT_SHELL)
    shell = ["/scan/", "/static/core/icon.svg", *(f"/static/boarding/{file.name}" for file in own),
             *(f"/static/{name}" for name in VENDOR)]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in own)).hexdigest()[:12]
    text = (STATIC / "worker.js").read_text(encoding="utf-8")
    text = text.replace("__VERSION__", f"scan-{digest}").replace("__SHELL__", json.dumps(shell))
    return Response(text, content_type="text/javascript; charset=utf-8")


@page(bp, "/scan/app.webmanifest", roles=PUBLIC)
def scan_app() -> Response:
    """What makes the scanner installable."""
    app = {"name": _("扫码上车"), "short_name": _("扫码上车"), "start_url": "/scan/", "scope": "/scan/",
           "display": "standalone", "background_color": "#000000", "theme_color": "#000000",
           "icons": [{"src": f"/static/boarding/icon-{side}.png", "sizes": f"{side}x{side}", "type": "image/png"}
                     for side in (192, 512)]}
    return Response(json.dumps(app, ensure_ascii=False), content_type="application/manifest+json")


@page(bp, "/boarding", roles={Role.VOLUNTEER})
def volunteer() -> str:
    """Departures that board now."""
    return render_template("boarding/volunteer.html", trips=ask(_near, actor()))


@page(bp, "/boarding/<departure:departure_id>", roles=CREW)
def board(departure_id: int) -> str:
    """Live figures, people and cases of one departure."""
    found, state, people, seen, calls = ask(_board, departure_id, actor())
    return render_template("boarding/board.html", trip=found, state=state, people=people, states=state.states,
                           seen=seen, calls=calls, told=words.reason_told, shown=words.shown_told,
                           names={person.booking_id: person for person in people}, link=request.args.get("link") == "1",
                           substituted=ask(_substituted, departure_id))


@page(bp, "/boarding/<departure:departure_id>/invite", roles=CREW, methods=("POST",))
def invite(departure_id: int) -> str:
    """A fresh invitation, shown once as link and QR."""
    path = act(inviting.invite, departure_id, actor())
    link = request.host_url.rstrip("/") + path
    return render_template("boarding/invitation.html", link=link, departure_id=departure_id,
                           picture=rendering.plain_qr(link))


@page(bp, "/boarding/<departure:departure_id>/card", roles=CREW, methods=("POST",))
def unlock_card(departure_id: int) -> str:
    """A fresh unlock card, shown once to be printed; no phone opens by the one before any more."""
    text = act(unlocking.new_card, departure_id, actor())
    return render_template("boarding/card.html", departure_id=departure_id, picture=rendering.plain_qr(text),
                           trip=ask(visible_trip, departure_id, actor()))


@page(bp, "/boarding/<departure:departure_id>/phones", roles=CREW)
def phones(departure_id: int) -> str:
    """The phones that scan here."""
    return render_template("boarding/phones.html", departure_id=departure_id,
                           rows=ask(scanning_phones.phones, departure_id, actor()),
                           newest=ask(manifest.version, departure_id))


@page(bp, "/boarding/<departure:departure_id>/phones/<uuid:token_id>/revoke", roles=CREW, methods=("POST",))
def take_out(departure_id: int, token_id: UUID) -> AnyResponse:
    """A phone scans no more."""
    act(scanning_phones.take_out, departure_id, actor(), token_id)
    return redirect(url_for("boarding.phones", departure_id=departure_id), 303)


@page(bp, "/boarding/<departure:departure_id>/scan-here", roles=CREW, methods=("POST",))
def scan_here(departure_id: int) -> AnyResponse:
    """This very phone becomes a scanner of the departure; the secret stands behind the #, where no log sees it."""
    return redirect(act(inviting.invite, departure_id, actor()), 303)


@page(bp, "/boarding/<departure:departure_id>/scan", roles=CREW, methods=("POST",))
def by_desk(departure_id: int) -> AnyResponse:
    """Board, deny, let alight or undo by hand."""
    sent: dict[str, Any] = {
        "scan_id": str(uuid4()), "departure_id": str(departure_id), "kind": request.form.get("kind", ""),
        "booking_id": request.form.get("booking_id"), "scanned_at": clock.now().isoformat(), "shown": "look",
        "reason": request.form.get("reason", "")[:500]}
    if request.form.get("undoes"):
        sent["undoes"] = request.form["undoes"]
    answer = act(_by_desk, departure_id, actor(), sent)
    if answer["verdict"] == "stop":
        said = words.WORDS.get(answer["code"], N_("没有读好"))
        raise Invalid(errors=[FieldProblem("booking_id", answer["code"], said)])
    return redirect(url_for("boarding.board", departure_id=departure_id), 303)


@page(bp, "/boarding/<departure:departure_id>/count", roles=CREW, methods=("POST",))
def count(departure_id: int) -> AnyResponse:
    """Keep a head count."""
    written = request.form.get("counted", "")
    counted = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else -1
    act(leaving.count, departure_id, actor(), stop_id=None, counted=counted, reason=request.form.get("reason", ""))
    return redirect(url_for("boarding.board", departure_id=departure_id), 303)


@page(bp, "/boarding/<departure:departure_id>/depart", roles=CREW, methods=("POST",))
def depart(departure_id: int) -> AnyResponse:
    """Seal the manifest."""
    act(leaving.depart, departure_id, actor())
    return redirect(url_for("boarding.board", departure_id=departure_id), 303)


@page(bp, "/boarding/<departure:departure_id>/arrive", roles=CREW, methods=("POST",))
def arrive(departure_id: int) -> AnyResponse:
    """Everybody is there."""
    act(leaving.arrive, departure_id, actor())
    return redirect(url_for("boarding.board", departure_id=departure_id), 303)


@page(bp, "/boarding/<departure:departure_id>/cases/<case_id>", roles=CREW, methods=("POST",))
def resolve(departure_id: int, case_id: str) -> AnyResponse:
    """Settle a doubled boarding."""
    act(leaving.resolve, departure_id, case_id, actor(), request.form.get("resolution", ""))
    return redirect(url_for("boarding.board", departure_id=departure_id), 303)


def _substituted(session: Session, departure_id: int) -> bool:
    return substituting.last(session, departure_id) is not None


def _board(session: Session, departure_id: int, caller: Actor) -> tuple[Any, ...]:
    """The trip, its state, its people, the scans behind each open case, the newest call to each of the missing."""
    found = visible_trip(session, departure_id, caller)
    state = queries.state(session, found)
    calls = {one["booking_id"]: one for one in newest_calls(session, departure_id)}
    return (found, state, manifest.people(session, found, caller),
            evidence(session, [case for case in state.conflicts if case.state == "open"]), calls)


def _near(session: Session, caller: Actor) -> list[Trip]:
    """Who boards now comes first, who has left last."""
    now = clock.now()
    found = queries.trips_between(session, caller, now - timedelta(hours=6), now + timedelta(hours=30))
    return sorted(found, key=lambda trip: (trip.sealed_at is not None, trip.state != "boarding", trip.departs_at))


def _by_desk(session: Session, departure_id: int, caller: Actor, sent: dict[str, Any]) -> dict[str, Any]:
    visible_trip(session, departure_id, caller)
    return scans.take_by_desk(session, caller, departure_id, sent)
