"""The pages of messages, of templates and of the call round, looked at in both languages and sizes."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from bookings.factories import riders
from cast import assemble
from looking import looking

from charter.bookings import round as calling
from charter.bookings.models import RoundCall
from charter.bookings.service import Placement, place_many
from charter.campaigns.models import Departure
from charter.core import clock, db, settings
from charter.core.actor import acting
from charter.notices import approving
from charter.notices.service import tell

pytestmark = pytest.mark.browser


def test_messages_templates_and_calls(database):
    with db.transaction() as session:
        cast = assemble(session)
        ids = riders(session, cast.scene, 4)
        leaves = clock.at_local(clock.today() + timedelta(days=3), time(23))
        departure = session.get_one(Departure, cast.scene.departure.id)
        departure.date, departure.departs_at = clock.local(leaves).date(), leaves
        departure.arrives_at = leaves + timedelta(hours=22)
        session.flush()
        for booking in place_many(session, cast.scene.campaign.id, [Placement(key, departure.id) for key in ids]):
            session.add(RoundCall(campaign_id=cast.scene.campaign.id, registration_id=ids.pop(), booking_id=booking,
                                  days=3, revision=1, asked_at=clock.now() - timedelta(hours=6)))
    settings.use(settings.read({"CHARTER_SMS": "https://sms.example/send", "CHARTER_SMS_SECRET": "hush"}))
    db.act(approving.set_state, "called_off", "approved", "SMS_1", "")
    db.act(tell, "13800000001", "seat_given", {"name": "王敏", "departure": "巴中01", "moment": "2月12日 06:40",
                                                "stop": "南江客运站", "link": "A" * 38}, unique_key="one",
           campaign_id=cast.scene.campaign.id)
    with db.transaction(read_only=True) as session:
        key = session.query(RoundCall.id).first()[0]
    with acting(cast.actors["hotline"]):
        db.act(calling.take, key)
    with looking() as looker:
        wrong = looker.look({"notices": "/desk/notices", "notices-templates": "/desk/notices/templates",
                             "notices-calls": "/desk/notices/calls"}, cast.cookies["city"])
        wrong += looker.look({"round": f"/desk/round/{key}"}, cast.cookies["hotline"])
    assert wrong == []
