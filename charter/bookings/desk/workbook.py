"""The list of people as a workbook: the fields of the page and no others."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import IO

from sqlalchemy.orm import Session

from charter.bookings.desk.filters import Wanted
from charter.bookings.desk.listing import PersonRow, conditions, every
from charter.bookings.desk.words import MODES, SOURCES, STATES, origin_name
from charter.campaigns.choosing import campaign_of
from charter.core import audit, workbook
from charter.core.actor import Actor
from charter.core.i18n import N_, gettext

__all__ = ["people"]

HEADER = (N_("姓名"), N_("证件末四位"), N_("用工企业"), N_("出发地"), N_("最早"), N_("最晚"), N_("交通方式"),
          N_("状态"), N_("班次"), N_("座位"), N_("发车时间"), N_("来源"))


def people(session: Session, actor: Actor, wanted: Wanted) -> IO[bytes]:
    """Everybody whom the filters name, on one sheet; writes down how many were taken out. Raises NotFound."""
    campaign = campaign_of(session, actor, wanted.campaign, wanted.kept)
    where = conditions(actor, campaign, wanted)
    taken = itertools.count()

    def lines() -> Iterator[list[workbook.Cell]]:
        for row in every(session, actor, where, wanted.sort):
            next(taken)
            yield _line(row)
    made = workbook.long_table(gettext("人员"), [gettext(word) for word in HEADER], lines())
    audit.record(session, "people.exported", "campaign", campaign.id, count=next(taken))
    return made


def _line(row: PersonRow) -> list[workbook.Cell]:
    seat = row.seats[0] if row.seats else None
    return [row.name, row.last_four, row.employer, origin_name(row.origin), row.earliest, row.latest,
            " ".join(gettext(MODES[mode]) for mode in row.modes), gettext(STATES[row.state]),
            seat.code if seat else "", (seat.seat or "") if seat else "", seat.departs_at if seat else None,
            gettext(SOURCES[row.source])]
