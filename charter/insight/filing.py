"""A departure's file: papers put in and taken out, what is there and what is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from PIL import Image, UnidentifiedImageError
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from charter.boarding.models import BoardingConflict, HeadCount, ManifestSnapshot, Scan
from charter.campaigns.models import Campaign, Departure
from charter.campaigns.trip import own_departure
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.i18n import N_
from charter.core.ids import new_uuid
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.core.sealed import SealedField
from charter.funding.models import CharterContract, ContractDeparture, LedgerEntry, Settlement, SettlementLine
from charter.insight.models import DeparturePaper
from charter.insight.problems import SameFile
from charter.insight.rules.papers import Found, Item, Refused, content_kind, items, safe_name

__all__ = ["FileRow", "add", "content", "file", "files", "papers", "take_out"]

MOST_PIXELS = 60_000_000
CONTENT = SealedField("departure_paper", "content")
WORDS = {"empty": N_("请选择一个文件"), "too_large": N_("文件最大 10 MB"), "kind": N_("只收 PDF、JPG、PNG 文件")}


@dataclass(frozen=True, slots=True)
class FileRow:
    """A departure and what its file holds and lacks. `vouchers`: numbers in the federation's own books."""

    departure_id: int
    code: str
    date: date
    mode: str
    state: str
    plate: str
    contract: str
    quotes: int
    why_one: str
    digest: bytes | None
    version: int
    sealed_at: datetime | None
    scans: int
    counts: int
    open_cases: int
    vouchers: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def missing(self) -> list[str]:
        """The keys of what is missing."""
        return [one.key for one in self.items if one.there is False]


def _counted(column: Any, *which: ColumnElement[bool]) -> Any:
    return select(func.count()).where(column == Departure.id, *which).scalar_subquery()


def files(session: Session, campaign: Campaign, *, only: int | None = None,
          before: date | None = None) -> list[FileRow]:
    """The files of a campaign's departures that left before a day (`before`), by day; or of one (`only`)."""
    kinds = (select(func.array_agg(DeparturePaper.kind.distinct())).where(
        DeparturePaper.departure_id == Departure.id, DeparturePaper.taken_out_at.is_(None)).scalar_subquery())
    paid = exists().where(SettlementLine.departure_id == Departure.id, SettlementLine.living,
                          Settlement.id == SettlementLine.settlement_id, Settlement.state == "paid")
    query = (select(Departure, CharterContract, ManifestSnapshot, _counted(Scan.departure_id),
                    _counted(HeadCount.departure_id),
                    _counted(BoardingConflict.departure_id, BoardingConflict.state == "open"), kinds, paid)
             .outerjoin(ContractDeparture, ContractDeparture.departure_id == Departure.id)
             .outerjoin(CharterContract, CharterContract.id == ContractDeparture.contract_id)
             .outerjoin(ManifestSnapshot, ManifestSnapshot.departure_id == Departure.id)
             .where(Departure.campaign_id == campaign.id))
    if only is not None:
        query = query.where(Departure.id == only)
    else:
        query = query.where(Departure.state.in_(("departed", "arrived")), Departure.date < (before or clock.today()))
    rows = session.execute(query.order_by(Departure.date, Departure.code)).all()
    vouchers = _vouchers(session, [row[0].id for row in rows])
    return [_row(row, vouchers.get(row[0].id, ())) for row in rows]


