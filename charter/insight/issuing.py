"""Issues of the daily brief: drafted from the figures, explained where earlier ones changed, signed, then frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.campaigns.setting_up import own_campaign
from charter.core import audit, clock, locks
from charter.core.actor import SYSTEM, Actor, current
from charter.core.forms import still
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.funding import budgets
from charter.insight import outcomes, reporting
from charter.insight.models import ReportIssue
from charter.insight.problems import AlreadyIssued, DraftWaits, OwnDraft
from charter.insight.rules.issues import Step, steps
from charter.people.models import Union

__all__ = ["ADDED", "Words", "approve", "corrected", "discard", "draft", "frozen", "issue", "issue_steps", "issues",
           "newest_issued", "refresh", "texts", "write"]

ADDED = ("persons", "person_trips", "bus", "train", "flight", "feeders", "employers", "spent_fen", "no_shows")
EVERYTHING = SYSTEM  # an issue counts the whole campaign, whoever drafts it


def frozen(session: Session, campaign: Campaign, until: datetime) -> dict[str, Any]:
    """Every figure of an issue as of `until`, plain JSON: totals in `ADDED`, then what stands beside them."""
    found = reporting.report(session, EVERYTHING, campaign, until)
    missed = outcomes.no_shows(session, EVERYTHING, campaign, until)
    on_time, known = outcomes.punctual(session, campaign, until)
    return {
        "persons": found.persons, "person_trips": found.person_trips,
        **{mode: found.vehicles.get(mode, 0) for mode in ("bus", "train", "flight")}, "feeders": found.feeders,
        "employers": found.employers, "spent_fen": found.spent_fen, "no_shows": sum(missed.values()),
        "corridors": found.corridors, "by_mode": found.by_mode, "by_district": found.by_district,
        "by_province": found.by_province, "missing_bills": found.missing_bills, "silent": found.silent,
        "no_show_causes": missed, "on_time": on_time, "left_known": known,
        "road": asdict(outcomes.on_the_road(session, EVERYTHING, campaign, until)),
        "sources": [[one.payer, one.name, one.name_en, one.planned, one.booked]
                    for one in budgets.sources(session, campaign.id) if one.planned or one.booked]}


def _totals(found: Mapping[str, Any]) -> dict[str, int]:
    return {key: int(found[key]) for key in ADDED}


def issues(session: Session, campaign_id: UUID) -> list[ReportIssue]:
    """The issues of a campaign, the newest first."""
    return list(session.scalars(select(ReportIssue).where(ReportIssue.campaign_id == campaign_id)
                                .order_by(ReportIssue.year.desc(), ReportIssue.number.desc())))


def newest_issued(session: Session, campaign_id: UUID) -> ReportIssue | None:
    """The last issue that went out."""
    return session.scalars(select(ReportIssue).where(
        ReportIssue.campaign_id == campaign_id, ReportIssue.state == "issued")
        .order_by(ReportIssue.until.desc()).limit(1)).first()


def issue(session: Session, issue_id: UUID, *, lock: bool = False) -> ReportIssue:
    """An issue that the caller may see. Raises NotFound."""
    found = session.get(ReportIssue, issue_id, with_for_update=lock)
    if found is None or current().scope("campaign") not in (None, str(found.campaign_id)):
        raise NotFound
    return found


def issue_steps(found: ReportIssue) -> list[Step]:
    """From the issue before to this one, figure by figure."""
    return steps(found.before, found.again, _totals(found.figures))


def corrected(found: ReportIssue) -> list[Step]:
    """The figures of the issue before that have changed since it went out."""
    return [one for one in issue_steps(found) if one.correction]


def draft(session: Session, campaign_id: UUID, until: datetime) -> UUID:
    """Begin the next issue with its cut-off; its id. Raises NotFound, DraftWaits, Invalid for a cut-off that does not
    lie after the last issue's, or lies ahead."""
    campaign = own_campaign(session, campaign_id)
    locks.take(session, "report_issue", [campaign_id])
    if session.scalar(select(ReportIssue.id).where(ReportIssue.campaign_id == campaign_id,
                                                   ReportIssue.state == "draft")):
        raise DraftWaits
    last = newest_issued(session, campaign_id)
    if until > clock.now() or (last is not None and until <= last.until):
        wrong = N_("截止时间应在上一期之后，并且不晚于现在")
        raise Invalid(errors=[FieldProblem("until", "invalid", wrong)])
    day = clock.local(until).date()
    number = session.scalar(select(func.coalesce(func.max(ReportIssue.number), 0) + 1).where(
        ReportIssue.campaign_id == campaign_id, ReportIssue.year == day.year)) or 1
    made = ReportIssue(campaign_id=campaign_id, year=day.year, number=number, day=day, until=until,
                       made_by=current().caller[:64], figures={}, before={}, again={},
                       **_carried(session, campaign, last))
    _count(session, campaign, made)
    session.add(made)
    session.flush()
    audit.record(session, "report.drafted", "report_issue", made.id, number=number)
    return made.id


