"""The duty desk of the demo: a coach that broke down, somebody who was missing, the words of a shift; and who was asked
before departure whether he comes.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.bookings import round as calling
from charter.campaigns.models import Departure
from charter.core import clock
from charter.core.actor import Actor, Role, acting
from charter.core.db import act, ask
from charter.duty import service as duty

__all__ = ["trouble"]

TEN = time(10)


def trouble(campaign_id: UUID) -> str:
    """Two cases, one of them with an approval that was only spoken; and a call round at the last ten o'clock."""
    codes = ask(_codes, campaign_id)
    with acting(Actor(Role.CITY_ORGANIZER, account_id="demo", name="王科长")):
        broken = act(duty.open_case, campaign_id, duty.Opened(
            "vehicle", "发动机过热，停在服务区", codes[:1], 38, 0, "王科长", clock.now() + timedelta(minutes=40)))
        act(duty.write, broken, "decision", "就近调一辆空车接人，原车修好后空驶返回", "王科长", "")
        act(duty.write, broken, "approval", "同意多付一趟调车费", "李副主席（电话）", "")
        act(duty.steer, broken, "王科长", clock.now() + timedelta(minutes=40), 180_000)
        lost = act(duty.open_case, campaign_id, duty.Opened(
            "people", "一名工友没在集合点", codes[1:2], 40, 1, "陈美玲", clock.now() + timedelta(minutes=15)))
        act(duty.write, lost, "note", "电话打通，十分钟后到", "", "")
        act(duty.close, lost, "人已上车，班次准点")
        act(duty.write_log, campaign_id, "夜里盯住在路上的车，每两小时问一次位置", "林志强")
    with clock.travel(_last_ten() - clock.now()):
        asked = act(calling.ask_round)
    return f"2 cases on the duty desk, {asked} people asked whether they come"


def _codes(session: Session, campaign_id: UUID) -> list[str]:
    return list(session.scalars(select(Departure.code).where(
        Departure.campaign_id == campaign_id, Departure.state.in_(("departed", "boarding", "open")))
        .order_by(Departure.departs_at, Departure.id).limit(2)))


def _last_ten() -> datetime:
    ten = clock.at_local(clock.today(), TEN)
    return ten if ten <= clock.now() else ten - timedelta(days=1)
