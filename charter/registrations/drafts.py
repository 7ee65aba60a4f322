"""The phone form while somebody fills it in: what was typed, sealed in one row of account and campaign."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from charter.campaigns.models import Campaign
from charter.core import clock
from charter.core.actor import Actor
from charter.core.ids import new_uuid
from charter.core.problems import NotFound
from charter.core.sealed import SealedField
from charter.registrations.models import Draft
from charter.registrations.problems import CampaignClosed
from charter.registrations.rules.joining import MAX_COMPANIONS

__all__ = ["Written", "discard", "put_companion", "put_step", "read", "take"]

CONTENT = SealedField("registration_draft", "content")
KEPT = timedelta(days=30)
Written = dict[str, Any]  # step -> fields as typed; "companions" -> a list of them


def read(session: Session, actor: Actor, campaign_id: UUID) -> Written:
    """What this account has typed so far; {} where it has not begun."""
    found = session.scalar(select(Draft).where(Draft.campaign_id == campaign_id, Draft.account_id == _account(actor)))
    return {} if found is None else _open(found)


def put_step(session: Session, actor: Actor, campaign_id: UUID, step: str, written: Mapping[str, Any], *,
             drop: int | None = None) -> None:
    """Keep one step as typed; `drop` takes the companion at that place out. Raises NotFound, CampaignClosed."""
    content = _mine(session, actor, campaign_id)
    people = [one for at, one in enumerate(content.get("companions", ())) if at != drop]
    _keep(session, actor, campaign_id, content | {step: dict(written), "companions": people})


def put_companion(session: Session, actor: Actor, campaign_id: UUID, place: int | None,
                  written: Mapping[str, Any]) -> None:
    """Add somebody who rides along, or change the one at that place. The tenth is not taken."""
    content = _mine(session, actor, campaign_id)
    people = list(content.get("companions", ()))
    if place is not None and place < len(people):
        people[place] = dict(written)
    elif len(people) < MAX_COMPANIONS and not any(_same(one, written) for one in people):
        people.append(dict(written))  # a second tap on the button adds nobody twice
    _keep(session, actor, campaign_id, content | {"companions": people, "companion": {}})


def take(session: Session, actor: Actor, campaign_id: UUID) -> Written | None:
    """The draft under lock, so that it is handed in once; None where it is gone already."""
    found = session.scalar(select(Draft).where(Draft.campaign_id == campaign_id, Draft.account_id == _account(actor))
                           .with_for_update())
    return None if found is None else _open(found)


def discard(session: Session, actor: Actor, campaign_id: UUID) -> None:
    """Forget what was typed."""
    session.execute(delete(Draft).where(Draft.campaign_id == campaign_id, Draft.account_id == _account(actor)))


def _mine(session: Session, actor: Actor, campaign_id: UUID) -> Written:
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.state == "draft":
        raise NotFound
    if campaign.state != "open":
        raise CampaignClosed
    return take(session, actor, campaign_id) or {}


def _keep(session: Session, actor: Actor, campaign_id: UUID, content: Written) -> None:
    now, key = clock.now(), new_uuid()
    session.execute(delete(Draft).where(Draft.updated_at < now - KEPT))
    row = session.scalar(
        insert(Draft).values(campaign_id=campaign_id, account_id=_account(actor), id=key, updated_at=now,
                             content_sealed=b"")
        .on_conflict_do_update(index_elements=["campaign_id", "account_id"], set_={"updated_at": now})
        .returning(Draft.id))
    draft = session.scalars(select(Draft).where(Draft.id == row).execution_options(populate_existing=True)).one()
    draft.content_sealed = CONTENT.seal(draft.id, json.dumps(content, ensure_ascii=False))
    session.flush()


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in ("name", "id_type", "id_number"))


def _open(found: Draft) -> Written:
    content: Written = json.loads(CONTENT.open_bytes(found.id, found.content_sealed))
    return content


def _account(actor: Actor) -> UUID:
    """The account that types; a caller without one has no draft."""
    try:
        return UUID(actor.account_id or "")
    except ValueError as error:
        raise NotFound from error