def _carried(session: Session, campaign: Campaign, last: ReportIssue | None) -> dict[str, Any]:
    """Head, office and foot as in the issue before."""
    if last is None:
        return {"head": "返岗服务工作简报", "office": f"{session.get_one(Union, campaign.union_id).name}办公室"[:60]}
    return {name: getattr(last, name) for name in ("head", "office", "signer", "report_to", "send_to", "copy_to",
                                                   "copies")}


def _count(session: Session, campaign: Campaign, found: ReportIssue) -> None:
    last = newest_issued(session, campaign.id)
    found.figures = frozen(session, campaign, found.until)
    found.before = _totals(last.figures) if last else dict.fromkeys(ADDED, 0)
    found.again = _totals(frozen(session, campaign, last.until)) if last else dict.fromkeys(ADDED, 0)


def _open(session: Session, issue_id: UUID) -> ReportIssue:
    found = issue(session, issue_id, lock=True)
    if found.state != "draft":
        raise AlreadyIssued
    return found


def refresh(session: Session, issue_id: UUID) -> None:
    """Count a draft anew, at its cut-off. Raises NotFound, AlreadyIssued."""
    found = _open(session, issue_id)
    _count(session, session.get_one(Campaign, found.campaign_id), found)
    session.flush()


def discard(session: Session, issue_id: UUID) -> UUID:
    """Throw a draft away; its campaign. Raises NotFound, AlreadyIssued."""
    found = _open(session, issue_id)
    session.delete(found)
    audit.record(session, "report.discarded", "report_issue", issue_id, number=found.number)
    return found.campaign_id


@dataclass(frozen=True, slots=True)
class Words:
    """What is written by hand; `reasons` by figure."""

    head: str
    office: str
    signer: str
    story: str
    report_to: str
    send_to: str
    copy_to: str
    copies: int
    reasons: Mapping[str, str]


def texts(found: ReportIssue) -> dict[str, str]:
    """The fields of a draft."""
    plain = {name: str(getattr(found, name)) for name in ("head", "office", "signer", "story", "report_to", "send_to",
                                                          "copy_to", "copies")}
    return plain | {f"reason_{one.key}": str(found.reasons.get(one.key, "")) for one in corrected(found)}


def write(session: Session, issue_id: UUID, words: Words, was: Mapping[str, str]) -> None:
    """Write what a draft says beside its figures. Raises NotFound, AlreadyIssued, ChangedMeanwhile."""
    found = _open(session, issue_id)
    still(texts(found), was)
    for name, value in asdict(words).items():
        setattr(found, name, dict(value) if name == "reasons" else value)
    audit.record(session, "report.written", "report_issue", issue_id)


def approve(session: Session, issue_id: UUID, actor: Actor) -> None:
    """Sign a draft: from now on it stands. Raises NotFound, AlreadyIssued, OwnDraft, Invalid for a correction without
    its reason."""
    found = _open(session, issue_id)
    if found.made_by == actor.caller[:64]:
        raise OwnDraft
    wrong = [FieldProblem(f"reason_{one.key}", "missing", N_("请写明为什么更正")) for one in corrected(found)
             if not found.reasons.get(one.key)]
    if not found.signer:
        wrong.append(FieldProblem("signer", "missing", N_("请填写签发人")))
    if wrong:
        raise Invalid(errors=wrong)
    found.state, found.approved_by, found.approved_at = "issued", actor.caller[:64], clock.now()
    text = json.dumps([found.year, found.number, found.until.isoformat(), found.figures, found.before, found.again,
                       found.reasons, texts(found)], ensure_ascii=False, sort_keys=True)
    found.digest = hashlib.sha256(text.encode()).digest()
    session.flush()
    audit.record(session, "report.issued", "report_issue", issue_id, number=found.number, digest=found.digest.hex())
