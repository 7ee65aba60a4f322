"""Signing up to ride along: by an invitation's link, on one's own page; and what the desk decides about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core import audit, clock
from charter.core.actor import current
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.core.sealed import SealedField, tag
from charter.crew.links import invited, member_code, named
from charter.crew.models import CrewDuty, CrewInvitation, CrewMember
from charter.crew.problems import AlreadySignedUp, InvitationOver
from charter.crew.rules.spans import days_to_give
from charter.notices.service import tell
from charter.people.rules.phones import judge_phone

__all__ = ["PHONE", "SignUp", "campaign_for", "change_own", "decide", "end_invitation", "insure", "invitation_of",
           "invite", "leave", "member_of", "new_link", "sign_up"]

PHONE = SealedField("crew_member", "phone")


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody says who wants to ride along."""

    name: str
    phone: str
    unit: str
    days: tuple[date, ...]
    nights: bool


def campaign_for(session: Session, campaign_id: UUID) -> Campaign:
    """A campaign that the caller may arrange crew for. Raises NotFound."""
    found = session.get(Campaign, campaign_id)
    if found is None or current().scope("campaign") not in (None, str(found.id)):
        raise NotFound
    return found


def invite(session: Session, campaign_id: UUID, name: str, kind: str, until: date) -> UUID:
    """A link by which people of this kind sign up until that day; its id."""
    made = CrewInvitation(campaign_id=campaign_for(session, campaign_id).id, name=name, kind=kind, until=until)
    session.add(made)
    session.flush()
    audit.record(session, "crew.invited", "crew_invitation", made.id, kind=kind)
    return made.id


def end_invitation(session: Session, invitation_id: UUID) -> None:
    """Nobody signs up by this link any more. Raises NotFound."""
    found = session.get(CrewInvitation, invitation_id, with_for_update=True)
    if found is None:
        raise NotFound
    campaign_for(session, found.campaign_id)
    if found.ended_at is None:
        found.ended_at = clock.now()
        audit.record(session, "crew.invitation_ended", "crew_invitation", found.id)


def invitation_of(session: Session, code: str) -> tuple[CrewInvitation, Campaign]:
    """The invitation of a link. Raises NotFound, InvitationOver."""
    key = invited(code)
    found = session.get(CrewInvitation, key) if key else None
    if found is None:
        raise NotFound
    campaign = session.get_one(Campaign, found.campaign_id)
    if found.ended_at is not None or clock.today() > found.until or campaign.state == "closed":
        raise InvitationOver
    return found, campaign


def sign_up(session: Session, code: str, given: SignUp) -> str:
    """Offer to ride along; the code of one's own page. Raises NotFound, InvitationOver, AlreadySignedUp, Invalid."""
    invitation, campaign = invitation_of(session, code)
    phone = _phone(given.phone)
    days = _days(campaign, given.days)
    mark = tag("phone", f"+86{phone}")
    if session.scalar(select(CrewMember.id).where(CrewMember.campaign_id == campaign.id,
                                                  CrewMember.phone_tag == mark)):
        raise AlreadySignedUp
    made = CrewMember(campaign_id=campaign.id, invitation_id=invitation.id, kind=invitation.kind, name=given.name,
                      unit=given.unit, days=days, nights=given.nights, phone_tag=mark)
    session.add(made)
    session.flush()
    made.phone_sealed = PHONE.seal(made.id, phone)
    mine = member_code(made.id, made.link_revision)
    tell(session, phone, "crew_welcome", {"campaign": campaign.name, "code": mine},
         unique_key=f"crew_welcome|{made.id}|1", campaign_id=campaign.id)
    audit.record(session, "crew.signed_up", "crew_member", made.id, days=len(days))
    return mine


def member_of(session: Session, code: str, *, lock: bool = False) -> CrewMember:
    """Whose page a link opens. Raises NotFound; a link that was replaced is dead."""
    key = named(code)
    found = session.get(CrewMember, key[0], with_for_update=lock) if key else None
    if found is None or key is None or found.link_revision != key[1] or found.state in ("refused", "left"):
        raise NotFound
    return found


