"""One-time codes by message: bound to the asking browser, five tries, five minutes, once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.access.models import Account, CodeChallenge
from charter.access.service import limits
from charter.core import audit, clock
from charter.core.actor import Role
from charter.core.ids import new_uuid
from charter.core.sealed import SealedField, mac
from charter.notices.service import phone_key, tell
from charter.people.models import Worker

__all__ = ["LIFE", "ask_code", "check_code", "worker_account"]

LIFE = timedelta(minutes=5)
TRIES = 5
PHONE = SealedField("account", "phone")
ASKED = SealedField("code_challenge", "phone")


def ask_code(session: Session, phone: str, address: str) -> str:
    """Send a code where the limits allow it; the challenge for the browser's cookie, the same whether sent or not."""
    challenge = secrets.token_urlsafe(16)
    key = hashlib.sha256(challenge.encode()).digest()
    digits = f"{secrets.randbelow(10**6):06d}"
    owner = phone_key(phone)
    session.execute(update(CodeChallenge).where(CodeChallenge.phone_tag == owner, CodeChallenge.used_at.is_(None))
                    .values(used_at=clock.now()))
    session.add(CodeChallenge(id_hash=key, phone_tag=owner, phone_sealed=ASKED.seal(key.hex(), phone), tries=0,
                              code_mac=_mac(key, owner, digits), expires_at=clock.now() + LIFE))
    if _may_send(session, owner, address):
        tell(session, phone, "sign_in_code", {"code": digits}, unique_key=f"code|{key.hex()}")
    return challenge


def check_code(session: Session, challenge: str, digits: str) -> str | None:
    """The phone that the code proves, or None. A try is counted before anything is compared."""
    key = hashlib.sha256(challenge.encode()).digest()
    found = session.execute(
        update(CodeChallenge).where(CodeChallenge.id_hash == key, CodeChallenge.tries < TRIES,
                                    CodeChallenge.used_at.is_(None), CodeChallenge.expires_at > clock.now())
        .values(tries=CodeChallenge.tries + 1)
        .returning(CodeChallenge.phone_tag, CodeChallenge.code_mac, CodeChallenge.phone_sealed)).first()
    if found is None or not _may_try(session, found.phone_tag.hex()):
        return None
    if not hmac.compare_digest(found.code_mac, _mac(key, found.phone_tag, digits)):
        return None
    won = session.execute(update(CodeChallenge).where(CodeChallenge.id_hash == key, CodeChallenge.used_at.is_(None))
                          .values(used_at=clock.now()).returning(CodeChallenge.id_hash)).first()
    return ASKED.open_bytes(key.hex(), found.phone_sealed).decode() if won else None


def worker_account(session: Session, phone: str) -> Account:
    """The account of a phone, made at its first sign-in."""
    owner, key = phone_key(phone), new_uuid()
    session.execute(insert(Account).values(
        id=key, role=Role.WORKER, phone_tag=owner, phone_sealed=PHONE.seal(key, phone), name="", active=True,
        created_at=clock.now()).on_conflict_do_nothing())
    account = session.scalars(select(Account).where(Account.role == Role.WORKER, Account.phone_tag == owner)).one()
    audit.record(session, "worker.signed_in", "account", account.id)
    return account


def _may_send(session: Session, owner: bytes, address: str) -> bool:
    """Whether a code goes out. Where an address or the whole asks too often, only phones that we know still get one:
    whoever pumps messages starves, workers do not.
    """
    phone = owner.hex()
    if not _all(session, (("minute", phone, 1, timedelta(minutes=1)), ("hour", phone, 5, timedelta(hours=1)),
                          ("day", phone, 10, timedelta(days=1)))):
        return False
    return _all(session, (("address", _network(address), 30, timedelta(hours=1)),
                          ("all", "", 300, timedelta(seconds=150)))) or _known(session, owner)


def _may_try(session: Session, phone: str) -> bool:
    return _all(session, (("try-hour", phone, 10, timedelta(hours=1)), ("try-day", phone, 20, timedelta(days=1))))


def _all(session: Session, wanted: tuple[tuple[str, str, int, timedelta], ...]) -> bool:
    return all(limits.take(session, f"{name}|{which}", times=times, within=span)
               for name, which, times, span in wanted)


def _known(session: Session, owner: bytes) -> bool:
    return bool(session.scalar(select(or_(exists().where(Worker.phone_tag == owner),
                                          exists().where(Account.phone_tag == owner)))))


def _network(address: str) -> str:
    """An IPv6 caller has a whole /64 for himself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address


def _mac(key: bytes, owner: bytes, digits: str) -> bytes:
    return mac("otp", b"|".join((key, owner, digits.encode())))
