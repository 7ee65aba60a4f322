"""A departure's file as one PDF that needs no charter: what is there and missing, the log, pictures as pages, every
paper attached, with the check sum of each."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.boarding.models import HeadCount, ManifestSnapshot
from charter.campaigns.trip import own_departure
from charter.core import audit, clock, money
from charter.core.i18n import N_, gettext
from charter.funding import accounts
from charter.insight import filing, papers, trips
from charter.insight.words import ENTRY_WORDS, ITEM_WORDS, LOG, PAPER_WORDS

__all__ = ["Bound", "bind", "bound"]

STATES = {True: N_("有"), False: N_("缺"), None: N_("不需要或未到时候")}
SOURCE = Path(__file__).with_name("file.typ")


@dataclass(frozen=True, slots=True)
class Bound:
    """What goes into the PDF: its words, and the papers by the name under which they are attached."""

    content: dict[str, Any]
    attached: dict[str, bytes]


def bound(session: Session, departure_id: int) -> Bound:
    """Gather a departure's file; writes down that it was taken out. Raises NotFound."""
    row = filing.file(session, departure_id)
    kept = [one for one in filing.papers(session, departure_id) if one.taken_out_at is None]
    attached = {f"{place:02d}-{one.kind}-{one.name}": filing.CONTENT.open_bytes(one.id, one.content_sealed or b"")
                for place, one in enumerate(kept, 1)}
    audit.record(session, "file.exported", "departure", departure_id, papers=len(kept))
    files = [[name, gettext(PAPER_WORDS[one.kind]), one.content_type, str(one.size), one.digest.hex()]
             for name, one in zip(attached, kept, strict=True)]
    content = {
        "title": f"{gettext('一车一档')} · {row.code} · {row.date.isoformat()}",
        "made": gettext("制作于 %(at)s", at=clock.local(clock.now()).strftime("%Y-%m-%d %H:%M")),
        "parts": [[gettext("有什么、缺什么"), [[gettext(ITEM_WORDS[one.key]), gettext(STATES[one.there])]
                                        for one in row.items]],
                  [gettext("合同和凭证"), _contract(row)],
                  [gettext("封存的名单"), _list(session, departure_id, row)],
                  [gettext("清点"), _counts(session, departure_id)],
                  [gettext("费用和付款"), _money(session, departure_id)],
                  [gettext("经过"), _log(session, departure_id)]],
        "files_title": gettext("附件和校验值（SHA-256）"), "files": files,
        "pictures": True,
        "note": gettext("附件在这个 PDF 里面，用一般的 PDF 阅读器可以取出；校验值可以用 sha256sum 核对。")}
    return Bound(content, attached)


def _contract(row: filing.FileRow) -> list[list[str]]:
    return [[gettext("合同号"), row.contract or "—"], [gettext("报价家数"), str(row.quotes or "—")],
            [gettext("只有一家的原因"), row.why_one or "—"], [gettext("车牌"), row.plate or "—"],
            [gettext("凭证号"), "、".join(row.vouchers) or "—"]]


def _list(session: Session, departure_id: int, row: filing.FileRow) -> list[list[str]]:
    kept = session.get(ManifestSnapshot, departure_id)
    if kept is None or row.sealed_at is None:
        return []
    words = {"boarded": gettext("已上车"), "alighted": gettext("已到达"), "no_show": gettext("未到")}
    return [[gettext("版本"), str(row.version)],
            [gettext("封存时间"), clock.local(row.sealed_at).strftime("%Y-%m-%d %H:%M:%S")],
            [gettext("名单校验值"), f"{kept.digest.hex()[:32]} {kept.digest.hex()[32:]}"],
            *([f"{one['booking_id']} · {one['seat'] or '—'}", words.get(one["state"], one["state"])]
              for one in kept.rows)]


def _counts(session: Session, departure_id: int) -> list[list[str]]:
    rows = session.scalars(select(HeadCount).where(HeadCount.departure_id == departure_id).order_by(HeadCount.at))
    return [[clock.local(row.at).strftime("%Y-%m-%d %H:%M"), gettext(
        "清点 %(counted)s 人，应有 %(expected)s 人", counted=row.counted, expected=row.expected)] for row in rows]


def _money(session: Session, departure_id: int) -> list[list[str]]:
    campaign_id = own_departure(session, departure_id).campaign_id
    return [[f"{row.number} · {row.day.isoformat()} · {gettext(ENTRY_WORDS[row.kind])}",
             f"{money.yuan(row.fen)} {row.document}".strip()]
            for row in reversed(accounts.entries(session, campaign_id, departure_id=departure_id, limit=500))]


def _log(session: Session, departure_id: int) -> list[list[str]]:
    rows: Sequence[trips.LogRow] = trips.log(session, departure_id, limit=500)
    return [[clock.local(row.at).strftime("%Y-%m-%d %H:%M:%S"), gettext(LOG.get(row.action, "其他操作"))]
            for row in reversed(rows)]


def bind(found: Bound) -> bytes:
    """The PDF. Papers are handed to Typst in a folder of their own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="charter-file-") as folder:
        for name, data in found.attached.items():
            Path(folder, name).write_bytes(data)
        try:
            return papers.typeset(SOURCE.read_bytes(), found.content, root=Path(folder))
        except RuntimeError:  # a picture that Typst does not draw is still attached
            return papers.typeset(SOURCE.read_bytes(), found.content | {"pictures": False}, root=Path(folder))
