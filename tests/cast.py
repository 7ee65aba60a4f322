"""The cast of tests about people: two districts, three employers, one of each role who reads or acts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from bookings.factories import Scene, request, scene
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from charter.access.models import Account
from charter.access.service import sessions
from charter.core.actor import Actor, Role
from charter.people.models import District, Employer, Partner, Union
from charter.registrations.service import register_many

ADDRESS = "http://localhost"


@dataclass
class Cast:
    """The scene, and who stands in it; each name in `cookies` may be signed in."""

    scene: Scene
    far: Employer  # of another district
    partner: Partner
    actors: dict[str, Actor]
    cookies: dict[str, str]

    def client(self, app: Flask, name: str, language: str = "zh") -> FlaskClient:
        """A browser in which this member is signed in."""
        made = app.test_client()
        made.set_cookie("session", self.cookies[name])
        made.set_cookie("lang", language)
        return made


def assemble(session: Session, seats: int = 8) -> Cast:
    """Make them all: clerk and other_clerk (employers of one district), far_clerk, district and far_district, city,
    hotline, partner, funds."""
    made = scene(session, seats)
    union = Union(kind="district", name="翔安区总工会", name_en="Xiang'an federation", hotline="059212351")
    session.add(union)
    session.flush()
    away = District(code="350213", name="翔安区", name_en="Xiang'an", union_id=union.id)
    partner = Partner(name="南江县人社局", divisions=["511922"])
    session.add_all([away, partner])
    session.flush()
    far = Employer(name="厦门丙有限公司", district_id=away.id)
    session.add(far)
    session.flush()
    members: list[tuple[str, Role, str | None, object]] = [
        ("clerk", Role.EMPLOYER, "employer", made.employer.id),
        ("other_clerk", Role.EMPLOYER, "employer", made.other.id),
        ("far_clerk", Role.EMPLOYER, "employer", far.id), ("partner", Role.ORIGIN_PARTNER, "partner", partner.id),
        ("district", Role.DISTRICT_ORGANIZER, "district", made.employer.district_id),
        ("far_district", Role.DISTRICT_ORGANIZER, "district", away.id), ("city", Role.CITY_ORGANIZER, None, None),
        ("hotline", Role.HOTLINE, "campaign", made.campaign.id),
        ("funds", Role.FUNDS_AUDITOR, "campaign", made.campaign.id)]
    actors, cookies = {}, {}
    for name, role, kind, key in members:
        scope = None if key is None else str(key)
        account = Account(role=role, username=name, name=f"{name} 的名字", scope_kind=kind, scope_id=scope)
        session.add(account)
        session.flush()
        actors[name] = Actor(role, account_id=str(account.id), scope_kind=kind, scope_id=scope, name=name)
        cookies[name] = sessions.begin(session, account, second_factor=True)
    return Cast(made, far, partner, actors, cookies)


def listed(session: Session, cast: Cast, employer: Employer, numbers: Sequence[int], source: str = "employer",
           **changed: object) -> list[UUID]:
    """Requests of that employer for these invented people; the ids."""
    source_id = str(cast.partner.id) if source == "partner" else str(employer.id)
    outcomes = register_many(session, cast.scene.campaign.id, employer.id,
                             [request(number, **changed) for number in numbers], source=source, source_id=source_id)
    return [outcome.registration_id for outcome in outcomes if outcome.registration_id]


def token(client: FlaskClient, page: str = "/desk/people") -> dict[str, str]:
    """The form token of this browser."""
    found = re.search(r'name="form_token" value="(\w+)"', client.get(page).text)
    assert found
    return {"form_token": found[1]}
