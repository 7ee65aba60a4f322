"""What is printed beside a pass's QR, in the reader's language: never an ID number."""

from __future__ import annotations

from dataclasses import replace

from charter.core.i18n import _, moment, reading
from charter.passes.queries import Pass
from charter.passes.rendering import Card

__all__ = ["card", "crew", "picture", "place", "seat", "title"]


def title(found: Pass) -> str:
    """The document's title."""
    return f"{found.campaign_name} {found.code}"


def seat(found: Pass) -> str:
    """The seat in the words of the reader."""
    return found.seat or _("由承运方安排")


def place(found: Pass, language: str) -> str:
    """Stop and bay."""
    name = (found.stop_en if language == "en" else found.stop) or ""
    return f"{name} · {found.bay}" if found.bay else name


def crew(found: Pass) -> str:
    """Who rides along and his phone; else the hotline."""
    return f"{found.crew_name} {found.crew_phone}".strip() or f"{_('热线')} {found.hotline}"


def picture(found: Pass, language: str) -> Card:
    """The card as a picture on the phone: it ends with what still works when nothing else does."""
    with reading(language):
        where = place(found, language) or found.code
        last = _("没电没网也能上车：带身份证，到 %(place)s 找带车的人。", place=where)
    return replace(card(found, language), note=last)


def card(found: Pass, language: str) -> Card:
    """One printed pass."""
    with reading(language):
        lines = [(_("班次"), found.code), (_("上车点"), place(found, language)), (_("集合"), moment(found.gather_at)),
                 (_("发车"), moment(found.departs_at)), (_("带车"), crew(found))]
        if found.lap_children:
            lines.insert(0, (_("怀抱儿童"), str(found.lap_children)))
        campaign = found.campaign_name_en if language == "en" else found.campaign_name
        return Card(qr=found.text, title=campaign, name=found.name, seat_label=_("座位"), seat=found.seat or "—",
                    lines=lines, note=_("请带身份证原件，凭码或证件上车"))
