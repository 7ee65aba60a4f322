"""Signing up by a link, without an account; what the desk decides; links that end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from crew.crew_world import link, member, sign_up, stage
from desk import fields, sign_in, token

from charter.core import clock, db
from charter.crew import joining
from charter.crew.links import calendar_code, invited, member_code, named
from charter.crew.models import CrewInvitation
from charter.notices import queries as notices


@pytest.fixture
def campaign(database):
    return stage()[0]


def sent(client, code, **changed):
    page = client.get(f"/crew/join/{code}")
    assert page.status_code == 200
    return fields(page.text) | {"name": "李 强", "phone": "138 0000 0001", "unit": "甲公司", "nights": "1"} | changed


def test_somebody_signs_up_and_comes_to_his_own_page(client, campaign):
    code = link(campaign, "cadre")
    days = [campaign.starts_on.isoformat(), (campaign.starts_on + timedelta(days=1)).isoformat()]
    answer = client.post(f"/crew/join/{code}", data=sent(client, code) | {"days": days})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "李 强，您好" in page
    assert "等组织者确认" in page
    found = member(named(answer.location.rsplit("/", 1)[1])[0])
    assert (found.kind, found.unit, found.state) == ("cadre", "甲公司", "offered")
    assert [day.isoformat() for day in found.days] == days
    assert answer.location in db.ask(notices.newest_to, "13800000001", 1)[0]


def test_without_days_or_with_a_strange_phone_nothing_is_kept(client, campaign):
    code = link(campaign)
    refused = client.post(f"/crew/join/{code}", data=sent(client, code))
    assert refused.status_code == 422
    assert "请至少选一天" in refused.text
    assert 'value="李 强"' in refused.text
    strange = client.post(f"/crew/join/{code}", data=sent(client, code, phone="12") | {
        "days": campaign.starts_on.isoformat()})
    assert "请填写 11 位手机号" in strange.text


def test_one_phone_signs_up_once(client, campaign):
    sign_up(campaign, 1)
    code = link(campaign)
    again = client.post(f"/crew/join/{code}", data=sent(client, code, phone="13800000001") | {
        "days": campaign.starts_on.isoformat()})
    assert again.status_code == 409
    assert "已经报过名" in again.text


def test_a_link_that_was_ended_or_is_over_opens_nothing(client, campaign):
    code = link(campaign)
    db.act(joining.end_invitation, invited(code))
    assert client.get(f"/crew/join/{code}").status_code == 410
    late = link(campaign)
    with db.transaction() as session:
        session.get_one(CrewInvitation, invited(late)).until = clock.today() - timedelta(days=1)
    assert client.get(f"/crew/join/{late}").status_code == 410
    assert client.get("/crew/join/" + code[:-4] + "AAAA").status_code == 404


def test_the_codes_of_page_and_calendar_open_only_their_own(client, campaign):
    mine, key = sign_up(campaign, 1)
    assert client.get(f"/crew/me/{calendar_code(key, 1)}").status_code == 404
    assert client.get(f"/crew/calendar/{mine}.ics").status_code == 404
    assert client.get(f"/crew/calendar/{calendar_code(key, 1)}.ics").status_code == 200


def test_a_new_link_ends_the_old_ones(client, campaign):
    mine, key = sign_up(campaign, 1)
    desk = sign_in(client.application.test_client())
    assert desk.post(f"/desk/crew/members/{key}/link", data=token(desk)).status_code == 303
    assert client.get(f"/crew/me/{mine}").status_code == 404
    assert client.get(f"/crew/me/{member_code(key, 2)}").status_code == 200
    assert member_code(key, 2) in db.ask(notices.newest_to, "13800000001", 1)[0]


def test_the_desk_accepts_and_insures_those_who_are_ticked(client, campaign):
    ids = [sign_up(campaign, number, f"王{number}", accepted=False, insured=False)[1] for number in range(3)]
    desk = sign_in(client)
    page = desk.get("/desk/crew/members").text
    given = fields(page, "/desk/crew/members")
    given.pop("member", None)
    assert desk.post("/desk/crew/members", data=given | {"verb": "accept", "member": ids[:2]}).status_code == 303
    assert [member(key).state for key in ids] == ["accepted", "accepted", "offered"]
    assert desk.post("/desk/crew/members", data=given | {"verb": "insure", "policy": "", "member": ids[:1]}
                     ).status_code == 422
    answer = desk.post("/desk/crew/members", data=given | {"verb": "insure", "policy": "平安 77", "member": ids[:1]})
    assert answer.status_code == 303
    assert member(ids[0]).policy == "平安 77"
    assert member(ids[1]).insured_to is None
    assert "请先勾选人员" in desk.post("/desk/crew/members", data=given | {"verb": "accept"}).text


def test_phones_are_sealed_and_lists_show_the_last_four(client, campaign):
    key = sign_up(campaign, 1)[1]
    assert b"13800000001" not in member(key).phone_sealed
    desk = sign_in(client)
    for path in ("/desk/crew/members", f"/desk/crew/members/{key}"):
        text = desk.get(path).text
        assert "•••• 0001" in text
        assert "13800000001" not in text


def test_own_days_are_changed_and_who_has_no_duty_may_leave(client, campaign):
    mine, key = sign_up(campaign, 1)
    given = fields(client.get(f"/crew/me/{mine}").text, "/days") | {"days": campaign.ends_on.isoformat()}
    assert client.post(f"/crew/me/{mine}/days", data=given).status_code == 303
    assert member(key).days == [campaign.ends_on]
    assert "您已退出" in client.post(f"/crew/me/{mine}/leave", data=given).text
    assert client.get(f"/crew/me/{mine}").status_code == 404
