"""The carrier's name list on the desk: look at it, spell names its way, take it along, and take in what comes back."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for

from charter.bookings.desk import carrier, words
from charter.bookings.desk.views.frame import bp, errors_of
from charter.core.actor import Role
from charter.core.db import act, ask
from charter.core.i18n import gettext
from charter.core.problems import Invalid
from charter.core.routes import page
from charter.core.workbook import attached, table

__all__ = ["bp"]

CITY = frozenset({Role.CITY_ORGANIZER})
ROOM = 2_000_000  # bytes of pasted rows


@page(bp, "/desk/departures/<departure:departure_id>/carrier", roles=CITY, methods=("GET", "POST"), max_body=ROOM)
def carrier_list(departure_id: int) -> Any:
    """The list; a preview of what the carrier sent back, and taking it."""
    text, reason = request.form.get("rows", ""), " ".join(request.form.get("reason", "").split())[:200]
    if request.method == "GET":
        return _page(departure_id)
    try:
        if request.form.get("act") != "take":
            return _page(departure_id, text, act(carrier.preview, departure_id, text))
        number = act(carrier.take, departure_id, text, reason)
    except Invalid as wrong:
        given = act(carrier.preview, departure_id, text) if "reason" in errors_of(wrong) else None
        return _page(departure_id, text, given, errors_of(wrong)), 422
    return redirect(url_for("bookings_desk.carrier_list", departure_id=departure_id, taken=number), 303)


def _page(departure_id: int, text: str = "", given: Any = None, errors: dict[str, str] | None = None) -> str:
    found = ask(carrier.carrier_list, departure_id)
    return render_template("bookings/desk/carrier.html", found=found, text=text, given=given, errors=errors or {},
                           words=words, taken=request.args.get("taken", "")[:6])


@page(bp, "/desk/departures/<departure:departure_id>/carrier/names", roles=CITY, methods=("POST",))
def carrier_names(departure_id: int) -> Any:
    """How the carrier writes names."""
    act(carrier.spell, departure_id, {key: " ".join(value.split())[:50] for key, value in request.form.items()
                                      if key != "form_token" and value.strip()})
    return redirect(url_for("bookings_desk.carrier_list", departure_id=departure_id), 303)


@page(bp, "/desk/departures/<departure:departure_id>/carrier.xlsx", roles=CITY, fresh=True)
def carrier_xlsx(departure_id: int) -> Response:
    """The list as a workbook for the carrier, with numbers and phones in clear."""
    found = ask(carrier.carrier_list, departure_id)
    texts = act(carrier.clear, found)
    header = ("登记编号", "姓名", "证件上的姓名", "证件类型", "证件号码", "手机号", "座位意愿", "同行", "怀抱儿童",
              "车厢", "座位", "订单号")
    parties = {one.party: str(n) for n, one in enumerate(found.riders, 1) if one.party}
    lines = [(str(one.booking_id), one.written, one.name, gettext(words.ID_TYPES.get(one.id_type, one.id_type)),
              texts.get(one.booking_id, ("", ""))[0], texts.get(one.booking_id, ("", ""))[1],
              gettext(words.WISHES[one.wish]), parties[one.party] if one.party and one.together else "",
              one.lap_children, "", one.seat or "", one.order) for one in found.riders]
    return attached(table(found.departure.code, header, lines), f"{found.departure.code}-名单.xlsx")
