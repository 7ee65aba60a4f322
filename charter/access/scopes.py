"""Which scopes there are to give, what each is called, and who may give which. Rooms above offer their own kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from charter.access.problems import field_wrong
from charter.access.service.tokens import SCOPE_OF_ROLE
from charter.core.actor import Actor, Role
from charter.core.i18n import N_
from charter.core.ids import uuid_or_none
from charter.people.models import District, Employer, Partner

__all__ = ["gives", "names", "offer", "options", "resolve"]

Named = list[tuple[str, str]]  # id, name
UNKNOWN = N_("没有找到这个范围，请从列表里选，企业可填统一社会信用代码")
_listers: dict[str, Callable[[Session], Named]] = {}
CITY_GIVES = (Role.CITY_ORGANIZER, Role.DISTRICT_ORGANIZER, Role.EMPLOYER, Role.HOTLINE, Role.ORIGIN_PARTNER,
              Role.VOLUNTEER)
DISTRICT_GIVES = (Role.DISTRICT_ORGANIZER, Role.EMPLOYER)


def offer(kind: str, lister: Callable[[Session], Named]) -> None:
    """Say how the scopes of a kind are listed; for rooms above, which know their own things."""
    _listers[kind] = lister


def gives(actor: Actor) -> tuple[Role, ...]:
    """The roles that this actor may hand on, in a token."""
    if actor.role == Role.SECURITY_MANAGER:
        return tuple(role for role in Role if role not in (Role.WORKER, Role.SCANNER))
    if actor.role == Role.DISTRICT_ORGANIZER:
        return DISTRICT_GIVES
    if actor.role != Role.CITY_ORGANIZER:
        return ()
    return tuple(role for role in CITY_GIVES if actor.scope_kind is None or actor.scope_kind in SCOPE_OF_ROLE[role])


def options(session: Session, actor: Actor, kind: str) -> Named:
    """What may be chosen as the scope: by an organizer only what lies in his own. Employers are typed, not listed."""
    if kind == "district":
        found = session.execute(select(District.id, District.name).order_by(District.code))
        listed = [(str(key), name) for key, name in found]
    elif kind == "partner":
        listed = [(str(key), name) for key, name in session.execute(
            select(Partner.id, Partner.name).order_by(Partner.name))]
    else:
        listed = _listers[kind](session) if kind in _listers else []
    own = actor.scope(kind)
    return [(key, name) for key, name in listed if own is None or key == own]


def resolve(session: Session, actor: Actor, role: Role, kind: str | None, written: str) -> str | None:
    """The scope's id. Raises Invalid at field `scope` for one that does not exist, or that is not the actor's."""
    if kind is None:
        if actor.scope_kind is None:
            return None
        raise field_wrong("scope", UNKNOWN)
    if kind == "employer":
        return _employer(session, actor, written)
    if written not in {key for key, _ in options(session, actor, kind)}:
        raise field_wrong("scope", UNKNOWN)
    return written


def _employer(session: Session, actor: Actor, written: str) -> str:
    key = uuid_or_none(written)
    found = session.scalar(select(Employer).where(
        or_(Employer.id == key, Employer.credit_code == written.strip().upper())))
    district = actor.scope("district")
    if found is None or (district is not None and str(found.district_id) != district):
        raise field_wrong("scope", UNKNOWN)
    return str(found.id)


def names(session: Session, wanted: Iterable[tuple[str | None, str | None]]) -> dict[tuple[str, str], str]:
    """What the scopes of a page are called."""
    pairs = {(kind, key) for kind, key in wanted if kind and key}
    firms = [found for kind, key in pairs if kind == "employer" and (found := uuid_or_none(key))]
    known = {("employer", str(key)): name for key, name in session.execute(
        select(Employer.id, Employer.name).where(Employer.id.in_(firms)))}
    everything = Actor(Role.SECURITY_MANAGER)
    for kind in {kind for kind, _ in pairs} - {"employer"}:
        known |= {(kind, key): name for key, name in options(session, everything, kind)}
    return known
