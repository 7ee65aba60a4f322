"""The second factor: a secret offered as a QR, recovery codes that work once each."""

from __future__ import annotations

import base64
import io
import secrets
from uuid import UUID

import pyotp
import qrcode
from qrcode.constants import ERROR_CORRECT_L
from qrcode.image.svg import SvgPathFillImage
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from charter.access.models import RecoveryCode
from charter.core import clock
from charter.core.sealed import mac

__all__ = ["fits", "left", "new_codes", "offered", "picture", "spend"]

CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
LONG = 10  # letters: 49 bits
STEP = 30


def offered(invitation: bytes) -> str:
    """The secret (base32) that this invitation offers: the same at each look, stored nowhere."""
    return base64.b32encode(mac("totp-offer", invitation)[:20]).decode()


def picture(secret: str, name: str, issuer: str) -> str:
    """A QR for an authenticator, as the address of an image."""
    code = qrcode.QRCode(border=3, error_correction=ERROR_CORRECT_L, image_factory=SvgPathFillImage)
    code.add_data(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer))
    drawn = io.BytesIO()
    code.make_image().save(drawn)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()


def fits(secret: str, digits: str) -> int | None:
    """The time step whose code this is, among the present one and its neighbours."""
    now = int(clock.now().timestamp()) // STEP
    codes = pyotp.TOTP(secret)
    return next((step for step in (now - 1, now, now + 1) if codes.verify(digits, for_time=step * STEP)), None)


def new_codes(session: Session, account_id: UUID) -> list[str]:
    """Ten fresh recovery codes, shown this once; the earlier ones are gone."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LONG)) for _ in range(CODES)]
    session.add_all([RecoveryCode(account_id=account_id, code_hash=_hash(account_id, code)) for code in codes])
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def spend(session: Session, account_id: UUID, written: str) -> bool:
    """Use a recovery code up; False where it is none of the account's, or was used."""
    code = "".join(letter for letter in written.lower() if letter in LETTERS)
    if len(code) != LONG:
        return False
    return session.execute(
        update(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None),
                                   RecoveryCode.code_hash == _hash(account_id, code))
        .values(used_at=clock.now()).returning(RecoveryCode.account_id)).first() is not None


def left(session: Session, account_id: UUID) -> int:
    """How many recovery codes still work."""
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))) or 0


def _hash(account_id: UUID, code: str) -> bytes:
    return mac("recovery", f"{account_id}|{code}")
