"""Tell somebody something: one row in the outbox, inside the act that causes it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.core import clock, settings
from charter.core.i18n import language
from charter.core.ids import new_uuid
from charter.core.sealed import SealedField, tag
from charter.notices.models import Outbox

__all__ = ["CONTENT", "PHONE", "Notice", "phone_key", "tell", "tell_many", "templates", "written"]

CONTENT = SealedField("outbox", "content")
PHONE = SealedField("outbox", "phone")
TEMPLATES = Path(__file__).resolve().parents[2] / "config" / "notices.toml"
UNSAFE = re.compile(r"https?://|www\.|[\r\n\t\x00-\x1f]", re.IGNORECASE)


@cache
def templates() -> dict[str, dict[str, str]]:
    """Wording by kind of message and language."""
    return tomllib.loads(TEMPLATES.read_text(encoding="utf-8"))


def phone_key(phone: str) -> bytes:
    """By which messages to a phone are found."""
    return tag("phone", f"+86{phone}")


def written(template: str, values: Mapping[str, str], lang: str) -> str:
    """The message's text. Values are plain text: links and line breaks are taken out. Raises KeyError.

    {base} is this installation's address, so that a link's fixed part stands in the template, as gateways demand.
    """
    text = templates()[template][lang].replace("{base}", settings.current().base_url)
    for name, value in values.items():
        text = text.replace("{" + name + "}", UNSAFE.sub("", value).replace("{", "").replace("}", ""))
    return text


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: to which phone (11 digits), from which template; `unique_key` is never written twice."""

    phone: str
    template: str
    values: Mapping[str, str]
    unique_key: str


def tell(session: Session, phone: str, template: str, values: Mapping[str, str], *, unique_key: str,
         campaign_id: UUID | None = None) -> None:
    """Put a message to `phone` (11 digits) into the outbox; the same `unique_key` again writes nothing."""
    tell_many(session, [Notice(phone, template, values, unique_key)], campaign_id=campaign_id)


def tell_many(session: Session, notices: Iterable[Notice], *, campaign_id: UUID | None = None) -> None:
    """Put messages into the outbox, as many as there are, in few statements."""
    rows = [_row(one, campaign_id) for one in notices]
    if rows:
        session.execute(insert(Outbox).on_conflict_do_nothing(index_elements=["unique_key"]), rows)


def _row(one: Notice, campaign_id: UUID | None) -> dict[str, object]:
    key, now = new_uuid(), clock.now()
    return {"id": key, "unique_key": one.unique_key[:160], "template": one.template, "campaign_id": campaign_id,
            "phone_sealed": PHONE.seal(key, one.phone), "phone_tag": phone_key(one.phone), "state": "waiting",
            "tries": 0, "content_sealed": CONTENT.seal(key, written(one.template, one.values, language())),
            "created_at": now, "next_try_at": now}
