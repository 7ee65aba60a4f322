"""A clerk claims an employer by its credit code; an organizer of the district looks at it and decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session

from charter.access.models import Account, EmployerClaim
from charter.access.problems import ClaimDecided, TooOften
from charter.access.rules.passwords import judge_password, judge_username
from charter.access.service import invitations, limits, staff
from charter.core import audit, clock
from charter.core.actor import Actor, Role
from charter.core.i18n import N_
from charter.core.ids import new_uuid, uuid_or_none
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.people.models import District, Employer
from charter.people.rules.credit_codes import judge_credit_code
from charter.people.service.organizations import add_employer

__all__ = ["ClaimIn", "accept", "claim", "invite_clerk", "refuse", "reviewable", "visible_employers"]


@dataclass(frozen=True, slots=True)
class ClaimIn:
    """What the clerk wrote."""

    credit_code: str
    employer_name: str
    district: str
    name: str
    username: str
    password: str
    evidence: str


def visible_employers(actor: Actor) -> ColumnElement[bool]:
    """The employers that this organizer looks after."""
    if actor.role == Role.CITY_ORGANIZER:
        return true()
    district = uuid_or_none(actor.scope("district") or "")
    return Employer.district_id == district if actor.role == Role.DISTRICT_ORGANIZER and district else false()


def reviewable(actor: Actor) -> ColumnElement[bool]:
    """The claims that this organizer decides."""
    if actor.role == Role.CITY_ORGANIZER:
        return true()
    district = uuid_or_none(actor.scope("district") or "")
    return EmployerClaim.district_id == district if actor.role == Role.DISTRICT_ORGANIZER and district else false()


def claim(session: Session, written: ClaimIn, address: str) -> UUID:
    """A waiting claim, with an account that opens nothing before it is accepted. The answer is the same whether the
    employer is known or not. Raises Invalid, UsernameTaken, TooOften.
    """
    if not limits.take(session, f"claim|{address}", times=10, within=timedelta(hours=1)):
        raise TooOften
    code, district = _judged(session, written)
    known = session.scalar(select(Employer).where(Employer.credit_code == code))
    account = Account(id=new_uuid(), role=Role.EMPLOYER, username=written.username, name=written.name[:80],
                      active=False, password_hash=staff.hashed(written.password))
    session.add(account)
    session.flush()
    made = EmployerClaim(employer_id=known.id if known else None, credit_code=code, account_id=account.id,
                         employer_name=written.employer_name[:120], evidence=written.evidence[:500],
                         district_id=known.district_id if known else district)
    session.add(made)
    session.flush()
    audit.record(session, "employer_claim.made", "employer_claim", made.id)
    return made.id


def accept(session: Session, actor: Actor, claim_id: UUID) -> None:
    """Let the clerk in; an employer that was not known is added. Raises NotFound, ClaimDecided."""
    found, account = _waiting(session, actor, claim_id)
    employer = session.scalar(select(Employer).where(Employer.credit_code == found.credit_code)) or add_employer(
        session, name=found.employer_name, credit_code=found.credit_code, district_id=found.district_id)
    if session.scalar(select(Employer.id).where(Employer.id == employer.id, visible_employers(actor))) is None:
        raise NotFound
    found.employer_id = employer.id
    account.scope_kind, account.scope_id, account.active = "employer", str(employer.id), True
    _decide(session, actor, found, "accepted")


def refuse(session: Session, actor: Actor, claim_id: UUID) -> None:
    """The claim is not believed; its name is free again. Raises NotFound, ClaimDecided."""
    found, account = _waiting(session, actor, claim_id)
    account.username = account.password_hash = None
    _decide(session, actor, found, "refused")


def invite_clerk(session: Session, actor: Actor, employer_id: UUID, name: str) -> str:
    """The path of a link for one clerk of an employer that the organizer looks after. Raises NotFound."""
    found = session.scalar(select(Employer.id).where(Employer.id == employer_id, visible_employers(actor)))
    if found is None:
        raise NotFound
    return invitations.invite(session, Role.EMPLOYER, "employer", str(found), name)


def _judged(session: Session, written: ClaimIn) -> tuple[str, UUID]:
    code = judge_credit_code(written.credit_code)
    district = uuid_or_none(written.district)
    wrong = [code.problem] if code.problem else []
    for field, message in (
            ("credit_code", None if written.credit_code.strip() else N_("请填写统一社会信用代码")),
            ("employer_name", None if written.employer_name else N_("请填写企业名称")),
            ("district", None if district and session.get(District, district) else N_("请选择企业所在的区")),
            ("name", None if written.name else N_("请填写您的姓名")),
            ("username", judge_username(written.username)),
            ("password", judge_password(written.password, written.username)),
            ("evidence", None if written.evidence else N_("请写明怎样核实您的身份"))):
        if message:
            wrong.append(FieldProblem(field, "invalid", message))
    if wrong or code.value is None or district is None:
        raise Invalid(errors=wrong)
    return code.value, district


def _waiting(session: Session, actor: Actor, claim_id: UUID) -> tuple[EmployerClaim, Account]:
    found = session.scalar(select(EmployerClaim).where(EmployerClaim.id == claim_id, reviewable(actor))
                           .with_for_update())
    if found is None:
        raise NotFound
    if found.state != "waiting":
        raise ClaimDecided
    return found, session.get_one(Account, found.account_id)


def _decide(session: Session, actor: Actor, found: EmployerClaim, state: str) -> None:
    found.state, found.decided_at, found.decided_by = state, clock.now(), actor.caller[:64]
    audit.record(session, f"employer_claim.{state}", "employer_claim", found.id)
