"""People who ride along: signed up, accepted and insured, in the scene of the bookings."""

from __future__ import annotations

from datetime import timedelta

from bookings.factories import coach, scene

from charter.core import clock, db
from charter.crew import joining
from charter.crew.joining import SignUp
from charter.crew.links import invitation_code, named
from charter.crew.models import CrewMember
from charter.crew.rules.spans import days_to_give


def stage(coaches=2, apart=0):
    """The scene with so many coaches, `apart` days between them; campaign and departure ids."""
    with db.transaction() as session:
        made = scene(session)
        ids = [made.departure.id]
        for number in range(1, coaches):
            more = coach(session, made.campaign, made.corridor, made.vehicle, made.stop, 8, 3 + number * apart)
            more.code = f"巴中{number + 1:02d}"
            session.flush()
            ids.append(more.id)
        return made.campaign, ids


def link(campaign, kind="volunteer"):
    """The code of a fresh invitation."""
    return invitation_code(db.act(joining.invite, campaign.id, "志愿者协会", kind, campaign.ends_on))


def sign_up(campaign, number, name="王敏", *, accepted=True, insured=True, code=None, days=None):
    """A member: his page's code and his id."""
    given = SignUp(name, f"138{number:08d}", "湖里区总工会",
                   tuple(days or days_to_give(campaign.starts_on, campaign.ends_on)), True)
    mine = db.act(joining.sign_up, code or link(campaign), given)
    member = named(mine)[0]
    if accepted:
        db.act(joining.decide, campaign.id, [member], True)
    if insured:
        db.act(joining.insure, campaign.id, [member], "P-1", clock.today() - timedelta(days=9),
               clock.today() + timedelta(days=40))
    return mine, member


def member(key):
    """The row as it is now."""
    with db.transaction(read_only=True) as session:
        return session.get_one(CrewMember, key)
