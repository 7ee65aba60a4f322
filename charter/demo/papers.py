"""The demo's briefs and files: an issue that was signed, a draft that waits, some papers in departures' files."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.campaigns.models import Departure
from charter.core import clock
from charter.core.actor import Actor, Role, acting
from charter.insight import filing, issuing

__all__ = ["fill"]

WRITER = Actor(Role.CITY_ORGANIZER, account_id="demo", name="demo")
SIGNER = Actor(Role.CITY_ORGANIZER, account_id="demo-signer", name="demo")
FILES = 6
STORY = "两个班次因大雾晚发，已短信告知全部乘客，现场安排了热水和早餐。（演示）"


def fill(session: Session, campaign_id: UUID) -> str:
    """Write the briefs and file some papers; says what was made."""
    with acting(WRITER):
        first = issuing.draft(session, campaign_id, clock.now() - timedelta(days=2))
        issuing.write(session, first, issuing.Words(
            "返岗服务工作简报", "市总工会办公室（演示）", "林主席（演示）", STORY, "市委办公厅", "省总工会",
            "各区总工会", 20, {}), {})
        issuing.approve(session, first, SIGNER)
        issuing.draft(session, campaign_id, clock.now())
        return f"2 briefs, {_papers(session, campaign_id)} papers"


def _papers(session: Session, campaign_id: UUID) -> int:
    made = 0
    for row in session.scalars(select(Departure).where(
            Departure.campaign_id == campaign_id, Departure.state == "arrived")
            .order_by(Departure.date, Departure.code).limit(FILES)):
        for kind, words in (("hand_over", "hand-over sheet"), ("invoice", "invoice"), ("approval", "approval"))[
                :1 + made % 3]:
            filing.add(session, row.id, kind, f"{kind}.png", _picture(f"{words} {row.id} (demo)"))
            made += 1
    return made


def _picture(words: str) -> bytes:
    picture, out = Image.new("L", (420, 300), 250), io.BytesIO()
    ImageDraw.Draw(picture).text((30, 140), words, fill=30)
    picture.save(out, "PNG")
    return out.getvalue()
