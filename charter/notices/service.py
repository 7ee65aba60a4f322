"""Tell somebody something: one row in the outbox, inside the act that causes it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.core import clock, settings
from charter.core.bulk import any_of
from charter.core.i18n import language
from charter.core.ids import new_uuid
from charter.core.sealed import SealedField, tag
from charter.notices.models import Outbox, TemplateState
from charter.notices.rules import bounded, held_until, parts

__all__ = ["CONTENT", "PHONE", "VALUES", "Notice", "clean", "not_approved", "phone_key", "tell", "tell_many",
           "templates", "written"]

CONTENT = SealedField("outbox", "content")
PHONE = SealedField("outbox", "phone")
VALUES = SealedField("outbox", "values")
TEMPLATES = Path(__file__).resolve().parents[2] / "config" / "notices.toml"
UNSAFE = re.compile(r"https?://|www\.|[\r\n\t\x00-\x1f]", re.IGNORECASE)


@cache
def templates() -> dict[str, dict[str, Any]]:
    """Wording by kind of message and language; `waits` where it may not disturb anybody at night."""
    return tomllib.loads(TEMPLATES.read_text(encoding="utf-8"))


def phone_key(phone: str) -> bytes:
    """By which messages to a phone are found."""
    return tag("phone", f"+86{phone}")


def written(template: str, values: Mapping[str, str], lang: str) -> str:
    """The message's text. Values are plain text: links and line breaks are taken out. Raises KeyError.

    {base} is this installation's address, so that a link's fixed part stands in the template, as gateways demand.
    """
    text = str(templates()[template][lang]).replace("{base}", settings.current().base_url)
    for name, value in clean(values).items():
        text = text.replace("{" + name + "}", value)
    return text


def clean(values: Mapping[str, str]) -> dict[str, str]:
    """Values as a template takes them: no links, line breaks or braces, and no longer than providers allow."""
    return {name: bounded(name, UNSAFE.sub("", value).replace("{", "").replace("}", ""))
            for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: to which phone (11 digits), from which template; `unique_key` is never written twice.

    `about`: it states all there is to know about this, so that an earlier one that is unsent is withdrawn.
    """

    phone: str
    template: str
    values: Mapping[str, str]
    unique_key: str
    about: str = ""


def tell(session: Session, phone: str, template: str, values: Mapping[str, str], *, unique_key: str,
         campaign_id: UUID | None = None, about: str = "") -> None:
    """Put a message to `phone` (11 digits) into the outbox; the same `unique_key` again writes nothing."""
    tell_many(session, [Notice(phone, template, values, unique_key, about)], campaign_id=campaign_id)


def tell_many(session: Session, notices: Iterable[Notice], *, campaign_id: UUID | None = None) -> None:
    """Put messages into the outbox, as many as there are, in few statements."""
    unapproved = not_approved(session) if campaign_id is not None else frozenset()
    rows = [_row(one, campaign_id, unapproved) for one in notices]
    if not rows:
        return
    session.execute(insert(Outbox).on_conflict_do_nothing(index_elements=["unique_key"]), rows)
    known = {str(row["about"]): row["id"] for row in rows if row["about"]}
    if known:
        _withdraw_older(session, known)


def _withdraw_older(session: Session, newer: Mapping[str, Any]) -> None:
    """Unsent messages about the same as one that has just been written; a repeated one withdraws nothing."""
    written_now = set(session.scalars(select(Outbox.about).where(any_of(Outbox.id, list(newer.values())))))
    session.execute(update(Outbox).where(
        any_of(Outbox.about, list(written_now)), Outbox.state == "waiting",
        Outbox.id.not_in([newer[about] for about in written_now])).values(
            state="withdrawn", content_sealed=None, values_sealed=None))


def not_approved(session: Session) -> frozenset[str]:
    """Templates that a real gateway would not send; none where messages stay here for trials."""
    if settings.current().sms == "local":
        return frozenset()
    good = session.scalars(select(TemplateState.name).where(TemplateState.state == "approved"))
    return frozenset(templates()) - set(good)


def _row(one: Notice, campaign_id: UUID | None, unapproved: frozenset[str]) -> dict[str, object]:
    key, now = new_uuid(), clock.now()
    text = written(one.template, one.values, language())
    waits = bool(templates()[one.template].get("waits"))
    return {"id": key, "unique_key": one.unique_key[:160], "template": one.template, "campaign_id": campaign_id,
            "phone_sealed": PHONE.seal(key, one.phone), "phone_tag": phone_key(one.phone),
            "state": "listed" if one.template in unapproved else "waiting", "about": one.about[:60],
            "parts": parts(text), "tries": 0, "content_sealed": CONTENT.seal(key, text),
            "values_sealed": VALUES.seal(key, json.dumps(clean(one.values), ensure_ascii=False)),
            "created_at": now, "next_try_at": held_until(clock.local(now)) if waits else now}
