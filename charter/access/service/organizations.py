"""Districts, origin partners and employers, as an organizer writes them down before anybody is invited for them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.service.claims import visible_employers
from charter.core import audit
from charter.core.actor import Actor, Role
from charter.core.i18n import N_
from charter.core.ids import uuid_or_none
from charter.core.problems import FieldProblem, Invalid
from charter.people.models import District, Employer, Union
from charter.people.rules.credit_codes import judge_credit_code
from charter.people.service import organizations
from charter.places.matcher import match
from charter.places.table import Division, load

__all__ = ["add_district", "add_employer", "add_partner"]

NO_PLACE = N_("没有找到这个县（区），请写全名或 6 位区划代码")


def add_district(session: Session, place: str, hotline: str) -> UUID:
    """A district of the destination city with its own federation. Raises Invalid at `place` or `hotline`."""
    found = _place(place)
    wrong = [] if found else [FieldProblem("place", "origin_unknown", NO_PLACE)]
    digits = hotline.replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 5 <= len(digits) <= 16):
        wrong.append(FieldProblem("hotline", "invalid", N_("请填写电话号码，例如 0592-12351")))
    if wrong or found is None:
        raise Invalid(errors=wrong)
    city = session.scalars(select(Union.id).where(Union.kind == "city").order_by(Union.name).limit(1)).first()
    name = f"{found.name}总工会"
    union = session.scalar(select(Union).where(Union.name == name)) or organizations.add_union(
        session, kind="district", name=name, name_en=f"{found.pinyin.capitalize()} federation", hotline=hotline[:20],
        parent_id=city)
    made = organizations.add_district(session, code=found.code, name=found.name, name_en=found.pinyin.capitalize(),
                                      union_id=union.id)
    audit.record(session, "district.added", "district", made.id)
    return made.id


def add_partner(session: Session, name: str, places: str) -> UUID:
    """An origin partner and the counties whose people it hands in. Raises Invalid at `name` or `places`."""
    found = {part: _place(part) for part in places.replace("，", "、").replace(",", "、").split("、") if part.strip()}
    wrong = [] if name else [FieldProblem("name", "missing", N_("请填写单位名称"))]
    if not found or not all(found.values()):
        wrong.append(FieldProblem("places", "origin_unknown", NO_PLACE))
    if wrong:
        raise Invalid(errors=wrong)
    codes = sorted({one.code for one in found.values() if one})
    made = organizations.add_partner(session, name=name[:120], divisions=codes)
    audit.record(session, "partner.added", "partner", made.id)
    return made.id


def add_employer(session: Session, actor: Actor, name: str, credit_code: str, district: str) -> UUID:
    """An employer of the organizer's own district, or of any; the code may come later.

    Raises Invalid at `name`, `credit_code` or `district`.
    """
    judged = judge_credit_code(credit_code)
    wrong = [judged.problem] if judged.problem else []
    if not name:
        wrong.append(FieldProblem("name", "missing", N_("请填写企业名称")))
    own = actor.scope("district") if actor.role == Role.DISTRICT_ORGANIZER else district
    key = uuid_or_none(own or "")
    if key is None or session.get(District, key) is None:
        wrong.append(FieldProblem("district", "missing", N_("请选择企业所在的区")))
    known = session.scalar(select(Employer).where(Employer.credit_code == judged.value)) if judged.value else None
    if known is not None:
        seen = session.scalar(select(Employer.id).where(Employer.id == known.id, visible_employers(actor)))
        said = N_("这个代码已经登记过了") if seen else N_("这个代码已在别的区登记，请联系市总工会")
        wrong.append(FieldProblem("credit_code", "taken", said))
    if wrong or key is None:
        raise Invalid(errors=wrong)
    return organizations.add_employer(session, name=name[:120], credit_code=judged.value, district_id=key).id


def _place(written: str) -> Division | None:
    code = match(load(), written.strip()).code if written.strip() else None
    return load().get(code) if code else None
