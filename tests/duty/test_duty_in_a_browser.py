"""The duty desk looked at in both languages and sizes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bookings.factories import scene
from desk import _session
from looking import looking

from charter.core import clock, db
from charter.core.actor import Actor, Role, acting
from charter.duty import service

pytestmark = pytest.mark.browser


def test_the_duty_desk_as_it_is_seen(database):
    with db.transaction() as session:
        campaign = scene(session).campaign
    with acting(Actor(Role.CITY_ORGANIZER, account_id="1", name="王科长")):
        key = db.act(service.open_case, campaign.id, service.Opened(
            "vehicle", "巴中01 在达州服务区抛锚", ["巴中01"], 31, 7, "王科长", clock.now() - timedelta(minutes=5)))
        db.act(service.write, key, "approval", "同意另租一辆车", "李副主席", "")
        db.act(service.write_log, campaign.id, "夜里盯住巴中01", "林敏")
    with looking() as looker:
        wrong = looker.look({"duty": "/desk/duty", "duty-case": f"/desk/duty/cases/{key}",
                             "duty-log": "/desk/duty/log"}, db.act(_session, Role.CITY_ORGANIZER, None, None))
    assert wrong == []
