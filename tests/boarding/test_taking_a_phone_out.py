"""A scanner's phone that is lost is taken out: it reads no list from then on, and nobody else's phone is touched."""

from __future__ import annotations

import re

import pytest
from access import pages
from boarding import factories as make

from charter.boarding.service import inviting
from charter.core import db
from charter.core.actor import Role


@pytest.fixture
def trip(database):
    with db.transaction() as session:
        world = make.world(session)
        return world.campaign.id, make.departure(session, world).id, make.departure(session, world, hours=5).id


def join(departure_id, name):
    path = db.act(inviting.invite, departure_id)
    return {"Authorization": f"Bearer {db.act(inviting.join, path.split('#')[1], name)['token']}"}


def test_a_lost_phone_is_taken_out_and_the_others_go_on(app, client, trip):
    campaign, mine, _ = trip
    lost, kept = join(mine, "小王的手机"), join(mine, "小李的手机")
    volunteer = pages.signed_in(app, pages.account(Role.VOLUNTEER, "volunteer1", kind="campaign", key=campaign))
    page = volunteer.get(f"/boarding/{mine}/phones").text
    assert page.count("能扫码") == 2
    row = next(part for part in page.split("<tr>") if "小王的手机" in part)
    url = re.search(r'action="([^"]+/revoke)"', row)[1]
    assert pages.post(volunteer, url).status_code == 303
    assert client.get(f"/api/v1/departures/{mine}/manifest", headers=lost).status_code == 401
    assert client.get(f"/api/v1/departures/{mine}/manifest", headers=kept).status_code == 200
    after = volunteer.get(f"/boarding/{mine}/phones").text
    assert (after.count("能扫码"), after.count("已停用")) == (1, 1)


def test_a_phone_of_another_departure_or_campaign_is_not_found(app, trip):
    campaign, mine, other = trip
    join(other, "别的班次")
    volunteer = pages.signed_in(app, pages.account(Role.VOLUNTEER, "volunteer1", kind="campaign", key=campaign))
    url = re.search(r'action="([^"]+/revoke)"', volunteer.get(f"/boarding/{other}/phones").text)[1]
    assert pages.post(volunteer, url.replace(str(other), str(mine))).status_code == 404
    stranger = pages.signed_in(app, pages.account(Role.VOLUNTEER, "volunteer2", kind="campaign",
                                                  key="00000000-0000-4000-8000-000000000000"))
    assert stranger.get(f"/boarding/{other}/phones").status_code == 404
    assert pages.post(stranger, url).status_code == 404
