"""Tell somebody something: one row in the outbox, inside the act that causes it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.core import clock
from charter.core.i18n import language
from charter.core.ids import new_uuid
from charter.core.sealed import SealedField, tag
from charter.notices.models import Outbox

__all__ = ["CONTENT", "PHONE", "phone_key", "tell", "written"]

CONTENT = SealedField("outbox", "content")
PHONE = SealedField("outbox", "phone")
TEMPLATES = Path(__file__).resolve().parents[2] / "config" / "notices.toml"
UNSAFE = re.compile(r"https?://|www\.|[\r\n\t\x00-\x1f]", re.IGNORECASE)


@cache
def _templates() -> dict[str, dict[str, str]]:
    return tomllib.loads(TEMPLATES.read_text(encoding="utf-8"))


def phone_key(phone: str) -> bytes:
    """By which messages to a phone are found."""
    return tag("phone", f"+86{phone}")


def written(template: str, values: Mapping[str, str], lang: str) -> str:
    """The message's text. Values are plain text: links and line breaks are taken out. Raises KeyError."""
    text = _templates()[template][lang]
    for name, value in values.items():
        text = text.replace("{" + name + "}", UNSAFE.sub("", value).replace("{", "").replace("}", ""))
    return text


def tell(session: Session, phone: str, template: str, values: Mapping[str, str], *, unique_key: str,
         campaign_id: UUID | None = None) -> None:
    """Put a message to `phone` (11 digits) into the outbox; the same `unique_key` again writes nothing."""
    key = new_uuid()
    session.execute(insert(Outbox).values(
        id=key, unique_key=unique_key[:160], template=template, campaign_id=campaign_id,
        phone_sealed=PHONE.seal(key, phone), phone_tag=phone_key(phone), state="waiting", tries=0,
        content_sealed=CONTENT.seal(key, written(template, values, language())), created_at=clock.now(),
        next_try_at=clock.now()).on_conflict_do_nothing(index_elements=["unique_key"]))
