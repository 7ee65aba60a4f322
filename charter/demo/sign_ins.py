"""The demo's sign-ins: one account and one token for each role, in DATA/sign-ins.json (mode 600)."""

from __future__ import annotations

import json
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.service.staff import NEEDS_SECOND, create_account
from charter.access.service.tokens import create_token, revoke_token
from charter.bookings import queries as seats
from charter.bookings.models import Booking
from charter.campaigns.models import Departure
from charter.core import audit, clock
from charter.core.actor import Role
from charter.people.models import District, Employer, Partner, Worker
from charter.people.queries import workers
from charter.people.service.organizations import add_partner
from charter.registrations.models import Registration

__all__ = ["collect", "move", "write"]

BOARDING, SEALED = ("boarding",), ("departed", "arrived")
LIMITED = timedelta(days=60)
Wanted = tuple[Role, str | None, object, dict[str, Any]]


def collect(session: Session, campaign_id: UUID, base_url: str) -> dict[str, Any]:
    """Make the accounts and tokens; everything that the file says."""
    departures = _departures(session, campaign_id)
    accounts = [_account(session, role, kind, key, base_url) | more
                for role, kind, key, more in _wanted(session, campaign_id, departures)]
    accounts += [_ended(session, "expired"), _ended(session, "revoked")]
    return {"base_url": base_url, "campaign_id": str(campaign_id), "departures": departures, "accounts": accounts}


def _wanted(session: Session, campaign_id: UUID, departures: dict[str, list[str]]) -> list[Wanted]:
    """Role, kind and id of the scope, and what else the file says of the account."""
    firms = session.scalars(select(Employer).join(Registration, Registration.employer_id == Employer.id)
                            .where(Registration.campaign_id == campaign_id, Employer.credit_code.is_not(None))
                            .distinct().order_by(Employer.id).limit(2)).all()
    district = session.scalars(select(District).order_by(District.code).limit(1)).one()
    rider = _rider(session, campaign_id)
    duty = {"departure_id": next(iter(departures["boarding"] + departures["bookable"]), None)}
    return [
        (Role.WORKER, "worker", rider, _person(session, rider)),
        *((Role.EMPLOYER, "employer", firm.id, {"credit_code": firm.credit_code}) for firm in firms),
        (Role.HOTLINE, "campaign", campaign_id, {}), (Role.ORIGIN_PARTNER, "partner", _partner(session), {}),
        (Role.DISTRICT_ORGANIZER, "district", district.id, {}), (Role.CITY_ORGANIZER, None, None, {}),
        *((role, None, None, {}) for role in (Role.ADMINISTRATOR, Role.SECURITY_MANAGER, Role.AUDITOR)),
        (Role.FUNDS_AUDITOR, "campaign", campaign_id, {}), (Role.VOLUNTEER, "campaign", campaign_id, duty),
        *((Role.SCANNER, "departure", key, {"departure_id": key}) for key in departures["boarding"])]


def _rider(session: Session, campaign_id: UUID) -> UUID:
    """A worker with a phone and a seat, on a departure that is still to come where there is one."""
    return session.scalars(
        select(Worker.id).join(Registration, Registration.worker_id == Worker.id)
        .join(Booking, Booking.registration_id == Registration.id)
        .join(Departure, Departure.id == Booking.departure_id)
        .where(Registration.campaign_id == campaign_id, Booking.state == "confirmed", Worker.phone_sealed.is_not(None))
        .order_by(Departure.state != "open", Departure.departs_at, Worker.number).limit(1)).one()


def _person(session: Session, worker_id: UUID) -> dict[str, Any]:
    """What an invented person knows of himself; whoever signs in for him has to say it."""
    found = session.get_one(Worker, worker_id)
    numbers = [number for _, number in workers.documents_of(session, worker_id)]
    phone = workers.phones_of(session, [worker_id])[worker_id]
    clear = audit.reveal_many(session, [phone, numbers[0]], "sign-ins of the demo", "worker", worker_id)
    return {"name": found.name, "phone": clear[0], "id_number": clear[1]}


def _partner(session: Session) -> UUID:
    """The first origin partner; made where the demo has none."""
    known = session.scalars(select(Partner.id).order_by(Partner.name).limit(1)).first()
    return known or add_partner(session, name="巴中市恩阳区就业服务中心（演示）", divisions=["511903"]).id


def write(data: Path, found: dict[str, Any]) -> None:
    """Leave the file for its owner alone."""
    path = data / "sign-ins.json"
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        json.dump(found, file, ensure_ascii=False, indent=1)


def move(data: Path, base_url: str) -> None:
    """The demo is served at another address than before: the sign-ins say so."""
    path = data / "sign-ins.json"
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    before = str(json.loads(text)["base_url"])
    if before != base_url:
        write(data, json.loads(text.replace(f'"{before}', f'"{base_url}')))


def _departures(session: Session, campaign_id: UUID) -> dict[str, list[str]]:
    rows = session.scalars(select(Departure).where(Departure.campaign_id == campaign_id,
                                                    Departure.leg_kind == "main")
                           .order_by(Departure.departs_at)).all()
    soon = clock.now()
    last = max((row.date for row in rows if row.state in SEALED and row.date < clock.today()), default=None)
    offered = seats.departures(session, campaign_id, state="open", limit=len(rows))
    return {"bookable": [str(one.id) for one in offered if one.seats_left and (one.departs_at - soon).days >= 2],
            "boarding": [str(row.id) for row in rows if row.state in BOARDING],
            "departed": [str(row.id) for row in sorted(rows, key=lambda row: (row.state, row.departs_at), reverse=True)
                         if row.state in SEALED and row.date == last]}


def _account(session: Session, role: Role, kind: str | None, key: object, base_url: str) -> dict[str, Any]:
    scope = None if key is None else str(key)
    _, token = create_token(session, role, kind, scope, name="demo")
    made: dict[str, Any] = {"role": str(role), "token": token}
    if role == Role.WORKER:
        return made | {"sign_in": f"{base_url}/sign-in/phone"}
    if role == Role.SCANNER:
        return made
    username, password = f"{role}-{secrets.token_hex(2)}", secrets.token_urlsafe(12)
    secret = pyotp.random_base32() if role in NEEDS_SECOND else None
    until = clock.now() + LIMITED if role == Role.FUNDS_AUDITOR else None
    create_account(session, role, username, password, totp_secret=secret, scope_kind=kind, scope_id=scope,
                   name=username, expires_at=until)
    return made | {"sign_in": f"{base_url}/sign-in/staff", "username": username, "password": password,
                   **({"totp_secret": secret} if secret else {})}


def _ended(session: Session, state: str) -> dict[str, Any]:
    token, text = create_token(session, Role.CITY_ORGANIZER, None, None, days=0 if state == "expired" else 1)
    if state == "revoked":
        revoke_token(session, token.id)
    return {"role": str(Role.CITY_ORGANIZER), "token": text, "state": state}