def change_own(session: Session, code: str, days: Sequence[date], nights: bool) -> None:
    """Give other days; duties that one has already stay. Raises NotFound, Invalid."""
    found = member_of(session, code, lock=True)
    found.days, found.nights = _days(session.get_one(Campaign, found.campaign_id), days), nights
    audit.record(session, "crew.days", "crew_member", found.id, days=len(found.days))


def leave(session: Session, code: str) -> None:
    """Ride along no more, where no duty is open. Raises NotFound, Invalid."""
    found = member_of(session, code, lock=True)
    if session.scalar(select(CrewDuty.id).where(CrewDuty.member_id == found.id, CrewDuty.ended_at.is_(None),
                                                func.upper(CrewDuty.during) > clock.now()).limit(1)):
        raise Invalid(errors=[FieldProblem("", "has_duties", N_("您还有带车任务，请先换班或联系组织者"))])
    found.state = "left"
    audit.record(session, "crew.left", "crew_member", found.id)


def decide(session: Session, campaign_id: UUID, members: Sequence[UUID], accepted: bool) -> int:
    """Accept or refuse people who signed up; how many changed. Raises NotFound."""
    rows = _own(session, campaign_id, members)
    changed = [row for row in rows if row.state in ("offered", "accepted", "refused")
               and row.state != ("accepted" if accepted else "refused")]
    for row in changed:
        row.state = "accepted" if accepted else "refused"
        audit.record(session, f"crew.{row.state}", "crew_member", row.id)
    return len(changed)


def insure(session: Session, campaign_id: UUID, members: Sequence[UUID], policy: str, first: date, last: date) -> int:
    """Write down which policy covers these people from when until when; how many. Raises NotFound, Invalid."""
    if last < first:
        raise Invalid(errors=[FieldProblem("insured_to", "order", N_("截止日期不能早于开始日期"))])
    rows = _own(session, campaign_id, members)
    for row in rows:
        row.policy, row.insured_from, row.insured_to = policy, first, last
        audit.record(session, "crew.insured", "crew_member", row.id)
    return len(rows)


def new_link(session: Session, campaign_id: UUID, member_id: UUID) -> None:
    """End a member's links, and send the new one to the phone. Raises NotFound."""
    row = _own(session, campaign_id, [member_id])[0]
    row.link_revision += 1
    if row.phone_sealed:
        phone = audit.reveal(session, PHONE.view(row.id, row.phone_sealed), "新的带车链接", "crew_member", row.id)
        code = member_code(row.id, row.link_revision)
        tell(session, phone, "crew_welcome", {"campaign": session.get_one(Campaign, campaign_id).name, "code": code},
             unique_key=f"crew_welcome|{row.id}|{row.link_revision}", campaign_id=campaign_id)
    audit.record(session, "crew.new_link", "crew_member", row.id)


def _own(session: Session, campaign_id: UUID, members: Sequence[UUID]) -> list[CrewMember]:
    campaign_for(session, campaign_id)
    rows = session.scalars(select(CrewMember).where(
        CrewMember.campaign_id == campaign_id, CrewMember.id.in_(list(members))).order_by(CrewMember.id)
        .with_for_update()).all()
    if len(rows) != len(set(members)):
        raise NotFound
    return list(rows)


def _days(campaign: Campaign, days: Sequence[date]) -> list[date]:
    known = set(days_to_give(campaign.starts_on, campaign.ends_on))
    found = sorted({day for day in days if day in known})
    if not found:
        raise Invalid(errors=[FieldProblem("days", "missing", N_("请至少选一天"))])
    return found


def _phone(text: str) -> str:
    found = judge_phone(text)
    if found.value is None:
        raise Invalid(errors=[FieldProblem("phone", "invalid", N_("请填写 11 位手机号"))])
    return found.value