def _vouchers(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Voucher numbers of payments, of the departure itself or of the settlement that it stands in."""
    rows = session.execute(
        select(SettlementLine.departure_id, LedgerEntry.document)
        .join(Settlement, Settlement.id == SettlementLine.settlement_id)
        .join(LedgerEntry, LedgerEntry.id == Settlement.entry_id)
        .where(SettlementLine.departure_id.in_(ids), SettlementLine.living, Settlement.state == "paid",
               LedgerEntry.document != ""))
    found: dict[int, tuple[str, ...]] = {}
    for departure, document in rows:
        found[departure] = (*found.get(departure, ()), document)
    return found


def _row(read: Any, vouchers: tuple[str, ...]) -> FileRow:
    row, contract, kept, scans, counts, cases, kinds, paid = read
    found = Found(row.mode, row.state == "arrived", kinds or (), contract is not None, contract is not None,
                  bool(row.plate), kept is not None, scans, counts, cases, paid, bool(vouchers))
    return FileRow(row.id, row.code, row.date, row.mode, row.state, row.plate, contract.number if contract else "",
                   contract.quotes if contract else 0, contract.why_one if contract else "",
                   kept.digest if kept else None, kept.version if kept else 0, kept.sealed_at if kept else None,
                   scans, counts, cases, vouchers, tuple(items(found)))


def file(session: Session, departure_id: int) -> FileRow:
    """The file of one departure. Raises NotFound."""
    departure = own_departure(session, departure_id)
    return files(session, session.get_one(Campaign, departure.campaign_id), only=departure_id)[0]


def papers(session: Session, departure_id: int) -> list[DeparturePaper]:
    """The papers of a departure in the order in which they came, what was taken out too. Raises NotFound."""
    own_departure(session, departure_id)
    return list(session.scalars(select(DeparturePaper).where(DeparturePaper.departure_id == departure_id)
                                .order_by(DeparturePaper.added_at, DeparturePaper.id)))


def add(session: Session, departure_id: int, kind: str, written_name: str, data: bytes) -> UUID:
    """Put a paper into a departure's file; its id. Raises NotFound, Invalid for what is no PDF or picture, SameFile."""
    own_departure(session, departure_id)
    try:
        content_type, ending = content_kind(data)
        _whole(content_type, data)
    except Refused as refused:
        code = str(refused.args[0])
        raise Invalid(errors=[FieldProblem("file", code, WORDS[code])]) from refused
    digest = hashlib.sha256(data).digest()
    if session.scalar(select(DeparturePaper.id).where(
            DeparturePaper.departure_id == departure_id, DeparturePaper.digest == digest,
            DeparturePaper.taken_out_at.is_(None))):
        raise SameFile
    key = new_uuid()
    session.add(DeparturePaper(
        id=key, departure_id=departure_id, kind=kind, name=safe_name(written_name, ending), content_type=content_type,
        size=len(data), digest=digest, content_sealed=CONTENT.seal_bytes(key, data), added_by=current().caller[:64]))
    session.flush()
    audit.record(session, "paper.added", "departure", departure_id, kind=kind, bytes=len(data), digest=digest.hex())
    return key


def _whole(content_type: str, data: bytes) -> None:
    """A picture opens and is not larger than a scanner's. Raises Refused."""
    if not content_type.startswith("image/"):
        return
    try:
        with Image.open(BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused("too_large")
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused("kind") from error


def _paper(session: Session, departure_id: int, paper_id: UUID, *, lock: bool = False) -> DeparturePaper:
    own_departure(session, departure_id)
    found = session.get(DeparturePaper, paper_id, with_for_update=lock)
    if found is None or found.departure_id != departure_id or found.taken_out_at is not None:
        raise NotFound
    return found


def content(session: Session, departure_id: int, paper_id: UUID) -> tuple[DeparturePaper, bytes]:
    """A paper and its bytes; writes down that it was opened. Raises NotFound."""
    found = _paper(session, departure_id, paper_id)
    audit.record(session, "paper.opened", "departure", departure_id, paper=str(paper_id))
    return found, CONTENT.open_bytes(found.id, found.content_sealed or b"")


def take_out(session: Session, departure_id: int, paper_id: UUID) -> None:
    """Take a paper out: its content goes, its name and digest stay. Raises NotFound."""
    found = _paper(session, departure_id, paper_id, lock=True)
    found.content_sealed, found.taken_out_at, found.taken_out_by = None, clock.now(), current().caller[:64]
    audit.record(session, "paper.taken_out", "departure", departure_id, digest=found.digest.hex())
