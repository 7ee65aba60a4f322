"""Volunteers' phones: invite one to a departure, let it in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from charter.access.service.proofs import point
from charter.access.service.scanners import enroll, invite_scanner
from charter.boarding.problems import InvitationSpent
from charter.boarding.trips import trip, visible_trip
from charter.core import clock
from charter.core.actor import SYSTEM, Actor
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, NotFound
from charter.passes import keys

__all__ = ["invite", "join"]


def invite(session: Session, departure_id: int, actor: Actor = SYSTEM) -> str:
    """The path of a fresh invitation link (`/scan/#...`), good once, for 10 minutes. Raises NotFound.

    The secret stands behind the #, so that no server log ever holds it.
    """
    found = trip(session, departure_id) if actor is SYSTEM else visible_trip(session, departure_id, actor)
    if found is None:
        raise NotFound
    keys.ensure(session, found.campaign_id)
    return f"/scan/#{invite_scanner(session, departure_id)}"


def join(session: Session, secret: str, name: str, key: str = "") -> dict[str, str]:
    """The token of a phone that shows its invitation; it ends with the trip. Raises InvitationSpent, Invalid.

    `key`: x and y of the key that signs its requests from now on, in base64; without one the token alone is enough.
    """
    own = point(key) if key else None
    if key and own is None:
        raise Invalid(errors=[FieldProblem("key", "invalid", N_("手机的钥匙不对，请重新加入"))])
    let_in = enroll(session, secret, name, key=own)
    found = trip(session, let_in.departure_id) if let_in else None
    if let_in is None or found is None:
        raise InvitationSpent
    return {"token": let_in.token, "departure_id": str(found.departure_id), "device_id": str(let_in.device_id),
            "server_time": clock.now().isoformat()}
