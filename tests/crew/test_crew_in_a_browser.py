"""The pages of the crew as people see them, and one way from the link to the certificate in a real browser."""

from __future__ import annotations

import pytest
from crew.crew_world import link, sign_up, stage
from desk import _session
from looking import looking
from playwright.sync_api import expect
from sqlalchemy import select

from charter.core import clock, db
from charter.core.actor import Role
from charter.crew import duty, jobs, rota, swapping
from charter.crew.models import CrewDuty, CrewRota

pytestmark = pytest.mark.browser


def test_every_page_of_the_crew_stands_in_both_languages_and_sizes(database):
    campaign, ids = stage(4, apart=4)
    (mine, key), (_, second) = sign_up(campaign, 1, "王敏"), sign_up(campaign, 2, "李强")
    sign_up(campaign, 3, "陈静", accepted=False, insured=False)
    code = link(campaign)
    first = db.act(duty.put_on, ids[0], key)
    made = db.act(rota.start, campaign.id, clock.today(), campaign.ends_on)
    jobs.run(str(made))
    db.act(swapping.ask_swap, mine, first.id, second, None)
    cookie = db.act(_session, Role.CITY_ORGANIZER, None, None)
    with looking() as looker:
        wrong = looker.look({
            "crew-days": "/desk/crew", "crew-members": "/desk/crew/members", "crew-member": f"/desk/crew/members/{key}",
            "crew-invitations": "/desk/crew/invitations", "crew-rotas": "/desk/crew/rotas",
            "crew-rota": f"/desk/crew/rotas/{made}", "crew-sheet": f"/desk/departures/{ids[0]}/crew/sheet",
            "crew-calls": f"/desk/crew/calls?day={clock.local(first.during.lower).date()}",
            "crew-assign": f"/desk/departures/{ids[0]}/crew"}, cookie)
        wrong += looker.look({"crew-join": f"/crew/join/{code}", "crew-mine": f"/crew/me/{mine}",
                              "crew-swap": f"/crew/me/{mine}/duties/{first.id}/swap",
                              "crew-certificate": f"/crew/me/{mine}/certificate"})
    assert wrong == []


def test_from_the_link_to_a_duty(database):
    campaign, ids = stage(1)
    code = link(campaign)
    with looking() as looker:
        phone, desk = looker.page(width=390), looker.page(db.act(_session, Role.CITY_ORGANIZER, None, None))
        phone.goto(f"{looker.address}/crew/join/{code}")
        phone.get_by_label("姓名").fill("王敏")
        phone.get_by_label("手机号").fill("13800000001")
        for box in phone.locator("input[name=days]").all():
            box.check(force=True)
        with phone.expect_navigation():
            phone.get_by_role("button", name="报名", exact=True).click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("王敏，您好")
        desk.goto(f"{looker.address}/desk/crew/members")
        desk.get_by_label("王敏").check()
        with desk.expect_navigation():
            desk.get_by_role("button", name="确认参加").click()
        desk.get_by_label("王敏").check()
        desk.get_by_label("保险单号").fill("平安 2030-1")
        with desk.expect_navigation():
            desk.get_by_role("button", name="登记保险").click()
        desk.goto(f"{looker.address}/desk/crew/rotas")
        with desk.expect_navigation():
            desk.get_by_role("button", name="开始排班").click()
        with db.transaction(read_only=True) as session:
            made = session.scalars(select(CrewRota.id)).one()
        jobs.run(str(made))
        with desk.expect_navigation():
            desk.get_by_role("link", name="看看进展").click()
        with desk.expect_navigation():
            desk.get_by_role("button", name="采用这个排班并通知大家").click()
        phone.reload()
        expect(phone.get_by_role("heading", name="巴中01")).to_be_visible()
        assert looker.complaints == []
    with db.transaction(read_only=True) as session:
        assert session.scalars(select(CrewDuty.departure_id)).all() == ids
